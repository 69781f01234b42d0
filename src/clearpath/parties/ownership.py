"""Who owns, commands or shares an owner with whom, through chains and circles of holdings.

**Ownership** is integrated: all chains and circles together, see `shares`. **Control**: an owner commands the
votes that it and the parties it controls hold together, and controls a party when that is more than half of
them, or when it is stated to control it by right: the least fixed point, owner by owner. A party's votes in
itself do not count (Directive (EU) 2017/1132, article 63(1)(a)). Two parties are **connected** when one has,
by ownership or command, the threshold or more of the other, or a third has it of both.

What is uncertain counts in full (see `holdings`), so a number here is "at most"; where every holding is
stated exactly it is exact. Names are never identity: parties are told apart by their id alone.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from heapq import heappop, heappush
from itertools import chain, combinations, product
from typing import Literal, NamedTuple, Self

from clearpath.parties.holdings import Holding, Table, settled
from clearpath.parties.shares import NEARLY, Shares, reaches

__all__ = ["Connection", "Graph", "Holding", "Link"]


class Link(NamedTuple):
    """One step of a path: what `owner` holds directly of `party`; of its votes where the path explains control."""

    owner: str
    party: str
    share: float


class Connection(NamedTuple):
    """Why two parties count as one.

    `share` is the integrated ownership, or the votes commanded; for a common owner the smaller of its two.
    `path` is the chain with the largest single contribution, from the owner down. A common owner has two such
    chains, first the one to the party that was asked about, then the one to `party`; both begin with that
    owner.
    """

    party: str
    share: float
    by: Literal["ownership", "control", "common_owner"]
    path: tuple[Link, ...]

    @property
    def owner(self) -> str:
        """The party at the top: one of the two, or the owner that they have in common."""
        return self.path[0].owner


class Leg(NamedTuple):
    """How an owner reaches a party at or above the threshold: by ownership where it can."""

    share: float
    by: Literal["ownership", "control"]


class Tie(NamedTuple):
    """A reason why two parties count as one; the larger tuple is the better reason."""

    rank: int  # 2 ownership, 1 control, 0 common owner
    share: float
    minus_owner: int  # of equal reasons the one by the party that was read first


Legs = dict[tuple[int, int], Leg]  # by owner and party
Ties = dict[tuple[int, int], Tie]  # by the two, the smaller number first


class Graph:
    """All holdings known, as a graph from owner to owned. Built by `Graph.of`; never changed afterwards.

    `overfull` names the parties of which more than 100 % is stated to be held, with the sum: such data is
    wrong somewhere, and each stake in it still counts in full.
    """

    def __init__(self, names: list[str], links: Table, overfull: dict[str, float]) -> None:
        self.overfull = overfull
        self._names = names
        self._number = {name: number for number, name in enumerate(names)}
        self._shares = Shares(links, len(names))
        self._up, self._down = self._shares.up, self._shares.down

    @classmethod
    def of(cls, holdings: Iterable[Holding]) -> Self:
        """Build the graph; of two holdings of one party in another the larger counts.

        Raises ValueError when a share is not between 0 and 1.
        """
        return cls(*settled(holdings))

    def __contains__(self, party: object) -> bool:
        return party in self._number

    def __len__(self) -> int:
        return len(self._names)

    @property
    def largest_circle(self) -> int:
        """How many parties the largest circle has; 0 where there is none."""
        return self._shares.largest_circle

    def holders(self, party: str) -> dict[str, float]:
        """Who holds a party directly, and what counts of it once ranges, repeats and totals are settled."""
        return self._named(self._shares.holders(self._number[party])) if party in self._number else {}

    def integrated(self, owner: str) -> dict[str, float]:
        """Integrated ownership of one owner in every party below it, itself left out. Fractions of one."""
        return self._named(self._shares.below(self._number[owner])) if owner in self._number else {}

    def owners(self, party: str) -> dict[str, float]:
        """Integrated ownership in one party of everyone above it, itself left out. Fractions of one."""
        return self._named(self._shares.above(self._number[party])) if party in self._number else {}

    def commanded_by(self, owner: str) -> dict[str, float]:
        """Votes that an owner commands, its own and those of all whom it controls, party by party."""
        return self._named(self._commanded(self._number[owner])) if owner in self._number else {}

    def controlled_by(self, owner: str) -> set[str]:
        """Every party that an owner controls, directly or through parties that it controls."""
        return {party for party, votes in self.commanded_by(owner).items() if _is_majority(votes)}

    def path(self, owner: str, party: str) -> tuple[Link, ...]:
        """The chain of holdings from owner to party whose product is the largest; empty when there is none."""
        if owner not in self._number or party not in self._number:
            return ()
        return self._strongest(self._number[owner], self._number[party], self._up.shares)

    def connected(self, party: str, at: float = 0.25) -> list[Connection]:
        """Everyone who counts as one with a party: above it, below it, or under a common owner; strongest first.

        Of several reasons the first of ownership, control, common owner is given, with its largest share.
        """
        if party not in self._number:
            return []
        here = self._number[party]
        legs = self._legs_above([here], at)
        for owner in [here, *(owner for owner, _ in legs)]:
            legs |= self._legs_below(owner, at)
        best = _best_ties(legs, {here}, range(len(self)))
        return self._connections(best, legs, {here}).get(here, [])

    def all_connected(self, parties: Iterable[str], at: float = 0.25) -> dict[str, list[Connection]]:
        """Connections among the given parties, whoever else they run through; strongest first.

        Made for some thousand organisations in a graph of a million holdings: only what is above them is
        worked out. Parties without a connection have an empty list.
        """
        names = list(dict.fromkeys(parties))
        here = [self._number[name] for name in names if name in self._number]
        legs, asked = self._legs_above(here, at), set(here)
        found = self._connections(_best_ties(legs, asked, asked), legs, asked)
        return {name: found.get(self._number.get(name, -1), []) for name in names}

    def _legs_above(self, parties: list[int], at: float) -> Legs:
        """Every owner of these parties at or above the threshold."""
        wanted, reach = set(parties), self._up.within_reach(parties)
        within = set(reach)
        legs: Legs = {}
        for owner in reach:
            for party, votes in self._commanded(owner, within).items():
                if party in wanted and reaches(votes, at):
                    legs[owner, party] = Leg(votes, "control")
        for owner, party, share in self._shares.owners_at_least(parties, at):
            legs[owner, party] = Leg(share, "ownership")
        return legs

    def _legs_below(self, owner: int, at: float) -> Legs:
        """Every party of this owner at or above the threshold."""
        commanded, owned = self._commanded(owner), self._shares.below(owner)
        legs = {(owner, party): Leg(v, "control") for party, v in commanded.items() if reaches(v, at)}
        legs |= {(owner, party): Leg(s, "ownership") for party, s in owned.items() if reaches(s, at)}
        return legs

    def _connections(self, best: Ties, legs: Legs, asked: set[int]) -> dict[int, list[Connection]]:
        """The connections of those asked about, each with its path."""
        reasons: dict[tuple[int, int], tuple[Link, ...]] = {}
        found: dict[int, list[Connection]] = defaultdict(list)
        for pair, tie in best.items():
            owner = -tie.minus_owner
            for end in pair:
                if (owner, end) not in reasons:
                    reasons[owner, end] = self._reason(owner, end, legs[owner, end]) if end != owner else ()
            by = RANKS[tie.rank]
            for here, there in (pair, pair[::-1]):
                if here in asked:
                    path = reasons[owner, here] + reasons[owner, there]
                    found[here].append(Connection(self._names[there], tie.share, by, path))
        return {here: sorted(found[here], key=lambda tied: (-tied.share, tied.party)) for here in found}

    def _reason(self, owner: int, party: int, leg: Leg) -> tuple[Link, ...]:
        if leg.by == "ownership":
            return self._strongest(owner, party, self._up.shares)
        commanded = self._commanded(owner)
        through = {owner, *(held for held, votes in commanded.items() if _is_majority(votes))}
        return self._strongest(owner, party, self._up.votes, through)

    def _commanded(self, owner: int, within: Container[int] | None = None) -> dict[int, float]:
        """Votes that the owner commands: the least set closed under majority, and all that the set holds."""
        starts, ends, votes = self._down.starts, self._down.ends, self._down.votes
        tally: dict[int, float] = {}
        in_command, line = {owner}, [owner]
        for node in line:  # grows while it runs
            for edge in range(starts[node], starts[node + 1]):
                held = ends[edge]
                if votes[edge] and (within is None or held in within):
                    tally[held] = tally.get(held, 0.0) + votes[edge]
                    if held not in in_command and _is_majority(tally[held]):
                        in_command.add(held)
                        line.append(held)
        return {held: min(1.0, counted) for held, counted in tally.items() if held != owner}

    def _strongest(
        self, owner: int, party: int, weights: list[float], through: Container[int] | None = None
    ) -> tuple[Link, ...]:
        """The chain with the largest product of weights: Dijkstra's algorithm, from the party upwards."""
        starts, ends = self._up.starts, self._up.ends
        reached: dict[int, float] = {party: 1.0}
        next_down: dict[int, tuple[int, float]] = {}
        line = [(-1.0, party)]
        while line:
            minus, node = heappop(line)
            if node == owner:
                break
            if -minus < reached[node]:
                continue
            for edge in range(starts[node], starts[node + 1]):
                above, weight = ends[edge], min(1.0, weights[edge])
                if -minus * weight > reached.get(above, 0.0) and (through is None or above in through):
                    reached[above] = -minus * weight
                    next_down[above] = (node, weight)
                    heappush(line, (minus * weight, above))
        links: list[Link] = []
        while owner != party and owner in next_down:
            below, weight = next_down[owner]
            links.append(Link(self._names[owner], self._names[below], weight))
            owner = below
        return tuple(links)

    def _named(self, values: dict[int, float]) -> dict[str, float]:
        return {self._names[number]: value for number, value in values.items()}


RANKS: tuple[Literal["ownership", "control", "common_owner"], ...] = ("common_owner", "control", "ownership")


def _best_ties(legs: Legs, asked: set[int], among: Container[int]) -> Ties:
    """The best reason for every pair of which one is asked about and the other is among those that matter."""
    best: Ties = {}

    def keep(one: int, other: int, tie: Tie) -> None:
        pair = (one, other) if one < other else (other, one)
        if pair not in best or tie > best[pair]:
            best[pair] = tie

    below: dict[int, list[tuple[int, Leg]]] = defaultdict(list)
    for (owner, party), leg in legs.items():
        if party in among:
            below[owner].append((party, leg))
        if (owner in asked and party in among) or (party in asked and owner in among):
            keep(owner, party, Tie(RANKS.index(leg.by), leg.share, -owner))
    for owner, reached in below.items():
        mine = [end for end in reached if end[0] in asked]
        others = [end for end in reached if end[0] not in asked]
        for (one, leg), (other, other_leg) in chain(combinations(mine, 2), product(mine, others)):
            keep(one, other, Tie(0, min(leg.share, other_leg.share), -owner))
    return best


def _is_majority(votes: float) -> bool:
    return votes > 0.5 + NEARLY
