"""The summary of a journey's records: one page that a doctor reads in a minute."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from clearpath.journeys import queries as journeys
from clearpath.records import papers, summaries
from clearpath.records.summary import Section, Summary
from clearpath.records.summary.merging import Ref
from clearpath.records.summary.rows import LINE_PAGE, PAGE, TITLES, Maker
from clearpath.web.request import PageRequest


@login_required
def summary(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """Everything that the records say, the most telling first; `all` asks for the whole of one section."""
    journey = journeys.journey_for(request.actor, journey_id)
    found = summaries.summary_for(request.actor, journey)
    address = reverse("records:summary", args=[journey.pk])
    context: dict[str, object] = {"journey_id": journey.pk, "address": address}
    if found is None:
        return render(request, "records/summary_hidden.html", context)
    if section := whole_section(request, found, address):
        return section
    context["papers"] = papers.papers_for(request.actor, journey, summary=found)
    return render(request, "records/summary.html", context | picture(found, maker_for(address)))


def whole_section(request: HttpRequest, found: Summary, address: str) -> HttpResponse | None:
    """The page of all of one section, where the request asks for it."""
    key = request.GET.get("all", "")
    if key not in TITLES:
        return None
    maker = maker_for(address, is_one=len(found.origins) == 1)
    context = {"address": address} | _lines(request, found.section(key), maker)
    return render(request, "records/summary_section.html", context)


def maker_for(address: str, *, is_one: bool = False) -> Maker:
    """Rows whose sources are pages of records, and whose rest is at this address."""

    addresses: dict[UUID, str] = {}

    def link(ref: Ref) -> str:
        record_id = ref.origin.record_id
        if record_id is None:
            return ""
        if record_id not in addresses:
            addresses[record_id] = reverse("records:record", args=[record_id])
        return f"{addresses[record_id]}?entry={ref.entry}"

    def all_of(section: str, place: int | None) -> str:
        return f"{address}?all={section}" + ("" if place is None else f"&line={place}")

    return Maker(link, all_of, is_one)


def picture(found: Summary, maker: Maker) -> dict[str, object]:
    """What the template of a summary shows."""
    sections = [maker.section(each) for each in found.sections]
    return {
        "summary": found,
        "who": maker.who(found),
        "contradictions": [maker.contradiction(each) for each in found.contradictions],
        "sections": sections,
        "first": [each for each in sections if each.key in {"alerts", "allergies", "pregnancy"}],
        "rest": [each for each in sections if each.key not in {"alerts", "allergies", "pregnancy"}],
        "without": [TITLES[key] for key in found.without if key not in {"people", "other", "documents"}],
    }


def _lines(request: HttpRequest, section: Section, maker: Maker) -> dict[str, object]:
    """One page of all lines of a section, or of all that is told of one line."""
    start, place = number_of(request, "from") or 0, number_of(request, "line")
    row = maker.section(section, most=1)
    if place is None:
        lines, count, step = maker.all_lines(section, start=start), len(section.lines), PAGE
    elif place < len(section.lines):
        line = section.lines[place]
        lines, count, step = (), len(line.alike), LINE_PAGE
        if start < count:
            lines = (maker.line(line, section.key, place, most=LINE_PAGE, start=start),)
    else:
        lines, count, step = (), 0, PAGE
    return {
        "section": row,
        "lines": lines,
        "place": place,
        "first_shown": start + 1,
        "last_shown": min(start + step, count),
        "count": count,
        "before": max(0, start - step) if start else None,
        "after": start + step if start + step < count else None,
    }


def number_of(request: HttpRequest, name: str) -> int | None:
    sent = request.GET.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None
