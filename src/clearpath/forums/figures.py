"""The figures of one forum at one moment: what its report is made of, and what others are compared with."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet

from clearpath.forums import connections
from clearpath.forums.agreed import both_want
from clearpath.forums.became import TOOK_PLACE, Patient, became_of
from clearpath.forums.connections import HORIZONS, Count
from clearpath.forums.models import ENDED, Delegate, Forum, Held, Meeting, Rating
from clearpath.turns import charters
from clearpath.turns.figures import withheld

FEWEST_OTHERS = 3  # forums of others, so that none is told by itself
MOST_OTHERS = 20  # the newest
YES = (Meeting.Says.YES, Meeting.Says.RULE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one forum. A count is None where it would speak of too few people.

    `measures` by name, `by_horizon` by kind and days (0: so far), `per_trade` by role: connections and delegates.
    """

    measures: Mapping[str, Count | None]
    by_horizon: Mapping[str, Mapping[int, Count | None]]
    per_trade: Mapping[str, Count]
    agreements: int
    journeys: int
    guests: tuple[int, int]  # meetings with guests that took place; next steps that both of those wanted
    left_out: tuple[UUID, ...]  # delegates who met nobody


def figures_of(forum: Forum, *, at: datetime) -> Figures:
    """As things stood, or stand, at a moment."""
    became = became_of(forum)
    met = connections.met_at(became.meetings)
    found = connections.firsts(met, became.happened)
    pairs = connections.connected(found, at=at)
    who_met = _met(forum)
    roles = dict(Delegate.objects.filter(forum=forum).order_by("pk").values_list("pk", "role"))
    counts = connections.connections_of_delegates(became.meetings, pairs)
    trades: dict[str, list[UUID]] = defaultdict(list)
    for key, role in roles.items():
        trades[role].append(key)
    smallest = charters.charter(forum.charter).smallest_group
    patients = [each for each in became.patients if met[each.pair] < each.since <= at]
    treated, well = patients_counted(patients, at=at, smallest=smallest)
    so_far = {kind: connections.so_far(met, found[kind], at=at) for kind in connections.KINDS}
    return Figures(
        measures={
            "connections": Count(len(pairs), len(met)),
            "acceptance": _accepted(forum),
            "kept": _kept(forum),
            **{kind: so_far[kind] for kind in connections.BINDING},
            "treated": treated,
            "good_outcome": well,
            "worth_it": _worth_it(forum, smallest),
            "attendance": Count(forum.check_ins.values("delegate").distinct().count(), len(roles)),
        },
        by_horizon={
            kind: {days: connections.within(met, found[kind], days, at=at) for days in HORIZONS} | {0: so_far[kind]}
            for kind in connections.BINDING
        },
        per_trade={role: connections.of_trade(counts, keys) for role, keys in sorted(trades.items())},
        agreements=len([each for each in found["agreement"].values() if each <= at]),
        journeys=len({each.journey for each in patients}),
        guests=_with_guests(forum),
        left_out=tuple(key for key in roles if key not in who_met),
    )


def patients_counted(patients: Iterable[Patient], *, at: datetime, smallest: int) -> tuple[Count | None, Count | None]:
    """How many of the patients were treated, and of those how many are well; None where it speaks of too few.

    Each journey counts once, though it may have come of two meetings. Pure.
    """
    by_journey = {each.journey: each for each in patients}
    treated = [each for each in by_journey.values() if each.treated_at and each.treated_at <= at]
    well = [each for each in treated if each.well_at and each.well_at <= at]
    return _told(len(treated), len(by_journey), smallest), _told(len(well), len(treated), smallest)


def _told(yes: int, of: int, smallest: int) -> Count | None:
    told = withheld({"yes": yes, "no": of - yes}, smallest_group=smallest)
    return None if of == 0 or None in told.values() else Count(yes, of)


def _took_place(forum: Forum) -> QuerySet[Held]:
    return Held.objects.filter(forum=forum, state__in=TOOK_PLACE)


def _met(forum: Forum) -> set[UUID]:
    """The delegates who met somebody, guests among them."""
    return {key for pair in _took_place(forum).values_list("meeting__first", "meeting__second") for key in pair}


def _with_guests(forum: Forum) -> tuple[int, int]:
    """What is counted of guests: nothing of theirs happens on the network, so they have no connections."""
    held = _took_place(forum).filter(Q(meeting__first__organisation=None) | Q(meeting__second__organisation=None))
    ratings = Rating.objects.filter(meeting__in=held.values("meeting")).order_by("meeting")
    said = [list(each) for _meeting, each in groupby(ratings, key=lambda rating: rating.meeting_id)]
    return held.count(), sum(both_want(each) is not None for each in said)


def _accepted(forum: Forum) -> Count:
    """Of the meetings that at least one wanted, those that both wanted."""
    meetings = list(Meeting.objects.filter(forum=forum).values_list("first_says", "second_says"))
    wanted = [pair for pair in meetings if set(pair) & set(YES)]
    return Count(sum(set(pair) <= set(YES) for pair in wanted), len(wanted))


def _kept(forum: Forum) -> Count:
    """Of the meetings of which somebody said how they went, those that took place."""
    states = list(Held.objects.filter(forum=forum).values_list("state", flat=True))
    return Count(sum(state != Held.State.MISSED for state in states), len(states))


def _worth_it(forum: Forum, smallest: int) -> Count | None:
    """What was said in private, as counts alone."""
    said = list(forum.ratings.values_list("worth_it", flat=True))
    return _told(sum(said), len(said), smallest)


# Compared with


def stem_of(name: str) -> str:
    """A forum's name without what tells its years apart: digits, and ordinal endings. Pure."""
    return " ".join(re.sub(r"\b(\d+(st|nd|rd|th)?|[ivx]+)\b|\W", " ", name.casefold()).split())


def last_called(name: str, organizer: UUID, *, before: datetime) -> Forum | None:
    """The newest of an organizer's forums of this name, its year left out, that began before a moment."""
    earlier = Forum.objects.filter(organizer=organizer, begins_at__lt=before).order_by("-begins_at", "-pk")
    return next((each for each in earlier if stem_of(each.name) == stem_of(name)), None)


def others(forum: Forum, *, age: timedelta) -> list[Figures]:
    """Other organizers' forums at the same age; empty where there are too few to tell of."""
    ended = (
        Forum.objects.exclude(organizer=forum.organizer_id).filter(stage__in=ENDED).order_by("-begins_at")[:MOST_OTHERS]
    )
    found = [figures_of(each, at=each.ends_at + age) for each in ended]
    return found if len(found) >= FEWEST_OTHERS else []


def pooled(figures: Iterable[Figures], measure: str) -> Count | None:
    """One measure of several forums together; those that say nothing of it are left out. Pure."""
    told = [each.measures[measure] for each in figures]
    counts = [each for each in told if each is not None]
    return Count(sum(each.yes for each in counts), sum(each.of for each in counts)) if counts else None
