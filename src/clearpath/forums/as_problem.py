"""A forum of the network as a problem for the planner: who could meet whom, when, where, and what it is worth."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from clearpath.forums import queries
from clearpath.forums.models import Absence, Arranged, Delegate, Forum, Meeting, Precedence, Wish
from clearpath.forums.planning.problem import NOWHERE, Hall, Problem, Quota, Slot
from clearpath.forums.slots import slots

DEAREST, LEAST = 10, 1  # what a wish is worth: rank 1, and rank 10 or later
YES = 5  # a yes without a rank
MUTUAL = 20  # added where both wish it: more than any wish of one side alone
Pair = tuple[UUID, UUID]  # the smaller key first


@dataclass(frozen=True, slots=True)
class Keys:
    """What the numbers of a problem stand for."""

    delegates: tuple[UUID, ...]
    halls: tuple[UUID, ...]
    times: tuple[datetime, ...]

    def number_of(self) -> dict[UUID, int]:
        return {key: number for number, key in enumerate(self.delegates)}


def problem_of(
    forum: Forum, names: Mapping[UUID, str], *, also: Iterable[Pair] = (), since: datetime | None = None
) -> tuple[Problem, Keys]:
    """`names`: what the organizer calls each delegate; `also`: pairs who meet already, whatever they wish now.

    What has been before `since` is left out: slots, and who has met.
    """
    delegates = list(Delegate.objects.filter(forum=forum).order_by("pk"))
    halls = queries.halls_of(forum)
    times = [each for each in _slots(forum) if since is None or (each.begins_at and each.begins_at >= since)]
    keys = Keys(
        tuple(each.pk for each in delegates),
        tuple(each.pk for each in halls),
        tuple(each.begins_at for each in times if each.begins_at),
    )
    number = keys.number_of()
    worth = dict.fromkeys(also, LEAST) | worth_of(forum)
    for each in have_been(forum, at=since) if since else ():
        worth.pop((each.first_id, each.second_id), None)
    pairs = sorted((number[first], number[second], value) for (first, second), value in worth.items())
    most = [min(len(times), each.most if each.most is not None else len(times)) for each in delegates]
    place = {key: at for at, key in enumerate(keys.halls)}
    bound = _bound(
        forum, {(keys.delegates[one], keys.delegates[two]): at for at, (one, two, _v) in enumerate(pairs)}, keys
    )
    return Problem(
        slots=tuple(times),
        halls=tuple(
            Hall(each.name or str(each.number), _tables(each.is_online, each.tables, len(delegates)), minutes)
            for each, minutes in zip(halls, _ways([(h.minutes_to_next, h.is_online) for h in halls]), strict=True)
        ),
        delegates=tuple(names[each.pk] for each in delegates),
        trades=tuple(each.role for each in delegates),
        free=_free(forum, times, number),
        least=_numbers(min(each.least, top) for each, top in zip(delegates, most, strict=True)),
        most=_numbers(most),
        booth=_numbers(place[each.booth_id] if each.booth_id else NOWHERE for each in delegates),
        first=_numbers(first for first, _second, _value in pairs),
        second=_numbers(second for _first, second, _value in pairs),
        value=np.array([value for _first, _second, value in pairs], dtype=np.int64),
        session=bound.session,
        fixed=bound.fixed,
        must=bound.fixed != NOWHERE,
        before=bound.before,
        quotas=tuple(Quota(each.trade, each.others, each.least, each.most) for each in queries.quotas_of(forum)),
    ), keys


def have_been(forum: Forum, *, at: datetime) -> list[Meeting]:
    """The meetings that began before a moment, or of which somebody said how they went."""
    return list(Meeting.objects.filter(Q(begins_at__lt=at) | Q(held__isnull=False), forum=forum).order_by("pk"))


@dataclass(frozen=True, slots=True)
class _Bound:
    """What the organizer says of single meetings: columns of a problem."""

    session: NDArray[np.int32]
    fixed: NDArray[np.int32]
    before: tuple[tuple[int, int], ...]


def _bound(forum: Forum, row: Mapping[Pair, int], keys: Keys) -> _Bound:
    """`row`: of each meeting that may take place; what is said of others waits until both want them."""
    session, fixed = (np.full(len(row), NOWHERE, dtype=np.int32) for _column in range(2))
    slot = {time: at for at, time in enumerate(keys.times)}
    number = {each.pk: at for at, each in enumerate(queries.sessions_of(forum))}
    for each in Arranged.objects.filter(forum=forum).order_by("pk"):
        meeting = row.get((each.first_id, each.second_id))
        if meeting is None:
            continue
        if each.begins_at in slot:
            fixed[meeting] = slot[each.begins_at]
        if each.session_id is not None:
            session[meeting] = number[each.session_id]
    said = Precedence.objects.filter(forum=forum).order_by("pk")
    ends = [((each.first_id, each.second_id), (each.then_first_id, each.then_second_id)) for each in said]
    before = tuple((row[one], row[then]) for one, then in ends if one in row and then in row)
    return _Bound(session, fixed, before)


def worth_of(forum: Forum) -> dict[Pair, int]:
    """What each meeting that may take place is worth to both together, by the forum's rule and what everybody said.

    A no of one side is the end of it. Where both must want it, both said so; else the wish of one is enough, and so
    is that of the organizer who gave it a time or a session.
    """
    says = said_in(forum)
    houses = dict(Delegate.objects.filter(forum=forum).values_list("pk", "organisation_id"))
    needs_both = forum.acceptance == Forum.Acceptance.BOTH
    arranged = Arranged.objects.filter(forum=forum).order_by("pk").values_list("first_id", "second_id")
    found: dict[Pair, int] = {}
    for me, other in [*says, *arranged]:
        pair = (min(me, other), max(me, other))
        if houses[me] is not None and houses[me] == houses[other]:
            continue
        given = [says[each] for each in ((me, other), (other, me)) if each in says]
        if None in given or (needs_both and len(given) < 2):
            continue
        found[pair] = max(LEAST, sum(each or 0 for each in given)) + (MUTUAL if len(given) == 2 else 0)
    return found


def said_in(forum: Forum) -> dict[tuple[UUID, UUID], int | None]:
    """What each delegate says of meeting another, by both: how much it is worth to them, or None for a no."""
    says: dict[tuple[UUID, UUID], int | None] = {}  # by who says it and of whom
    for me, other, rank in Wish.objects.filter(delegate__forum=forum).values_list("delegate_id", "other_id", "rank"):
        says[me, other] = None if rank is None else max(LEAST, DEAREST + 1 - rank)
    for meeting in Meeting.objects.filter(forum=forum):
        both = (
            (meeting.first_id, meeting.second_id, meeting.first_says),
            (
                meeting.second_id,
                meeting.first_id,
                meeting.second_says,
            ),
        )
        for me, other, answer in both:
            if answer == Meeting.Says.NO:
                says[me, other] = None
            elif answer == Meeting.Says.YES and says.get((me, other), 0) is not None:
                says.setdefault((me, other), YES)
    return says


def names_for(forum: Forum) -> dict[UUID, str]:
    """What the organizer calls each delegate: the organisation, and a number where several come for it."""
    rows = queries.names_at(forum)
    often = Counter(row.organisation for row in rows)
    count: Counter[str] = Counter()
    names: dict[UUID, str] = {}
    for row in rows:
        count[row.organisation] += 1
        alone = often[row.organisation] == 1
        names[row.id] = row.organisation if alone else f"{row.organisation} {count[row.organisation]}"
    return names


def _slots(forum: Forum) -> list[Slot]:
    length = timedelta(minutes=forum.slot_minutes)
    return [
        Slot(time.isoformat(), number, time, time + length)
        for number, each in enumerate(queries.sessions_of(forum))
        for time in slots(each.begins_at, each.ends_at, forum.slot_minutes)
    ]


def _tables(is_online: bool, tables: int, delegates: int) -> int:
    return max(1, delegates // 2) if is_online else tables


def _ways(halls: list[tuple[int, bool]]) -> list[tuple[int, ...]]:
    """Minutes from each hall to each: the way leads past those between. Online there is no way."""
    if not any(minutes for minutes, _is_online in halls):
        return [() for _hall in halls]
    at = [0]
    for minutes, _is_online in halls:
        at.append(at[-1] + minutes)
    is_online = [online for _minutes, online in halls]
    places = range(len(halls))
    return [
        tuple(0 if is_online[here] or is_online[there] else abs(at[here] - at[there]) for there in places)
        for here in places
    ]


def _free(forum: Forum, times: list[Slot], number: Mapping[UUID, int]) -> NDArray[np.bool_]:
    free = np.ones((len(number), len(times)), dtype=np.bool_)
    away = Absence.objects.filter(delegate__forum=forum).values_list("delegate_id", "begins_at", "ends_at")
    for key, begin, end in away:
        for slot, time in enumerate(times):
            if time.begins_at and time.ends_at and begin < time.ends_at and time.begins_at < end:
                free[number[key], slot] = False
    return free


def _numbers(given: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(given), dtype=np.int32)
