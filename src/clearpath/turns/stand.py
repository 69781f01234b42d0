"""Where a subject stands now, read afresh, as the charter's decision needs it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.standing import Standing
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Appointment, Lane, Seat
from clearpath.turns.subject import Subject

S = TypeVar("S", bound=Subject)

ANSWERS_TO_AN_OFFER = frozenset({"turns.accept_seat", "turns.decline_seat"})  # taken by who does not sit there yet


@dataclass(frozen=True, slots=True)
class State:
    """Stage and facts, nobody's view in particular."""

    stage: str
    facts: frozenset[str]
    lanes: tuple[tuple[UUID, frozenset[str]], ...]  # those that still run, in order


def fresh(subject: S) -> S:
    """The subject as its own model, read now. Raises NotFound when it is gone."""
    model: Any = hooks.models.get(subject.kind, type(subject))
    found = model.objects.filter(pk=subject.pk).first()
    if found is None:
        raise NotFound(Objection("no_such_thing", _("There is no such thing here.")))
    return found  # type: ignore[no-any-return]


def lanes_of(subject: Subject) -> list[Lane]:
    """The lanes that still run, in order."""
    return list(Lane.objects.filter(subject=subject, ended_at=None).order_by("number"))


def seats_of(subject: Subject) -> list[Seat]:
    """Every seat held or offered now."""
    return list(Seat.objects.filter(subject_id=subject.pk, ended_at=None).order_by("pk"))


def sits(seat: Seat, by: Actor) -> bool:
    """Whether the actor is the one who holds this seat."""
    return seat.held_since is not None and _is_of(seat, by)


def offered_to(seat: Seat, by: Actor) -> bool:
    """Whether this seat waits for the actor's answer."""
    return seat.held_since is None and _is_of(seat, by)


def _is_of(seat: Seat, by: Actor) -> bool:
    if seat.role != by.role or seat.ended_at is not None:
        return False
    if seat.organisation_id is None:
        return seat.person_id == by.stands_for
    return seat.organisation_id == by.organisation_id and seat.person_id in {None, by.person_id}


def held_by(by: Actor, *, prefix: str = "") -> Q:
    """The same as `sits`, as a condition on seats."""
    held = Q(**{f"{prefix}role": by.role, f"{prefix}held_since__isnull": False, f"{prefix}ended_at": None})
    if by.organisation_id is None:
        return held & Q(**{f"{prefix}organisation": None, f"{prefix}person_id": by.stands_for})
    named = Q(**{f"{prefix}person": None}) | Q(**{f"{prefix}person_id": by.person_id})
    return held & Q(**{f"{prefix}organisation_id": by.organisation_id}) & named


def which_lane(
    given: UUID | Lane | None,
    things: Iterable[Any],
    lanes: list[Lane],
    seats: list[Seat],
    by: Actor,
    *,
    must: bool,
) -> Lane | None:
    """The lane that the step is about: the one given, that of a thing given, the actor's own, or the only one.

    Raises Refused `which_lane` when there must be one and it cannot be told, NotFound when the lane given is
    not running here.
    """
    wanted = given.pk if isinstance(given, Lane) else given
    if wanted is None:
        wanted = next((thing.lane_id for thing in things if getattr(thing, "lane_id", None)), None)
    if wanted is not None:
        lane = next((lane for lane in lanes if lane.pk == wanted), None)
        if lane is None:
            raise NotFound(Objection("no_such_lane", _("This hospital is no longer asked on this journey.")))
        return lane
    own = {seat.lane_id for seat in seats if seat.lane_id and sits(seat, by)}
    possible = [lane for lane in lanes if lane.pk in own] or (lanes if must else [])
    if len(possible) > 1 and must:
        raise Refused(Objection("which_lane", _("Several hospitals are asked. Say which one this is about.")))
    return possible[0] if len(possible) == 1 else None


def standing(
    subject: Subject, lanes: list[Lane], seats: list[Seat], by: Actor, lane: Lane | None, name: str
) -> Standing:
    """Where the subject stands for this actor and this step."""
    is_own = offered_to if name in ANSWERS_TO_AN_OFFER else sits
    own = [seat for seat in seats if is_own(seat, by) and (lane is None or seat.lane_id in {None, lane.pk})]
    facts = set(subject.facts)
    if hooks.consent_in_force(subject, by):
        facts.add("consent")
    return Standing(
        kind=subject.kind,
        stage=subject.stage,
        facts=frozenset(facts),
        lanes=tuple(frozenset(each.facts) for each in lanes),
        lane=next((index for index, each in enumerate(lanes) if lane and each.pk == lane.pk), None),
        seated=frozenset({seat.position for seat in own} | {seat.role for seat in own}),
        appointed=appointed(subject, by),
    )


def appointed(subject: Subject, by: Actor) -> frozenset[str]:
    """The steps that this actor was appointed to take here, by a person or through their role."""
    if by.role == "network" or (by.role == "patient" and by.for_person_id is None):
        return frozenset()
    mine = Q(person_id=by.person_id, by_person_id=by.for_person_id) if by.role == "patient" else Q(role=by.role)
    steps = Appointment.objects.filter(mine, subject_id=subject.pk, revoked_at=None).values_list("step", flat=True)
    return frozenset(steps)


def bare(subject: Subject) -> Standing:
    """The standing of a subject that has just begun."""
    return Standing(kind=subject.kind, stage=subject.stage, facts=frozenset(subject.facts))


def state(subject: Subject, lanes: list[Lane], *, consent: bool) -> State:
    """Stage and facts as they are now; `consent`: any consent is in force."""
    running = tuple((lane.pk, frozenset(lane.facts)) for lane in lanes if not lane.ended_at)
    return State(subject.stage, frozenset(subject.facts) | ({"consent"} if consent else set()), running)


def any_consent(subject: Subject, by: Actor) -> bool:
    """Whether any consent is in force on the subject, whoever its recipient is."""
    return hooks.consent_in_force(subject, Actor(role="network", now=by.now))
