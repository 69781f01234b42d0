"""Where a subject stands now, read afresh, as the charter's decision needs it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.decide import EVERY_STEP
from clearpath.charter.standing import Standing
from clearpath.charter.terms import NETWORK
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.turns import charters
from clearpath.turns.hooks import hooks
from clearpath.turns.made import OTHER, Shape, Statement, made
from clearpath.turns.models import Appointment, Lane, Seat
from clearpath.turns.subject import Subject

S = TypeVar("S", bound=Subject)

NO_SUCH_THING = Objection("no_such_thing", _("There is no such thing here."))
ANSWERS_TO_AN_OFFER = frozenset({"turns.accept_seat", "turns.decline_seat"})  # taken by who does not sit there yet


@dataclass(frozen=True, slots=True)
class State:
    """Stage and facts, nobody's view in particular."""

    stage: str
    facts: frozenset[str]
    lanes: tuple[tuple[UUID, frozenset[str]], ...]  # those that still run, in order


@dataclass(frozen=True, slots=True)
class Known:
    """What else decides, read with the subject: consents, appointments, and whether the actor may act at all."""

    consent: bool = False  # the fact `consent` holds for this actor
    any_consent: bool = False  # any consent is in force, whoever its recipient is
    appointed: frozenset[str] = frozenset()
    why_not_act: Objection | None = None


def fresh(subject: S) -> S:
    """The subject as its own model, read now. Raises NotFound when it is gone."""
    model: Any = hooks.models.get(subject.kind, type(subject))
    found = model.objects.filter(pk=subject.pk).first()
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found  # type: ignore[no-any-return]


def locked(subject: S, by: Actor, name: str) -> tuple[S, Known]:
    """Lock the subject; then read, in one statement, it and what decides whether the actor may take a step.

    The lock is a statement of its own: what was read before the lock, or with it, may be stale. Two queries.
    Raises NotFound when the subject is gone.
    """
    lock = Subject.objects.select_for_update().filter(pk=subject.pk)
    kind, version = lock.values_list("kind", "charter").first() or ("", "")  # the two that never change
    if kind not in hooks.models:
        raise NotFound(NO_SUCH_THING)
    shape, asks = Shape.of(by), _can_be_appointed(by, version, kind, name)
    found = next(iter(_to_decide(kind, version, shape, name if asks else "").run(by, subject.pk)), None)
    if found is None:
        raise NotFound(NO_SUCH_THING)
    answers = found.__dict__
    works = "asked_works_at" in answers
    return found, Known(
        consent=bool(answers.get("asked_consent")),
        any_consent=bool(answers.get("asked_any_consent")),
        appointed=frozenset({name}) if answers.get("asked_appointed") else frozenset(),
        why_not_act=hooks.why_not_act(answers["asked_works_at"]) if works else None,
    )


@lru_cache(maxsize=1024)
def _to_decide(kind: str, version: str, shape: Shape, appointed_to: str) -> Statement:
    """Reads a subject and what decides about it; `appointed_to`: the step, where an appointment could matter."""
    by = shape.actor()
    asked: dict[str, Any] = {}
    works = hooks.works_at(by) if by.role != NETWORK else None
    if works is not None:
        asked["asked_works_at"] = Subquery(works[:1])
    consents = hooks.consents(OuterRef("pk"), by) if charters.knows_consent(version, kind) else None
    if consents is not None:
        asked |= {"asked_consent": Exists(consents[0]), "asked_any_consent": Exists(consents[1])}
    if appointed_to:
        mine = _appointments(by, OuterRef("pk"))
        asked["asked_appointed"] = Exists(mine.filter(step__in=[appointed_to, EVERY_STEP]))
    return made(hooks.models[kind]._default_manager.filter(pk=OTHER).annotate(**asked), {})


def known(subject: Subject, by: Actor) -> Known:
    """The same for a reader, who asks about many steps at once: nothing is locked, every appointment is read."""
    consents = None
    if charters.knows_consent(subject.charter, subject.kind):
        consents = hooks.consents(subject.pk, by)
    own, others = consents or (None, None)
    consent = own is not None and own.exists()
    return Known(
        consent=consent,
        any_consent=consent or (others is not None and others.exists()),
        appointed=appointed(subject, by),
    )


def lanes_of(subject: Subject) -> list[Lane]:
    """The lanes that still run, in order."""
    return list(Lane.objects.filter(subject=subject, ended_at=None).order_by("number"))


def seated(subject: Subject) -> tuple[list[Lane], list[Seat]]:
    """The lanes that still run and every seat held or offered now, with its organisation; one query.

    A lane opens together with its first seat, so that a lane whose seats have all ended is found by those.
    """
    here = Q(ended_at=None) | Q(lane__isnull=False, lane__ended_at=None)
    found = Seat.objects.filter(here, subject_id=subject.pk).select_related("lane", "organisation").order_by("pk")
    seats = list(found)
    lanes = {seat.lane.pk: seat.lane for seat in seats if seat.lane and seat.lane.ended_at is None}
    return sorted(lanes.values(), key=lambda lane: lane.number), [seat for seat in seats if seat.ended_at is None]


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
    """The same as `sits`, as a condition on seats; a relative has the patient's seat only where appointed."""
    held = Q(**{f"{prefix}role": by.role, f"{prefix}held_since__isnull": False, f"{prefix}ended_at": None})
    if by.organisation_id is None:
        held &= Q(**{f"{prefix}organisation": None, f"{prefix}person_id": by.stands_for})
        return held if by.stands_for == by.person_id else held & Q(appointed_on(OuterRef(f"{prefix}subject_id"), by))
    named = Q(**{f"{prefix}person": None}) | Q(**{f"{prefix}person_id": by.person_id})
    return held & Q(**{f"{prefix}organisation_id": by.organisation_id}) & named


def appointed_on(subject_id: UUID | OuterRef, by: Actor) -> Exists:
    """Whether the patient appointed this relative on a subject, for anything."""
    return Exists(
        Appointment.objects.filter(
            subject_id=subject_id, person_id=by.somebody, by_person_id=by.for_person_id, revoked_at=None
        )
    )


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
    subject: Subject, lanes: list[Lane], seats: list[Seat], by: Actor, lane: Lane | None, name: str, known: Known
) -> Standing:
    """Where the subject stands for this actor and this step."""
    is_own = offered_to if name in ANSWERS_TO_AN_OFFER else sits
    own = [seat for seat in seats if is_own(seat, by) and (lane is None or seat.lane_id in {None, lane.pk})]
    facts = set(subject.facts)
    if known.consent:
        facts.add("consent")
    return Standing(
        kind=subject.kind,
        stage=subject.stage,
        facts=frozenset(facts),
        lanes=tuple(frozenset(each.facts) for each in lanes),
        lane=next((index for index, each in enumerate(lanes) if lane and each.pk == lane.pk), None),
        seated=frozenset({seat.position for seat in own} | {seat.role for seat in own}),
        appointed=known.appointed,
    )


def appointed(subject: Subject, by: Actor) -> frozenset[str]:
    """The steps that this actor was appointed to take here, by a person or through their role."""
    if by.role == NETWORK or (by.role == "patient" and by.for_person_id is None):
        return frozenset()
    return frozenset(_appointments(by, subject.pk).values_list("step", flat=True))


def may_stand_for(by: Actor, subject_id: UUID) -> bool:
    """Whether the actor acts for themselves, or for a patient who appointed them on this very subject."""
    return by.stands_for == by.person_id or _appointments(by, subject_id).exists()


def _appointments(by: Actor, subject_id: UUID | OuterRef) -> QuerySet[Appointment]:
    mine = Q(person_id=by.person_id, by_person_id=by.for_person_id) if by.role == "patient" else Q(role=by.role)
    return Appointment.objects.filter(mine, subject_id=subject_id, revoked_at=None)


def _can_be_appointed(by: Actor, version: str, kind: str, name: str) -> bool:
    """Whether an appointment could matter: only then is it asked for."""
    rule = charters.rules_of(version, kind).steps.get(name)
    return by.for_person_id is not None or (rule is not None and by.role in rule.may_appoint)


def acts_for_everything(by: Actor) -> bool:
    """Whether the patient for whom the actor acts appointed them for everything, on some subject of theirs."""
    return Appointment.objects.filter(
        person_id=by.somebody, by_person_id=by.for_person_id, step="*", revoked_at=None
    ).exists()


def bare(subject: Subject) -> Standing:
    """The standing of a subject that has just begun."""
    return Standing(kind=subject.kind, stage=subject.stage, facts=frozenset(subject.facts))


def state(subject: Subject, lanes: list[Lane], *, consent: bool) -> State:
    """Stage and facts as they are now; `consent`: any consent is in force."""
    running = tuple((lane.pk, frozenset(lane.facts)) for lane in lanes if not lane.ended_at)
    return State(subject.stage, frozenset(subject.facts) | ({"consent"} if consent else set()), running)


def any_consent(subject: Subject, by: Actor) -> bool:
    """Whether any consent is in force on the subject, whoever its recipient is."""
    consents = hooks.consents(subject.pk, by) if charters.knows_consent(subject.charter, subject.kind) else None
    return consents is not None and consents[1].exists()
