"""What follows a step: facts and stage, tasks and their clocks, notices, and the network's own steps."""

from collections.abc import Set
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.charter.decide import Effects
from clearpath.charter.whose_turn import Turn, turns
from clearpath.core.outcomes import Objection, Refused
from clearpath.turns import charters
from clearpath.turns.clock import due_at
from clearpath.turns.hooks import Hours, hooks
from clearpath.turns.models import Answer, Lane, Notice, Seat, Task
from clearpath.turns.stand import State
from clearpath.turns.subject import Subject

ASKED_EACH_TIME = frozenset({"consent"})  # kept per recipient, never as a fact of the subject

OwnTurn = tuple[str, str, UUID | None]  # step, position, lane


def apply(subject: Subject, lanes: list[Lane], about: Lane | None, effects: Effects, now: datetime) -> None:
    """Change facts, stage and lanes as the charter says, and save the subject."""
    subject.facts = sorted((set(subject.facts) | set(effects.gives)) - set(effects.drops) - ASKED_EACH_TIME)
    if about is not None and (effects.lane_gives or effects.lane_drops):
        about.facts = sorted((set(about.facts) | set(effects.lane_gives)) - set(effects.lane_drops))
        about.save(update_fields=["facts"])
    if effects.closes_other_lanes and about is not None:
        _end_other_lanes(subject, lanes, about, now)
    if effects.to:
        if effects.to != subject.stage:
            subject.stage_since = now
        subject.stage = effects.to
        if charters.rules_of(subject.charter, subject.kind).stages[effects.to].final:
            subject.closed_at = now
    subject.revision += 1
    Subject.objects.filter(pk=subject.pk).update(
        facts=subject.facts,
        stage=subject.stage,
        stage_since=subject.stage_since,
        closed_at=subject.closed_at,
        revision=subject.revision,
    )


def _end_other_lanes(subject: Subject, lanes: list[Lane], about: Lane, now: datetime) -> None:
    """The chosen lane stays; the others end with thanks and lose sight at once."""
    for lane in lanes:
        if lane.pk != about.pk:
            lane.ended_at = now
    others = Q(subject=subject) & ~Q(pk=about.pk)
    Lane.objects.filter(others, ended_at=None).update(ended_at=now)
    Seat.objects.filter(subject=subject, lane__isnull=False, ended_at=None).exclude(lane=about).update(
        ended_at=now, why_ended="another_was_chosen"
    )


def answer_yes_once(subject: Subject, name: str) -> None:
    """Note, in the step's own transaction, that the network's question was answered yes; refuse a second time."""
    answer = Answer.objects.filter(subject_id=subject.pk, step=name).first()
    if answer is None:
        Answer.objects.create(subject_id=subject.pk, step=name, yes=True)
    elif answer.yes:
        raise Refused(Objection("already_done", _("This was already done. Nothing was done twice.")))
    else:
        Answer.objects.filter(pk=answer.pk).update(yes=True)


def why_not_in_stage(subject: Subject, seats: list[Seat]) -> None:
    """Refuses a step that would leave a stage without someone who must sit in it."""
    rules = charters.rules_of(subject.charter, subject.kind)
    taken = {seat.position for seat in seats if seat.held_since} | {seat.role for seat in seats if seat.held_since}
    for needed in rules.stages[subject.stage].seats:
        if needed not in taken and needed not in rules.may_sit:
            raise Refused(Objection("seat_is_empty", _("Somebody must take the seat of the %s first.") % needed))


def after(
    subject: Subject,
    before: State | None,
    now: State,
    seats: list[Seat],
    name: str,
    about: Lane | None,
    by: Actor,
    *,
    also: Set[str] = frozenset(),
) -> None:
    """Open and close tasks, tell the seats that the charter says, and let the network look at the subject."""
    now_turns = _turns(subject, now)
    was_turns = _turns(subject, before) if before is not None else set()
    _close_tasks(subject, was_turns - now_turns, by.now)
    _open_tasks(subject, now_turns - was_turns, seats, by.now)
    _tell(subject, seats, name, about, by, also)
    if subject.stage in charters.network_looks(subject.charter, subject.kind):
        jobs.later("turns.look", {"subject": str(subject.pk)})


def _turns(subject: Subject, at: State) -> set[OwnTurn]:
    found: tuple[Turn, ...] = turns(
        charters.tables(subject.charter), subject.kind, at.stage, at.facts, tuple(facts for _pk, facts in at.lanes)
    )
    return {(turn.step, turn.by, None if turn.lane is None else at.lanes[turn.lane][0]) for turn in found}


def _close_tasks(subject: Subject, gone: set[OwnTurn], now: datetime) -> None:
    if not gone:
        return
    which = Q()
    for name, _position, lane in gone:
        which |= Q(step=name, lane_id=lane)
    Task.objects.filter(which, subject=subject, done_at=None).update(done_at=now)


def _open_tasks(subject: Subject, new: set[OwnTurn], seats: list[Seat], now: datetime) -> None:
    if not new:
        return
    rules = charters.rules_of(subject.charter, subject.kind)
    rows = []
    for name, position, lane in sorted(new, key=str):
        within = rules.steps[name].within
        due = due_at(now, within, _hours(seats, position, lane)) if within else None
        if name in hooks.agreed_days:
            due = hooks.agreed_days[name](subject)
        rows.append(Task(subject=subject, lane_id=lane, step=name, position=position, opened_at=now, due_at=due))
    Task.objects.bulk_create(rows)


def _hours(seats: list[Seat], position: str, lane: UUID | None) -> Hours:
    for seat in seats:
        if position in {seat.position, seat.role} and seat.lane_id in {None, lane} and seat.organisation:
            return seat.organisation.hours
    return Hours(
        opens=Hours().opens.replace(hour=0), closes=Hours().closes.replace(23, 59), workdays=frozenset(range(1, 8))
    )


def _tell(subject: Subject, seats: list[Seat], name: str, about: Lane | None, by: Actor, also: Set[str]) -> None:
    if not name:
        return
    told = set(charters.rules_of(subject.charter, subject.kind).steps[name].tell) | also
    lane = about.pk if about else None
    Notice.objects.bulk_create(
        Notice(seat=seat, step=name, at=by.now)
        for seat in seats
        if seat.held_since and told & {seat.position, seat.role} and (lane is None or seat.lane_id in {None, lane})
    )


def tell(subject_id: UUID, roles: Set[str], name: str, at: datetime) -> None:
    """Tell seats of something that is no step, on lanes that still run. Joins the caller's transaction."""
    running = Q(lane=None) | Q(lane__ended_at=None)
    seats = Seat.objects.filter(running, subject_id=subject_id, role__in=roles, held_since__isnull=False, ended_at=None)
    Notice.objects.bulk_create(Notice(seat=seat, step=name, at=at) for seat in seats)
