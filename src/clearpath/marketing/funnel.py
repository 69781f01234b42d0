"""From the first touch to a good outcome: how many came how far, for the agency and its client."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.queries import Agreed, attribution_agreed
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.marketing import queries, results
from clearpath.marketing.attribution import MODELS, Paths, divide, interval, is_small
from clearpath.marketing.batches import Released
from clearpath.marketing.models import Campaign, Lead, Result, Touch
from clearpath.marketing.results import STEP, Cell
from clearpath.turns import charters
from clearpath.turns.figures import total_or_none, withheld

Of = Callable[[Cell], str]
BY: dict[str, Of] = {"": lambda _cell: "", "channel": lambda cell: cell.channel, "country": lambda cell: cell.country}
WHOLE = 100  # a person, so that parts of one can be told
NAMES = {
    "touches": _("Came by a link"),
    "leads": _("Asked"),
    "answered": _("Were answered"),
    "journey": _("Became a journey"),
    "treated": _("Were treated"),
    "good_outcome": _("Recovered as planned"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel; `count` is None where nothing may be told yet, `of` how many it could have been."""

    name: Any
    count: int | None
    of: int | None = None
    width: int = 0  # hundredths of the widest step


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of a whole campaign, of one channel or of one country (`name`)."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one model gives one channel; with the interval where so few tell little."""

    channel: str
    credit: float  # persons
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Divided:
    """One model's division of what was brought."""

    name: Any
    assumes: Any
    shares: tuple[Share, ...]
    is_agreed: bool = False


def campaign_of_theirs(actor: Actor, campaign_id: UUID) -> Campaign:
    """A campaign for its agency or its client. Raises NotFound for everybody else."""
    campaign = queries.campaign_for(actor, campaign_id)
    sides = {("agency", campaign.agency_id), (campaign.client_role, campaign.client_id)}
    if (actor.role, actor.organisation_id) not in sides:
        raise NotFound(Objection("no_such_campaign", _("There is no such campaign.")))
    return campaign


def funnels_for(actor: Actor, campaign: Campaign, by: str) -> list[Funnel]:
    """The funnel of the whole (`by` is empty), or one for each channel or country.

    What an agency did not bring itself to the network it learns from released batches alone. A client is told of
    leads only in groups no smaller than the charter's smallest, also by subtraction.
    """
    of = BY.get(by, BY[""])
    touched = _touched(campaign, by)
    cells = results.cells_of(Lead.objects.filter(came_by=campaign))
    asked: Counter[str] = Counter(of(cell) for cell in cells.values())
    ended = Lead.objects.filter(came_by=campaign, stage="ended").values_list("pk", flat=True)
    answered: Counter[str] = Counter(of(cells[key]) for key in ended)
    told = results.released_by_cell(campaign)
    told_asked, told_answered = dict[str, int | None](asked), dict[str, int | None](answered)
    if actor.role != "agency":
        smallest = charters.charter(campaign.charter).smallest_group
        told_asked, told_answered = _in_groups(asked, answered, smallest)
    return [
        _funnel(name, touched[name], told_asked.get(name, 0), told_answered.get(name, 0),
                [each for cell, each in told.items() if of(cell) == name])
        for name in sorted({*touched, *asked})
    ]  # fmt: skip


def _touched(campaign: Campaign, by: str) -> Counter[str]:
    """How many tokens came, by channel or country; who came by two channels counts for both."""
    found = Touch.objects.filter(campaign=campaign)
    if by not in {"channel", "country"}:
        return Counter({"": found.aggregate(count=Count("token", distinct=True))["count"]})
    return Counter(dict(found.values_list(by).annotate(count=Count("token", distinct=True)).order_by(by)))


def _in_groups(
    asked: Counter[str], answered: Counter[str], smallest: int
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """How many asked and were answered, without the groups that would speak of few; those still open are one too."""
    if total_or_none(asked, smallest_group=smallest) is None:
        return dict.fromkeys(asked), dict.fromkeys(asked)
    told = withheld(asked, smallest_group=smallest)
    return told, {
        name: None if count is None else withheld(
            {"answered": answered[name], "open": count - answered[name]}, smallest_group=smallest
        )["answered"]
        for name, count in told.items()
    }  # fmt: skip


def _funnel(name: str, touched: int, asked: int | None, answered: int | None, cells: Iterable[Any]) -> Funnel:
    cells = list(cells)
    later = {stage: results.total(cells, stage) for stage in Result.Stage.values}
    counts: list[tuple[str, int | None, int | None]] = [
        ("touches", touched, None),
        ("leads", asked, None),
        ("answered", answered, None),
    ]
    counts += [(stage, each.yes, each.total) if each.total else (stage, None, None) for stage, each in later.items()]
    widest = max((count or 0 for _name, count, _of in counts), default=0)
    return Funnel(
        name,
        tuple(Step(NAMES[key], count, of, round(100 * (count or 0) / widest) if widest else 0)
              for key, count, of in counts),
    )  # fmt: skip


def agreed_for(campaign: Campaign) -> Agreed:
    """What the agreement of a campaign says of attribution."""
    key = campaign.under_agreement_id
    return attribution_agreed([key]).get(key, Agreed()) if key else Agreed()


def divided_for(campaign: Campaign, stage: str) -> tuple[int, list[Divided]]:
    """How many were brought to a stage, as far as released, and what each model gives each channel of them.

    The model that the agreement names comes first.
    """
    rows = [
        (cell.path.split(STEP), each.total, each.yes, each.yes * WHOLE)
        for cell, told in sorted(results.released_by_cell(campaign).items())
        if (each := told.get(stage, Released())).yes
    ]
    if not rows:
        return 0, []
    paths = Paths.of(rows)
    agreed = agreed_for(campaign).model
    bounds = interval(paths, MODELS) if is_small(paths) else {}
    divided = [
        Divided(
            model.title, model.assumes, tuple(_shares(paths, divide(paths, name), bounds.get(name))), name == agreed
        )
        for name, model in sorted(MODELS.items(), key=lambda each: each[0] != agreed)
    ]
    return sum(yes for _path, _total, yes, _value in rows), divided


def _shares(paths: Paths, given: list[int], bounds: list[tuple[int, int]] | None) -> Iterator[Share]:
    for place, (channel, credit) in enumerate(zip(paths.channels, given, strict=True)):
        least, most = bounds[place] if bounds else (None, None)
        yield Share(channel, credit / WHOLE, least and least / WHOLE, most and most / WHOLE)
