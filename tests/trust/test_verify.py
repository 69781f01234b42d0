"""The attacker owns the database: lifts the guards, writes what they like, and is found."""

import contextlib
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from clearpath.trust import fold, log, merkle
from clearpath.trust.form import FIELDS
from clearpath.trust.heads import exported, read_heads
from clearpath.trust.models import Entry, Head, Leaf, Unfolded
from tests.append_only import guards_lifted
from tests.conftest import NOON
from tests.trust.logs import JOURNEY, OTHER, append, small_log

pytestmark = pytest.mark.django_db

COLUMNS = {
    "trust_entry": ("id", *FIELDS, "hash"),
    "trust_leaf": ("index", "entry_id", "hash"),
    "trust_head": ("size", "root", "frontier", "at", "signature", "key_id"),
}


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def attack(*statements):
    with guards_lifted(connection):
        for statement in statements:
            run(statement)


def found(against=()):
    """What is wrong with the log, but for guards that this test has lifted."""
    report = log.verify(against=against)
    return [problem for problem in report.problems if not problem.says.startswith("The database does not guard")]


def folded_log():
    """The small log under two signed heads, and one entry after them."""
    entries = small_log()
    fold.fold(now=NOON)
    entries += [append(OTHER), append()]
    fold.fold(now=NOON)
    return [*entries, append()]


def test_a_whole_log_is_found_whole():
    folded_log()

    report = log.verify()

    assert (report.entries, report.chains, report.leaves, report.heads) == (8, 2, 7, 2)
    assert (report.problems, report.problem_count) == ([], 0)


def test_an_empty_log_is_whole():
    assert log.verify().problems == []


def test_verification_tells_its_progress():
    folded_log()
    told = []

    log.verify(lambda done, whole: told.append((done, whole)))

    assert told == [(15, 15)]


# Every byte

MASKS = [0x01, 0x20, 0x80] if connection.vendor == "sqlite" else [0x01]  # PostgreSQL's types refuse the others
ROW = "rowid" if connection.vendor == "sqlite" else "ctid"  # names a row whatever its columns hold


def log_with_every_column_filled():
    """As few bytes as possible: two chains, three entries, one head."""
    entries = small_log()[:3]
    attack(f"DELETE FROM trust_entry WHERE id > {entries[-1].pk}")
    attack(f"DELETE FROM trust_unfolded WHERE entry_id > {entries[-1].pk}")
    fold.fold(now=NOON)


def rows_of(table):
    return [key for (key,) in run(f"SELECT {ROW if ROW == 'rowid' else 'ctid::text'} FROM {table} ORDER BY {ROW}")]


def stored(table, column, key):
    """The bytes of one stored value, None for null."""
    quoted = connection.ops.quote_name(column)
    as_bytes = f"CAST({quoted} AS BLOB)" if connection.vendor == "sqlite" else f"{quoted}::text"
    [[value]] = run(f"SELECT {as_bytes} FROM {table} WHERE {ROW} = %s", key)
    return value.encode() if isinstance(value, str) else value


def store(table, column, key, value):
    """Write bytes as the attacker would and return the row's key; raises when the column takes no such value."""
    quoted = connection.ops.quote_name(column)
    if connection.vendor == "sqlite":
        change = f"UPDATE {table} SET {quoted} = CAST(%s AS TEXT) WHERE rowid = %s RETURNING rowid"
        [[key]] = run(change, value, key)
        return key
    kinds = "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
    [[kind]] = run(kinds, table, column)
    change = f"UPDATE {table} SET {quoted} = CAST(%s AS {kind}) WHERE ctid = %s RETURNING ctid::text"
    [[key]] = run(change, value.decode(), key)
    return key


class UndoError(Exception):
    """Takes back what was tried."""


def flip(table, column, key, i, mask):
    """Flip bits of one stored byte; the problems found, None when the database does not take or see it."""
    before = stored(table, column, key)
    flipped = before[:i] + bytes([before[i] ^ mask]) + before[i + 1 :]
    problems = None
    with contextlib.suppress(UndoError), transaction.atomic():
        try:
            with transaction.atomic():
                now = store(table, column, key, flipped)
        except (DatabaseError, UnicodeDecodeError):
            raise UndoError from None
        if stored(table, column, now) != before:  # PostgreSQL reads some spellings alike
            problems = found()
        raise UndoError
    return problems


@pytest.mark.slow
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize(("table", "least"), [("trust_entry", 700), ("trust_leaf", 100), ("trust_head", 150)])
def test_a_flip_in_any_byte_of_the_log_is_found_and_named(table, least, mask):
    log_with_every_column_filled()
    tried, missed, misnamed = 0, [], []

    with guards_lifted(connection):
        for key in rows_of(table):
            for column in COLUMNS[table]:
                for i in range(len(stored(table, column, key) or b"")):
                    problems = flip(table, column, key, i, mask)
                    tried += problems is not None
                    if problems == []:
                        missed.append((column, key, i))
                    elif problems and table == "trust_entry" and column != "id":
                        wanted = int(stored(table, "id", key))
                        misnamed += [(column, wanted, i)] if problems[0].entry_id != wanted else []

    assert (missed, misnamed) == ([], [])
    assert tried > least
    assert found() == []


@pytest.mark.parametrize("column", ["for_person_id", "organisation_id", "about_id", "person_id"])
def test_a_key_that_is_taken_away_or_added_is_found(column):
    entries = folded_log()

    for entry in entries[:2]:  # the first has all of them, the second lacks three
        value = getattr(entry, column)
        with contextlib.suppress(UndoError), transaction.atomic():
            other = "NULL" if value else f"'{UUID(int=77).hex}'"
            attack(f"UPDATE trust_entry SET {column} = {other} WHERE id = {entry.pk}")
            assert [problem.entry_id for problem in found()] == [entry.pk]
            raise UndoError


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns have types")
def test_a_value_stored_under_another_type_is_found_though_it_reads_the_same():
    entry = folded_log()[1]

    attack(f"UPDATE trust_entry SET step = CAST(step AS BLOB) WHERE id = {entry.pk}")

    [problem] = found()
    assert (problem.entry_id, problem.says) == (entry.pk, "Was changed: no step is stored like this.")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns have types")
@pytest.mark.parametrize("change", ["trust_head SET size = 'x' WHERE size = 5", "trust_unfolded SET entry_id = 'x'"])
def test_a_row_whose_key_is_no_number_is_found(change):
    folded_log()

    attack(f"UPDATE {change}")

    assert any("has no number for its" in problem.says for problem in found())


# Removed, inserted, reordered


def rehash(chain):
    """Give a chain's entries the hashes that they would have, as a careful attacker does."""
    previous = ""
    for entry in log.entries_of(chain):
        entry.previous = previous
        previous = log.hash_of(log.canonical(entry))
        run("UPDATE trust_entry SET previous = %s, hash = %s WHERE id = %s", entry.previous, previous, entry.pk)


def grow_again():
    """Rebuild all leaves and heads over what is there now; without the signing key the signatures stay old."""
    sizes = list(Head.objects.order_by("size").values_list("size", flat=True))
    run("DELETE FROM trust_leaf")
    for index, entry in enumerate(Entry.objects.order_by("pk")[: sizes[-1]]):
        leaf = merkle.leaf_hash(bytes.fromhex(entry.hash)).hex()
        run("INSERT INTO trust_leaf VALUES (%s, %s, %s)", index, entry.pk, leaf)
    for size in sizes:
        frontier = []
        for i, leaf in enumerate(Leaf.objects.order_by("index")[:size]):
            merkle.grow(frontier, i, bytes.fromhex(leaf.hash))
        text = "".join(node.hex() for node in frontier)
        root = merkle.root_of(frontier).hex()
        run("UPDATE trust_head SET root = %s, frontier = %s WHERE size = %s", root, text, size)


@pytest.mark.parametrize("position", range(8))
def test_an_entry_that_was_deleted_is_found(position):
    entry = folded_log()[position]

    attack(f"DELETE FROM trust_entry WHERE id = {entry.pk}")

    assert entry.pk in [problem.entry_id for problem in found()]
    later = log.entries_of(entry.chain).filter(number__gt=entry.number)
    if later.exists():
        assert (entry.chain, entry.number) in [(problem.chain, problem.number) for problem in found()]


def test_a_deleted_entry_is_found_though_its_chain_was_closed_and_the_tree_grown_again():
    entries = folded_log()

    with guards_lifted(connection):
        run("DELETE FROM trust_entry WHERE id = %s", entries[0].pk)
        for number in (2, 3, 4, 5):
            run("UPDATE trust_entry SET number = %s WHERE chain = %s AND number = %s", number - 1, JOURNEY.hex, number)
        rehash(JOURNEY)
        grow_again()

    says = [problem.says for problem in found()]
    assert "The head over 5 entries was changed: it does not fit its signature." in says


def test_an_entry_that_was_inserted_around_the_log_is_found():
    folded_log()
    entry = append()

    attack(f"DELETE FROM trust_unfolded WHERE entry_id = {entry.pk}")

    [problem] = found()
    assert problem.entry_id == entry.pk
    assert problem.says.startswith("Is neither in the tree nor waiting for it")


def test_an_entry_that_was_inserted_in_the_middle_is_found():
    entries = folded_log()

    with guards_lifted(connection):
        for number in (5, 4, 3, 2):
            run("UPDATE trust_entry SET number = %s WHERE chain = %s AND number = %s", number + 1, JOURNEY.hex, number)
        forged = log.entries_of(JOURNEY)[0]
        forged.pk, forged.number, forged.step = None, 2, "offers.forged"
        forged.save(force_insert=True)
        rehash(JOURNEY)

    problems = found()
    assert problems[0].entry_id == entries[2].pk  # the first whose content had to change
    assert problems[0].says == "Is not what was folded into the tree."


def test_two_entries_that_were_swapped_are_found():
    entries = folded_log()
    first, second = entries[0], entries[2]

    with guards_lifted(connection):
        run("UPDATE trust_entry SET number = 99 WHERE id = %s", first.pk)
        run("UPDATE trust_entry SET number = 1 WHERE id = %s", second.pk)
        run("UPDATE trust_entry SET number = 2 WHERE id = %s", first.pk)

    assert found()[0].entry_id == first.pk
    assert {first.pk, second.pk} <= {problem.entry_id for problem in found()}


def test_two_leaves_that_were_swapped_are_found():
    entries = folded_log()

    with guards_lifted(connection):
        run("UPDATE trust_leaf SET entry_id = -1 WHERE entry_id = %s", entries[0].pk)
        run("UPDATE trust_leaf SET entry_id = %s WHERE entry_id = %s", entries[0].pk, entries[1].pk)
        run("UPDATE trust_leaf SET entry_id = %s WHERE entry_id = -1", entries[1].pk)

    assert [problem.entry_id for problem in found()] == [entries[0].pk, entries[1].pk]


def test_an_entry_rewritten_before_it_is_folded_is_found_by_the_one_after_it():
    entries = small_log()

    with guards_lifted(connection):
        run("UPDATE trust_entry SET step = 'offers.decline' WHERE id = %s", entries[0].pk)
        forged = log.hash_of(log.canonical(Entry.objects.get(pk=entries[0].pk)))
        run("UPDATE trust_entry SET hash = %s WHERE id = %s", forged, entries[0].pk)

    [problem] = found()
    assert (problem.entry_id, problem.number) == (entries[2].pk, 2)
    assert problem.says == "Does not follow the entry before it in its chain."


def test_an_entry_rewritten_with_its_chain_is_found_by_the_tree():
    entries = folded_log()

    with guards_lifted(connection):
        run("UPDATE trust_entry SET step = 'offers.decline' WHERE id = %s", entries[2].pk)
        rehash(JOURNEY)

    assert found()[0].entry_id == entries[2].pk
    assert found()[0].says == "Is not what was folded into the tree."


def test_an_entry_rewritten_with_its_chain_and_its_leaf_is_found_by_the_signed_head():
    entries = folded_log()
    target = entries[5]

    with guards_lifted(connection):
        run("UPDATE trust_entry SET step = 'offers.decline' WHERE id = %s", target.pk)
        rehash(target.chain)
        for entry in Entry.objects.filter(pk__lte=target.pk + 1):
            leaf = merkle.leaf_hash(bytes.fromhex(entry.hash)).hex()
            run("UPDATE trust_leaf SET hash = %s WHERE entry_id = %s", leaf, entry.pk)

    [problem] = found()
    assert "is not what was signed" in problem.says
    assert problem.entry_id == target.pk  # the first one after the head before


def test_a_head_signed_by_a_stranger_is_found(settings):
    folded_log()
    append()
    settings.SIGNING_KEY = "somebody else's"
    fold.fold(now=NOON)
    settings.SIGNING_KEY = "this network's"

    problems = found()

    assert all("is not known here" in problem.says for problem in problems)
    assert len(problems) == 3  # the two before were signed with yet another key


# The tail


def cut_tail(size):
    """Take away every entry, leaf and head after the first `size` leaves, and all that points to it."""
    gone = list(Leaf.objects.filter(index__gte=size).values_list("entry_id", flat=True))
    gone += list(Unfolded.objects.values_list("entry_id", flat=True))
    keys = ", ".join(map(str, gone))
    attack(
        f"DELETE FROM trust_entry WHERE id IN ({keys})",
        f"DELETE FROM trust_leaf WHERE entry_id IN ({keys})",
        f"DELETE FROM trust_unfolded WHERE entry_id IN ({keys})",
        f"DELETE FROM trust_head WHERE size > {size}",
    )


def test_a_cut_tail_is_found_by_heads_that_were_kept_elsewhere():
    folded_log()
    kept = read_heads(exported())
    assert found(against=kept) == []

    cut_tail(Head.objects.order_by("size").first().size)

    assert found() == []  # the database alone cannot tell
    [problem] = found(against=kept)
    assert problem.says == "The tail was cut: a head covers 7 entries, 5 are in the tree."


def test_a_log_that_was_emptied_is_found_by_heads_that_were_kept_elsewhere():
    folded_log()
    kept = read_heads(exported())

    attack(*(f"DELETE FROM {table}" for table in (*COLUMNS, "trust_unfolded")))

    assert found() == []
    assert len(found(against=kept)) == 1


def test_a_log_that_was_written_anew_is_found_by_heads_that_were_kept_elsewhere():
    folded_log()
    kept = read_heads(exported())

    attack(*(f"DELETE FROM {table}" for table in (*COLUMNS, "trust_unfolded")))
    folded_log()  # other salts, the same number of entries

    assert found() == []
    assert "is not what was signed" in found(against=kept)[0].says


def test_a_head_or_a_leaf_that_was_deleted_is_found():
    folded_log()
    kept = read_heads(exported())

    for statement, number in [
        ("DELETE FROM trust_head WHERE size = 5", 0),
        ("DELETE FROM trust_head WHERE size = 7", 1),
        ('DELETE FROM trust_leaf WHERE "index" = 2', 1),
        ('DELETE FROM trust_leaf WHERE "index" = 6', 1),
    ]:
        with contextlib.suppress(UndoError), transaction.atomic():
            attack(statement)
            assert bool(found()) == bool(number), statement
            assert found(against=kept), statement
            raise UndoError


def test_guards_that_are_gone_are_told():
    folded_log()

    with guards_lifted(connection):
        problems = log.verify().problems

    assert len(problems) == (6 if connection.vendor == "sqlite" else 9)
    assert all(problem.says.startswith("The database does not guard the log") for problem in problems)
    assert log.verify().problems == []


def test_only_the_first_hundred_problems_are_named_and_all_are_counted():
    for _ in range(120):
        append()

    attack("UPDATE trust_entry SET role = 'x'")
    report = log.verify()

    assert report.problem_count == 120
    assert len(report.problems) == 100
    assert report.problems[0].number == 1
