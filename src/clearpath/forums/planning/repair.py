"""A new plan while a forum runs: what has been stays, and as few other agendas as possible change.

Somebody leaves or is late, a table breaks, a newcomer arrives. The meetings that cannot be any more touch the agendas
of those who would have been in them, whatever is done: so many are touched in every plan, and that is the bound. What
is given instead is given to them alone: the same meeting at another time, or a meeting that two of them wished and had
no slot for. Others are touched only for a meeting that must take place, and for the least meetings of a newcomer. Who
has said no to being moved keeps what is left, and is asked for the rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from clearpath.forums.planning.agenda import Agenda, bits
from clearpath.forums.planning.answer import Plan
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.seating import Ways, own_halls, own_tables
from clearpath.forums.planning.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than planned, from slot `now` on; delegates, halls, tables and slots by their numbers."""

    now: int
    gone: tuple[tuple[int, int], ...] = ()  # (delegate, the first slot in which they are not there)
    late: tuple[tuple[int, int], ...] = ()  # (delegate, the first slot in which they are there)
    broken: tuple[tuple[int, int, int], ...] = ()  # (hall, table, the first slot in which it cannot be used)
    newcomers: tuple[int, ...] = ()  # delegates of the problem who have no meeting in the plan
    said_no: frozenset[int] = frozenset()  # delegates who do not want to be moved
    recorded: frozenset[int] = frozenset()  # meetings that have been, wherever they stand: neither moved nor given


@dataclass(frozen=True, slots=True)
class Moved:
    """One meeting that is elsewhere, new, or no more, and why."""

    meeting: int
    before: int  # slot, or NOWHERE where it is new
    after: int  # slot, or NOWHERE where it does not take place
    why: Sentence
    ask: tuple[int, ...] = ()  # who have said no and would have to agree


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """The new plan, whose agendas it touches, and how many every plan touches."""

    plan: Plan
    value: int
    moved: tuple[Moved, ...]
    asks: tuple[Moved, ...]  # what could be done for one who has said no, if they agree
    touched: tuple[int, ...]  # delegates other than those who are gone, late or new
    least_touched: int  # proved: in every plan so many are
    says: tuple[Sentence, ...] = ()  # of what must be, what is no more
    is_impossible: bool = False  # proved: two who must meet have no slot to come in which both are there


def repair(problem: Problem, plan: Plan, change: Change) -> Repair:
    """The plan after a change; `plan` has a row for each meeting of the problem, NOWHERE for a newcomer's."""
    return _Repair(problem, plan, change).made()


class _Repair:
    def __init__(self, problem: Problem, plan: Plan, change: Change) -> None:
        self.before, self.change = plan, change
        self.problem = problem = replace(problem, free=_free(problem, change))
        self.rules, self.ways = Rules(problem), Ways(Rules(problem))
        self.slot, self.hall, self.table = (column.copy() for column in (plan.slot, plan.hall, plan.table))
        self.hit = {each for each, _slot in (*change.gone, *change.late)} | set(change.newcomers)
        self.broken = {(hall, table): slot for hall, table, slot in change.broken}
        self.moved: dict[int, Moved] = {}
        self.asks: list[Moved] = []
        self.own_halls, self.own = own_halls(self.rules), own_tables(self.rules)

    def made(self) -> Repair:
        lost = self._lost()
        forced = {end for meeting in lost for end in self._ends(meeting)} - self.hit
        for meeting, why in lost.items():
            self.moved[meeting] = Moved(meeting, int(self.slot[meeting]), NOWHERE, why)
            self.slot[meeting] = self.hall[meeting] = self.table[meeting] = NOWHERE
        self.agenda = Agenda(self.rules, self.slot)
        self.agenda.stays |= self.change.recorded
        self.seats = {
            (slot, hall, table)
            for slot, hall, table in zip(self.slot.tolist(), self.hall.tolist(), self.table.tolist(), strict=True)
            if slot != NOWHERE
        }
        # Who was given a table after the agendas went out still sits at one that belongs to nobody.
        among_others = ~self.rules.needs_table & (self.table >= self.rules.own_tables[self.hall])
        for slot in self.slot[among_others & (self.slot != NOWHERE)].tolist():
            self.agenda.room[slot] -= 1
        for hall, table, since in self.change.broken:
            if table >= self.rules.own_tables[hall]:
                for slot in range(since, len(self.agenda.room)):
                    self.agenda.room[slot] -= 1
        must, value = self.problem.must, self.problem.value
        for meeting in sorted(lost, key=lambda each: (not must[each], -value[each], each)):
            self._place_again(meeting, lost[meeting])
        self._place_among(forced | self.hit)
        least = len(forced) + self._greet(forced)
        touched = {end for each in self.moved.values() for end in self._ends(each.meeting)} - self.hit
        taking_place = self.slot != NOWHERE
        return Repair(
            Plan(self.slot, self.hall, self.table), int(self.problem.value[taking_place].sum()),
            tuple(self.moved.values()), tuple(self.asks), tuple(sorted(touched)), least, tuple(self._says()),
            self._is_impossible(),
        )  # fmt: skip

    def _ends(self, meeting: int) -> tuple[int, int]:
        return int(self.problem.first[meeting]), int(self.problem.second[meeting])

    def _lost(self) -> dict[int, Sentence]:
        """The meetings to come that cannot be where they are, and why."""
        found: dict[int, Sentence] = {}
        coming = np.flatnonzero(self.slot >= self.change.now)
        slot = self.slot[coming]
        absent = ~self.problem.free[self.problem.first[coming], slot]
        absent |= ~self.problem.free[self.problem.second[coming], slot]
        for meeting, where in zip(coming[absent].tolist(), slot[absent].tolist(), strict=True):
            if meeting not in self.change.recorded:
                found[meeting] = self._absent(meeting, where)
        for (hall, table), since in self.broken.items():
            at_table = (self.hall[coming] == hall) & (self.table[coming] == table) & (slot >= since)
            for meeting in (each for each in coming[at_table].tolist() if each not in self.change.recorded):
                why = say("table_broken", table=table + 1, hall=self.problem.halls[hall].id)
                found.setdefault(meeting, why)
        return found

    def _absent(self, meeting: int, slot: int) -> Sentence:
        who = [self.problem.delegates[end] for end in self._ends(meeting) if not self.problem.free[end, slot]]
        return say("both_absent", **self.problem.pair(meeting)) if len(who) > 1 else say("one_absent", name=who[0])

    def _place_again(self, meeting: int, why: Sentence) -> None:
        """At the same time at another table, else at another time; by moving others only where it must be."""
        was = int(self.before.slot[meeting])
        same = [was] if self._fits(meeting, was) else []
        slots = same or [slot for slot in self._common(meeting) if self._fits(meeting, slot)]
        if not slots:
            if self.problem.must[meeting]:
                self._by_a_chain(meeting, why)
            return
        asked = self.change.said_no.intersection(self._ends(meeting))
        if asked and slots[0] != was:
            self.asks.append(Moved(meeting, was, slots[0], why, ask=tuple(sorted(asked))))
            return
        self._put(meeting, min(slots, key=lambda slot: abs(slot - was)), was, why)

    def _place_among(self, people: set[int]) -> None:
        """Meetings that both wished and both are touched anyway, the dearest first."""
        is_in = np.zeros(len(self.problem.delegates), np.bool_)
        is_in[[each for each in people if each not in self.change.said_no]] = True
        standby = is_in[self.problem.first] & is_in[self.problem.second] & (self.slot == NOWHERE)
        candidates = np.flatnonzero(standby)
        for meeting in candidates[np.argsort(-self.problem.value[candidates], kind="stable")].tolist():
            if meeting not in self.moved:
                self._place_new(meeting, say("both_wished"))

    def _greet(self, forced: set[int]) -> int:
        """The least meetings of each newcomer; how many more agendas than those forced every such plan touches."""
        newcomers = set(self.change.newcomers)
        touched = forced | self.hit
        more = 0
        for newcomer in self.change.newcomers:
            theirs = np.flatnonzero((self.problem.first == newcomer) | (self.problem.second == newcomer)).tolist()
            others = {meeting: sum(self._ends(meeting)) - newcomer for meeting in theirs}
            least = max(1, int(self.problem.least[newcomer]))
            in_touch = sum(other in forced | self.hit for other in others.values())
            for meeting in sorted(
                theirs, key=lambda each: (others[each] not in touched, -self.problem.value[each], each)
            ):
                if self.agenda.held[newcomer] >= least:
                    break
                if self.slot[meeting] == NOWHERE and others[meeting] not in self.change.said_no | newcomers:
                    why = say("newcomer", name=self.problem.delegates[newcomer])
                    if self._place_new(meeting, why):
                        touched = touched | {others[meeting]}
            more = max(more, min(least, self.agenda.held[newcomer]) - in_touch)
        return more

    def _place_new(self, meeting: int, why: Sentence) -> bool:
        slot = next((slot for slot in self._common(meeting) if self._fits(meeting, slot)), None)
        if slot is None or meeting in self.change.recorded:
            return False
        self._put(meeting, slot, NOWHERE, why)
        return True

    def _by_a_chain(self, meeting: int, why: Sentence) -> None:
        """The shortest chain of exchanged meetings that makes room, without anybody who has said no."""
        agenda, found = self.agenda, None
        if not agenda.is_allowed(meeting) or self.ways.bind or self.change.said_no.intersection(self._ends(meeting)):
            return
        for mover, other in (agenda.ends[meeting], agenda.ends[meeting][::-1]):
            for slot in self._coming(agenda.vacant[other] & agenda.may[meeting]):
                for to in self._coming(agenda.vacant[mover]):
                    chain = agenda.chain(mover, slot, to, other)
                    if chain is None or (found is not None and len(chain) >= len(found[0])):
                        continue
                    people = {end for each in chain for end in agenda.ends[each]}
                    if not people & self.change.said_no and agenda.has_room(chain, meeting, slot, to):
                        found = chain, slot, to
        if found is None:
            return
        chain, slot, to = found
        seats = {each: (int(self.hall[each]), int(self.table[each])) for each in chain}
        for each in chain:
            self.seats.discard((int(self.slot[each]), *seats[each]))
        agenda.swap(chain, slot, to)
        for_whom = say("makes_room", **self.problem.pair(meeting))
        for each in chain:
            self._sit(each, agenda.slot[each])
            before = int(self.before.slot[each])
            self.moved[each] = Moved(each, before, agenda.slot[each], for_whom)
        self._put(meeting, slot, int(self.before.slot[meeting]), why)

    def _coming(self, mask: int) -> Iterator[int]:
        return (slot for slot in bits(mask) if slot >= self.change.now)

    def _common(self, meeting: int) -> Iterable[int]:
        first, second = self._ends(meeting)
        if not self.agenda.is_allowed(meeting):
            return ()
        return self._coming(self.agenda.vacant[first] & self.agenda.vacant[second] & self.agenda.may[meeting])

    def _fits(self, meeting: int, slot: int) -> bool:
        first, second = self._ends(meeting)
        common = self.agenda.vacant[first] & self.agenda.vacant[second] & self.agenda.may[meeting]
        if not common >> slot & 1 or not self.agenda.is_in_order(meeting, slot):
            return False
        return self._seat(meeting, slot) is not None

    def _seat(self, meeting: int, slot: int) -> tuple[int, int] | None:
        """A table that both reach in time: their own, or one that belongs to nobody."""
        own = [self.own[end] for end in self._ends(meeting) if end in self.own]
        # A table may have become theirs after the agendas went out: who sits there keeps it.
        own = [seat for seat in own if (slot, *seat) not in self.seats and slot < self.broken.get(seat, slot + 1)]
        nobodys = (
            (hall, table)
            for hall, each in enumerate(self.problem.halls)
            for table in range(int(self.rules.own_tables[hall]), each.tables)
            if (slot, hall, table) not in self.seats and slot < self.broken.get((hall, table), slot + 1)
        )
        return next((seat for seat in own or nobodys if self._in_time(meeting, slot, seat[0])), None)

    def _in_time(self, meeting: int, slot: int, hall: int) -> bool:
        if not self.ways.bind:
            return True
        for end in self._ends(meeting):
            day = self.agenda.at[end]
            for other in range(len(day)):
                there = day[other]
                if there == NOWHERE or other == slot:
                    continue
                first, then = sorted([(slot, hall), (other, int(self.hall[there]))])
                if not self.ways.is_in_time(*first, *then):
                    return False
        return True

    def _put(self, meeting: int, slot: int, before: int, why: Sentence) -> None:
        self.agenda.put(meeting, slot)
        self._sit(meeting, slot)
        self.moved[meeting] = Moved(meeting, before, slot, why)

    def _sit(self, meeting: int, slot: int) -> None:
        hall, table = self._seat(meeting, slot) or (NOWHERE, NOWHERE)
        self.slot[meeting], self.hall[meeting], self.table[meeting] = slot, hall, table
        self.seats.add((slot, hall, table))

    def _is_impossible(self) -> bool:
        without = self.problem.must & (self.slot == NOWHERE)
        return bool((~self.rules.may[without, self.change.now :].any(axis=1)).any())

    def _says(self) -> Iterator[Sentence]:
        names = self.problem.delegates
        for meeting in np.flatnonzero(self.problem.must & (self.slot == NOWHERE)).tolist():
            yield say("cannot_any_more", **self.problem.pair(meeting))
        rows = self.rules.quota_of[:, self.slot != NOWHERE].ravel()
        held = np.bincount(rows[rows != NOWHERE], minlength=len(self.rules.quotas))
        counts = zip(self.rules.quotas, held.tolist(), self.rules.quota_least.tolist(), strict=True)
        for (delegate, others), count, least in counts:
            if count < least:
                yield say("quota_missed", name=names[delegate], n=count, others=others, least=least)


def _free(problem: Problem, change: Change) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Who is there when; what has been is left as it was."""
    free = problem.free.copy()
    for delegate, slot in change.gone:
        free[delegate, max(slot, change.now) :] = False
    for delegate, slot in change.late:
        free[delegate, change.now : slot] = False
    for newcomer in change.newcomers:
        free[newcomer, : change.now] = False
    return free
