from datetime import date, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from clearpath.trust import log
from clearpath.trust.models import Entry, Head, Leaf, Unfolded
from tests.conftest import NOON
from tests.trust.logs import JOURNEY, OFFER, OTHER, PATIENT, RELATIVE, append, small_log

pytestmark = pytest.mark.django_db


def test_append_records_who_for_whom_in_which_role_did_what():
    entry = append(by=RELATIVE, about=("offers.offer", OFFER), content={"total_minor": 420_000, "currency": "EUR"})

    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.chain, stored.number, stored.at) == (JOURNEY, 1, NOON)
    assert stored.person_id == RELATIVE.person_id
    assert stored.for_person_id == RELATIVE.for_person_id
    assert stored.organisation_id == RELATIVE.organisation_id
    assert (stored.role, stored.step, stored.decision, stored.reason) == ("patient", "offers.accept", "done", "")
    assert (stored.charter, stored.about_kind, stored.about_id) == ("1.0", "offers.offer", OFFER)
    assert stored.digest == log.digest_of({"currency": "EUR", "total_minor": 420_000}, salt=stored.salt)


def test_append_chains_entries_per_subject():
    first, other, second = append(), append(OTHER), append()

    assert [entry.number for entry in (first, other, second)] == [1, 1, 2]
    assert [entry.previous for entry in (first, other, second)] == ["", "", first.hash]
    assert all(log.hash_of(log.canonical(entry)) == entry.hash for entry in Entry.objects.all())


def test_append_takes_two_queries_however_long_the_chain_is(django_assert_num_queries):
    for _ in range(3):
        append()

    with transaction.atomic(), django_assert_num_queries(2):
        log.append(chain=JOURNEY, by=PATIENT, step="offers.accept", decision="done", charter="1.0")


def test_append_of_a_number_that_is_taken_is_refused_by_the_database():
    first = append()
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_a_mistake():
    with pytest.raises(AssertionError):
        log.append(chain=JOURNEY, by=PATIENT, step="offers.accept", decision="done", charter="1.0")


def test_canonical_form_is_the_documented_one():
    entry = append()

    assert log.canonical(entry).decode() == (
        '["clearpath-entry-1","00000000000000000000000000000001",1,"2026-06-01T12:00:00.000000+00:00",'
        '"00000000000000000000000000000007",null,null,"patient","offers.accept","done","","1.0","",null,'
        f'"{entry.salt}","{entry.digest}",""]'
    )


def test_digest_does_not_depend_on_the_order_or_on_the_kind_of_a_value_but_on_its_salt():
    key, salt = UUID(int=5), "00" * 16
    paris = timezone(timedelta(hours=2))

    left = {"b": key, "a": [date(2026, 1, 2), Decimal("1.50"), NOON], "c": {"x", "y"}}
    right = {"c": ["x", "y"], "a": ["2026-01-02", "1.50", NOON.astimezone(paris)], "b": str(key)}

    assert log.digest_of(left, salt=salt) == log.digest_of(right, salt=salt)
    assert log.digest_of(left, salt=salt) != log.digest_of(left, salt="01" * 16)


@pytest.mark.parametrize("content", [{"a": object()}, {"a": float("nan")}])
def test_digest_of_what_has_no_single_form_is_refused(content):
    with pytest.raises((TypeError, ValueError)):
        log.digest_of(content, salt="00")


def test_entries_are_found_by_chain_by_thing_and_by_reading():
    entries = small_log()

    assert list(log.entries_of(JOURNEY)) == [entries[0], entries[2], entries[4]]
    assert list(log.entries_about(("offers.offer", OFFER))) == [entries[0]]
    assert list(log.entries_about(("offers.request", OFFER))) == []
    assert list(log.reads_of(OTHER)) == [entries[1]]
    assert list(log.reads_of(JOURNEY)) == []


def test_every_entry_waits_for_the_tree():
    entries = small_log()

    assert [each.entry_id for each in Unfolded.objects.order_by("entry_id")] == [entry.pk for entry in entries]


GUARDED = {"trust_entry": "role", "trust_leaf": "hash", "trust_head": "root"}
ACTS = [f"UPDATE {table} SET {column} = 'x'" for table, column in GUARDED.items()]
ACTS += [f"DELETE FROM {table}" for table in GUARDED]
ACTS += [f"TRUNCATE {table}" for table in GUARDED] if connection.vendor == "postgresql" else []


@pytest.mark.parametrize("act", ACTS)
def test_database_refuses_to_change_what_was_logged(act):
    entry = append()
    Leaf.objects.create(index=0, entry_id=entry.pk, hash="0")
    Head.objects.create(size=1, root="0", frontier="", at=NOON, signature="", key_id="")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_sqlite_refuses_to_replace_what_was_logged():
    entry = append()

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"REPLACE INTO trust_entry SELECT * FROM trust_entry WHERE id = {entry.pk}")
