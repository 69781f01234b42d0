"""What became of meetings, counted from what happened on the network afterwards. Pure.

A *pair* is two organisations that met at a forum: what becomes of it (an agreement, a journey) is of the organisations,
so that two meetings of one pair are not counted twice. A *connection* is a pair of which anything became.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

HORIZONS = (30, 90, 180, 365)  # days after a pair met
KINDS = ("next_step", "second_meeting", "agreement", "journey", "treated", "good_outcome")
BINDING = ("next_step", "second_meeting", "agreement", "journey")  # what makes a connection of a pair

Pair = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting that took place: the delegates, their organisations, and when it began."""

    delegates: frozenset[UUID]
    pair: Pair
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that the two organisations did together, of one of `KINDS`."""

    pair: Pair
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    yes: int
    of: int


def met_at(meetings: Iterable[Met]) -> dict[Pair, datetime]:
    """When each pair met first."""
    first: dict[Pair, datetime] = {}
    for each in meetings:
        first[each.pair] = min(first.get(each.pair, each.at), each.at)
    return first


def firsts(met: Mapping[Pair, datetime], happened: Iterable[Happened]) -> dict[str, dict[Pair, datetime]]:
    """By kind, when it first happened to each pair after it met; what happened before is no fruit of the meeting."""
    found: dict[str, dict[Pair, datetime]] = {kind: {} for kind in KINDS}
    for each in happened:
        if each.pair in met and each.at > met[each.pair]:
            of_kind = found[each.kind]
            of_kind[each.pair] = min(of_kind.get(each.pair, each.at), each.at)
    return found


def within(met: Mapping[Pair, datetime], first: Mapping[Pair, datetime], days: int, *, at: datetime) -> Count:
    """Of the pairs that met so many days ago or more, those to which it happened within those days."""
    horizon = timedelta(days=days)
    old_enough = [pair for pair, moment in met.items() if moment + horizon <= at]
    return Count(sum(pair in first and first[pair] <= met[pair] + horizon for pair in old_enough), len(old_enough))


def so_far(met: Mapping[Pair, datetime], first: Mapping[Pair, datetime], *, at: datetime) -> Count:
    """Of all pairs, those to which it has happened by now."""
    return Count(sum(pair in first and first[pair] <= at for pair in met), len(met))


def connected(found: Mapping[str, Mapping[Pair, datetime]], *, at: datetime) -> set[Pair]:
    """The pairs of which anything has become by now."""
    return {pair for kind in BINDING for pair, moment in found[kind].items() if moment <= at}


def connections_of_delegates(meetings: Iterable[Met], pairs: set[Pair]) -> dict[UUID, int]:
    """How many connections each delegate has who met anybody: pairs of their own meetings, each counted once."""
    own: dict[UUID, set[Pair]] = defaultdict(set)
    for each in meetings:
        for delegate in each.delegates:
            own[delegate] |= {each.pair} & pairs
    return {delegate: len(found) for delegate, found in own.items()}


def of_trade(counts: Mapping[UUID, int], delegates: Sequence[UUID]) -> Count:
    """The connections of these delegates together, and how many delegates they are."""
    return Count(sum(counts.get(each, 0) for each in delegates), len(delegates))
