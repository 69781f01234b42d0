"""The plan of the greatest mutual value, with a proved bound that no plan passes.

Which meetings are worth most is a flow in which slots do not matter; its prices are the bound. Chains of exchanged
slots find a time for nearly all of them; then one slot after the other is planned anew while all others stay. Of plans
worth the same, the one in which more reach their least number of meetings; then one with fewer gaps.
"""

import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.agenda import Agenda
from clearpath.forums.planning.answer import Answer, Plan, Status, Tell
from clearpath.forums.planning.model import MOST_VARIABLES, Model, Wish, hard_plan, wishes
from clearpath.forums.planning.prices import Prices, Relaxed, relaxed
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rematch import Rematch
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.seating import Ways, in_time, seated
from clearpath.forums.planning.sentences import Sentence, say
from clearpath.forums.planning.tidy import tidied
from clearpath.forums.planning.until import Until

SEATING, WALKING = 8, 35  # rows of an agenda that take as long as to seat a meeting and tell of it; where ways count
AFTER = 0.1  # of the time that is left where it is searched for what must be: for everything after
TIDYING = 0.25  # of the time that is left after meetings have slots: for fewer gaps
A_SECOND = 10_000  # variables of a model that are worth beginning with for each second left
LOOK = 256  # meetings between two looks at the clock
FRUITLESS = 300  # pairs of slots in a row that brought nothing
MOST_NAMED = 50  # delegates of whom is said why they have too few meetings


def most_value(problem: Problem, *, deadline: float, seed: int = 0, tell: Tell) -> Answer:
    """The best plan found, valid also where the time or Ctrl-C ended the search.

    `deadline` is a moment of `time.monotonic`. Equal for equal seeds where the time does not end it.
    """
    with Until(deadline) as until:
        return _Search(Rules(problem), seed, until, tell).answer()


class _Search:
    """One search, from what is hard to what is nice."""

    def __init__(self, rules: Rules, seed: int, until: Until, tell: Tell) -> None:
        self.rules, self.problem = rules, rules.problem
        self.seed, self.until, self.tell = seed, until, tell
        self.must = self.problem.must.copy()
        self.ways = Ways(rules)

    def answer(self) -> Answer:
        start, conflict = self._start()
        if conflict:
            return Answer(Status.IMPOSSIBLE, None, None, None, conflict=tuple(conflict))
        choice = relaxed(self.rules, self.must)
        is_same = bool((self.must == self.problem.must).all())
        prices = choice.prices if is_same else relaxed(self.rules, self.problem.must).prices
        bound = prices.bound(self.rules)
        self.tell(say("worth_at_most", value=bound))
        if start is None:
            return Answer(Status.UNKNOWN, None, None, bound, says=(say("none_holds_all"),))
        slot = self._planned(start, choice, prices, bound)
        if slot is None:
            return Answer(Status.UNKNOWN, None, None, bound, says=(say("none_holds_all"),))
        if not self.ways.bind:
            slot, bound = self._best_of_few(slot, prices, bound)
            return self._told(seated(self.rules, tidied(self.rules, slot, self.until)), prices, bound)
        agenda, halls = in_time(self.rules, self.ways, slot, self.until)
        if (agenda.slots[self.problem.must] == NOWHERE).any() or not self._holds_quotas(agenda.slots):
            return Answer(Status.UNKNOWN, None, None, bound, says=(say("none_in_time"),))
        return self._told(seated(self.rules, agenda.slots, halls), prices, bound)

    def _start(self) -> tuple[NDArray[np.int32] | None, list[Sentence]]:
        """The meetings that must be, in slots; or why they cannot be. Meetings kept for a quota become such."""
        nothing = np.full(len(self.must), NOWHERE, np.int32)
        if not wishes(self.rules):
            return nothing, []
        alone = _alone(self.rules)
        if alone:
            return None, alone
        if self.problem.must.any() or (self.rules.quota_least > 0).any():
            found = hard_plan(self.rules, self.until.before(AFTER), seed=self.seed)
            if found.conflict is not None:
                return None, [*_sentences(self.rules, found.conflict)]
            if found.slot is None:
                return None, []
            if (self.rules.quota_least > 0).any():
                self.must |= found.slot != NOWHERE
            return found.slot, []
        return nothing, []

    def _planned(
        self, start: NDArray[np.int32], choice: Relaxed, prices: Prices, bound: int
    ) -> NDArray[np.int32] | None:
        begun = time.monotonic()
        agenda = Agenda(self.rules, start)
        a_row = (time.monotonic() - begun) / max(len(start), 1)
        self.until.keep(a_row * int(choice.share.sum()) / 2 * (WALKING if self.ways.bind else SEATING))
        beyond = prices.beyond(self.rules)
        whole, half, rest = (np.flatnonzero((choice.share == share) & (start == NOWHERE)) for share in (2, 1, 0))
        value = self.problem.value
        whole = whole[np.lexsort((-value[whole], self.rules.may[whole].sum(axis=1)))]
        rest = rest[np.argsort(-beyond[rest], kind="stable")]
        order = [*whole.tolist(), *half[np.argsort(-value[half], kind="stable")].tolist(), *rest.tolist()]
        has_time = True
        for number, meeting in enumerate(order):
            has_time = has_time and (number % LOOK > 0 or not self.until.is_over)
            if not has_time and number > len(whole) + len(half):
                break
            agenda.place(meeting, by_chains=has_time)  # what is chosen gets a slot where one is free in any case
        search = Rematch(agenda, self.must, prices, bound, self.seed)
        self.tell(say("worth", value=search.value()))
        until = self.until.before(TIDYING)
        search.sweep(until, lambda: self.tell(say("worth", value=search.value())))
        search.mix(until, fruitless=FRUITLESS)
        return search.slot

    def _best_of_few(self, slot: NDArray[np.int32], prices: Prices, bound: int) -> tuple[NDArray[np.int32], int]:
        """For small forums: a search through all plans that could be better."""
        value = int(self.problem.value[slot != NOWHERE].sum())
        short = prices.unit * (bound - value)
        could = np.flatnonzero((prices.beyond(self.rules) >= -short) & self.rules.may.any(axis=1) | self.problem.must)
        variables = int(self.rules.may[could].sum())
        if value == bound or variables > min(MOST_VARIABLES, A_SECOND * self.until.seconds_left):
            return slot, bound
        model = Model(self.rules, sorted({*could.tolist(), *np.flatnonzero(slot != NOWHERE).tolist()}))
        model.wish(wishes(self.rules))
        found = model.best(self.until, slot, seed=self.seed)
        if found.bound is not None:
            bound = min(bound, max(found.bound, value))
        better = found.slot is not None and int(self.problem.value[found.slot != NOWHERE].sum()) > value
        return (found.slot if better and found.slot is not None else slot), bound

    def _holds_quotas(self, slot: NDArray[np.int32]) -> bool:
        rows = self.rules.quota_of[:, slot != NOWHERE].ravel()
        held = np.bincount(rows[rows != NOWHERE], minlength=len(self.rules.quotas))
        return bool((held >= self.rules.quota_least).all())

    def _told(self, plan: Plan, prices: Prices, bound: int) -> Answer:
        value = int(self.problem.value[plan.slot != NOWHERE].sum())
        status = Status.OPTIMAL if value == bound else Status.FEASIBLE
        return Answer(status, plan, value, bound, says=tuple(_too_few(self.rules, plan)), prices=prices)


def _alone(rules: Rules) -> list[Sentence]:
    """Meetings that must take place and have no slot."""
    nothing = np.flatnonzero(rules.problem.must & ~rules.may.any(axis=1)).tolist()
    return [say("no_common_slot", **rules.problem.pair(meeting)) for meeting in nothing[:1]]


def _sentences(rules: Rules, conflict: list[Wish]) -> Iterator[Sentence]:
    """The wishes, and of slots, meetings of a delegate and tables what is too little for them."""
    problem = rules.problem
    musts = [each.key[1] for each in conflict if each.key[0] == "must"]
    quotas = [each.key[1] for each in conflict if each.key[0] == "least"]
    needed = Counter(int(ends[meeting]) for meeting in musts for ends in (problem.first, problem.second))
    for row in quotas:
        needed[list(rules.quotas)[row][0]] += int(rules.quota_least[row])
    yield from (wish.says for wish in conflict)
    for delegate, count in needed.items():
        name, free, most = problem.delegates[delegate], int(problem.free[delegate].sum()), int(problem.most[delegate])
        if count > most and most < free:
            yield say("at_most", name=name, n=most)
        elif count > free:
            yield say("free", name=name, n=free)
    if _lacks_tables(rules, musts, quotas):
        yield say("need_table", n=int(rules.free_tables.sum()))


def _lacks_tables(rules: Rules, musts: list[int], quotas: list[int]) -> bool:
    """Whether the slots in which they may be have fewer free tables than they need."""
    slots = rules.may[musts].any(axis=0) | bool(quotas)
    needed = int(rules.needs_table[musts].sum())
    if rules.needs_table.any():
        needed += int(rules.quota_least[quotas].sum())
    return needed > int(rules.free_tables.sum()) * int(slots.sum())


def _too_few(rules: Rules, plan: Plan) -> Iterator[Sentence]:
    """Who has fewer meetings than their least, and why: the fewest first."""
    problem = rules.problem
    placed = plan.slot != NOWHERE
    people = len(problem.delegates)
    held = np.bincount(np.concatenate([problem.first[placed], problem.second[placed]]), minlength=people)
    possible = rules.may.any(axis=1)
    offered = np.bincount(np.concatenate([problem.first[possible], problem.second[possible]]), minlength=people)
    short = np.flatnonzero(held < problem.least)
    short = short[np.lexsort((short, held[short] - problem.least[short]))]
    for delegate in short[:MOST_NAMED].tolist():
        least, slots = int(problem.least[delegate]), int(problem.free[delegate].sum())
        few = {"name": problem.delegates[delegate], "held": int(held[delegate]), "least": least}
        if slots < least:
            yield say("few_free", **few, n=slots)
        elif offered[delegate] < least:
            yield say("few_wished", **few, n=int(offered[delegate]))
        else:
            yield say("few_worth", **few)
    if len(short) > MOST_NAMED:
        yield say("few_more", n=len(short) - MOST_NAMED)
