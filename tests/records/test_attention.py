"""The share of a doctor's attention that went to medicine, and that nobody reads it about too few patients."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import attention
from clearpath.turns.models import Task
from clearpath.turns.step import STEPS
from tests.factories import NOON, make_organisation, steward
from tests.walk import walk_to

pytestmark = pytest.mark.django_db


def write(walk, by, topic="medical", **given):
    return STEPS["turns.write"](walk.journey, topic=topic, by=by, **given)


def test_what_a_doctor_hands_on_is_no_medicine_and_what_never_came_is_not_counted():
    walk = walk_to("offers.make")
    [before] = attention.own_attention(walk.doctor)
    assert (before.medical, before.all) == (1, 1)  # the question for an opinion
    write(walk, walk.patient, text="May I take aspirin?")
    asked = write(walk, walk.patient, text="Is there a hotel?")
    moved = write(walk, walk.patient, text="How much is the taxi?")
    write(walk, walk.patient, "travel", text="When do I fly?")

    write(walk, walk.doctor, "anything", passes_on=asked)
    write(walk, walk.patient, "anything", passes_on=moved)

    [now] = attention.own_attention(walk.doctor)
    assert (now.month, now.medical, now.all, now.percent) == (datetime(2026, 6, 1, tzinfo=UTC), 2, 3, 67)


def test_another_doctors_lane_and_another_month_are_not_counted():
    walk = walk_to("offers.make", lanes=2)
    Task.objects.filter(lane=walk.lane, position="doctor").update(opened_at=NOON - timedelta(days=40))

    [found] = attention.own_attention(walk.doctor)

    assert (found.month.month, found.all) == (4, 1)
    assert attention.own_attention(walk.facilitator) == []


@pytest.mark.parametrize(("now", "first", "last"), [(datetime(2026, 3, 31, 8, tzinfo=UTC), (2026, 3), (2025, 10))])
def test_months_go_back_over_the_new_year(now, first, last):
    months = attention._months(now)

    assert (months[0].year, months[0].month) == first
    assert (months[-1].year, months[-1].month) == last


def test_the_steward_reads_groups_and_nothing_about_few(client, monkeypatch):
    doctor, keeper = make_organisation("doctor", name="Big Practice"), steward()
    small = walk_to("offers.make")
    for _journey in range(3):
        walk_to("offers.make", doctor=doctor)
    charter = attention.charters.charter(attention.charters.in_force())
    asked = replace(keeper, now=NOON)
    assert {each.all for each in attention.attention_of_practices(asked)} == {None}
    assert attention.attention_of_practices(small.doctor) == []

    monkeypatch.setattr(attention.charters, "charter", lambda _version: replace(charter, smallest_group=1))

    found = {each.name: (each.medical, each.all, each.percent) for each in attention.attention_of_practices(asked)}
    assert found["Big Practice"] == (3, 3, 100)
    monkeypatch.undo()
    client.force_login(Person.objects.get(pk=keeper.person_id))
    assert "fewer than 10 patients" in client.get(reverse("records:attention")).content.decode()
    client.force_login(Person.objects.get(pk=small.doctor.person_id))
    assert client.get(reverse("records:attention")).status_code == 404
