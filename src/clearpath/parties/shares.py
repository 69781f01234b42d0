"""Integrated ownership by linear algebra: how much of j is i's, through all chains and circles.

Let `A[i, j]` be the share of party j that i holds directly. Start at j and step up to one of its owners, each
with a chance equal to its share (the rest is nobody's, and there the walk ends). The integrated ownership of
i in j is the chance that the walk ever meets i. It counts every chain from i to j once, never one that passes
i a second time, so it stays between 0 and 1, and the ultimate owners of a party have at most 100 % of it
together:

    Y[i, j] = A[i, j] + sum over k != i of Y[i, k] A[k, j]  =>  Y[i, j] = N[i, j] / N[i, i],  N = (I - A)^-1

Without the division, `A (I - A)^-1` counts what a circle brings back to i again and again. Source: F.
Brioschi, L. Buzzacchi, M. Colombo, J. Banking & Finance 13 (1989) 747; S. Baldone, F. Brioschi, S. Paleari
(1998) for the self-holding; S. Vitali, J. Glattfelder, S. Battiston, PLoS ONE 6 (2011) e25995, appendix S1,
sections 3.2 and 3.3, who reach the same numbers by cutting the holdings in i itself.

`N` is never formed: a question solves one sparse system over the parties above (or below) the one that was
asked about, which are all that can matter to it. There is no cut-off on small shares: a thousand shareholders
with 0.1 % each may all belong to one person.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csc_array, eye_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import SuperLU, splu

from clearpath.parties.holdings import Floats, Ints, Table

NEARLY = 1e-9  # shares closer than this are equal, so that 0.1 * 2.5 reaches 0.25
LEAST_LOSS = 1e-7  # a circle that loses less than this per round is closed: nobody outside has a stake in it
DENSE_UP_TO = 2_000  # members of a circle whose returns are read off a dense inverse
CELLS_AT_ONCE = 8_000_000  # of one dense block of right-hand sides: 64 MB


class Ways(NamedTuple):
    """All holdings seen in one direction: `ends[starts[i]:starts[i + 1]]` lie next to i."""

    starts: list[int]
    ends: list[int]
    shares: list[float]
    votes: list[float]

    def within_reach(self, roots: Iterable[int]) -> list[int]:
        """The roots and everything that can be reached from them, each once."""
        reached = dict.fromkeys(roots)
        found = list(reached)
        for node in found:  # grows while it runs
            for near in self.ends[self.starts[node] : self.starts[node + 1]]:
                if near not in reached:
                    reached[near] = None
                    found.append(near)
        return found

    def nearest_first(self, root: int) -> list[int]:
        """Everything within reach, each before what lies beyond it. Needs a reach without circles."""
        finished: list[int] = []
        path, onward = [root], {root: self.starts[root]}
        while path:
            node = path[-1]
            edge = onward[node]
            if edge == self.starts[node + 1]:
                finished.append(path.pop())
                continue
            onward[node] = edge + 1
            near = self.ends[edge]
            if near not in onward:
                path.append(near)
                onward[near] = self.starts[near]
        return finished[::-1]


class Shares:
    """Direct shares of all parties, by number, and what follows from them. `up` leads to owners, `down` to owned."""

    def __init__(self, links: Table, size: int) -> None:
        matrix = _matrix_of(links.owners, links.parties, links.shares, size)
        self._circle_of, self._circles = _circles(matrix, links)
        self._matrix, shares, self._closed = _calmed(matrix, links, self._circle_of, self._circles)
        self._is_circular: list[bool] = (self._circle_of >= 0).tolist()
        self.up = _ways(size, links.parties, links.owners, shares, links.votes)
        self.down = _ways(size, links.owners, links.parties, shares, links.votes)
        self._returns: dict[int, float] = {}

    @property
    def largest_circle(self) -> int:
        return max(map(len, self._circles), default=0)

    def holders(self, party: int) -> dict[int, float]:
        edges = slice(self.up.starts[party], self.up.starts[party + 1])
        held = zip(self.up.ends[edges], self.up.shares[edges], strict=True)
        return {owner: share for owner, share in held if share > 0}

    def below(self, owner: int) -> dict[int, float]:
        """Integrated ownership of one owner in all parties below it, itself left out."""
        twins = self._twins(owner)
        root = int(twins[0])
        met = self._met(root, self.down)
        back = self._return_of(root)
        found = {party: min(1.0, share / back) for party, share in met.items() if share > 0}
        found |= dict.fromkeys(twins.tolist(), 1.0)
        del found[owner]
        return found

    def above(self, party: int) -> dict[int, float]:
        """Integrated ownership in one party of all above it, itself left out."""
        met = self._met(party, self.up)
        return dict(self._each_owner(party, ((owner, share) for owner, share in met.items() if share > 0)))

    def owners_at_least(self, parties: list[int], at: float) -> Iterator[tuple[int, int, float]]:
        """(owner, party, share) wherever the integrated share is at or above the threshold.

        One factorisation of everything above the parties serves all. `N[i, j]` is never less than `Y[i, j]`,
        so that returns are worked out for those few only that pass.
        """
        reach = self.up.within_reach(parties)
        if not reach:
            return
        row_of = {node: row for row, node in enumerate(reach)}
        factor = _factor(_among(self._matrix, np.asarray(reach)))
        step = max(1, CELLS_AT_ONCE // len(reach))
        for first in range(0, len(parties), step):
            some = parties[first : first + step]
            sides = np.zeros((len(reach), len(some)))
            sides[[row_of[party] for party in some], range(len(some))] = 1.0
            met = factor.solve(sides)
            columns, rows = np.nonzero(max(at - NEARLY, np.finfo(np.float64).tiny) <= met.T)
            amounts = met[rows, columns].tolist()
            for row, column, amount in zip(rows.tolist(), columns.tolist(), amounts, strict=True):
                for owner, share in self._each_owner(some[column], [(reach[row], amount)]):
                    if reaches(share, at):
                        yield owner, some[column], share

    def _each_owner(self, party: int, met: Iterable[tuple[int, float]]) -> Iterator[tuple[int, float]]:
        """From `N` to `Y`; of a closed circle the first member speaks for all."""
        for node, amount in met:
            twins = self._twins(node)
            if node == twins[0]:
                share = min(1.0, amount / self._return_of(node))
                yield from ((twin, share) for twin in twins.tolist() if twin != party)

    def _met(self, root: int, ways: Ways) -> dict[int, float]:
        """One row (downwards) or column (upwards) of `N`, over all within reach of the root."""
        reach = ways.within_reach([root])
        if any(self._is_circular[node] for node in reach):
            unit = np.zeros(len(reach))
            unit[0] = 1.0
            among = _among(self._matrix, np.asarray(reach))
            solution = _factor(csc_array(among.T) if ways is self.down else among).solve(unit)
            return dict(zip(reach, solution.tolist(), strict=True))
        met = dict.fromkeys(reach, 0.0)  # without circles the system is triangular: solved by substitution
        met[root] = 1.0
        for node in ways.nearest_first(root):
            for edge in range(ways.starts[node], ways.starts[node + 1]):
                met[ways.ends[edge]] += met[node] * ways.shares[edge]
        return met

    def _return_of(self, node: int) -> float:
        """`N[i, i]`: 1 where i does not own itself through anybody, more where it sits in a circle."""
        if not self._is_circular[node] or self._circle_of[node] in self._closed:
            return 1.0
        if node not in self._returns:
            circle = self._circles[self._circle_of[node]]
            among = _among(self._matrix, circle)
            if len(circle) <= DENSE_UP_TO:
                inverse = np.linalg.inv(np.eye(len(circle)) - among.toarray())
                self._returns.update(zip(circle.tolist(), np.diag(inverse).tolist(), strict=True))
            else:
                solution = _factor(among).solve((circle == node).astype(np.float64))
                self._returns[node] = float(solution[circle == node][0])
        return self._returns[node]

    def _twins(self, node: int) -> Ints:
        """The members of the node's closed circle; else the node alone."""
        circle = self._circle_of[node]
        return self._circles[circle] if circle in self._closed else np.array([node])


def reaches(share: float, at: float) -> bool:
    """Whether a share is at or above a threshold; nothing at all reaches none."""
    return share > 0 and share >= at - NEARLY


def _matrix_of(owners: Ints, parties: Ints, shares: Floats, size: int) -> csc_array:
    return csc_array(coo_array((shares, (owners, parties)), shape=(size, size)))


def _ways(size: int, near: Ints, far: Ints, shares: Floats, votes: Floats) -> Ways:
    order = np.lexsort((far, near))
    starts = np.concatenate(([0], np.cumsum(np.bincount(near, minlength=size))))
    return Ways(starts.tolist(), far[order].tolist(), shares[order].tolist(), votes[order].tolist())


def _among(matrix: csc_array, nodes: Ints) -> csc_array:
    return csc_array(matrix[:, nodes][nodes, :])


def _factor(among: csc_array) -> SuperLU:
    """LU of `I - A` among some parties. The diagonal is a safe pivot: it is an M-matrix (see `_calmed`)."""
    system = csc_array(eye_array(among.shape[0], format="csc") - among)
    options = {"SymmetricMode": True}
    return splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)


def _circles(matrix: csc_array, links: Table) -> tuple[Ints, list[Ints]]:
    """The circle of each party (-1: none), and the circles: strongly connected parts, and who holds itself."""
    size = matrix.shape[0]
    circle_of = np.full(size, -1, dtype=np.int64)
    if not size:
        return circle_of, []
    _, part_of = connected_components(matrix, directed=True, connection="strong")
    in_circle = np.bincount(part_of)[part_of] > 1
    in_circle[links.owners[(links.owners == links.parties) & (links.shares > 0)]] = True
    members = np.flatnonzero(in_circle)
    members = members[np.argsort(part_of[members], kind="stable")]
    circles = np.split(members, np.flatnonzero(np.diff(part_of[members])) + 1) if len(members) else []
    for number, circle in enumerate(circles):
        circle_of[circle] = number
    return circle_of, circles


def _calmed(
    matrix: csc_array, links: Table, circle_of: Ints, circles: list[Ints]
) -> tuple[csc_array, Floats, set[int]]:
    """The matrix made such that `I - A` can be solved, the direct shares that it rests on, the closed circles.

    A circle gives sound numbers as long as less comes back than went round. Where it does not, its members
    are held to more than 100 %, and their shares are taken in proportion. If still nothing is lost, nobody
    outside has a stake in it: a walk that enters never leaves and meets every member, so each has all of the
    others, and the matrix may say so by the first member alone, who then speaks for all.
    """
    shares, size = links.shares.copy(), len(circle_of)
    inside = (circle_of[links.owners] == circle_of[links.parties]) & (circle_of[links.parties] >= 0)
    coming_back = np.bincount(links.parties, weights=shares * inside, minlength=size)
    held = np.bincount(links.parties, weights=shares, minlength=size)
    restless = [n for n, circle in enumerate(circles) if coming_back[circle].max() > 1 - LEAST_LOSS]
    restless = [n for n in restless if not _fades(_among(matrix, circles[n]))]
    if not restless:
        return matrix, shares, set()
    scaled = np.isin(circle_of, restless)[links.parties]
    shares[scaled] /= np.maximum(1.0, held[links.parties[scaled]])
    matrix = _matrix_of(links.owners, links.parties, shares, size)
    closed = {n for n in restless if not _fades(_among(matrix, circles[n]))}
    kept = ~np.isin(circle_of, list(closed))[links.parties]
    rest = [circles[n][1:] for n in closed]
    firsts = [np.repeat(circles[n][:1], len(circles[n]) - 1) for n in closed]
    owners = np.concatenate([links.owners[kept], *firsts])
    parties = np.concatenate([links.parties[kept], *rest])
    ones = np.ones(len(parties) - int(kept.sum()))
    return _matrix_of(owners, parties, np.concatenate([shares[kept], ones]), size), shares, closed


def _fades(circle: csc_array) -> bool:
    """Whether less comes back than went round: the spectral radius is below 1.

    For a matrix without negative entries that holds exactly when `(I - A) x = 1` has a solution above zero.
    Source: A. Berman, R. Plemmons, Nonnegative Matrices (1994), theorem 6.2.3, conditions for M-matrices.
    """
    size = circle.shape[0]
    try:
        solution = splu(csc_array(eye_array(size, format="csc") - circle)).solve(np.ones(size))
    except RuntimeError:  # exactly singular
        return False
    return bool(np.all(solution > 0) and solution.max() < 1 / LEAST_LOSS)
