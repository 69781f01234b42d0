"""Repairs of the agendas that are out: looked at first, asked of whom they move, then written into the meetings."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _

from clearpath.core.outcomes import Objection
from clearpath.forums import policies
from clearpath.forums.as_problem import Keys, names_for, problem_of
from clearpath.forums.models import Absence, Delegate, Forum, Held, Meeting, Move, Plan
from clearpath.forums.planned import placed
from clearpath.forums.planning.answer import Plan as Timetable
from clearpath.forums.planning.answer import Status
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.repair import Change, Repair, repair


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: who is away from a moment on (to its end, or to `until`), and which tables cannot be used."""

    from_at: datetime
    away: tuple[UUID, ...] = ()
    until: datetime | None = None
    broken: tuple[tuple[UUID, int], ...] = ()  # key of the hall, number of the table from 1


def plan_repair(forum: Forum, trouble: Trouble, reason: str, *, at: datetime) -> Plan:
    """Work out a repair and whom it moves; nothing is changed yet."""
    names = names_for(forum)
    meetings = list(Meeting.objects.filter(forum=forum, begins_at__isnull=False).order_by("pk"))
    problem, keys = problem_of(forum, names, also=[(each.first_id, each.second_id) for each in meetings])
    row = {pair: each for each, pair in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True))}
    before = _timetable(meetings, row, keys)
    found = repair(problem, before, _change(forum, trouble, row, keys))
    changed = Changed(problem, keys, before, found)
    told = told_to(changed, trouble, names, ZoneInfo(forum.time_zone))
    plan = Plan.objects.create(
        forum=forum,
        kind=Plan.Kind.REPAIR,
        asks=_asked(trouble, reason, changed, names) | {"before": agendas_now(forum)},
        status=Status.FEASIBLE.value,
        score=len(found.touched),
        bound=found.least_touched,
        says=list(found.says),
        meetings=placed(problem, keys, found.plan),
        asked_at=at,
        done_at=at,
    )
    Move.objects.bulk_create(Move(plan=plan, delegate_id=key, because=because) for key, because in told.items())
    return plan


def _timetable(meetings: Sequence[Meeting], row: Mapping[tuple[int, int], int], keys: Keys) -> Timetable:
    """The agendas as they are now."""
    number, slot = keys.number_of(), {time: place for place, time in enumerate(keys.times)}
    hall = {key: place for place, key in enumerate(keys.halls)}
    columns = np.full((3, len(row)), NOWHERE, np.int32)
    for each in meetings:
        if each.begins_at is not None and each.hall_id is not None and each.table is not None:
            place = row[number[each.first_id], number[each.second_id]]
            columns[:, place] = slot[each.begins_at], hall[each.hall_id], each.table - 1
    return Timetable(*columns)


def _change(forum: Forum, trouble: Trouble, row: Mapping[tuple[int, int], int], keys: Keys) -> Change:
    """What went wrong in numbers. Who registered since the agendas went out is new."""
    number, hall = keys.number_of(), {key: place for place, key in enumerate(keys.halls)}

    def slot_from(moment: datetime) -> int:
        return next((slot for slot, time in enumerate(keys.times) if time >= moment), len(keys.times))

    now = slot_from(trouble.from_at)
    until = None if trouble.until is None else slot_from(trouble.until)
    said_no = Move.objects.filter(plan__forum=forum, says="no").values_list("delegate_id", flat=True)
    new = Delegate.objects.filter(forum=forum, registered_at__gt=forum.agendas_published_at or trouble.from_at)
    held = Held.objects.filter(forum=forum).values_list("meeting__first_id", "meeting__second_id")
    recorded = (row.get((number[first], number[second])) for first, second in held)
    meet = Q(meetings_as_first__begins_at__isnull=False) | Q(meetings_as_second__begins_at__isnull=False)
    return Change(
        now,
        gone=tuple((number[key], now) for key in trouble.away if until is None),
        late=tuple((number[key], until) for key in trouble.away if until is not None),
        broken=tuple((hall[key], table - 1, now) for key, table in trouble.broken),
        newcomers=tuple(number[each.pk] for each in new.exclude(meet).exclude(pk__in=trouble.away).order_by("pk")),
        said_no=frozenset(number[key] for key in said_no),
        recorded=frozenset(each for each in recorded if each is not None),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A repair beside what was before it."""

    problem: Problem
    keys: Keys
    before: Timetable
    found: Repair

    def pair(self, meeting: int) -> tuple[UUID, UUID]:
        ends = self.problem.first[meeting], self.problem.second[meeting]
        return self.keys.delegates[int(ends[0])], self.keys.delegates[int(ends[1])]

    def times(self, meeting: int) -> tuple[datetime | None, datetime | None]:
        """Of a meeting that changes: when it was, and when it is then; None where it takes no place."""
        slots = int(self.before.slot[meeting]), int(self.found.plan.slot[meeting])
        was, now = (None if slot == NOWHERE else self.keys.times[slot] for slot in slots)
        return was, now

    def meetings(self) -> list[int]:
        return sorted(each.meeting for each in self.found.moved)


def told_to(changed: Changed, trouble: Trouble, names: Mapping[UUID, str], zone: ZoneInfo) -> dict[UUID, str]:
    """Everybody else who would meet at another time, and what is told to them. Another table alone moves nobody."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for meeting in changed.meetings():
        was, now = changed.times(meeting)
        if was is None or now is None or was == now:
            continue
        one, other = changed.pair(meeting)
        for me, them in ((one, other), (other, one)):
            if me not in trouble.away:
                found[me].append(
                    _("Your meeting with %(other)s at %(before)s would be at %(after)s.")
                    % {
                        "other": names[them],
                        "before": f"{was.astimezone(zone):%H:%M}",
                        "after": f"{now.astimezone(zone):%H:%M}",
                    }
                )
    return {key: " ".join(sentences) for key, sentences in found.items()}


def _asked(trouble: Trouble, reason: str, changed: Changed, names: Mapping[UUID, str]) -> dict[str, object]:
    """What the organizer looks at: plain JSON."""
    lists: dict[str, list[list[str]]] = {"lost": [], "added": [], "moved": []}
    for meeting in changed.meetings():
        was, now = changed.times(meeting)
        who = [names[key] for key in changed.pair(meeting)]
        kind = "lost" if now is None else "added" if was is None else "moved"
        lists[kind].append([*who, *(each.isoformat() for each in (was, now) if each is not None)])
    return lists | {
        "from": trouble.from_at.isoformat(),
        "until": trouble.until.isoformat() if trouble.until else None,
        "away": [str(key) for key in trouble.away],
        "broken": [[str(key), table] for key, table in trouble.broken],
        "reason": reason,
        "others": len(changed.keys.delegates) - len(trouble.away),
    }


def changes(plan: Plan) -> bool:
    """Whether any meeting is other than before."""
    return any(plan.asks[kind] for kind in ("lost", "added", "moved"))


def to_apply(forum: Forum) -> Plan | None:
    """The newest repair, where it is not out yet."""
    newest = Plan.objects.filter(forum=forum, kind=Plan.Kind.REPAIR).order_by("-pk").first()
    return newest if newest is not None and newest.published_at is None else None


def answers_to(plan: Plan) -> tuple[list[Move], list[Move]]:
    """Who said no to being moved, and who must be asked and has not answered."""
    moves = list(plan.moves.select_related("delegate").order_by("pk"))
    return (
        [each for each in moves if each.says == "no"],
        [each for each in moves if not each.says and each.delegate.asks_before_moving],
    )


def is_stale(plan: Plan, *, at: datetime) -> bool:
    """Whether an agenda changed since the repair was worked out, or it would bring a meeting into the past.

    It would undo what was done in between, or take the place of what has been.
    """
    times = {(one, other): datetime.fromisoformat(time) for one, other, time, _hall, _table in plan.meetings}
    coming = Meeting.objects.filter(forum=plan.forum, begins_at__gte=at).values_list("first_id", "second_id")
    into_the_past = any(times.get((str(one), str(other)), at) < at for one, other in coming)
    return into_the_past or plan.asks["before"] != agendas_now(plan.forum)


def why_not_apply(plan: Plan | None, *, at: datetime) -> Objection | None:
    """What is in the way of giving out the newest repair, or of there being one."""
    said_no, waits = answers_to(plan) if plan else ([], [])
    return policies.why_not_apply_repair(
        there_is_one=plan is not None, said_no=len(said_no), waits=len(waits),
        is_stale=plan is not None and is_stale(plan, at=at),
    )  # fmt: skip


def agendas_now(forum: Forum) -> str:
    """A digest of who meets whom when and where."""
    found = Meeting.objects.filter(forum=forum, begins_at__isnull=False).order_by("pk")
    rows = [[str(each) for each in row] for row in found.values_list("pk", "begins_at", "hall_id", "table")]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def write(plan: Plan, *, at: datetime) -> list[Meeting]:
    """Give the meetings their new times, say why on those that change, and note who is away; what changed.

    What began while the repair waited has been: it stays, and nothing new comes beside it.
    """
    forum, reason = plan.forum, str(plan.asks["reason"])
    known = {(str(each.first_id), str(each.second_id)): each for each in Meeting.objects.filter(forum=forum)}
    planned = {(one, other): (datetime.fromisoformat(time), UUID(hall), table)
               for one, other, time, hall, table in plan.meetings}  # fmt: skip
    changed, added = [], []
    for pair, meeting in known.items():
        to = planned.get(pair, (None, None, None))
        if _is_before(at, meeting.begins_at) or (meeting.begins_at is None and _is_before(at, to[0])):
            continue
        if (meeting.begins_at, meeting.hall_id, meeting.table) != to:
            meeting.begins_at, meeting.hall_id, meeting.table = to
            meeting.changed_because = reason
            _agree(meeting)
            changed.append(meeting)
    for pair in planned.keys() - known.keys():
        begins_at, hall_id, table = planned[pair]
        if _is_before(at, begins_at):
            continue
        meeting = Meeting(
            forum=forum, first_id=UUID(pair[0]), second_id=UUID(pair[1]), begins_at=begins_at, hall_id=hall_id,
            table=table, changed_because=reason,
        )  # fmt: skip
        _agree(meeting)
        added.append(meeting)
    Meeting.objects.filter(pk__in=[each.pk for each in changed]).update(begins_at=None, hall=None, table=None)
    Meeting.objects.bulk_update(changed, ["begins_at", "hall", "table", "changed_because", "first_says", "second_says"])
    Meeting.objects.bulk_create(sorted(added, key=lambda each: (each.first_id, each.second_id)))
    _note_absences(plan)
    plan.published_at = at
    plan.save(update_fields=["published_at"])
    return [*changed, *added]


def _is_before(at: datetime, begins_at: datetime | None) -> bool:
    return begins_at is not None and begins_at < at


def _agree(meeting: Meeting) -> None:
    """A wish is a yes, and so is the forum's rule: else it would not be in the plan."""
    if meeting.begins_at is not None:
        meeting.first_says = meeting.first_says or Meeting.Says.RULE
        meeting.second_says = meeting.second_says or Meeting.Says.RULE


def _note_absences(plan: Plan) -> None:
    begins_at = datetime.fromisoformat(plan.asks["from"])
    until = plan.asks["until"]
    ends_at = datetime.fromisoformat(until) if until else plan.forum.ends_at
    if begins_at < ends_at:
        Absence.objects.bulk_create(
            Absence(delegate_id=UUID(key), begins_at=begins_at, ends_at=ends_at) for key in plan.asks["away"]
        )


def delegates_among(forum: Forum, keys: Collection[UUID]) -> bool:
    """Whether all of these come to the forum."""
    return Delegate.objects.filter(forum=forum, pk__in=keys).count() == len(set(keys))
