"""What became of a forum: as a page, on paper and as a file."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clearpath.forums import queries
from clearpath.forums.connections import HORIZONS, Count
from clearpath.forums.models import Forum
from clearpath.forums.report import Report, report_for
from clearpath.offers.directory.cells import harmless
from clearpath.web.request import PageRequest
from clearpath.web.roles import role_words


@login_required
def report(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """Connections first, attendance last."""
    forum = queries.forum_for(request.actor, forum_id)
    found = report_for(request.actor, forum)
    heads = [*(ngettext("%(n)s day", "%(n)s days", days) % {"n": days} for days in HORIZONS), _("So far")]
    horizons = [(each.name, list(zip(heads, each.counts, strict=True))) for each in found.horizons]
    context = {"forum": forum, "report": found, "heads": heads, "horizons": horizons}
    return render(request, "forums/report.html", context)


@login_required
def report_file(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """The same as CSV, one figure a row."""
    forum = queries.forum_for(request.actor, forum_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="forum.csv"'
    writer = csv.writer(response)
    writer.writerow(["section", "name", "count", "of", "percent", "least", "most", "last_year", "others"])
    writer.writerows(_rows(report_for(request.actor, forum)))
    return response


def _rows(found: Report) -> Iterator[list[Any]]:
    for trade in found.trades:
        yield ["connections_per_delegate", trade.role, trade.connections, trade.delegates, f"{trade.each:.2f}"]
    yield ["agreements", "", found.agreements]
    yield ["journeys", "", found.journeys]
    yield ["meetings_with_guests", "", found.guest_meetings]
    yield ["next_steps_with_guests", "", found.guest_next_steps]
    for line in found.lines[:-1]:
        yield ["share", line.key, *_counted(line.count), line.share, line.least, line.most, line.last_year, line.others]
    for horizon in found.horizons:
        for days, count in zip((*HORIZONS, "so_far"), horizon.counts, strict=True):
            yield ["after_days", f"{horizon.name} {days}", *_counted(count)]
    for name in found.left_out:
        yield ["left_out", harmless(name)]
    last = found.lines[-1]
    yield ["share", last.key, *_counted(last.count), last.share, last.least, last.most, last.last_year, last.others]


def _counted(count: Count | None) -> tuple[Any, Any]:
    return (count.yes, count.of) if count else ("", "")


@login_required
def report_paper(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """The same as PDF."""
    from clearpath.forums.printed import report_on_paper  # typst is slow to load

    forum = queries.forum_for(request.actor, forum_id)
    response = HttpResponse(
        report_on_paper(forum, _sections(forum, report_for(request.actor, forum))), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'attachment; filename="forum.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _sections(forum: Forum, found: Report) -> list[dict[str, Any]]:  # noqa: ARG001
    """Titles and tables, in the order of the page."""
    so_few = _("too few to tell")
    shares = [
        [f"{line.name} {line.of_what}", _said(line.count) or so_few, _percent(line.share),
         f"{line.least}–{line.most} %" if line.least is not None else "", _percent(line.last_year),
         _percent(line.others)]
        for line in found.lines
    ]  # fmt: skip
    return [
        {
            "title": _("Connections of each delegate, by trade"),
            "heads": [_("Trade"), _("Connections"), _("Delegates"), _("For each delegate")],
            "rows": [
                [str(role_words(each.role).label), str(each.connections), str(each.delegates), f"{each.each:.1f}"]
                for each in found.trades
            ],
        },
        {
            "title": _("What became of the meetings"),
            "heads": [_("What"), _("Count"), "%", _("95 of 100"), _("Last time"), _("Others")],
            "rows": shares[:-1],
        },
        {
            "title": _("After so many days"),
            "heads": [_("What"), *(str(days) for days in HORIZONS), _("So far")],
            "rows": [[str(each.name), *(_said(count) or "–" for count in each.counts)] for each in found.horizons],
        },
        {
            "title": _("Guests, who are counted in meetings and not in connections"),
            "heads": [_("What"), _("Count")],
            "rows": [
                [_("Meetings with guests that took place"), str(found.guest_meetings)],
                [_("Next steps that both wanted"), str(found.guest_next_steps)],
            ],
        },
        {
            "title": _("Who met nobody"),
            "heads": [_("Organisation")],
            "rows": [[name] for name in found.left_out],
        },
        {"title": _("Attendance"), "heads": [_("What"), _("Count"), "%", "", "", ""], "rows": shares[-1:]},
    ]


def _said(count: Count | None) -> str:
    return _("%(yes)s of %(all)s") % {"yes": count.yes, "all": count.of} if count else ""


def _percent(share: int | None) -> str:
    return "" if share is None else f"{share} %"
