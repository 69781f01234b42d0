"""Reads about travel; scoped to the actor."""

from dataclasses import dataclass
from datetime import date, datetime

from clearpath.charter.actor import Actor
from clearpath.parties import queries as parties
from clearpath.records import queries as records
from clearpath.travel.models import Arrival, HomeTravel, Invitation, TravelPlan
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A letter for the visa."""

    provider: str
    issued_at: datetime
    expected_from: date
    expected_until: date
    companions: int
    text: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The newest plan."""

    arrives_on: date
    leaves_on: date
    airport: str
    stay: str
    contact: str


@dataclass(frozen=True, slots=True)
class Trip:
    """Everything that an actor may see of the travel of a journey."""

    invitations: tuple[InvitationRow, ...]
    plan: PlanRow | None
    arrived: tuple[tuple[date, str], ...]  # day, note
    home: tuple[tuple[date, str], ...]  # day, by what
    may_fly: tuple[date, date] | None  # both days included

    def __bool__(self) -> bool:
        return bool(self.invitations or self.plan or self.arrived or self.home or self.may_fly)


def trip_for(actor: Actor, journey: Subject) -> Trip:
    """The travel of a journey; empty for who has no sight of it."""
    plan = visible(TravelPlan, to=actor).filter(journey_id=journey.pk).order_by("-pk").first()
    arrivals = visible(Arrival, to=actor).filter(journey_id=journey.pk).order_by("pk")
    home = visible(HomeTravel, to=actor).filter(journey_id=journey.pk).order_by("pk")
    return Trip(
        _invitations(actor, journey),
        _plan(plan, actor) if plan else None,
        tuple((seen.arrived_on, seen.note) for seen in (shown(each, to=actor) for each in arrivals)),
        tuple((seen.leaves_on, seen.transport) for seen in (shown(each, to=actor) for each in home)),
        records.flight_days_for(actor, journey),
    )


def _invitations(actor: Actor, journey: Subject) -> tuple[InvitationRow, ...]:
    found = list(visible(Invitation, to=actor).filter(journey_id=journey.pk).order_by("-pk"))
    names = parties.names_of(each.provider_id for each in found)
    rows = []
    for each in found:
        seen = shown(each, to=actor)
        days = (seen.expected_from, seen.expected_until)
        rows.append(InvitationRow(names.get(each.provider_id, ""), seen.issued_at, *days, seen.companions, seen.text))
    return tuple(rows)


def _plan(plan: TravelPlan, actor: Actor) -> PlanRow:
    seen = shown(plan, to=actor)
    return PlanRow(seen.arrives_on, seen.leaves_on, seen.airport, seen.stay, seen.contact)
