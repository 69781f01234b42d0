"""Finding a treatment, and how the order of what is found is made."""

from dataclasses import replace
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from clearpath.charter.actor import Actor
from clearpath.journeys import queries as journeys
from clearpath.offers.finding import costs, rows, search
from clearpath.offers.finding.form import Find
from clearpath.offers.finding.search import Wish
from clearpath.offers.finding.vocabulary import parts, procedures
from clearpath.offers.ranking.rule import rule
from clearpath.offers.ranking.wording import CRITERIA
from clearpath.turns.sight import shown
from clearpath.web.request import PageRequest

DATES = ("first_day", "last_day")


@login_required
def find(request: PageRequest) -> HttpResponse:
    """Services for the reader's own words and filters, best first, each with its price to the door and its reasons."""
    asked = request.GET.copy()
    if "home" not in asked:
        asked["home"] = _home_of(request.actor)
    form = Find(asked)
    context = {"form": form, "parts": _part_links(), "costs": costs.costs(), "rate_date": costs.rate_date}
    if form.is_valid():
        wish = form.wish()
        context["is_asked"] = replace(wish, home="") != Wish()
        if context["is_asked"]:
            context |= _results(request, wish, asked)
    return render(request, "offers/find.html", context)


@login_required
def ranking(request: PageRequest) -> HttpResponse:
    """The rule by which results are put in order, whole and in plain words."""
    found = rule()
    criteria = [(CRITERIA[key], criterion) for key, criterion in found.criteria.items()]
    return render(request, "offers/ranking.html", {"rule": found, "criteria": criteria})


def _results(request: PageRequest, wish: Wish, asked: QueryDict) -> dict[str, object]:
    today, language = request.actor.now.date(), get_language() or "en"
    found = search.found(wish, today=today, after=asked.get("after", ""))
    names = [procedures()[key].name(language) for key in sorted(found.asked.procedures)]
    return {
        "results": [(row, _provider_url(row)) for row in (rows.row_of(each, wish) for each in found.listings)],
        "guessed": names if found.asked.is_guess else [],
        "not_understood": bool(wish.words.strip()) and not found.asked.procedures,
        "is_later_page": "after" in asked,
        "next_url": _url(asked, after=found.after) if found.after else "",
        "first_url": _url(asked, after=""),
        "ways_out": [] if found.listings else _ways_out(wish, asked, today),
    }


def _ways_out(wish: Wish, asked: QueryDict, today: date) -> list[tuple[object, str]]:
    """What to leave out so that something is found: of the filters in use those without which there is something."""
    ways = []
    for name, without, words in rows.narrowing(wish):
        changed = replace(wish, **without)
        if search.found(changed, today=today, size=1).listings:
            fields = DATES if name in DATES else (name,)
            ways.append((words, _url(asked, after="", **dict.fromkeys(fields, ""))))
    return ways


def _url(asked: QueryDict, **changed: str) -> str:
    """The address of this search with some fields changed; what is empty is left out."""
    query = asked.copy()
    for name, value in changed.items():
        query[name] = value
    for name in [name for name, value in query.items() if not value and name != "home"]:
        del query[name]
    return f"{reverse('offers:find')}?{query.urlencode()}"


def _part_links() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(each.name(language), f"{reverse('offers:find')}?part={key}") for key, each in parts().items()]


def _home_of(actor: Actor) -> str:
    """Where a patient lives, as their newest journey says; a reader in another role says it themselves."""
    if actor.role != "patient":
        return ""
    journey = journeys.journeys_for(actor).first()
    country = str(shown(journey, to=actor).country) if journey else ""
    return country if country in costs.costs().countries else ""


def _provider_url(row: rows.ResultRow) -> str:
    try:
        return reverse("offers:provider", args=[row.provider_id])
    except NoReverseMatch:
        return ""
