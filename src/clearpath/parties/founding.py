"""How a network begins: its steward, before anybody could verify anybody."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from clearpath.charter.actor import Actor
from clearpath.parties.models import HeldRole, Membership, Organisation, Person
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Seat


@transaction.atomic
def found_network(*, steward: str, country: str, person_id: UUID, at: datetime) -> Organisation:
    """Make the first organisation: the steward, verified by nobody, logged as such. Raises ValueError when
    the network has a steward already."""
    if HeldRole.objects.filter(role="steward", until=None).exists():
        raise ValueError("This network already has a steward.")
    version = charters.in_force()
    organisation = Organisation.objects.create(
        kind="organisation",
        charter=version,
        stage="verified",
        opened_at=at,
        stage_since=at,
        name=steward,
        country=country,
    )
    HeldRole.objects.create(organisation=organisation, role="steward", since=at)
    Seat.objects.create(
        subject_id=organisation.pk,
        position="steward",
        role="steward",
        organisation=organisation,
        offered_at=at,
        held_since=at,
    )
    add_member(organisation, Person.objects.get(pk=person_id), "steward", at=at)
    by = Actor(role="network", now=at)
    log.append(chain=organisation.pk, by=by, step="parties.found", decision="done", charter=version)
    return organisation


def add_member(organisation: Organisation, person: Person, role: str, *, at: datetime) -> Membership:
    """Let a person work for an organisation in one of its roles."""
    return Membership.objects.get_or_create(
        organisation=organisation, person=person, role=role, until=None, defaults={"since": at}
    )[0]
