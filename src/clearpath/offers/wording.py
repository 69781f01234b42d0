"""An interest as one or two short sentences, in the reader's language: who owns or pays whom, and what it can mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.core.money import as_text
from clearpath.offers.interests import Found
from clearpath.offers.models import Interest
from clearpath.offers.roles import labelled
from clearpath.web.roles import role_words

HALF = 5_000  # from this share on, in hundredths of a percent, a company is said to belong to its owner

TIES = {
    Interest.Kind.OWNERSHIP: gettext_lazy("%(first)s owns %(share)s of %(second)s."),
    Interest.Kind.CONTROL: gettext_lazy("%(first)s decides what %(second)s does: it has most of the votes."),
    Interest.Kind.COMMON_OWNER: gettext_lazy("One owner holds at least %(share)s of %(first)s and of %(second)s."),
    Interest.Kind.FAMILY: gettext_lazy("The people behind %(first)s and %(second)s are family."),
    Interest.Kind.PAYMENT: gettext_lazy("Money is paid between %(first)s and %(second)s. We do not know how much."),
    Interest.Kind.GIFT: gettext_lazy("%(first)s and %(second)s told us of gifts between them."),
}
BELONGS = gettext_lazy("%(second)s belongs to %(first)s, which owns %(share)s of it.")
FEES = {  # keys as in agreements
    "brokerage": gettext_lazy("for bringing a patient"),
    "service": gettext_lazy("for a service"),
    "marketing": gettext_lazy("for marketing"),
    "medical": gettext_lazy("for medical work"),
    "forum": gettext_lazy("for a B2B event"),
}
ADVISES = ("facilitator", "agency", "organizer")
TREATS = ("provider", "doctor")
MEANS: dict[tuple[str, str], Any] = {  # what a tie between two can mean, by what each of them is
    **{
        (one, other): gettext_lazy("%(one)s may earn when you choose %(other)s.") for one in ADVISES for other in TREATS
    },
    ("doctor", "provider"): gettext_lazy("%(one)s may earn when you are treated at %(other)s."),
    ("second_doctor", "doctor"): gettext_lazy("So the second opinion may not be independent."),
    ("second_doctor", "provider"): gettext_lazy("So the second opinion may not be independent."),
    ("provider", "provider"): gettext_lazy("So their offers may not compete with each other."),
}


def sentence(interest: Interest | Found, names: Mapping[UUID, str], roles: Mapping[UUID, str] | None = None) -> str:
    """What the patient is told of one interest; `roles`: as what each party takes part."""
    roles = roles or {}
    words = {
        "first": labelled(names.get(interest.first_id, ""), roles.get(interest.first_id, "")),
        "second": "",
        "share": percent(interest.share_bps),
    }
    if interest.second_id is not None:
        words["second"] = labelled(names.get(interest.second_id, ""), roles.get(interest.second_id, ""))
    if interest.kind == Interest.Kind.FEE:
        return _fee(interest, words)
    if interest.kind == Interest.Kind.ROLES:
        return _roles(interest, names.get(interest.first_id, ""))
    belongs = interest.kind == Interest.Kind.OWNERSHIP and interest.share_bps >= HALF
    said = str(BELONGS if belongs else TIES[Interest.Kind(interest.kind)]) % words
    return " ".join(filter(None, (said, _meaning(interest, names, roles))))


def _meaning(interest: Interest | Found, names: Mapping[UUID, str], roles: Mapping[UUID, str]) -> str:
    """What the tie can mean for the choice; empty where nothing is known of the two."""
    first, second = interest.first_id, interest.second_id
    if second is None:
        return ""
    for one, other in ((first, second), (second, first)):
        said = MEANS.get((roles.get(one, ""), roles.get(other, "")))
        if said is not None:
            return str(said) % {"one": names.get(one, ""), "other": names.get(other, "")}
    return ""


def _fee(interest: Interest | Found, words: dict[str, str]) -> str:
    words["why"] = str(FEES.get(interest.detail, interest.detail))
    if not interest.rate_bps:
        words["amount"] = as_text(interest.amount_minor, interest.currency)
        return _("%(second)s pays %(first)s %(amount)s, %(why)s.") % words
    words["share"] = percent(interest.rate_bps)
    if not interest.cap_minor:
        return _("%(second)s pays %(first)s %(share)s of the price, %(why)s.") % words
    words["cap"] = as_text(interest.cap_minor, interest.currency)
    return _("%(second)s pays %(first)s %(share)s of the price, %(why)s; at most %(cap)s.") % words


def _roles(interest: Interest | Found, name: str) -> str:
    role, _space, other = interest.detail.partition(" ")
    words = {"first": name, "role": str(role_words(role).label), "other": str(role_words(other).label)}
    return (
        _(
            "%(first)s takes part here as: %(role)s. It, or a company tied to it, also works as: %(other)s. "
            "It may earn from both."
        )
        % words
    )


def percent(bps: int) -> str:
    """Hundredths of a percent, as people write a share."""
    return _("%(number)s\u00a0%%") % {"number": number_format(Decimal(bps) / 100, 2 if bps % 100 else 0)}
