import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from clearpath.trust import merkle

SIZES = st.integers(min_value=1, max_value=70)


def tree_of(size):
    """Leaf hashes, pymerkle's tree of the same entries, and our view of any part of it."""
    entries = [b"entry %d" % i for i in range(size)]
    oracle = InmemoryTree(algorithm="sha256")
    for entry in entries:
        oracle.append_entry(entry)
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    return leaves, oracle, lambda start, stop: merkle.root(leaves[start:stop])


def test_the_empty_tree_is_the_hash_of_nothing():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(SIZES)
def test_root_is_the_one_of_another_implementation(size):
    leaves, oracle, _ = tree_of(size)

    assert merkle.root(leaves) == oracle.get_root(size)


@given(SIZES, st.data())
def test_inclusion_is_the_path_of_another_implementation_and_holds_for_its_leaf_alone(size, data):
    leaves, oracle, subtree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))

    path = merkle.inclusion(index, size, subtree)

    theirs = oracle.prove_inclusion(index + 1, size).serialize()["path"]
    assert sorted(node.hex() for node in path) == sorted(set(theirs) - {leaves[index].hex()})
    root = merkle.root(leaves)
    holds = [
        (leaf, at)
        for leaf in range(size)
        for at in range(size + 1)
        if merkle.includes(path, leaf=leaves[leaf], index=at, size=size, root=root)
    ]
    assert holds == [(index, index)]


@given(SIZES, st.data())
def test_inclusion_does_not_hold_when_a_node_is_changed_added_or_left_out(size, data):
    leaves, _, subtree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, subtree)
    known = {"leaf": leaves[index], "index": index, "size": size, "root": merkle.root(leaves)}

    assert merkle.includes(path, **known)
    assert not merkle.includes([*path, b"x" * 32], **known)
    for i in range(len(path)):
        assert not merkle.includes(path[:i] + path[i + 1 :], **known)
        assert not merkle.includes([*path[:i], b"x" * 32, *path[i + 1 :]], **known)


@given(SIZES, st.data())
def test_consistency_holds_for_its_two_trees_and_for_no_other_old_one(size, data):
    leaves, oracle, subtree = tree_of(size)
    old = data.draw(st.integers(1, size))

    path = merkle.consistency(old, size, subtree)

    known = {"old": old, "size": size, "root": merkle.root(leaves)}
    assert merkle.consistent(path, old_root=oracle.get_root(old), **known)
    other = merkle.root([*leaves[: old - 1], merkle.leaf_hash(b"forged")])
    assert not merkle.consistent(path, old_root=other, **known)
    if old < size:
        assert not merkle.consistent([*path, b"x" * 32], old_root=merkle.root(leaves[:old]), **known)
        assert not merkle.consistent(path[:-1], old_root=merkle.root(leaves[:old]), **known)


@given(SIZES)
def test_frontier_has_as_many_nodes_as_the_size_has_ones(size):
    frontier = []

    for i, leaf in enumerate(tree_of(size)[0]):
        merkle.grow(frontier, i, leaf)

    assert len(frontier) == size.bit_count()


def test_proofs_of_what_is_not_there_are_refused():
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        merkle.inclusion(3, 3, lambda start, stop: b"")
    with pytest.raises(ValueError, match="a tree of 3 does not begin with one of 4"):
        merkle.consistency(4, 3, lambda start, stop: b"")
