"""Evidence: warnings before it ends, each once; no new seat and a lapse once it has ended."""

from datetime import datetime, timedelta

import pytest

from clearpath import jobs
from clearpath.parties import evidence, queries, steps
from clearpath.parties.models import Evidence, EvidenceWarning
from clearpath.turns.models import Notice
from tests.factories import NOON, actor_at, later, make_organisation, steward
from tests.walk import begin

pytestmark = pytest.mark.django_db


def provider_until(days: int):
    organisation = make_organisation("provider")
    Evidence.objects.filter(organisation=organisation).update(valid_to=NOON.date() + timedelta(days=days))
    return organisation


def told(organisation, role: str) -> list[str]:
    found = Notice.objects.filter(seat__subject=organisation, seat__role=role, step__startswith="parties.evidence")
    return list(found.order_by("pk").values_list("step", flat=True))


def run_jobs(now: datetime) -> None:
    while jobs.run_due(now=now, strict=True):
        pass


def test_a_warning_comes_90_30_and_0_days_before_the_end_each_once():
    organisation = provider_until(100)
    days = [0, 9, 10, 11, 69, 70, 71, 99, 100, 101, 130]

    sent = [evidence.watch(NOON + timedelta(days=day)) + evidence.watch(NOON + timedelta(days=day)) for day in days]

    assert sent == [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
    expected = ["parties.evidence_ends_90", "parties.evidence_ends_30", "parties.evidence_ends_0"]
    assert told(organisation, "provider") == told(organisation, "steward") == expected
    assert sorted(EvidenceWarning.objects.values_list("days", flat=True)) == [0, 30, 90]


def test_after_a_long_silence_only_the_tightest_warning_is_sent():
    organisation = provider_until(12)

    evidence.watch(NOON)

    assert told(organisation, "provider") == ["parties.evidence_ends_30"]


def test_evidence_that_was_renewed_is_not_warned_of():
    organisation = provider_until(12)
    renewal = {
        "role": "provider", "kind": "licence", "body": "Ministry", "number": "2",
        "valid_from": NOON.date(), "valid_to": NOON.date() + timedelta(days=500),
    }  # fmt: skip
    steps.add_evidence(organisation, **renewal, by=actor_at(organisation, "provider"))
    assert [row.days_left for row in evidence.ending_rows(NOON.date())] == [12]  # nobody has checked the new one

    Evidence.objects.filter(number="2").update(checked_on=NOON.date())

    assert evidence.watch(NOON) == 0


def test_when_required_evidence_ends_the_network_suspends_and_tells():
    organisation = provider_until(1)
    tomorrow = NOON + timedelta(days=1)
    evidence.watch(NOON)
    run_jobs(NOON)
    organisation.refresh_from_db()
    assert organisation.stage == "verified"

    evidence.watch(tomorrow)
    run_jobs(tomorrow)

    organisation.refresh_from_db()
    assert organisation.stage == "suspended"
    lapse = Notice.objects.filter(seat__subject=organisation, step="parties.lapse")
    assert set(lapse.values_list("seat__role", flat=True)) == {"provider", "steward"}


def test_a_day_before_the_end_there_is_a_seat_and_on_the_day_there_is_none():
    organisation = provider_until(1)
    journey = begin().journey

    assert queries.why_not_seat(organisation.pk, "provider", journey, NOON) is None
    refusal = queries.why_not_seat(organisation.pk, "provider", journey, NOON + timedelta(days=1))

    assert refusal.code == "evidence_lapsed"


def test_the_steward_verifies_again_once_evidence_is_renewed():
    organisation = provider_until(0)
    evidence.watch(NOON)
    run_jobs(NOON)
    organisation.refresh_from_db()
    assert organisation.stage == "suspended"

    steps.add_evidence(
        organisation, role="provider", kind="licence", body="Ministry", number="2", valid_from=NOON.date(),
        valid_to=NOON.date() + timedelta(days=365), by=actor_at(organisation, "provider"),
    )  # fmt: skip
    steps.verify(organisation, by=later(steward(), NOON + timedelta(hours=1)))

    organisation.refresh_from_db()
    assert organisation.stage == "verified"
    evidence.watch(NOON + timedelta(days=2))
    assert told(organisation, "provider") == ["parties.evidence_ends_0"]
