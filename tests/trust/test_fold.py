import threading
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clearpath.trust import fold, log, merkle
from clearpath.trust.models import Entry, Head, Leaf, Unfolded
from tests.append_only import guards_lifted
from tests.conftest import NOON
from tests.trust.logs import JOURNEY, OTHER, PATIENT, append, small_log

pytestmark = pytest.mark.django_db


def test_fold_puts_every_entry_under_one_signed_head():
    entries = small_log()

    assert fold.fold(now=NOON) == 5

    leaves = [merkle.leaf_hash(bytes.fromhex(entry.hash)) for entry in entries]
    assert [leaf.hash for leaf in Leaf.objects.order_by("index")] == [leaf.hex() for leaf in leaves]
    head = Head.objects.get()
    assert (head.size, head.root, head.at) == (5, merkle.root(leaves).hex(), NOON)
    assert Unfolded.objects.count() == 0


def test_fold_without_anything_new_adds_no_head():
    small_log()
    fold.fold(now=NOON)

    assert fold.fold(now=NOON) == 0
    assert Head.objects.count() == 1


def test_fold_in_many_small_batches_gives_the_same_root(monkeypatch):
    monkeypatch.setattr(fold, "BATCH", 2)
    entries = [*small_log(), *small_log()]

    assert fold.fold(now=NOON) == 10

    assert [head.size for head in Head.objects.order_by("size")] == [2, 4, 6, 8, 10]
    leaves = [merkle.leaf_hash(bytes.fromhex(entry.hash)) for entry in entries]
    assert Head.objects.get(size=10).root == merkle.root(leaves).hex()
    assert log.verify().problems == []


def test_fold_reads_no_leaf_again():
    small_log()
    fold.fold(now=NOON)
    append()

    with CaptureQueriesContext(connection) as done:
        fold.fold(now=NOON)

    reads = [query["sql"] for query in done if 'FROM "trust_leaf"' in query["sql"]]
    assert all("EXISTS" in sql for sql in reads)


def test_fold_builds_on_no_head_that_was_changed():
    small_log()
    fold.fold(now=NOON)
    append()
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE trust_head SET frontier = root")

    with pytest.raises(fold.BrokenTreeError, match="the head at 5 was changed"):
        fold.fold(now=NOON)


def test_every_head_is_consistent_with_the_next():
    heads = []
    for _ in range(3):
        small_log()
        fold.fold(now=NOON)
        heads.append(Head.objects.order_by("size").last())

    for old, new in pairwise(heads):
        path = merkle.consistency(old.size, new.size, fold.subtree)
        roots = {"old_root": bytes.fromhex(old.root), "root": bytes.fromhex(new.root)}
        assert merkle.consistent(path, old=old.size, size=new.size, **roots)


def in_another_connection(work):
    """A thread that does some work; what it raised is raised again by `wait`."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:  # told to the test
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def wait():
        thread.join(timeout=30)
        assert not thread.is_alive()
        for error in raised:
            raise error

    return wait


@pytest.mark.races
@pytest.mark.parametrize("moment", ["after the fold", "in the middle of the fold"])
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite commits in the order of its numbers")
def test_an_entry_that_commits_after_a_later_one_is_folded_too(moment, monkeypatch):
    appended, may_commit = threading.Event(), threading.Event()

    def append_and_wait():
        with transaction.atomic():
            log.append(chain=OTHER, by=PATIENT, step="offers.accept", decision="done", charter="1.0")
            appended.set()
            assert may_commit.wait(timeout=30)

    wait = in_another_connection(append_and_wait)
    assert appended.wait(timeout=30)
    later = append(JOURNEY)
    add_leaves = fold.add_leaves

    def commit_the_earlier_one_and_add_leaves(*given):
        if moment == "in the middle of the fold":
            may_commit.set()
            wait()
        add_leaves(*given)

    monkeypatch.setattr(fold, "add_leaves", commit_the_earlier_one_and_add_leaves)
    assert fold.fold_batch(NOON) == 1
    monkeypatch.setattr(fold, "add_leaves", add_leaves)
    may_commit.set()
    wait()
    assert fold.fold(now=NOON) == 1

    earlier = Entry.objects.get(chain=OTHER)
    assert earlier.pk < later.pk
    assert [leaf.entry_id for leaf in Leaf.objects.order_by("index")] == [later.pk, earlier.pk]
    assert log.verify().problems == []


@pytest.mark.races
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_folders_and_writers_at_the_same_time_leave_a_whole_log():
    stopping = threading.Event()

    def fold_all_the_time():
        while not stopping.is_set():
            fold.fold()

    def write(chain):
        for _ in range(15):
            append(chain)

    folders = [in_another_connection(fold_all_the_time) for _ in range(2)]
    writers = [in_another_connection(lambda chain=chain: write(chain)) for chain in (JOURNEY, OTHER)]
    for wait in writers:
        wait()
    stopping.set()
    for wait in folders:
        wait()
    fold.fold()

    report = log.verify()
    assert (report.entries, report.leaves, report.problems) == (30, 30, [])
