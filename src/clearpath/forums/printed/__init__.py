"""A forum on paper, as PDF/UA with our own fonts: badge and agenda of a delegate, and the organizer's report."""

import io
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from clearpath.forums.models import Forum
from clearpath.forums.my_agenda import Day, clock
from clearpath.forums.queries import Who
from clearpath.records.going_home.narrative import direction_of, printable
from clearpath.records.going_home.printed import HERE as BESIDE_FONTS
from clearpath.web.roles import role_words

HERE = Path(__file__).parent


def badge_and_agenda(forum: Forum, who: Who, days: Iterable[Day], *, link: str) -> bytes:
    """One sheet: the badge to be cut out, whose QR code holds `link`, and the meetings by day."""
    return _compiled(
        "agenda.typ",
        {
            "title": forum.name,
            "where": _run(f"{forum.city}, {forum.country}"),
            "zone": _("Times are those of the place (%(zone)s).") % {"zone": forum.time_zone},
            "name": _run(who.name or who.organisation),
            "organisation": _run(who.organisation if who.name else ""),
            "role": str(role_words(who.role).label),
            "code": _code(link),
            "says": _("The organizer scans this when you arrive. It holds no contact."),
            "heads": [_("Time"), _("With whom"), _("Where")],
            "empty": _("No meetings yet."),
            "days": [
                {
                    "day": date_format(day.day, "DATE_FORMAT"),
                    "lines": [
                        [_run(clock(forum, line.begins_at)), _run(_who(line)), _run(line.place)] for line in day.lines
                    ],
                }
                for day in days
            ],
        },
    )


def report_on_paper(forum: Forum, sections: Iterable[dict[str, Any]]) -> bytes:
    """The report: sections with `title`, `heads` and `rows` of plain text."""
    return _compiled(
        "report.typ",
        {
            "title": _("What became of %(forum)s") % {"forum": forum.name},
            "lead": _("Counted from what happened on the network. Patients are counted, never named."),
            "sections": [each | {"rows": [[_run(cell) for cell in row] for row in each["rows"]]} for each in sections],
        },
    )


def _who(line: Any) -> str:
    return f"{line.organisation}\n{line.person}" if line.person else str(line.organisation)


def _code(link: str) -> str:
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    plain = data | {"lang": get_language() or "en", "dir": "rtl" if get_language_bidi() else "ltr"}
    pdf: bytes = typst.compile(
        HERE / template,
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(plain)},
    )
    return pdf


@cache
def _fonts() -> Any:
    folder = BESIDE_FONTS / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _run(text: str) -> dict[str, str]:
    return {"text": printable(text), "dir": direction_of(text)}
