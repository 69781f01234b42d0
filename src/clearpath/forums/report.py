"""The organizer's report: what became of the meetings first, attendance last; one content for page, paper and file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums import figures, queries
from clearpath.forums.connections import BINDING, HORIZONS, Count
from clearpath.forums.figures import Figures
from clearpath.forums.models import Forum
from clearpath.offers.ranking.score import interval

NOT_YOURS = Objection("not_your_forum", _("Only who runs the forum sees what became of it."))
MEASURES: dict[str, tuple[Any, Any]] = {
    "connections": (_("Pairs with a connection"), _("of the pairs of organisations that met")),
    "next_step": (_("Pairs that did their next step"), _("of the pairs that met")),
    "second_meeting": (_("Pairs that met again"), _("of the pairs that met")),
    "agreement": (_("Pairs that signed an agreement"), _("of the pairs that met")),
    "journey": (_("Pairs with a patient's journey"), _("of the pairs that met")),
    "treated": (_("Patients treated"), _("of the journeys that came of it")),
    "good_outcome": (_("Patients who recovered as planned"), _("of the patients treated")),
    "acceptance": (_("Meetings that both wanted"), _("of the meetings that one wanted")),
    "kept": (_("Meetings that took place"), _("of the meetings of which somebody said how they went")),
    "worth_it": (_("Said in private to be worth it"), _("of what delegates said")),
    "attendance": (_("Delegates who came"), _("of the delegates registered")),
}  # attendance is what others sell: it stands last
KINDS = {key: MEASURES[key][0] for key in BINDING}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: counts, share and interval in hundredths, and the shares to compare with; None: not told."""

    key: str
    name: Any
    of_what: Any
    count: Count | None
    least: int | None
    most: int | None
    last_year: int | None
    others: int | None

    @property
    def share(self) -> int | None:
        return share_of(self.count)


@dataclass(frozen=True, slots=True)
class Trade:
    """The connections of one trade's delegates."""

    role: str
    connections: int
    delegates: int

    @property
    def each(self) -> float:
        return self.connections / self.delegates if self.delegates else 0.0


@dataclass(frozen=True, slots=True)
class Horizon:
    """One kind of connection, at 30, 90, 180 and 365 days and so far; None where no pair is old enough."""

    name: Any
    counts: tuple[Count | None, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one forum."""

    trades: tuple[Trade, ...]
    lines: tuple[Line, ...]
    horizons: tuple[Horizon, ...]
    agreements: int
    journeys: int
    guest_meetings: int  # that took place
    guest_next_steps: int  # that both wanted
    left_out: tuple[str, ...]  # organisations
    last_name: str  # of the forum before; empty where there is none
    has_others: bool

    @property
    def all(self) -> Trade:
        """Every trade together."""
        return Trade("", sum(each.connections for each in self.trades), sum(each.delegates for each in self.trades))


def report_for(actor: Actor, forum: Forum) -> Report:
    """The report as of now; compared with others when they were as old. Raises NotFound for all but the organizer."""
    if actor.role != "organizer" or actor.organisation_id != forum.organizer_id:
        raise NotFound(NOT_YOURS)
    now = figures.figures_of(forum, at=actor.now)
    age = actor.now - forum.ends_at
    before = forum.follows
    last = figures.figures_of(before, at=before.ends_at + age) if before else None
    rest = figures.others(forum, age=age)
    names = queries.names_by_key(forum)
    return Report(
        trades=tuple(Trade(role, count.yes, count.of) for role, count in now.per_trade.items()),
        lines=tuple(_lines(now, last, rest)),
        horizons=tuple(_horizons(now)),
        agreements=now.agreements,
        journeys=now.journeys,
        guest_meetings=now.guests[0],
        guest_next_steps=now.guests[1],
        left_out=tuple(sorted(names[key].organisation for key in now.left_out)),
        last_name=before.name if before else "",
        has_others=bool(rest),
    )


def _lines(now: Figures, last: Figures | None, rest: Iterable[Figures]) -> Iterator[Line]:
    rest = list(rest)
    for key, (name, of_what) in MEASURES.items():
        count = now.measures[key]
        bounds = interval(count.yes, count.of) if count and count.of else None
        yield Line(
            key, name, of_what, count,
            least=round(100 * bounds[0]) if bounds else None,
            most=round(100 * bounds[1]) if bounds else None,
            last_year=share_of(last.measures[key]) if last else None,
            others=share_of(figures.pooled(rest, key)),
        )  # fmt: skip


def _horizons(now: Figures) -> Iterator[Horizon]:
    for kind, name in KINDS.items():
        counts = now.by_horizon[kind]
        yield Horizon(name, tuple(count if (count := counts[days]) and count.of else None for days in (*HORIZONS, 0)))


def share_of(count: Count | None) -> int | None:
    """In hundredths; None of nothing."""
    return round(100 * count.yes / count.of) if count and count.of else None
