"""Repairs of the agendas that are out: looked at first, asked of whom they move, then written into the meetings."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clearpath.forums.as_problem import Keys, names_for, problem_of
from clearpath.forums.mending import Mended, Placed, mend
from clearpath.forums.models import Absence, Delegate, Forum, Meeting, Move, Plan
from clearpath.forums.planning.problem import Problem


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
    problem, keys = problem_of(forum, names)
    placed = _placed(forum, keys)
    mended = _mended(forum, trouble, problem, keys, placed)
    told = told_to(mended, keys, trouble, names, ZoneInfo(forum.time_zone))
    plan = Plan.objects.create(
        forum=forum,
        kind=Plan.Kind.REPAIR,
        asks=_asked(trouble, reason, mended, keys, names) | {"before": agendas_now(forum)},
        status="feasible",
        score=len(told),
        meetings=[_row(each, keys) for each in mended.placed],
        asked_at=at,
        done_at=at,
    )
    Move.objects.bulk_create(Move(plan=plan, delegate_id=key, because=because) for key, because in told.items())
    return plan


def _mended(forum: Forum, trouble: Trouble, problem: Problem, keys: Keys, placed: Sequence[Placed]) -> Mended:
    number = keys.number_of()
    slots = [
        slot
        for slot, time in enumerate(keys.times)
        if time >= trouble.from_at and (trouble.until is None or time < trouble.until)
    ]
    said_no = Move.objects.filter(plan__forum=forum, says="no").values_list("delegate_id", flat=True)
    hall = {key: place for place, key in enumerate(keys.halls)}
    return mend(
        problem,
        placed,
        from_slot=next((slot for slot, time in enumerate(keys.times) if time >= trouble.from_at), len(keys.times)),
        away={number[key]: slots for key in trouble.away},
        broken={(hall[key], table - 1) for key, table in trouble.broken},
        stay={number[key] for key in said_no},
    )


def _placed(forum: Forum, keys: Keys) -> list[Placed]:
    """The meetings that have a time now."""
    number, slot = keys.number_of(), {time: place for place, time in enumerate(keys.times)}
    hall = {key: place for place, key in enumerate(keys.halls)}
    found = Meeting.objects.filter(forum=forum, begins_at__isnull=False).order_by("pk")
    return [
        Placed(number[each.first_id], number[each.second_id], slot[each.begins_at], hall[each.hall_id], each.table - 1)
        for each in found
        if each.begins_at is not None and each.hall_id is not None and each.table is not None
    ]


def told_to(mended: Mended, keys: Keys, trouble: Trouble, names: Mapping[UUID, str], zone: ZoneInfo) -> dict[UUID, str]:
    """Everybody else who is moved, and what is told to them."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for before, after in mended.moved:
        for who, other in (before.pair, before.pair[::-1]):
            if keys.delegates[who] not in trouble.away:
                found[keys.delegates[who]].append(
                    _("Your meeting with %(other)s at %(before)s would be at %(after)s, table %(table)d.")
                    % {
                        "other": names[keys.delegates[other]],
                        "before": f"{keys.times[before.slot].astimezone(zone):%H:%M}",
                        "after": f"{keys.times[after.slot].astimezone(zone):%H:%M}",
                        "table": after.table + 1,
                    }
                )
    return {key: " ".join(sentences) for key, sentences in found.items()}


def _asked(trouble: Trouble, reason: str, mended: Mended, keys: Keys, names: Mapping[UUID, str]) -> dict[str, object]:
    """What the organizer looks at: plain JSON."""

    def called(each: Placed) -> list[str]:
        return [names[keys.delegates[who]] for who in each.pair]

    return {
        "from": trouble.from_at.isoformat(),
        "until": trouble.until.isoformat() if trouble.until else None,
        "away": [str(key) for key in trouble.away],
        "broken": [[str(key), table] for key, table in trouble.broken],
        "reason": reason,
        "lost": [[*called(each), keys.times[each.slot].isoformat()] for each in mended.lost],
        "added": [[*called(each), keys.times[each.slot].isoformat()] for each in mended.added],
        "moved": [
            [*called(before), keys.times[before.slot].isoformat(), keys.times[after.slot].isoformat()]
            for before, after in mended.moved
        ],
        "others": len(keys.delegates) - len(trouble.away),
    }


def _row(each: Placed, keys: Keys) -> list[object]:
    first, second = (str(keys.delegates[who]) for who in each.pair)
    return [first, second, keys.times[each.slot].isoformat(), str(keys.halls[each.hall]), each.table + 1]


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


def is_stale(plan: Plan) -> bool:
    """Whether an agenda changed since the repair was worked out: it would undo what was done in between."""
    return bool(plan.asks["before"] != agendas_now(plan.forum))


def agendas_now(forum: Forum) -> str:
    """A digest of who meets whom when and where."""
    found = Meeting.objects.filter(forum=forum, begins_at__isnull=False).order_by("pk")
    rows = [[str(each) for each in row] for row in found.values_list("pk", "begins_at", "hall_id", "table")]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def write(plan: Plan, *, at: datetime) -> None:
    """Give the meetings their new times, say why on those that change, and note who is away."""
    forum, reason = plan.forum, str(plan.asks["reason"])
    known = {(str(each.first_id), str(each.second_id)): each for each in Meeting.objects.filter(forum=forum)}
    planned = {(one, other): (datetime.fromisoformat(time), UUID(hall), table)
               for one, other, time, hall, table in plan.meetings}  # fmt: skip
    changed, added = [], []
    for pair, meeting in known.items():
        to = planned.get(pair, (None, None, None))
        if (meeting.begins_at, meeting.hall_id, meeting.table) != to:
            meeting.begins_at, meeting.hall_id, meeting.table = to
            meeting.changed_because = reason
            _agree(meeting)
            changed.append(meeting)
    for pair in planned.keys() - known.keys():
        begins_at, hall_id, table = planned[pair]
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


def _agree(meeting: Meeting) -> None:
    """A wish is a yes, and so is the forum's rule: else it would not be in the plan."""
    if meeting.begins_at is not None:
        meeting.first_says = meeting.first_says or Meeting.Says.RULE
        meeting.second_says = meeting.second_says or Meeting.Says.RULE


def _note_absences(plan: Plan) -> None:
    begins_at = datetime.fromisoformat(plan.asks["from"])
    until = plan.asks["until"]
    ends_at = datetime.fromisoformat(until) if until else plan.forum.ends_at
    Absence.objects.bulk_create(
        Absence(delegate_id=UUID(key), begins_at=begins_at, ends_at=ends_at) for key in plan.asks["away"]
    )


def delegates_among(forum: Forum, keys: Collection[UUID]) -> bool:
    """Whether all of these come to the forum."""
    return Delegate.objects.filter(forum=forum, pk__in=keys).count() == len(set(keys))
