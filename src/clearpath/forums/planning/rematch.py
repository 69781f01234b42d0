"""Plans one slot anew while all others stay: the best matching of those who are free, never worth less than before.

With the other slots as they are, every rule becomes a question of which meetings may be in this one. Value counts
first, then fairness. Where delegates have no two sides, they are put on two by chance, so that the two of a meeting
that takes place now stand opposite each other; another turn puts them otherwise.
"""

import time
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.agenda import Agenda
from clearpath.forums.planning.prices import Ints, Prices, dearest, gifts, sides, unit_for
from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.tidy import chains
from clearpath.forums.planning.until import Until

SWEEPS = 12  # over all slots, at most; fewer where a sweep changes nothing, or brings
LATELY = 0.9  # of the longest time for a slot, what is still thought of it one slot later
LITTLE = 100_000  # less than one part in so many of the value


class Rematch:
    """The slots of an agenda, each planned anew as often as it helps."""

    def __init__(self, agenda: Agenda, must: NDArray[np.bool_], prices: Prices, bound: int, seed: int) -> None:
        self.agenda, self.prices, self.bound = agenda, prices, bound
        self.rules, self.problem = agenda.rules, agenda.rules.problem
        self.random = np.random.default_rng(seed)
        self.side = sides(self.problem)
        self.ends = np.stack([self.problem.first, self.problem.second]).astype(np.int64)
        self.gift = np.pad(gifts(self.problem.least.astype(np.int64)), ((0, 0), (0, 1)))
        self.unit = unit_for(self.rules)
        self.beyond = prices.beyond(self.rules)
        self.extra = np.where(must, 4 * int(self.problem.value.max(initial=1)), 0)
        self.must = must
        self.slot = agenda.slots
        self.seconds = 0.0  # that it took to plan a slot: the most of late

    def sweep(self, until: Until, tell: Callable[[], object], *, sweeps: int = SWEEPS) -> None:
        """Until nothing changes in a sweep, or the time is over."""
        for _each in range(sweeps):
            changed, before = False, self.value()
            for slot in self.random.permutation(len(self.problem.slots)).tolist():
                if not self._has_time(until, 1):
                    return
                changed |= self.plan(slot)
            tell()
            if not changed or (value := self.value()) in (before, self.bound) or value - before < value // LITTLE:
                return

    def mix(self, until: Until, *, fruitless: int) -> None:
        """Exchanges chains of two slots by chance, which is worth the same, and plans both anew, which may be more.

        Ends with the time, or after so many pairs of slots that brought nothing.
        """
        missed, value = 0, self.value()
        while len(self.problem.slots) > 1 and value < self.bound and missed < fruitless and self._has_time(until, 2):
            one, other = self.random.choice(len(self.problem.slots), 2, replace=False).tolist()
            self._exchange(one, other)
            self.plan(one)
            self.plan(other)
            before, value = value, self.value()
            missed = missed + 1 if value == before else 0

    def _has_time(self, until: Until, slots: int) -> bool:
        """A flow cannot be interrupted, so none begins that would end after the time."""
        return until.seconds_left > slots * self.seconds

    def _exchange(self, one: int, other: int) -> None:
        both = chains(self.rules, self.slot, self.rules.has_order, one, other)
        wanted = self.random.random(len(both.can)) < 0.5
        moving = both.chosen(wanted, np.array(self.agenda.room), one, other)[both.chain]
        self.agenda.swap(both.meetings[moving].tolist(), one, other)
        self.slot[both.meetings[moving]] = both.goal[moving]

    def value(self) -> int:
        return int(self.problem.value[self.slot != NOWHERE].sum())

    def plan(self, slot: int) -> bool:
        """Whether the slot changed."""
        begun = time.monotonic()
        changed = self._plan(slot)
        self.seconds = max(time.monotonic() - begun, LATELY * self.seconds)
        return changed

    def _plan(self, slot: int) -> bool:
        here = np.flatnonzero(self.slot == slot)
        choice, worth = self._choice(slot, here)
        if not len(choice):
            return False
        taken = choice[self._matched(choice, worth, here, slot)]
        if not self._is_better(choice, worth, here, taken) or self._has_disorder(taken):
            return False
        for meeting in np.setdiff1d(here, taken).tolist():
            self.agenda.take(meeting)
        for meeting in np.setdiff1d(taken, here).tolist():
            self.agenda.put(meeting, slot)
        self.slot[here], self.slot[taken] = NOWHERE, slot
        return True

    def _choice(self, slot: int, here: Ints) -> tuple[Ints, Ints]:
        """The meetings that may be in the slot with all others as they are, and what each is worth there."""
        slack = self.prices.unit * (self.bound - self.value() + 1)  # one that costs more is in no better plan
        choice = np.flatnonzero(self.rules.may[:, slot] & (self.slot == NOWHERE) & (self.beyond >= -slack))
        held = np.array(self.agenda.held)
        held -= np.bincount(self.ends[:, here].ravel(), minlength=len(held))
        fits = (held < self.rules.most)[self.ends[:, choice]].all(axis=0)
        if len(self.rules.quotas):
            rows = self.rules.quota_of[:, here].ravel()
            left = np.array(self.agenda.quota_left)
            left += np.bincount(rows[rows != NOWHERE], minlength=len(left))
            fits &= (np.append(left, 1)[self.rules.quota_of[:, choice]] > 0).all(axis=0)
        choice = choice[fits]
        choice = np.array([each for each in choice.tolist() if self.agenda.is_in_order(each, slot)], np.int64) \
            if self.agenda.stays else choice  # fmt: skip
        choice = np.concatenate([here, choice])
        level = np.minimum(held, self.gift.shape[1] - 1)
        gift = self.gift[np.arange(len(held)), level]
        return choice, (self.problem.value + self.extra)[choice] * self.unit + gift[self.ends[:, choice]].sum(axis=0)

    def _matched(self, choice: Ints, worth: Ints, here: Ints, slot: int) -> NDArray[np.bool_]:
        """The dearest matching between two sides, with as many as there are tables."""
        people = len(self.problem.delegates)
        side = self._two_sides(here) if self.side is None else self.side
        across = np.flatnonzero(side[self.ends[0, choice]] != side[self.ends[1, choice]])
        giver = side[self.ends[0, choice[across]]].astype(np.int64)
        tail, head = self.ends[giver, choice[across]], self.ends[1 - giver, choice[across]]
        givers, takers = np.unique(tail), np.unique(head)
        source, sink = people, people + 1
        room = int(self.rules.room[slot]) if self.rules.needs_table.all() else len(givers)
        flow = dearest(
            np.concatenate([tail, np.full(len(givers), source), takers, [sink]]),
            np.concatenate([head, givers, np.full(len(takers), sink), [source]]),
            np.append(np.ones(len(tail) + len(givers) + len(takers), np.int64), room),
            np.append(worth[across], np.zeros(len(givers) + len(takers) + 1, np.int64)),
        )
        taken = np.zeros(len(choice), np.bool_)
        taken[across[flow[: len(across)] > 0]] = True
        needy = np.flatnonzero(taken & self.rules.needs_table[choice])
        too_many = len(needy) - int(self.rules.room[slot])
        if too_many > 0:
            taken[needy[np.argsort(worth[needy], kind="stable")[:too_many]]] = False
        return taken

    def _two_sides(self, here: Ints) -> NDArray[np.int8]:
        side = self.random.integers(2, size=len(self.problem.delegates), dtype=np.int8)
        side[self.ends[1, here]] = 1 - side[self.ends[0, here]]
        return side

    def _is_better(self, choice: Ints, worth: Ints, here: Ints, taken: Ints) -> bool:
        if np.isin(here[self.must[here]], taken, invert=True).any():
            return False
        of = dict(zip(choice.tolist(), worth.tolist(), strict=True))
        return _sum(of, taken) > _sum(of, here)

    def _has_disorder(self, taken: Ints) -> bool:
        """Two that come one after the other would be at once."""
        if not self.agenda.stays:
            return False
        now = set(taken.tolist())
        return any(now & {*self.rules.later.get(each, ())} for each in now)


def _sum(worth: dict[int, int], meetings: Iterable[int]) -> int:
    return sum(worth[int(each)] for each in meetings)
