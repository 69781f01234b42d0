"""What the steps of travel change, whom they refuse, and who sees it."""

from datetime import date, timedelta

import pytest

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.travel import queries, steps
from clearpath.travel.models import HomeTravel, Invitation
from clearpath.trust import log
from tests.walk import TODAY, walk_to

pytestmark = pytest.mark.django_db


def plan(walk, **change):
    given = {"arrives_on": TODAY, "leaves_on": date(2026, 6, 15), "airport": "ist", "contact": "+90 555 0100"}
    return steps.plan(walk.journey, by=walk.facilitator, **given | change)


def test_issue_invitation_is_for_the_hospital_and_is_recorded():
    walk = walk_to("travel.issue_invitation")
    days = {"expected_from": TODAY, "expected_until": date(2026, 6, 20)}

    with pytest.raises(NotYourPart):
        steps.issue_invitation(walk.journey, by=walk.facilitator, **days)
    with pytest.raises(Refused, match="companions_out_of_range"):
        steps.issue_invitation(walk.journey, companions=10, by=walk.provider, **days)
    letter = steps.issue_invitation(walk.journey, companions=1, text="With her son", by=walk.provider, **days)

    assert Invitation.objects.get() == letter
    entry = log.entries_about(letter).get()
    content = days | {"companions": 1, "text": "With her son"}
    assert entry.digest == log.digest_of(content, salt=entry.salt)


def test_plan_again_replaces_the_plan_that_is_shown():
    walk = walk_to("travel.plan")
    plan(walk)

    plan(walk, leaves_on=date(2026, 6, 18))

    shown = queries.trip_for(walk.patient, walk.journey).plan
    assert (shown.leaves_on, shown.airport, shown.contact) == (date(2026, 6, 18), "IST", "+90 555 0100")
    assert "travel_planned" in walk.facts()


def test_plan_a_way_home_outside_the_certificate_is_refused():
    walk = walk_to("travel.send_home")

    with pytest.raises(Refused, match="not_fit_on_that_day"):
        plan(walk, leaves_on=date(2026, 7, 1))

    plan(walk, leaves_on=date(2026, 6, 30))


def test_confirm_arrival_begins_the_treatment_once_a_deposit_is_held():
    walk = walk_to("travel.confirm_arrival")

    with pytest.raises(Refused, match="day_is_ahead"):
        steps.confirm_arrival(walk.journey, arrived_on=TODAY + timedelta(days=1), by=walk.facilitator)
    steps.confirm_arrival(walk.journey, by=walk.facilitator)

    walk.journey.refresh_from_db()
    assert walk.journey.stage == "treatment"


def test_confirm_arrival_without_a_deposit_is_refused():
    walk = walk_to("money.confirm_deposit")
    plan(walk)

    with pytest.raises(NotYourPart) as refusal:
        steps.confirm_arrival(walk.journey, by=walk.facilitator)

    assert refusal.value.missing == ("cleared_to_come", "deposit_held")


def test_send_home_keeps_to_the_certificate():
    walk = walk_to("travel.send_home")

    with pytest.raises(Refused, match="not_fit_on_that_day"):
        steps.send_home(walk.journey, leaves_on=date(2026, 7, 1), by=walk.facilitator)
    assert not HomeTravel.objects.exists()
    steps.send_home(walk.journey, transport="TK 768", by=walk.facilitator)

    assert queries.trip_for(walk.patient, walk.journey).home == ((TODAY, "TK 768"),)
    walk.journey.refresh_from_db()
    assert walk.journey.stage == "aftercare"


def test_travel_is_seen_by_who_organises_it_and_not_by_the_doctor():
    walk = walk_to("records.hand_over_home")

    for actor in (walk.patient, walk.facilitator, walk.provider):
        trip = queries.trip_for(actor, walk.journey)
        assert (trip.plan.contact, len(trip.invitations), len(trip.arrived)) == ("+90 555 0100", 1, 1)
        assert trip.may_fly == (TODAY, date(2026, 6, 30))
    assert not queries.trip_for(walk.doctor, walk.journey)
