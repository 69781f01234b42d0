"""What a problem forbids, as columns that the planners look up."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.problem import NOWHERE, Problem

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rules:
    """A problem with what follows from it, each worked out once."""

    problem: Problem

    @cached_property
    def may(self) -> NDArray[np.bool_]:
        """[meeting, slot] both are free, it is the session, and the slot where one is fixed."""
        problem = self.problem
        may = problem.free[problem.first] & problem.free[problem.second]
        sessions = np.array([slot.session for slot in problem.slots], np.int32)
        may &= (problem.session == NOWHERE)[:, None] | (problem.session[:, None] == sessions)
        may &= (problem.fixed == NOWHERE)[:, None] | (problem.fixed[:, None] == np.arange(len(sessions)))
        return may

    @cached_property
    def most(self) -> Ints:
        """[delegate] meetings at most: as many as they wish, as they have slots, as there are."""
        problem = self.problem
        offered = np.bincount(problem.first, minlength=len(problem.delegates))
        offered += np.bincount(problem.second, minlength=len(problem.delegates))
        wished = problem.most.astype(np.int64)
        most: Ints = np.minimum(np.minimum(wished, problem.free.sum(axis=1)), offered)
        return most

    @cached_property
    def own_tables(self) -> Ints:
        """[hall] tables that belong to a delegate each, the first ones of the hall."""
        booth = self.problem.booth
        owned: Ints = np.bincount(booth[booth != NOWHERE], minlength=len(self.problem.halls))
        return owned

    @cached_property
    def free_tables(self) -> Ints:
        """[hall] tables that belong to nobody."""
        return np.array([hall.tables for hall in self.problem.halls], np.int64) - self.own_tables

    @cached_property
    def needs_table(self) -> NDArray[np.bool_]:
        """[meeting] neither has a table of their own."""
        problem = self.problem
        needs: NDArray[np.bool_] = (problem.booth[problem.first] == NOWHERE) & (
            problem.booth[problem.second] == NOWHERE
        )
        return needs

    @cached_property
    def room(self) -> Ints:
        """[slot] how many meetings of those who need a table fit in."""
        everywhere = int(self.free_tables.sum())
        room: Ints = np.minimum(everywhere, self.problem.free.sum(axis=0) // 2)
        return room

    @cached_property
    def quotas(self) -> dict[tuple[int, str], tuple[int, int]]:
        """(delegate, trade of the others) to the least and most meetings, in the order of their rows."""
        problem = self.problem
        by_trade: dict[str, dict[str, tuple[int, int]]] = {}
        for quota in problem.quotas:
            rows = by_trade.setdefault(quota.trade, {})
            least, most = rows.get(quota.others, (0, len(problem.slots)))
            rows[quota.others] = (max(least, quota.least), min(most, quota.most))
        return {
            (delegate, others): limits
            for delegate, trade in enumerate(problem.trades)
            for others, limits in by_trade.get(trade, {}).items()
        }

    @cached_property
    def quota_of(self) -> Ints:
        """[end, meeting] the row of `quotas` that it counts for at its first and its second delegate, or NOWHERE."""
        problem = self.problem
        number = {name: place for place, name in enumerate(dict.fromkeys(problem.trades))}
        trade = np.array([number[name] for name in problem.trades], np.int64)
        row = np.full((len(problem.delegates), len(number)), NOWHERE, np.int64)
        for place, (delegate, others) in enumerate(self.quotas):
            if others in number:
                row[delegate, number[others]] = place
        return np.stack([row[problem.first, trade[problem.second]], row[problem.second, trade[problem.first]]])

    @cached_property
    def quota_most(self) -> Ints:
        return np.array([most for _least, most in self.quotas.values()], np.int64)

    @cached_property
    def quota_least(self) -> Ints:
        return np.array([least for least, _most in self.quotas.values()], np.int64)

    @cached_property
    def later(self) -> dict[int, list[int]]:
        """Meetings that come after a meeting."""
        return _lists(self.problem.before)

    @cached_property
    def earlier(self) -> dict[int, list[int]]:
        """Meetings that come before a meeting."""
        return _lists((after, before) for before, after in self.problem.before)

    @cached_property
    def has_order(self) -> NDArray[np.bool_]:
        """[meeting] it comes before or after another one."""
        has = np.zeros(len(self.problem.first), np.bool_)
        has[[*self.earlier, *self.later]] = True
        return has


def _lists(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
