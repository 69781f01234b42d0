"""Integrated ownership, command of votes and connections: by hand, and against dense matrices and brute force."""

from itertools import pairwise, permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.parties.ownership import Graph, Holding, Link
from tests.examples import examples

A, B, C, D, X, Z = "ABCDXZ"


def graph(*holdings: tuple) -> Graph:
    return Graph.of(Holding(*held) for held in holdings)


def reasons(connections) -> list[tuple]:
    return [(found.party, pytest.approx(found.share), found.by, found.owner) for found in connections]


# By hand


def test_integrated_ownership_of_a_chain_is_the_product():
    assert graph((A, B, 0.8), (B, C, 0.5)).integrated(A) == {B: 0.8, C: pytest.approx(0.4)}


def test_integrated_ownership_adds_two_chains():
    both = graph((A, B, 0.5), (A, C, 0.4), (B, D, 0.6), (C, D, 0.25))

    assert both.integrated(A)[D] == pytest.approx(0.5 * 0.6 + 0.4 * 0.25)
    assert both.owners(D) == {B: 0.6, C: 0.25, A: pytest.approx(0.4)}


def test_two_that_own_each_other_do_not_own_themselves():
    circle = graph((A, B, 0.6), (B, A, 0.4))

    assert circle.integrated(A) == {B: pytest.approx(0.6)}
    assert circle.integrated(B) == {A: pytest.approx(0.4)}


def test_outside_owners_of_a_circle_have_all_of_it_together():
    """X has 60 % of A and A 60 % of B; B has the other 40 % of A, and Z that of B. 1 / (1 - 0.24) goes round."""
    circle = graph((A, B, 0.6), (B, A, 0.4), (X, A, 0.6), (Z, B, 0.4))

    assert circle.integrated(X) == {A: pytest.approx(0.6 / 0.76), B: pytest.approx(0.36 / 0.76)}
    assert circle.integrated(Z) == {A: pytest.approx(0.16 / 0.76), B: pytest.approx(0.4 / 0.76)}
    assert circle.owners(A)[X] + circle.owners(A)[Z] == pytest.approx(1)


def test_shares_that_a_party_holds_in_itself_go_to_the_others():
    treasury = graph((X, A, 0.6), (Z, A, 0.2), (A, A, 0.2))

    assert treasury.integrated(X) == {A: pytest.approx(0.75)}
    assert treasury.integrated(Z) == {A: pytest.approx(0.25)}
    assert treasury.integrated(A) == {}


def test_votes_that_a_party_has_in_itself_do_not_count():
    treasury = graph((X, A, 0.45), (A, A, 0.2), (Z, A, 0.35))

    assert treasury.controlled_by(X) == {A}
    assert treasury.commanded_by(X) == {A: pytest.approx(0.45 / 0.8)}


@pytest.mark.parametrize("size", [2, 7, 60])
def test_in_a_circle_without_outsiders_each_has_all_of_all(size):
    ring = [f"ring{n}" for n in range(size)]
    closed = Graph.of([*(Holding(one, ring[n - 1], 1) for n, one in enumerate(ring)), Holding(ring[0], C, 0.25)])

    assert closed.integrated(ring[1]) == dict.fromkeys([*ring[:1], *ring[2:]], 1.0) | {C: 0.25}
    assert closed.owners(C) == dict.fromkeys(ring, 0.25)
    assert [found.party for found in closed.connected(C, at=0.25)] == sorted(ring)
    assert {found.party for found in closed.all_connected([C, ring[1]])[C]} == {ring[1]}


def test_a_company_that_holds_all_of_itself_is_nobodys():
    assert graph((A, A, 1), (A, B, 0.5)).integrated(A) == {B: 0.5}
    assert graph((A, A, 1), (A, B, 0.5)).owners(B) == {A: 0.5}


def test_circle_with_more_than_everything_is_taken_in_proportion():
    """A is held by B to 100 % and by X to 50 %: X is the only one outside, so all of it ends with X."""
    over = graph((A, B, 1), (B, A, 1), (X, A, 0.5))

    assert over.overfull == {A: 1.5}
    assert over.integrated(X) == {A: pytest.approx(1), B: pytest.approx(1)}


def test_more_than_everything_without_a_circle_counts_every_stake_in_full_up_to_all():
    over = graph((X, A, 0.7), (Z, A, 0.6), (X, Z, 1))

    assert over.overfull == {A: pytest.approx(1.3)}
    assert over.owners(A) == {X: 1.0, Z: 0.6}


def test_two_reports_of_one_stake_count_once():
    assert graph((A, B, 0.3), (A, B, 0.4)).integrated(A) == {B: 0.4}


def test_a_range_counts_as_much_as_the_others_leave():
    ranged = graph((A, B, 1.0, 0.0), (X, B, 0.7, 0.7))  # A states no share at all

    assert ranged.holders(B) == {A: pytest.approx(0.3), X: 0.7}
    assert ranged.integrated(A) == {B: pytest.approx(0.3)}
    assert ranged.integrated(X) == {B: 0.7}


def test_total_over_a_chain_adds_only_what_its_links_do_not_give():
    whole = [Holding(X, A, 0.5), Holding(A, B, 0.8), Holding(X, B, 0.4, direct=False)]
    more = [*whole[:2], Holding(X, B, 0.6, direct=False)]

    assert Graph.of(whole).integrated(X)[B] == pytest.approx(0.4)
    assert Graph.of(more).integrated(X)[B] == pytest.approx(0.6)


def test_totals_that_rest_on_totals_are_not_counted_twice():
    stated = [Holding(X, A, 0.5, direct=False), Holding(A, B, 1), Holding(X, B, 0.5, direct=False)]

    assert Graph.of(stated).integrated(X) == {A: 0.5, B: pytest.approx(0.5)}
    assert Graph.of(reversed(stated)).integrated(X) == {A: 0.5, B: pytest.approx(0.5)}


def test_totals_of_owners_with_very_much_below_them_are_compared_too(monkeypatch):
    monkeypatch.setattr("clearpath.parties.holdings.MANY", 1)
    stated = [Holding(X, A, 0.5), Holding(A, B, 0.8), Holding(B, C, 1), Holding(X, B, 0.6, direct=False)]

    assert Graph.of(stated).integrated(X)[B] == pytest.approx(0.6)


def test_votes_of_a_total_count_only_where_no_chain_is_stated():
    chain = [Holding(X, A, 0.6), Holding(A, B, 0.4)]
    total = Holding(X, B, 0.24, votes=0.4, direct=False)

    assert Graph.of([*chain, total]).commanded_by(X)[B] == pytest.approx(0.4)
    assert Graph.of([total]).commanded_by(X)[B] == pytest.approx(0.4)


def test_control_adds_what_controlled_parties_hold():
    """A has 60 % of B and 30 % of C; B has 25 % of C: 55 % of C's votes, though only 45 % of its shares."""
    group = graph((A, B, 0.6), (A, C, 0.3), (B, C, 0.25), (C, D, 0.51))

    assert group.controlled_by(A) == {B, C, D}
    assert group.commanded_by(A)[C] == pytest.approx(0.55)
    assert group.integrated(A)[C] == pytest.approx(0.45)


def test_half_is_not_control():
    assert graph((A, B, 0.5)).controlled_by(A) == set()


def test_control_by_right_needs_no_share():
    by_right = Graph.of([Holding(A, B, 0, controls=True), Holding(B, C, 0.6), Holding(X, C, 0.4)])

    assert by_right.controlled_by(A) == {B, C}
    assert by_right.integrated(A) == {}
    assert reasons(by_right.connected(A)) == [(B, 1.0, "control", A), (C, 0.6, "control", A)]


def test_votes_differ_from_shares():
    founder = Graph.of([Holding(A, B, 0.1, votes=0.6), Holding(X, B, 0.9, votes=0.4)])

    assert founder.controlled_by(A) == {B}
    assert founder.controlled_by(X) == set()


def test_control_goes_round_a_circle_without_an_end():
    assert graph((A, B, 0.6), (B, A, 0.6)).controlled_by(A) == {B}


def test_connected_names_owner_owned_and_those_under_a_common_owner():
    family = graph((X, A, 0.6), (X, B, 0.3), (A, C, 0.5), (Z, D, 0.9), (X, D, 0.1))

    assert reasons(family.connected(A)) == [
        (X, 0.6, "ownership", X),
        (C, 0.5, "ownership", A),
        (B, 0.3, "common_owner", X),
    ]


def test_connected_just_below_the_threshold_is_not():
    assert graph((A, B, 0.2499)).connected(B) == []
    assert reasons(graph((A, B, 0.25)).connected(B)) == [(A, 0.25, "ownership", A)]
    assert reasons(graph((A, B, 0.5), (B, C, 0.5)).connected(C, at=0.25))[-1] == (A, 0.25, "ownership", A)


def test_connected_at_nothing_names_every_tie():
    assert reasons(graph((A, B, 0.001)).connected(B, at=0.0)) == [(A, 0.001, "ownership", A)]


@pytest.mark.slow
def test_connected_finds_one_person_behind_a_thousand_small_shareholders():
    thousand = [Holding(f"s{n}", B, 0.001) for n in range(1000)]
    owned = [Holding(X, f"s{n}", 1) for n in range(1000)]

    found = Graph.of(thousand + owned).all_connected([B, X])[B]

    assert reasons(found) == [(X, 1, "ownership", X)]


def test_path_of_a_common_owner_leads_down_to_both():
    [found] = graph((X, A, 0.6), (X, Z, 0.8), (Z, B, 0.7)).all_connected([A, B])[A]

    assert found.path == (Link(X, A, 0.6), Link(X, Z, 0.8), Link(Z, B, 0.7))
    assert (found.party, found.by, found.owner) == (B, "common_owner", X)
    assert found.share == pytest.approx(0.56)


def test_path_is_the_chain_with_the_largest_product():
    two_ways = graph((A, B, 0.9), (B, D, 0.3), (A, C, 0.5), (C, D, 0.6))

    assert two_ways.path(A, D) == (Link(A, C, 0.5), Link(C, D, 0.6))


def test_path_of_control_runs_through_controlled_parties_alone():
    """By way of B there would be more votes times votes, but A does not control B."""
    by_votes = [(A, B, 0.49), (B, D, 0.6), (A, C, 0.51), (C, D, 0.3)]
    tested = Graph.of(Holding(owner, party, 0, votes=votes) for owner, party, votes in by_votes)

    [found] = [each for each in tested.connected(A) if each.party == D]

    assert found == (D, 0.3, "control", (Link(A, C, 0.51), Link(C, D, 0.3)))


def test_parties_that_nobody_speaks_of_have_no_connections():
    empty = Graph.of([])

    assert empty.connected(A) == []
    assert empty.all_connected([A, B]) == {A: [], B: []}
    assert (empty.integrated(A), empty.controlled_by(A), empty.path(A, B), len(empty)) == ({}, set(), (), 0)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), float("inf")])
def test_shares_outside_nothing_and_all_are_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        graph((A, B, share))


@pytest.mark.slow
def test_a_chain_of_twenty_thousand_is_followed_to_its_end():
    long = Graph.of(Holding(f"c{n}", f"c{n + 1}", 1.0) for n in range(20_000))

    assert long.integrated("c0")["c20000"] == 1.0
    assert len(long.path("c0", "c20000")) == 20_000
    assert len(long.controlled_by("c0")) == 20_000


# Against dense matrices


@st.composite
def holdings(draw, largest_sum=1.0):
    """Up to seven parties with any circles and self-holdings; the columns add up to `largest_sum` at most."""
    size = draw(st.integers(2, 7))
    cells = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 5, 8]), min_size=size**2, max_size=size**2))
    weights = np.array(cells, dtype=float).reshape(size, size)
    held = draw(st.lists(st.floats(0.05, largest_sum), min_size=size, max_size=size))
    sums = np.maximum(1, weights.sum(axis=0))
    return weights / sums * np.array(held)


def graph_of(matrix) -> Graph:
    return Graph.of(Holding(f"p{i}", f"p{j}", matrix[i, j]) for i, j in zip(*np.nonzero(matrix), strict=True))


def dense_integrated(matrix, owner: int) -> np.ndarray:
    """The definition: nothing that the owner is held by counts, so no chain passes it twice."""
    cut = matrix.copy()
    cut[:, owner] = 0
    return np.linalg.solve(np.eye(len(cut)) - cut.T, matrix[owner] * (np.arange(len(cut)) != owner))


@pytest.mark.slow
@settings(max_examples=examples(200))
@given(holdings(largest_sum=0.999))
def test_integrated_ownership_agrees_with_dense_linear_algebra(matrix):
    tested = graph_of(matrix)
    for owner in range(len(matrix)):
        expected = {f"p{j}": y for j, y in enumerate(dense_integrated(matrix, owner)) if y > 1e-12 and j != owner}
        assert tested.integrated(f"p{owner}") == pytest.approx(expected, abs=1e-9)
        for party, share in expected.items():
            assert tested.owners(party)[f"p{owner}"] == pytest.approx(share, abs=1e-9)


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(holdings(largest_sum=1.0))
def test_nobody_has_more_than_all_and_those_at_the_top_have_at_most_all_together(matrix):
    tested = graph_of(matrix)
    at_the_top = {f"p{i}" for i in range(len(matrix)) if not matrix[:, i].any()}
    for party in range(len(matrix)):
        owners = tested.owners(f"p{party}")
        assert all(0 < share <= 1 + 1e-9 for share in owners.values())
        assert sum(share for owner, share in owners.items() if owner in at_the_top) <= 1 + 1e-9


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(holdings(largest_sum=1.0))
def test_command_of_votes_agrees_with_trying_all_again_and_again(matrix):
    votes = matrix / (1 - np.minimum(np.diag(matrix), 1 - 1e-9))
    np.fill_diagonal(votes, 0)
    tested = graph_of(matrix)
    for owner in range(len(matrix)):
        group = {owner}
        for _ in matrix:
            group |= set(np.flatnonzero(votes[sorted(group)].sum(axis=0) > 0.5 + 1e-9).tolist())
        assert tested.controlled_by(f"p{owner}") == {f"p{j}" for j in group - {owner}}


@pytest.mark.slow
@settings(max_examples=examples(50))
@given(holdings(largest_sum=0.999))
def test_path_agrees_with_trying_every_chain(matrix):
    matrix = matrix[:5, :5]
    tested = graph_of(matrix)
    for owner in range(len(matrix)):
        for party in range(len(matrix)):
            best = max((prod(chain) for chain in every_chain(matrix, owner, party)), default=0)
            links = tested.path(f"p{owner}", f"p{party}")
            assert prod(link.share for link in links) * bool(links) == pytest.approx(best)
            assert all(matrix[int(link.owner[1:]), int(link.party[1:])] == link.share for link in links)


def every_chain(matrix, owner, party):
    between = [i for i in range(len(matrix)) if i not in (owner, party)]
    for length in range(len(between) + 1 if owner != party else 0):
        for middle in permutations(between, length):
            stations = [owner, *middle, party]
            yield [matrix[i, j] for i, j in pairwise(stations)]


@pytest.mark.slow
@settings(max_examples=examples(200))
@given(holdings(largest_sum=1.8))
def test_shares_that_add_up_to_more_than_all_stay_sound(matrix):
    """No share above one, none below what is held directly and in proportion, the same whichever way one asks."""
    matrix = np.minimum(matrix, 1)
    tested = graph_of(matrix)
    for owner in range(len(matrix)):
        for party, share in tested.integrated(f"p{owner}").items():
            direct = matrix[owner, int(party[1:])] / max(1, matrix[:, int(party[1:])].sum())
            assert direct - 1e-9 <= share <= 1
            assert tested.owners(party)[f"p{owner}"] == pytest.approx(share, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(holdings(largest_sum=0.999), st.sampled_from([0.1, 0.25, 0.5]))
def test_one_at_a_time_and_all_together_agree(matrix, at):
    tested, names = graph_of(matrix), [f"p{i}" for i in range(len(matrix))]
    together = tested.all_connected(names, at)
    for name in names:
        alone = tested.connected(name, at)
        assert [found[:1] + found[2:] for found in sorted(alone)] == [
            found[:1] + found[2:] for found in sorted(together[name])
        ]
        assert [f.share for f in sorted(alone)] == pytest.approx([f.share for f in sorted(together[name])])


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(holdings(largest_sum=0.999))
def test_connected_is_mutual(matrix):
    together = graph_of(matrix).all_connected([f"p{i}" for i in range(len(matrix))])
    pairs = {(name, found.party): (found.share, found.by) for name, ties in together.items() for found in ties}

    assert all(pairs[other, one] == reason for (one, other), reason in pairs.items())
