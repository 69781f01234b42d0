"""The code on a badge: signed, so that nobody can make one, and good for nothing but the organizer's check-in."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums.models import Delegate
from clearpath.turns.sight import visible

SALT = "clearpath.forums.badge"
NO_BADGE = Objection("no_such_badge", _("This is no badge of a forum that you run."))


def code_of(delegate_id: UUID) -> str:
    """What stands in the QR of a badge, behind the address. It says nothing of whom it is."""
    return Signer(salt=SALT).sign(delegate_id.hex)


def delegate_with(actor: Actor, code: str) -> Delegate:
    """The delegate whose badge this is, for the organizer of the forum. Raises NotFound for everybody else."""
    try:
        key = UUID(Signer(salt=SALT).unsign(code))
    except (BadSignature, ValueError):
        raise NotFound(NO_BADGE) from None
    found = visible(Delegate, to=actor).filter(pk=key, forum__organizer_id=actor.organisation_id)
    delegate = found.select_related("forum").first() if actor.role == "organizer" else None
    if delegate is None:
        raise NotFound(NO_BADGE)
    return delegate
