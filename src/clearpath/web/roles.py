"""The words and the icon for each role: one place, so that a role looks the same on every page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class RoleWords:
    """How a role is named, in whole sentences: word endings differ too much to assemble them."""

    label: Words
    icon: str
    turn: Words
    hand_to: Words


# fmt: off
ROLES: dict[str, RoleWords] = {
    "patient": RoleWords(
        _("Patient"), "user-heart",
        _("It is the patient's turn"), _("Hand this to the patient"),
    ),
    "facilitator": RoleWords(
        _("Facilitator"), "compass",
        _("It is the facilitator's turn"), _("Hand this to the facilitator"),
    ),
    "provider": RoleWords(
        _("Hospital or clinic"), "building-hospital",
        _("It is the hospital's turn"), _("Hand this to the hospital"),
    ),
    "doctor": RoleWords(
        _("Doctor"), "stethoscope",
        _("It is the doctor's turn"), _("Hand this to the doctor"),
    ),
    "second_doctor": RoleWords(
        _("Second doctor"), "stethoscope",
        _("It is the second doctor's turn"), _("Hand this to the second doctor"),
    ),
    "home_doctor": RoleWords(
        _("Doctor at home"), "home-heart",
        _("It is the turn of the doctor at home"), _("Hand this to the doctor at home"),
    ),
    "agency": RoleWords(
        _("Agency"), "speakerphone",
        _("It is the agency's turn"), _("Hand this to the agency"),
    ),
    "organizer": RoleWords(
        _("Organizer"), "calendar-event",
        _("It is the organizer's turn"), _("Hand this to the organizer"),
    ),
    "steward": RoleWords(
        _("Steward"), "scale",
        _("It is the steward's turn"), _("Hand this to the steward"),
    ),
    "network": RoleWords(
        _("Clearpath"), "affiliate",
        _("Clearpath does this by itself"), _("Leave this to Clearpath"),
    ),
}
# fmt: on


def role_words(role: str) -> RoleWords:
    """A network may name roles or positions of its own: those are shown by their key."""
    return ROLES.get(role) or RoleWords(
        role.replace("_", " ").capitalize(),
        "user-circle",
        _("It is somebody else's turn"),
        _("Hand this over"),
    )
