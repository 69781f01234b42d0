"""What happened on the network between organisations that met at a forum. Nobody is asked to report anything.

Not scoped: the network counts by it. What it finds is handed to nobody but who counts it; patients are counted only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from clearpath.agreements.queries import signed_among
from clearpath.forums.connections import Happened, Met, Pair
from clearpath.forums.models import Forum, Held, NextStep
from clearpath.offers.outcomes import after_treatment
from clearpath.turns.models import Seat

TOOK_PLACE = (Held.State.KEPT, Held.State.LATE)
ANOTHER_TIME = timedelta(days=1)  # a second meeting is not the one at the next table


@dataclass(frozen=True, slots=True)
class Patient:
    """One journey on which both organisations of a pair sit: since when, and whether treated and well, and when."""

    journey: UUID
    pair: Pair
    since: datetime
    treated_at: datetime | None
    well_at: datetime | None


@dataclass(frozen=True, slots=True)
class Became:
    """The meetings of a forum that took place, what followed, and the journeys among it."""

    meetings: tuple[Met, ...]
    happened: tuple[Happened, ...]
    patients: tuple[Patient, ...]


def became_of(forum: Forum) -> Became:
    """Everything that followed, whenever it happened. Guests whose organisation is not on the network are left out."""
    meetings = tuple(_met(Held.objects.filter(forum=forum)))
    pairs = {each.pair for each in meetings}
    patients = tuple(_patients(pairs))
    happened = [
        *_next_steps(forum),
        *_second_meetings(pairs, meetings),
        *(Happened(pair, "agreement", at) for pair, at in signed_among(set().union(*pairs)) if pair in pairs),
        *(Happened(each.pair, "journey", each.since) for each in patients),
        *(Happened(each.pair, "treated", each.treated_at) for each in patients if each.treated_at),
        *(Happened(each.pair, "good_outcome", each.well_at) for each in patients if each.well_at),
    ]
    return Became(meetings, tuple(happened), patients)


def _met(held: QuerySet[Held]) -> Iterator[Met]:
    found = held.filter(
        state__in=TOOK_PLACE, meeting__first__organisation__isnull=False, meeting__second__organisation__isnull=False
    ).order_by("begins_at", "pk")
    for first, second, one, other, at in found.values_list(
        "meeting__first_id", "meeting__second_id", "meeting__first__organisation_id",
        "meeting__second__organisation_id", "begins_at",
    ):  # fmt: skip
        yield Met(frozenset({first, second}), frozenset({one, other}), at)


def _next_steps(forum: Forum) -> Iterator[Happened]:
    done = NextStep.objects.filter(meeting__forum=forum, done_at__isnull=False).order_by("pk")
    for one, other, at in done.values_list("first_id", "second_id", "done_at"):
        if at is not None:
            yield Happened(frozenset({one, other}), "next_step", at)


def _second_meetings(pairs: set[Pair], meetings: Iterable[Met]) -> Iterator[Happened]:
    """Of the same two organisations, at any forum, at least a day after they first met at this one."""
    first: dict[Pair, datetime] = {}
    for each in meetings:
        first.setdefault(each.pair, each.at)
    everybody = set().union(*pairs)
    theirs = Held.objects.filter(
        meeting__first__organisation__in=everybody, meeting__second__organisation__in=everybody
    )
    for each in _met(theirs):
        if each.pair in pairs and each.at >= first[each.pair] + ANOTHER_TIME:
            yield Happened(each.pair, "second_meeting", each.at)


def _patients(pairs: set[Pair]) -> Iterator[Patient]:
    """The journeys on which both of a pair sit, from the later of their two seats on."""
    held = Seat.objects.filter(
        subject__kind="journey", organisation__in=set().union(*pairs), held_since__isnull=False
    ).order_by()
    seats: dict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    for journey, organisation, since in held.values_list("subject_id", "organisation_id").annotate(
        since=Min("held_since")
    ):
        seats[journey][organisation] = since
    sitting = [
        (journey, pair, max(seats[journey][each] for each in pair))
        for journey, there in sorted(seats.items())
        for pair in map(frozenset, combinations(sorted(there), 2))
        if pair in pairs
    ]
    known = after_treatment({journey for journey, _pair, _since in sitting})
    for journey, pair, since in sitting:
        treated_on, well_at = known.get(journey, (None, None))
        treated_at = datetime.combine(treated_on, time(23, 59), ZoneInfo("UTC")) if treated_on else None
        yield Patient(journey, pair, since, treated_at, well_at)
