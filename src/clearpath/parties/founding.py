"""How a network begins: its steward, before anybody could verify anybody."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused
from clearpath.parties.invitations import invite_person
from clearpath.parties.models import HeldRole, Membership, Organisation, Person
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject


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


@transaction.atomic
def add_person(
    organisation: Organisation, *, email: str, name: str, role: str, language: str, at: datetime
) -> Membership:
    """The host lets somebody work for an organisation; it stands in the organisation's log. Refused: role_not_held."""
    by = Actor(role="network", now=at)
    subject = Subject.objects.select_for_update().get(pk=organisation.pk)
    if not HeldRole.objects.filter(organisation=organisation, role=role, until=None).exists():
        raise Refused(Objection("role_not_held", _("This organisation does not hold that role.")))
    person = invite_person(email, name, language, by)
    membership = add_member(organisation, person, role, at=at)
    log.append(
        chain=subject.pk,
        by=by,
        step="parties.add_person",
        decision="done",
        charter=subject.charter,
        about=("parties.membership", membership.pk),
        content={"person": person.pk, "role": role},
    )
    return membership


def invent_person(*, name: str, language: str, time_zone: str = "UTC", persona: str = "", about: str = "") -> Person:
    """Somebody who does not exist, for the demo network; `persona` sorts them on its sign-in page."""
    person = Person(
        name=name, language=language, time_zone=time_zone, is_invented=True, persona=persona, persona_about=about
    )
    person.email = f"{slugify(name) or 'person'}-{str(person.pk)[-6:]}@demo.example"
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def known_person(person_id: UUID) -> Person:
    """Raises Person.DoesNotExist."""
    return Person.objects.get(pk=person_id)
