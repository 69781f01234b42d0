"""What a person should look at before they trust a lead. A sign never refuses anything by itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _

FASTEST = timedelta(seconds=3)  # nobody reads the page, the form and the consent in less
REPEATS = 3  # from this many leads of one person within 180 days on
BURST, WITHIN = 10, timedelta(minutes=1)  # leads by one link within this time

REASONS: dict[str, Any] = {
    "speed": _("The form was filled in within three seconds: a person needs longer."),
    "burst": _("Ten or more came by the same link within a minute."),
    "repeats": _("The same person was sent three times or more within 180 days."),
    "impossible_phone": _("No such telephone number can exist in that country."),
    "honeypot": _("A field was filled in that people do not see."),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """How a lead came in: what is known of it besides the person."""

    took: timedelta | None = None  # from showing the form to sending it
    honeypot: bool = False
    earlier: int = 0  # leads of the same person within 180 days
    just_now: int = 0  # leads by the same link within a minute


def signs_of(phone: str, country: str, seen: Seen) -> list[str]:
    """The codes of what stands out, in a fixed order."""
    found = {
        "speed": seen.took is not None and seen.took < FASTEST,
        "burst": seen.just_now + 1 >= BURST,
        "repeats": seen.earlier + 1 >= REPEATS,
        "impossible_phone": bool(phone.strip()) and not is_possible(phone, country),
        "honeypot": seen.honeypot,
    }
    return [code for code in REASONS if found[code]]


def is_possible(phone: str, country: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(phone, country or None)))
    except phonenumbers.NumberParseException:
        return False
