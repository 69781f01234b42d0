"""Who calls: the program of an organisation, acting in one role for the person who answers for it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection
from clearpath.parties import queries as parties
from clearpath.parties.hats import Hat, actor_of
from clearpath.records.models import Token
from clearpath.records.rest.scopes import Scope, allowed, parsed


@dataclass(frozen=True, slots=True)
class Access:
    """The actor of a client, and what its token is limited to."""

    actor: Actor
    client_id: UUID
    scopes: tuple[Scope, ...]

    def allows(self, type_name: str, letter: str) -> frozenset[str] | None:
        """None for no; else the categories to which it is limited, none for all."""
        return allowed(self.scopes, type_name, letter)


class NoAccess(Exception):  # noqa: N818 - an answer, not an error of the program
    """`is_known`: the token is good, but its person or organisation may not act now."""

    def __init__(self, says: object, *, is_known: bool = False) -> None:
        super().__init__(str(says))
        self.is_known = is_known


def access_of(authorization: str, *, now: datetime) -> Access:
    """From the header `Authorization: Bearer ...`. Raises NoAccess."""
    scheme, _space, secret = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NoAccess(_("Send an access token: Authorization: Bearer ..."))
    found = (
        Token.objects.filter(sha256=digest(secret.strip()), expires_at__gt=now, client__revoked_at=None)
        .select_related("client__person")
        .first()
    )
    if found is None or not found.client.person.is_active:
        raise NoAccess(_("This access token is unknown or has expired. Ask for a new one."))
    client = found.client
    actor = actor_of(client.person, Hat(client.role, client.organisation_id), now=now)
    objection = why_not_act(actor)
    if objection is not None:
        raise NoAccess(objection.message, is_known=True)
    return Access(actor, client.pk, tuple(parsed(each) for each in found.scopes.split()))


def why_not_act(actor: Actor) -> Objection | None:
    """Whether the person works there still, in a verified organisation: asked at every call."""
    works = parties.works_at(actor)
    return parties.why_not_act(works.first() if works is not None else None)


def digest(secret: str) -> str:
    """How secrets and tokens are kept: they are long and random, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
