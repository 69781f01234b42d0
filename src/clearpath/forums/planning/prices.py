"""How much a plan can be worth at most, proved by prices, and which meetings a best one would hold.

Leave the slots out, and the best choice of meetings is a flow: through each delegate at most as many as they may have,
through each quota at most as many as it allows, through all tables at most as many as stand free in all slots. Where
everybody may meet everybody each meeting flows both ways with half its value. The prices of the flow prove the bound;
any prices of zero or more do, so that nobody has to trust the flow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rules import Rules

Ints = NDArray[np.int64]
UNLIMITED = 1 << 40
LARGEST = 1 << 40  # of what one meeting is worth in a flow
MOST_GIFTS = 8  # meetings of one delegate that are given for; beyond them all are alike
NO_GIFTS = 2  # halves alone
HALVINGS = 12  # of what a table may cost


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What a meeting costs each who takes part: whole numbers, zero or more, of which `unit` are worth one."""

    unit: int
    delegate: Ints  # for one of their meetings
    quota: Ints  # for one of the meetings that a quota counts, by its row
    table: int  # for a table that belongs to nobody

    def beyond(self, rules: Rules) -> Ints:
        """[meeting] what it is worth beyond what it costs both, their quotas and the tables; below zero: less."""
        problem = rules.problem
        cost = self.delegate[problem.first] + self.delegate[problem.second] + self.table * rules.needs_table
        for row in rules.quota_of if len(self.quota) else ():
            cost += np.where(row == NOWHERE, 0, self.quota[row])
        return self.unit * problem.value - cost

    def bound(self, rules: Rules) -> int:
        """No plan is worth more: all that is scarce at its price, and what each meeting is worth beyond its costs.

        A meeting that may stay out counts where it is worth more than it costs; one that must take place, always.
        """
        beyond = self.beyond(rules)
        gained = np.where(rules.problem.must, beyond, np.maximum(beyond, 0))[rules.may.any(axis=1)]
        scarce = (self.delegate * rules.most).sum() + (self.quota * rules.quota_most).sum()
        return int(scarce + self.table * rules.room.sum() + gained.sum()) // self.unit


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The best choice of meetings if slots did not matter; of several the one in which most reach their least."""

    share: NDArray[np.int8]  # [meeting] how much of it takes place, in halves
    prices: Prices


def relaxed(rules: Rules, must: NDArray[np.bool_]) -> Relaxed:
    """The best choice in which `must` takes place."""
    network = _network(rules, must)
    if rules.needs_table.all():
        return network.flown(table=0, total=int(rules.room.sum()))
    return _with_a_price_for_tables(network, rules)


def _with_a_price_for_tables(network: "_Network", rules: Rules) -> Relaxed:
    """Not every meeting needs a table: the lowest price at which no more want one than there are."""
    best = network.flown(table=0, total=UNLIMITED)
    room, low, high = int(rules.room.sum()), 0, network.unit * int(rules.problem.value.max(initial=0)) + 1
    if int(best.share[rules.needs_table].sum()) <= 2 * room:
        return best
    least = best.prices.bound(rules)
    for _halving in range(min(high.bit_length(), HALVINGS)):
        price = (low + high) // 2
        found = network.flown(table=price, total=UNLIMITED)
        if (bound := found.prices.bound(rules)) < least:
            least, best = bound, found
        if int(found.share[rules.needs_table].sum()) <= 2 * room:
            high = price
        else:
            low = price
    return best


def sides(problem: Problem) -> NDArray[np.int8] | None:
    """[delegate] 0 or 1 so that every meeting is between the two; None where there is no such way."""
    count = len(problem.delegates)
    graph = coo_array((np.ones(len(problem.first), np.int8), (problem.first, problem.second)), shape=(count, count))
    parts, part = connected_components(graph, directed=False)
    # One more who is linked to somebody in each part makes a single tree, in which everybody has a depth.
    somebody = np.zeros(parts, np.int64)
    somebody[part[::-1]] = np.arange(count)[::-1]
    rows = np.concatenate([problem.first, np.full(parts, count)])
    columns = np.concatenate([problem.second, somebody])
    whole = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(count + 1, count + 1))
    order, parent = breadth_first_order(whole.tocsr(), count, directed=False)
    side = np.zeros(count + 1, np.int8)
    for each in order[1:].tolist():
        side[each] = 1 - side[parent[each]]
    return None if (side[problem.first] == side[problem.second]).any() else side[:count]


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    """Nodes: each delegate as giver and as taker, each quota likewise, then source and sink.

    Arcs by columns: the meetings, then the capacities (delegates and quotas, as givers and as takers), then a gift for
    each of the first meetings of a delegate, by a way beside the capacity.
    """

    rules: Rules
    must: NDArray[np.bool_]
    both_ways: bool
    unit: int
    meeting: Ints
    tail: Ints
    head: Ints
    capacity: Ints
    gain: Ints

    def flown(self, *, table: int, total: int) -> Relaxed:
        """The dearest flow where a table costs `table` and at most `total` meetings take place."""
        people, quotas = len(self.rules.problem.delegates), len(self.rules.quotas)
        nodes, back, meetings = 2 * (people + quotas) + 2, 2 if self.both_ways else 1, len(self.meeting)
        gain = np.append(self.gain, 0)
        gain[:meetings] -= table // back * self.rules.needs_table[self.meeting]
        tail, head = np.append(self.tail, nodes - 1), np.append(self.head, nodes - 2)
        capacity = np.append(self.capacity, min(total * back, meetings + 1))
        flow = dearest(tail, head, capacity, gain)
        price = _prices(tail, head, -gain, flow < capacity, flow > 0, nodes)
        over = np.maximum(price[head] - price[tail], 0)  # what each capacity is worth
        scarce = over[meetings : meetings + 2 * (people + quotas)].reshape(2, -1).sum(axis=0)
        share = np.zeros(len(self.must), np.int8)
        np.add.at(share, self.meeting, (flow[:meetings] * (2 // back)).astype(np.int8))
        share[self.must] = 2
        table = table // back * back + int(over[-1]) * back
        return Relaxed(share, Prices(self.unit, scarce[:people], scarce[people:], table))


def gifts(least: Ints) -> Ints:
    """[delegate, number of meetings they have] how much a next one is worth for fairness: more to who has fewer."""
    levels = int(min(least.max(initial=0), MOST_GIFTS))
    level = np.arange(levels)
    return np.where(level < np.minimum(least, MOST_GIFTS)[:, None], levels - level, 0).astype(np.int64)


def unit_for(rules: Rules) -> int:
    """So many gifts are worth less than one unit of value; NO_GIFTS where numbers would grow too large for gifts."""
    unit = 4 * (1 + int(gifts(rules.problem.least.astype(np.int64)).sum()))
    return unit if unit * int(rules.problem.value.max(initial=1)) < LARGEST else NO_GIFTS


def _network(rules: Rules, must: NDArray[np.bool_]) -> _Network:
    problem, people, quotas = rules.problem, len(rules.problem.delegates), len(rules.quotas)
    each, unit = people + quotas, unit_for(rules)
    source, sink = 2 * each, 2 * each + 1
    ends = np.stack([problem.first, problem.second]).astype(np.int64)
    counted = np.where(rules.quota_of == NOWHERE, ends, people + rules.quota_of)  # the node that the meeting leaves
    possible = np.flatnonzero(rules.may.any(axis=1) & ~must)
    side = sides(problem)
    if side is None:
        meeting, giver = np.tile(possible, 2), np.repeat([0, 1], len(possible))
    else:
        meeting, giver = possible, side[problem.first[possible]].astype(np.int64)
    owner = np.array([delegate for delegate, _others in rules.quotas], np.int64)
    by_must = np.bincount(ends[:, must].ravel(), minlength=people)
    held = rules.quota_of[:, must].ravel()
    quota_most = np.maximum(rules.quota_most - np.bincount(held[held != NOWHERE], minlength=quotas), 0)
    gift = gifts(problem.least.astype(np.int64))
    level = np.arange(gift.shape[1])
    gift[(level < by_must[:, None]) | (level >= rules.most[:, None])] = 0
    given, levels = np.nonzero(gift if unit > NO_GIFTS else gift[:, :0])
    most = np.maximum(rules.most - by_must - np.bincount(given, minlength=people), 0)
    everybody, quota = np.arange(people), np.arange(quotas)
    worth = problem.value[meeting] * (unit // 2 if side is None else unit)
    return _Network(
        rules, must, side is None, unit, meeting,
        tail=np.concatenate([counted[giver, meeting], np.full(people, source), owner, each + everybody,
                             each + people + quota, np.full(len(given), source), each + given]),
        head=np.concatenate([each + counted[1 - giver, meeting], everybody, people + quota, np.full(people, sink),
                             each + owner, given, np.full(len(given), sink)]),
        capacity=np.concatenate([np.ones(len(meeting), np.int64), *[most, quota_most] * 2,
                                 np.ones(2 * len(given), np.int64)]),
        gain=np.concatenate([worth, np.zeros(2 * each, np.int64), *[gift[given, levels]] * 2]),
    )  # fmt: skip


def dearest(tail: Ints, head: Ints, capacity: Ints, gain: Ints) -> Ints:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # heavy: only where it is planned

    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail.astype(np.int32), head.astype(np.int32), capacity, -gain)
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("The flow has no optimum; the values or the capacities are too large.")
    return np.asarray(flow.flows(np.arange(len(tail), dtype=np.int32)), np.int64)


def _prices(tail: Ints, head: Ints, cost: Ints, more: NDArray[np.bool_], less: NDArray[np.bool_], nodes: int) -> Ints:
    """The shortest way to each node over arcs that can carry more, or carry less: the prices of a dearest flow."""
    starts = np.concatenate([tail[more], head[less]])
    ends = np.concatenate([head[more], tail[less]])
    costs = np.concatenate([cost[more], -cost[less]])
    order = np.argsort(ends, kind="stable")
    starts, ends, costs = starts[order], ends[order], costs[order]
    begins = np.flatnonzero(np.diff(ends, prepend=-1))
    reached = ends[begins]
    price = np.zeros(nodes, np.int64)
    for _round in range(nodes):  # a dearest flow leaves no cycle that gains, so it ends by itself
        nearer = np.minimum(price[reached], np.minimum.reduceat(price[starts] + costs, begins))
        if (nearer == price[reached]).all():
            break
        price[reached] = nearer
    return price
