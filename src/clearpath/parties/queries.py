"""Reads about people, organisations, evidence and ties."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.parties import policies
from clearpath.parties.models import Evidence, HeldRole, Membership, Organisation, Person, Tie
from clearpath.turns import charters
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject

HELD_AS = {"second_doctor": "doctor"}  # a role in which only those take part who hold another one


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose file the actor may see."""
    return visible(Organisation, to=actor).order_by("name", "pk")


def organisation_for(actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises NotFound alike for a missing organisation and for one the actor may not see."""
    found = organisations_for(actor).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound(Objection("no_such_organisation", _("There is no such organisation.")))
    return found


def names_of(organisations: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of organisations: who is on the network is no secret."""
    keys = {key for key in organisations if key}
    return dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))


def people_named(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of people, for those who may see that they take part."""
    return dict(Person.objects.filter(pk__in={key for key in people if key}).values_list("pk", "name"))


def reachable(people: Iterable[UUID | None]) -> dict[UUID, tuple[str, str]]:
    """Names and e-mail addresses, for those to whom these people gave them: the caller knows that they did."""
    found = Person.objects.filter(pk__in={key for key in people if key})
    return {key: (name, email) for key, name, email in found.values_list("pk", "name", "email")}


@dataclass(frozen=True, slots=True)
class Party:
    """A line of the network's public list of organisations."""

    id: UUID
    name: str
    country: str
    city: str
    roles: tuple[str, ...]


def verified_with(role: str) -> list[Party]:
    """Organisations that work on the network in a role, by name."""
    held = HELD_AS.get(role, role)
    found = Organisation.objects.filter(stage="verified", held_roles__role=held, held_roles__until=None).order_by(
        "name", "pk"
    )
    return [Party(each.pk, each.name, each.country, each.city, (role,)) for each in found]


def is_verified(organisation_id: UUID, role: str) -> bool:
    """Whether an organisation works on the network in a role."""
    return Organisation.objects.filter(
        pk=organisation_id, stage="verified", held_roles__role=role, held_roles__until=None
    ).exists()


def parties_named(organisations: Iterable[UUID | None]) -> dict[UUID, Party]:
    """Name, country and city of organisations: who is on the network is no secret."""
    found = Organisation.objects.filter(pk__in={key for key in organisations if key})
    return {each.pk: Party(each.pk, each.name, each.country, each.city, ()) for each in found}


def other_organisations(organisation_id: UUID | None) -> list[tuple[UUID, str]]:
    """Every other organisation of the network, by name: who is on the network is no secret."""
    found = Organisation.objects.exclude(stage="left").order_by("name", "pk").values_list("pk", "name")
    return [(key, name) for key, name in found if key != organisation_id]


def called(text: str) -> list[tuple[UUID, str]]:
    """Organisations with this key or name, whatever its capitals; who is on the network is no secret."""
    try:
        wanted = Q(pk=UUID(text))
    except ValueError:
        wanted = Q(name__iexact=text.strip())
    return list(Organisation.objects.filter(wanted).order_by("name", "pk").values_list("pk", "name"))


def known_as(names: Iterable[str], numbers: Iterable[str]) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Organisations by name without capitals, and by register number; what several are called stands for none."""
    written, asked = set(names), set(numbers) - {""}
    wanted = {name.casefold() for name in written}
    present = Organisation.objects.exclude(stage="left")
    found = present.annotate(small=Lower("name")).filter(
        Q(name__in=written) | Q(small__in=wanted) | Q(register_number__in=asked)
    )
    by_name: dict[str, set[UUID]] = {}
    by_number: dict[str, set[UUID]] = {}
    for key, name, number in found.values_list("pk", "name", "register_number"):
        by_name.setdefault(name.casefold(), set()).add(key)
        by_number.setdefault(number, set()).add(key)
    return _only(by_name), _only(by_number)


def _only(found: dict[str, set[UUID]]) -> dict[str, UUID]:
    return {name: next(iter(keys)) for name, keys in found.items() if name and len(keys) == 1}


def members_by_email(emails: Iterable[str]) -> dict[tuple[UUID, str], UUID]:
    """Who works where now: the person by organisation and address in small letters."""
    wanted = {email.casefold() for email in emails}
    found = Membership.objects.annotate(small=Lower("person__email")).filter(small__in=wanted, until=None)
    return {(key, email): person for key, email, person in found.values_list("organisation_id", "small", "person_id")}


def workplaces_of(person_id: UUID | None) -> set[UUID]:
    """The organisations for which a person works now."""
    found = Membership.objects.filter(person_id=person_id, until=None) if person_id else Membership.objects.none()
    return set(found.values_list("organisation_id", flat=True))


def steward_ids() -> list[UUID]:
    """The organisations that keep the network."""
    held = HeldRole.objects.filter(role="steward", until=None).order_by("pk")
    return list(held.values_list("organisation_id", flat=True))


def members_of(organisation_id: UUID, role: str) -> list[Person]:
    """People who work for an organisation in a role now, by name."""
    return list(
        Person.objects.filter(
            memberships__organisation_id=organisation_id, memberships__role=role, memberships__until=None
        ).order_by("name", "pk")
    )


def ties_of(organisation_id: UUID) -> QuerySet[Tie]:
    """Every tie in force of one organisation."""
    mine = Q(first_id=organisation_id) | Q(second_id=organisation_id)
    return Tie.objects.filter(mine, ended_at=None).order_by("-share_bps", "pk")


def connected_to(organisation_id: UUID, *, at_share: float) -> set[UUID]:
    """The organisations that count as one with this one, by ownership or control at or above the share."""
    pairs = ties_of(organisation_id).filter(_connects(at_share)).values_list("first_id", "second_id")
    return {key for pair in pairs for key in pair} - {organisation_id}


def connected_among(organisations: Collection[UUID], *, at_share: float) -> set[frozenset[UUID]]:
    """The pairs among these organisations that count as one, by ownership or control at or above the share."""
    ties = Tie.objects.filter(_connects(at_share), first__in=organisations, second__in=organisations, ended_at=None)
    return {frozenset(pair) for pair in ties.values_list("first_id", "second_id")}


def tied_among(organisations: Collection[UUID]) -> dict[frozenset[UUID], set[str]]:
    """The kinds of ties in force among these organisations, by pair, however small the share."""
    found: dict[frozenset[UUID], set[str]] = {}
    ties = Tie.objects.filter(first__in=organisations, second__in=organisations, ended_at=None)
    for first, second, kind in ties.values_list("first_id", "second_id", "kind"):
        found.setdefault(frozenset((first, second)), set()).add(kind)
    return found


def _connects(at_share: float) -> Q:
    by_share = Q(kind__in=[Tie.Kind.OWNERSHIP, Tie.Kind.COMMON_OWNER], share_bps__gte=round(at_share * 10_000))
    return Q(kind=Tie.Kind.CONTROL) | by_share


def counts_as_one(tie: Tie, *, at_share: float) -> bool:
    """Whether the two of a tie count as one, by ownership or control at or above the share."""
    by_share = tie.kind in {Tie.Kind.OWNERSHIP, Tie.Kind.COMMON_OWNER} and tie.share_bps >= round(at_share * 10_000)
    return by_share or tie.kind == Tie.Kind.CONTROL


def roles_held(organisations: Collection[UUID]) -> set[str]:
    """The roles that any of these organisations holds now."""
    return set(HeldRole.objects.filter(organisation_id__in=organisations, until=None).values_list("role", flat=True))


def roles_beside(organisation_id: UUID, role: str) -> frozenset[str]:
    """Roles other than `role` held by the organisation or by a connected party."""
    at_share = float(charters.charter(charters.in_force()).connected_at)
    parties = {organisation_id} | connected_to(organisation_id, at_share=at_share)
    return frozenset(roles_held(parties) - {role})


def valid_kinds(organisation_id: UUID, role: str, on: date) -> set[str]:
    """The kinds of checked evidence in force on a day."""
    found = Evidence.objects.filter(
        organisation_id=organisation_id,
        role=role,
        valid_from__lte=on,
        valid_to__gt=on,
        checked_on__isnull=False,
    )
    return set(found.values_list("kind", flat=True))


def works_at(by: Actor) -> QuerySet[Membership, str] | None:
    """Answers the hook of the same name: the stage of the organisation for which this person works now."""
    if by.organisation_id is None:
        return None
    return Membership.objects.filter(
        person_id=by.somebody, organisation_id=by.organisation_id, role=HELD_AS.get(by.role, by.role), until=None
    ).values_list("organisation__stage", flat=True)


def why_not_act(stage: str | None) -> Objection | None:
    """Answers the hook of the same name: whether somebody may act at all; `stage` None: they do not work there."""
    return policies.why_not_act(is_member=stage is not None, stage=stage or "")


def why_not_seat(organisation_id: UUID | None, role: str, subject: Subject, at: datetime) -> Objection | None:
    """Answers the hook of the same name: whether an organisation may take a new seat on a subject now."""
    if organisation_id is None or subject.kind in {"organisation", "charter"} or role == "steward":
        return None
    stage = Organisation.objects.filter(pk=organisation_id).values_list("stage", flat=True).first()
    if stage is None:
        return Objection("no_such_organisation", _("There is no such organisation."))
    role = HELD_AS.get(role, role)
    charter = charters.charter(subject.charter)
    parties = {organisation_id} | connected_to(organisation_id, at_share=float(charter.connected_at))
    holders = HeldRole.objects.filter(organisation_id__in=parties, until=None).values_list("organisation_id", "role")
    held = set(holders)
    missing = policies.missing_evidence(role, valid_kinds(organisation_id, role, at.date()))
    return policies.why_not_take_seat(
        stage=stage, holds_role=(organisation_id, role) in held, missing=missing
    ) or policies.why_not_hold(charter, role, {other for _holder, other in held if other != role})


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A line of evidence, with how many days are left and the warning that is due."""

    id: UUID
    role: str
    kind: str
    body: str
    number: str
    valid_to: date
    days_left: int
    warning: int | None
    checked_on: date | None


def evidence_rows(organisation_id: UUID, *, today: date) -> list[EvidenceRow]:
    """The evidence of an organisation, what ends first at the top."""
    found = Evidence.objects.filter(organisation_id=organisation_id).order_by("valid_to", "pk")
    return [_evidence_row(each, today) for each in found]


def _evidence_row(each: Evidence, today: date) -> EvidenceRow:
    return EvidenceRow(
        each.pk,
        each.role,
        str(each.get_kind_display()),
        each.body,
        each.number,
        each.valid_to,
        (each.valid_to - today).days,
        policies.warnings_due(each.valid_to, today),
        each.checked_on,
    )


def checked_evidence(organisations: Collection[UUID], role: str, *, today: date) -> dict[UUID, tuple[EvidenceRow, ...]]:
    """The checked evidence in force of each organisation in a role, what ends first on top; it is no secret."""
    found = Evidence.objects.filter(
        organisation_id__in=organisations,
        role=role,
        valid_from__lte=today,
        valid_to__gt=today,
        checked_on__isnull=False,
    ).order_by("valid_to", "pk")
    rows: dict[UUID, tuple[EvidenceRow, ...]] = {}
    for each in found:
        rows[each.organisation_id] = (*rows.get(each.organisation_id, ()), _evidence_row(each, today))
    return rows


def evidence_ends(organisations: Collection[UUID], role: str, *, today: date) -> dict[UUID, dict[str, date]]:
    """Of each organisation, until when each kind of checked evidence in force lasts (exclusive); it is no secret."""
    found = Evidence.objects.filter(
        organisation_id__in=organisations,
        role=role,
        valid_from__lte=today,
        valid_to__gt=today,
        checked_on__isnull=False,
    ).order_by("valid_to", "pk")
    ends: dict[UUID, dict[str, date]] = {}
    for key, kind, end in found.values_list("organisation_id", "kind", "valid_to"):
        ends.setdefault(key, {})[kind] = end
    return ends


def verified_among(organisations: Collection[UUID], role: str) -> set[UUID]:
    """Which of these organisations are verified and hold a role now."""
    found = Organisation.objects.filter(
        pk__in=organisations, stage="verified", held_roles__role=role, held_roles__until=None
    )
    return set(found.values_list("pk", flat=True))


def required_evidence_has_ended(organisation: Organisation, at: datetime) -> bool:
    """Whether a role that the organisation holds lacks evidence that it requires."""
    return any(
        policies.missing_evidence(role, valid_kinds(organisation.pk, role, at.date()))
        for role in roles_held([organisation.pk])
    )


def works_somewhere(person_id: UUID) -> bool:
    """Answers the hook of the same name: whether a person works for any organisation of the network now."""
    return Membership.objects.filter(person_id=person_id, until=None).exists()
