"""Whether who asked to come may be answered now, beyond the charter."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from clearpath.core.faults import Fault
from clearpath.core.outcomes import Objection

DECLINED = Objection("already_declined", _("You have declined this registration already."))


def why_not_accept_registration(
    *, is_declined: bool = False, is_full: bool = False, is_there: bool = False, faults: Sequence[Fault] = ()
) -> Objection | None:
    if is_declined:
        return DECLINED
    if is_full:
        return Objection("no_place_left", _("Every place for this trade is taken. Make one more place, or decline."))
    if faults:
        return Objection(faults[0].code, faults[0].says)
    if is_there:
        return Objection("already_registered", _("Somebody with this address comes already. Decline this one."))
    return None


def why_not_decline_registration(reason: str, *, is_declined: bool) -> Objection | None:
    if is_declined:
        return DECLINED
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence: who asked to come reads it."))
    return None


def why_not_give_link(*, is_guest: bool) -> Objection | None:
    if not is_guest:
        return Objection("not_a_guest", _("Their organisation is on the network: they sign in there."))
    return None
