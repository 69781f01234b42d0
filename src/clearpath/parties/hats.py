"""In which roles a person can act: they choose one at a time, and are asked for no other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.parties import queries
from clearpath.parties.models import Membership, Person
from clearpath.turns.queries import organisations_asked_as, personal_roles


@dataclass(frozen=True, slots=True)
class Hat:
    """One role in which a person acts, for an organisation, for themselves, or for a patient."""

    role: str
    organisation_id: UUID | None = None
    organisation: str = ""
    for_person_id: UUID | None = None
    for_person: str = ""

    @property
    def key(self) -> str:
        """Names the hat in a session or a form."""
        return f"{self.role}:{self.organisation_id or ''}:{self.for_person_id or ''}"


def hats_of(person: Person) -> list[Hat]:
    """Every role in which the person can act now; somebody with none acts as a patient."""
    members = (
        Membership.objects.filter(person=person, until=None)
        .exclude(organisation__stage="left")
        .select_related("organisation")
        .order_by("since", "pk")
    )
    hats = [Hat(each.role, each.organisation_id, each.organisation.name) for each in members]
    hats += _second_hats(hats)
    # Who works for an organisation acts for no patient: they would hold a second role beside their own.
    own = [each for each in personal_roles(person.pk) if each.for_person_id is None or not hats]
    names = queries.people_named(each.for_person_id for each in own)
    hats += [
        Hat(each.role, for_person_id=each.for_person_id, for_person=names.get(each.for_person_id, ""))
        if each.for_person_id
        else Hat(each.role)
        for each in own
    ]
    return hats or [Hat("patient")]


def _second_hats(hats: list[Hat]) -> list[Hat]:
    """The further role of whoever works where a seat is held or offered in it, such as that of a second doctor."""
    able = {role: [hat for hat in hats if hat.role == held] for role, held in queries.HELD_AS.items()}
    asked = {
        role: organisations_asked_as(role, [each.organisation_id for each in members])
        for role, members in able.items()
        if members
    }
    return [
        Hat(role, hat.organisation_id, hat.organisation)
        for role, organisations in asked.items()
        for hat in able[role]
        if hat.organisation_id in organisations
    ]


def actor_of(person: Person, hat: Hat, *, now: datetime) -> Actor:
    """The person acting under one hat, now."""
    also = queries.roles_beside(hat.organisation_id, hat.role) if hat.organisation_id else frozenset()
    return Actor(
        role=hat.role,
        now=now,
        person_id=person.pk,
        organisation_id=hat.organisation_id,
        for_person_id=hat.for_person_id,
        also=also,
        language=person.language,
    )


def personas_and_hats() -> list[tuple[Person, Hat]]:
    """The invented people of the sign-in page, in its order, each with their first hat."""
    people = Person.objects.filter(is_invented=True, is_active=True).exclude(persona="").order_by("persona", "pk")
    return [(person, hats_of(person)[0]) for person in people]


def invented_person(key: str) -> Person | None:
    """The invented person with this key as text; None for anybody else and for nonsense."""
    try:
        return Person.objects.filter(pk=UUID(key), is_invented=True, is_active=True).first()
    except ValueError:
        return None
