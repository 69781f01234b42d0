"""Programs of an organisation: registered by the host, for a person who works there and answers for what they do.

Like people who are let in by the host, they stand in the log of their organisation.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.parties import queries as parties
from clearpath.records.models import Client
from clearpath.records.rest.access import digest
from clearpath.records.rest.scopes import parsed
from clearpath.trust import log
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client as a list shows it."""

    id: UUID
    name: str
    organisation: str
    role: str
    person: str
    scopes: str
    registered_at: datetime
    revoked_at: datetime | None


@transaction.atomic
def register(
    organisation_id: UUID, role: str, *, name: str, email: str = "", scopes: list[str], at: datetime
) -> tuple[Client, str]:
    """Let a program act for an organisation in one role. Returns its secret too, which is kept nowhere.

    The person who answers for it is the one with this address, else the first who works there in the role.
    Refused: nobody_works_there, scope_unknown.
    """
    people = [each for each in parties.members_of(organisation_id, role) if email.lower() in {"", each.email}]
    if not people:
        raise Refused(Objection("nobody_works_there", _("Nobody like that works there in this role.")))
    for scope in scopes:
        try:
            parsed(scope)
        except ValueError as error:
            raise Refused(Objection("scope_unknown", str(error))) from None
    secret = secrets.token_urlsafe(32)
    client = Client.objects.create(
        name=name,
        organisation_id=organisation_id,
        role=role,
        person_id=people[0].pk,
        scopes=" ".join(scopes),
        secret_sha256=digest(secret),
        registered_at=at,
    )
    _log("records.add_client", client, at)
    return client, secret


@transaction.atomic
def revoke(key: UUID, *, at: datetime) -> Client:
    """End what a client may do, at once. Raises NotFound; twice is once."""
    client = Client.objects.select_for_update().filter(pk=key).first()
    if client is None:
        raise NotFound(Objection("no_such_client", _("There is no such client.")))
    client.tokens.all().delete()
    if client.revoked_at is None:
        client.revoked_at = at
        client.save(update_fields=["revoked_at"])
        _log("records.revoke_client", client, at)
    return client


def rows() -> list[ClientRow]:
    """Every client, the newest first."""
    found = list(Client.objects.select_related("person").order_by("-pk"))
    names = parties.names_of({each.organisation_id for each in found})
    return [
        ClientRow(
            each.pk,
            each.name,
            names[each.organisation_id],
            each.role,
            each.person.name,
            each.scopes,
            each.registered_at,
            each.revoked_at,
        )
        for each in found
    ]


def _log(step: str, client: Client, at: datetime) -> None:
    subject = Subject.objects.select_for_update().get(pk=client.organisation_id)
    log.append(
        chain=subject.pk,
        by=Actor(role="network", now=at),
        step=step,
        decision="done",
        charter=subject.charter,
        about=log.about(client),
        content={"role": client.role, "scopes": client.scopes, "person": client.person_id},
    )
