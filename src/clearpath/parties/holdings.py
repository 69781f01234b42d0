"""What parties hold in each other, as stated, brought to one number per pair.

Statements overlap: two registers report one stake, a range leaves room, and a total over a chain is stated
beside its links. Here each pair of parties gets one share and one number of votes, on the safe side: what is
uncertain counts in full, what is stated twice counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BY_RIGHT = 2.0  # votes of whoever controls by right: more than half, whatever the others hold
FAINT = 1e-9  # a share of a share that no longer moves a stated total
FAINT_FROM_AFAR = 1e-4  # the same, when looking for an owner with very much below it
MANY = 2_000  # parties below an owner that are looked through one by one
LONGEST_CHAIN = 1_000  # links followed when a stated total is compared with its links

Upwards = dict[int, list[tuple[int, float]]]


class Holding(NamedTuple):
    """What one party holds in another, as stated. Shares and votes are fractions of one.

    `share` is the economic share: exact, or the most that the statement allows; `least` is the least (None:
    `share` is exact). `votes` None means one share, one vote. `controls` says that the owner controls the
    party by right, whatever its share. An indirect holding (`direct` False) is a total over a chain that may
    also be stated link by link: it adds only what those links do not already give.
    """

    owner: str
    party: str
    share: float
    least: float | None = None
    votes: float | None = None
    controls: bool = False
    direct: bool = True
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Holdings as columns; parties by number. `votes` is NaN where none are stated."""

    owners: Ints
    parties: Ints
    shares: Floats
    least: Floats
    votes: Floats

    def __len__(self) -> int:
        return len(self.owners)

    def only(self, rows: NDArray[np.bool_]) -> Self:
        return replace(
            self,
            owners=self.owners[rows],
            parties=self.parties[rows],
            shares=self.shares[rows],
            least=self.least[rows],
            votes=self.votes[rows],
        )

    def merged(self, size: int) -> Self:
        """One row per pair, by party and then owner: of two reports of one stake the larger counts."""
        pairs, row_of = np.unique(self.parties * size + self.owners, return_inverse=True)
        shares, least, votes = np.zeros(len(pairs)), np.zeros(len(pairs)), np.full(len(pairs), np.nan)
        np.maximum.at(shares, row_of, self.shares)
        np.maximum.at(least, row_of, self.least)
        np.fmax.at(votes, row_of, self.votes)
        return replace(self, owners=pairs % size, parties=pairs // size, shares=shares, least=least, votes=votes)

    def tightened(self, size: int) -> Self:
        """No holder can have more than the least of the others leaves."""
        room = 1 - self.least_sums(size)[self.parties] + self.least
        return replace(self, shares=np.minimum(self.shares, np.maximum(self.least, room)))

    def with_votes(self) -> Self:
        """Votes of every row: as stated, else as shares. A party's own shares have none; the others' weigh more."""
        votes = np.where(np.isnan(self.votes), self.shares, self.votes)
        own = self.owners == self.parties
        kept = np.ones(int(self.parties.max(initial=-1)) + 1)
        kept[self.parties[own]] = 1 - np.minimum(votes[own], 1 - 1e-9)
        return replace(self, votes=np.where(own, 0.0, votes / kept[self.parties]))

    def least_sums(self, size: int) -> Floats:
        """What the holders of each party are stated to have together, at the least."""
        return _sums(self.parties, self.least, size)

    def with_more(self, more: Self, size: int) -> Self:
        """The same rows, and more: shares of one pair are added, the larger votes count."""
        every = [np.concatenate(columns) for columns in zip(self.columns(), more.columns(), strict=True)]
        pairs, row_of = np.unique(every[1] * size + every[0], return_inverse=True)
        votes = np.zeros(len(pairs))
        np.maximum.at(votes, row_of, every[4])
        shares, least = (_sums(row_of, column, len(pairs)) for column in every[2:4])
        return replace(
            self,
            owners=pairs % size,
            parties=pairs // size,
            shares=np.minimum(1, shares),
            least=least,
            votes=votes,
        )

    def columns(self) -> tuple[Ints, Ints, Floats, Floats, Floats]:
        return self.owners, self.parties, self.shares, self.least, self.votes


def _sums(places: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)


def settled(holdings: Iterable[Holding]) -> tuple[list[str], Table, dict[str, float]]:
    """The names of all parties, one row per pair that counts, and the parties of which more than 100 % is held.

    Two statements about one pair are two reports of one stake; what belongs together is added up where a
    statement is read. Raises ValueError when a share is not between 0 and 1.
    """
    names, table, is_direct = _read(holdings)
    size = len(names)
    direct = table.only(is_direct).merged(size).tightened(size)
    sums = direct.least_sums(size)
    overfull = {names[i]: float(sums[i]) for i in np.flatnonzero(sums > 1 + 1e-6).tolist()}
    links = direct.with_votes()
    totals = table.only(~is_direct).merged(size).with_votes()
    if len(totals):
        links = links.with_more(_what_links_miss(links, totals), size)
    return names, links, overfull


def _read(holdings: Iterable[Holding]) -> tuple[list[str], Table, NDArray[np.bool_]]:
    number: dict[str, int] = {}
    rows = [
        (
            number.setdefault(held.owner, len(number)),
            number.setdefault(held.party, len(number)),
            held.share,
            held.share if held.least is None else held.least,
            BY_RIGHT if held.controls else np.nan if held.votes is None else held.votes,
            held.direct,
        )
        for held in holdings
    ]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 6).T
    owners, parties, shares, least, votes, direct = columns
    stated = votes[votes != BY_RIGHT]
    for values in (shares, least, stated[~np.isnan(stated)]):
        if not np.all((values >= 0) & (values <= 1)):
            raise ValueError("shares and votes are fractions between 0 and 1")
    table = Table(owners.astype(np.int64), parties.astype(np.int64), shares, np.minimum(least, shares), votes)
    return list(number), table, direct.astype(np.bool_)


def _what_links_miss(links: Table, totals: Table) -> Table:
    """What totals over chains add to the links that are stated one by one.

    Votes count only where no chain is stated: along a chain, control follows the links. Owners come before what
    they own, so that a total is compared with chains that themselves rest on totals.
    """
    known = _Links()
    for owner, party, share in zip(*(column.tolist() for column in links.columns()[:3]), strict=True):
        known.add(owner, party, share)
    owners, shares, votes = totals.owners.tolist(), totals.shares.copy(), totals.votes.copy()
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, party in enumerate(totals.parties.tolist()):
        rows_of[party].append(row)

    for party in _owners_first(known.up, rows_of, owners):
        for row in rows_of[party]:
            by_links = known.integrated(owners[row], party)
            if by_links > 0:
                shares[row] = max(0.0, shares[row] - by_links)
                votes[row] = votes[row] if votes[row] > 0.5 else 0.0
        for row in rows_of[party]:
            known.add(owners[row], party, float(shares[row]))
    return replace(totals, shares=shares, least=np.zeros(len(shares)), votes=votes)


class _Links:
    """Links known so far; it grows, and so it cannot be solved as a matrix once and for all."""

    def __init__(self) -> None:
        self.up: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.down: dict[int, list[int]] = defaultdict(list)
        self.wide: set[int] = set()  # owners with very much below them; once so, always so

    def add(self, owner: int, party: int, share: float) -> None:
        self.up[party].append((owner, share))
        self.down[owner].append(party)

    def integrated(self, owner: int, party: int) -> float:
        """The walk up from the party, ended where it meets the owner (see `shares`).

        Only what lies below the owner can lead to it. Where that is too much to look through, the walk goes
        everywhere and gives up faint traces: what it misses makes a total count for more, never for less.
        """
        below = self._below(owner)
        if below is not None and party not in below:
            return 0.0
        faint = FAINT if below is not None else FAINT_FROM_AFAR
        met, walking = 0.0, {party: 1.0}
        for _ in range(LONGEST_CHAIN):
            stepped: dict[int, float] = {}
            for node, chance in walking.items():
                for above, share in self.up.get(node, ()):
                    traced = chance * share
                    if above == owner:
                        met += traced
                    elif traced > faint and (below is None or above in below):
                        stepped[above] = stepped.get(above, 0.0) + traced
            if not stepped or met >= 1:
                break
            walking = stepped
        return met

    def _below(self, owner: int) -> set[int] | None:
        """Everything below the owner; None where that is very much."""
        if owner in self.wide:
            return None
        found, line = {owner}, [owner]
        for node in line:  # grows while it runs
            for party in self.down.get(node, ()):
                if party not in found:
                    found.add(party)
                    line.append(party)
            if len(line) > MANY:
                self.wide.add(owner)
                return None
        return found


def _owners_first(upwards: Upwards, rows_of: dict[int, list[int]], owners: list[int]) -> Iterator[int]:
    """The parties with totals, each after those above it (in a circle: in the order in which they were stated)."""
    seen: set[int] = set()
    for root in list(rows_of):
        path = [(root, False)]
        while path:
            node, is_done = path.pop()
            if is_done:
                if node in rows_of:
                    yield node
            elif node not in seen:
                seen.add(node)
                path.append((node, True))
                path += [(above, False) for above, _ in upwards.get(node, ())]
                path += [(owners[row], False) for row in rows_of.get(node, ())]
