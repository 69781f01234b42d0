"""A hall and a table for each meeting, so that everybody arrives in time and changes tables seldom.

Who has a table of their own meets there; of two who have one, at that of the first where nothing speaks for the other.
"""

from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.agenda import Agenda, bits
from clearpath.forums.planning.answer import Plan
from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.until import Until

MOST_TRIED = 200_000  # meetings without a seat that are tried in other slots


class Ways:
    """How long people walk between halls, and which of two seats one after the other can be kept."""

    def __init__(self, rules: Rules) -> None:
        halls, slots = rules.problem.halls, rules.problem.slots
        minutes = np.array([hall.minutes_to or (0,) * len(halls) for hall in halls], np.int64)
        for by in range(len(halls)):  # the shortest way, perhaps by another hall (Floyd, 1962)
            minutes = np.minimum(minutes, minutes[:, [by]] + minutes[[by], :])
        self.minutes: list[list[int]] = minutes.tolist()
        self.slots = slots

    @cached_property
    def bind(self) -> bool:
        """Somebody could be late from one slot to the next."""
        longest = max(map(max, self.minutes))
        pairs = zip(self.slots, self.slots[1:], strict=False)
        return any(not _fits(a.ends_at, b.begins_at, longest) for a, b in pairs)

    def is_in_time(self, slot: int, hall: int, later: int, there: int) -> bool:
        return _fits(self.slots[slot].ends_at, self.slots[later].begins_at, self.minutes[hall][there])


def _fits(ends_at: datetime | None, begins_at: datetime | None, minutes: int) -> bool:
    return ends_at is None or begins_at is None or begins_at - ends_at >= timedelta(minutes=minutes)


def own_halls(rules: Rules) -> list[tuple[int, ...]]:
    """[meeting] the halls in which one of the two has a table; none: any hall."""
    booth = rules.problem.booth
    pairs = zip(booth[rules.problem.first].tolist(), booth[rules.problem.second].tolist(), strict=True)
    return [tuple(dict.fromkeys(each for each in pair if each != NOWHERE)) for pair in pairs]


def in_time(rules: Rules, ways: Ways, slot: NDArray[np.int32], until: Until) -> tuple[Agenda, list[int]]:
    """The dearest meetings first, each in a hall that both reach in time; who cannot goes to another slot or stays out.

    Gives back the agendas and the hall of each meeting.
    """
    problem = rules.problem
    walk = _Walk(rules, ways)
    order = np.lexsort((np.arange(len(slot)), -problem.value, ~problem.must))
    at = slot.tolist()
    left = [meeting for meeting in order.tolist() if at[meeting] == NOWHERE or not walk.seat(meeting, at[meeting])]
    left.sort(key=lambda meeting: (not problem.must[meeting], -problem.value[meeting], meeting))
    for meeting in left[:MOST_TRIED]:
        if until.is_over:
            break
        walk.seat_anywhere(meeting)
    return walk.agenda, walk.hall


class _Walk:
    """Agendas with the hall of each meeting."""

    def __init__(self, rules: Rules, ways: Ways) -> None:
        self.agenda, self.ways = Agenda(rules), ways
        self.hall = [NOWHERE] * len(rules.problem.first)
        self.own = own_halls(rules)
        self.anywhere = tuple(range(len(rules.problem.halls)))
        self.left = [rules.free_tables.tolist() for _slot in rules.problem.slots]

    def seat(self, meeting: int, slot: int) -> bool:
        agenda = self.agenda
        if not agenda.is_in_order(meeting, slot):
            return False
        own = self.own[meeting]
        near = [each for end in agenda.ends[meeting] for each in self._neighbours(end, slot)]
        open_ones = own or [hall for hall in self.anywhere if self.left[slot][hall]]
        halls = [hall for hall in open_ones if self._reached(slot, hall, near)]
        if not halls:
            return False
        hall = max(halls, key=lambda each: sum(there == each for _slot, there in near))
        agenda.put(meeting, slot)
        self.hall[meeting] = hall
        if not own:
            self.left[slot][hall] -= 1
        return True

    def seat_anywhere(self, meeting: int) -> bool:
        agenda = self.agenda
        first, second = agenda.ends[meeting]
        if not agenda.is_allowed(meeting):
            return False
        common = agenda.vacant[first] & agenda.vacant[second] & agenda.may[meeting]
        needs = agenda.needs_table[meeting]
        return any(self.seat(meeting, slot) for slot in bits(common) if agenda.room[slot] >= needs)

    def _neighbours(self, delegate: int, slot: int) -> list[tuple[int, int]]:
        """The meetings before and after, as slot and hall."""
        day = self.agenda.at[delegate]
        before = next((each for each in range(slot - 1, -1, -1) if day[each] != NOWHERE), None)
        after = next((each for each in range(slot + 1, len(day)) if day[each] != NOWHERE), None)
        return [(each, self.hall[day[each]]) for each in (before, after) if each is not None]

    def _reached(self, slot: int, hall: int, near: list[tuple[int, int]]) -> bool:
        return all(
            self.ways.is_in_time(there, other, slot, hall) if there < slot
            else self.ways.is_in_time(slot, hall, there, other)
            for there, other in near
        )  # fmt: skip


def seated(rules: Rules, slot: NDArray[np.int32], halls: list[int] | None = None) -> Plan:
    """A table for each meeting: that of one of the two in the slot before where it is free, else the first free one.

    `halls` says the hall of each where the way between them counts.
    """
    problem = rules.problem
    own = own_tables(rules)
    tables = {
        hall: [(hall, table) for table in range(int(rules.own_tables[hall]), each.tables)]
        for hall, each in enumerate(problem.halls)
    }
    hall, table = (np.full(len(slot), NOWHERE, np.int32) for _each in range(2))
    last: dict[int, tuple[int, int]] = {}
    ends = list(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
    for here in _by_slot(slot, len(problem.slots)):
        free = {place: dict.fromkeys(each) for place, each in tables.items()}
        waiting = []
        for meeting in here:
            wanted = NOWHERE if halls is None else halls[meeting]
            mine = [own[end] for end in ends[meeting] if end in own and wanted in (NOWHERE, own[end][0])]
            wished = mine or [last[end] for end in ends[meeting] if end in last]
            chosen = next((each for each in wished if mine or _is_free(each, free, wanted)), None)
            if chosen is None:
                waiting.append((meeting, wanted))
                continue
            _sit(meeting, chosen, ends, hall, table, last)
            if not mine:
                del free[chosen[0]][chosen]
        for meeting, wanted in waiting:
            place = wanted if wanted != NOWHERE else max(free, key=lambda each: len(free[each]))
            chosen = next(iter(free[place]))
            del free[place][chosen]
            _sit(meeting, chosen, ends, hall, table, last)
    return Plan(slot, hall, table)


def _is_free(seat: tuple[int, int], free: dict[int, dict[tuple[int, int], None]], wanted: int) -> bool:
    return seat in free[seat[0]] and wanted in (NOWHERE, seat[0])


def _sit(
    meeting: int, seat: tuple[int, int], ends: list[tuple[int, int]], hall: NDArray[np.int32],
    table: NDArray[np.int32], last: dict[int, tuple[int, int]],
) -> None:  # fmt: skip
    hall[meeting], table[meeting] = seat
    for end in ends[meeting]:
        last[end] = seat


def own_tables(rules: Rules) -> dict[int, tuple[int, int]]:
    """Hall and table of each delegate who has one: the first tables of a hall, in the order of the delegates."""
    own: dict[int, tuple[int, int]] = {}
    taken = [0] * len(rules.problem.halls)
    for delegate, hall in enumerate(rules.problem.booth.tolist()):
        if hall != NOWHERE:
            own[delegate] = (hall, taken[hall])
            taken[hall] += 1
    return own


def _by_slot(slot: NDArray[np.int32], slots: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _slot in range(slots)]
    for meeting in np.flatnonzero(slot != NOWHERE).tolist():
        found[slot[meeting]].append(meeting)
    return found
