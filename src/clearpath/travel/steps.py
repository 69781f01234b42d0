"""The steps of travel: invite, plan, arrive, go home."""

from datetime import date
from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.records import queries as records
from clearpath.travel import policies
from clearpath.travel.models import Arrival, HomeTravel, Invitation, TravelPlan
from clearpath.turns.models import Lane
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("travel.issue_invitation")
def issue_invitation(
    journey: Subject,
    *,
    expected_from: date,
    expected_until: date,
    companions: int = 0,
    text: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Invitation:
    """Write to the visa office that the patient, and so many people with them, are expected.

    Refused: leaves_before_arrival, companions_out_of_range.
    """
    refuse_if(policies.why_not_issue_invitation(expected_from, expected_until, companions))
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    remember(expected_from=expected_from, expected_until=expected_until, companions=companions, text=text)
    return Invitation.objects.create(
        journey_id=journey.pk,
        lane=lane,
        provider_id=cast(UUID, by.organisation_id),
        expected_from=expected_from,
        expected_until=expected_until,
        companions=companions,
        text=text,
        issued_at=by.now,
        issued_by_id=cast(UUID, by.person_id),
    )


@step("travel.plan")
def plan(
    journey: Subject, *, arrives_on: date, leaves_on: date, contact: str, airport: str = "", stay: str = "", by: Actor
) -> TravelPlan:
    """Plan arrival, stay and the way home; a new plan replaces the old one.

    Refused: leaves_before_arrival, no_such_airport, contact_needed, not_fit_on_that_day.
    """
    fit = records.flight_window(journey.pk)
    refuse_if(policies.why_not_plan(arrives_on, leaves_on, airport, contact, fit=fit))
    remember(arrives_on=arrives_on, leaves_on=leaves_on, airport=airport, stay=stay, contact=contact)
    return TravelPlan.objects.create(
        journey_id=journey.pk,
        arrives_on=arrives_on,
        leaves_on=leaves_on,
        airport=airport.upper(),
        stay=stay,
        contact=contact,
        planned_at=by.now,
        planned_by_id=cast(UUID, by.person_id),
    )


@step("travel.confirm_arrival")
def confirm_arrival(journey: Subject, *, arrived_on: date | None = None, note: str = "", by: Actor) -> Arrival:
    """Say that the patient has arrived; today if not said otherwise. Refused: day_is_ahead."""
    day = arrived_on or by.now.date()
    refuse_if(policies.why_not_confirm_arrival(day, today=by.now.date()))
    remember(arrived_on=day, note=note)
    return Arrival.objects.create(
        journey_id=journey.pk, arrived_on=day, note=note, confirmed_at=by.now, confirmed_by_id=cast(UUID, by.person_id)
    )


@step("travel.send_home")
def send_home(journey: Subject, *, leaves_on: date | None = None, transport: str = "", by: Actor) -> HomeTravel:
    """Say when and how the patient goes home; today if not said otherwise. Refused: not_fit_on_that_day."""
    day = leaves_on or by.now.date()
    refuse_if(policies.why_not_fly_on(day, records.flight_window(journey.pk)))
    remember(leaves_on=day, transport=transport)
    return HomeTravel.objects.create(
        journey_id=journey.pk, leaves_on=day, transport=transport, sent_at=by.now, sent_by_id=cast(UUID, by.person_id)
    )
