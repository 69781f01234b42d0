"""The provider's desk of requests: what waits for an offer, by clock, with what is there to answer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.journeys import queries as journeys
from clearpath.offers.finding.asking import understood
from clearpath.offers.models import Offer
from clearpath.offers.packages import PackageRow, begin_address, packages_of, weeks_of
from clearpath.offers.queries import offers_for
from clearpath.turns.models import Lane, Seat, Task
from clearpath.turns.sight import shown

MAKE = "offers.make"
ASKED_IN = ("review", "decision")  # the stages in which a hospital offers
MOST = 100  # requests on one page
WEEKS = 8  # of capacity
FEW = 5  # packages of one request that are shown at once


@dataclass(frozen=True, slots=True)
class Way:
    """A package to begin the answer from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Request:
    """One journey on which the hospital is asked. `offer` is its newest, None before the first."""

    patient: str
    url: str
    waits_for: Any
    due_at: datetime | None
    make_url: str  # empty: an offer is not possible now
    ways: tuple[Way, ...]
    offer: Offer | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """How many patients from abroad can begin at each site in a week."""

    monday: date
    places: tuple[tuple[str, int], ...]


def requests_for(actor: Actor) -> list[Request]:
    """Where the actor's hospital is asked, what is due first on top; as many queries for one as for a hundred."""
    lanes = list(_lanes_of(actor))
    subjects = {lane.subject_id for lane in lanes}
    found = {row.pk: shown(row, to=actor) for row in journeys.journeys_for(actor).filter(pk__in=subjects)}
    offers = _newest_offers(actor, lanes)
    packages = packages_of(actor)
    due = _due(lanes)
    rows = [
        _request(lane, found[lane.subject_id], offers.get(lane.pk), packages, due.get(lane.pk))
        for lane in lanes
        if lane.subject_id in found
    ]
    return sorted(rows, key=_by_clock)


def weeks_for(actor: Actor) -> list[Week]:
    """The weeks to come of which the hospital said how much room it has."""
    today = actor.now.date()
    monday = today - timedelta(days=today.weekday())
    weeks: dict[date, list[tuple[str, int]]] = {}
    for week, site, places in weeks_of(actor, since=monday, weeks=WEEKS):
        weeks.setdefault(week, []).append((site, places))
    return [Week(week, tuple(places)) for week, places in weeks.items()]


def _lanes_of(actor: Actor) -> Iterable[Lane]:
    seats = Seat.objects.filter(
        organisation_id=cast(UUID, actor.organisation_id), role="provider", held_since__isnull=False, ended_at=None
    )
    found = Lane.objects.filter(pk__in=seats.values("lane_id"), ended_at=None, subject__stage__in=ASKED_IN)
    return found.order_by("-opened_at", "pk")[:MOST]


def _newest_offers(actor: Actor, lanes: Iterable[Lane]) -> dict[UUID, Offer]:
    found = offers_for(actor).filter(lane__in=[lane.pk for lane in lanes]).order_by("pk")
    return {offer.lane_id: offer for offer in found}


def _due(lanes: Iterable[Lane]) -> dict[UUID, datetime | None]:
    """Until when an offer is due, for each lane on which it is our turn to make one."""
    tasks = Task.objects.filter(lane__in=[lane.pk for lane in lanes], step=MAKE, done_at=None)
    return dict(tasks.order_by(F("due_at").desc(nulls_first=True)).values_list("lane_id", "due_at"))


def _request(
    lane: Lane, seen: Any, offer: Offer | None, packages: list[PackageRow], due_at: datetime | None
) -> Request:
    possible = {"opinion_given"} <= set(lane.facts) and not {"advised_against", "lane_closed"} & set(lane.facts)
    return Request(
        patient=" · ".join(str(each) for each in (seen.patient_name, seen.country, seen.procedure) if each),
        url=reverse("turns:subject", args=["journey", lane.subject_id]),
        waits_for=_waits_for(lane, offer),
        due_at=due_at,
        make_url=f"{reverse('turns:take', args=['journey', lane.subject_id, MAKE])}?lane={lane.pk}" if possible else "",
        ways=_ways(lane, str(seen.procedure or ""), packages) if possible else (),
        offer=offer,
        asked_at=lane.opened_at,
    )


def _waits_for(lane: Lane, offer: Offer | None) -> Any:
    if "lane_closed" in lane.facts:
        return _("You declined")
    if "advised_against" in lane.facts:
        return _("The doctor advised against it: no offer")
    if "opinion_given" not in lane.facts:
        return _("The doctor's opinion")
    if offer is not None and offer.state == Offer.State.SENT:
        return _("The patient's answer")
    return _("Your offer")


def _ways(lane: Lane, procedure: str, packages: list[PackageRow]) -> tuple[Way, ...]:
    """The packages that fit what the patient asks for; all of them where that is not known or none fits."""
    asked = understood(procedure).procedures if procedure else frozenset()
    fitting = [each for each in packages if each.procedure in asked] or packages
    return tuple(Way(each.title, begin_address(lane.subject_id, each.id, lane.pk)) for each in fitting[:FEW])


def _by_clock(row: Request) -> tuple[bool, bool, datetime]:
    """What can be answered first, by its clock; then the rest, the oldest first."""
    is_ours = bool(row.make_url) and (row.offer is None or row.offer.state != Offer.State.SENT)
    return not is_ours, row.due_at is None, row.due_at or row.asked_at
