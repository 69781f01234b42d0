"""A patient summary on paper, for a doctor at home: what the document's narrative says, as PDF in one language."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.records.going_home.narrative import direction_of, printable
from clearpath.records.going_home.parcel import Document, Section

HERE = Path(__file__).parent


def printed(document: Document, *, link: str = "") -> bytes:
    """The document as PDF/UA, with a QR code of a SMART Health Link where there is one.

    Fonts are our own, whatever the machine has. Letters that these lack (Latin, Greek, Cyrillic and Arabic are there)
    print as boxes; the electronic summary has them.
    """
    pdf: bytes = _compiled(document, link, "pdf")
    return pdf


def pictured(document: Document, *, link: str = "", page: int = 0) -> bytes:
    """One page of the same as PNG."""
    pages = _compiled(document, link, "png")
    found: bytes = pages[page] if isinstance(pages, list) else pages
    return found


def _compiled(document: Document, link: str, form: Literal["pdf", "png"]) -> Any:
    return typst.compile(
        HERE / "letter.typ",
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=110,
        pdf_standards=["ua-1"] if form == "pdf" else None,
        sys_inputs={"data": json.dumps(_data(document, link))},
    )


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def _data(document: Document, link: str) -> dict[str, Any]:
    with translation.override(document.language):
        made_on = date_format(document.at, "DATE_FORMAT") if document.at else ""
        return {
            "lang": document.language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "title": _("Patient summary"),
            "patient": [{"label": label, "value": _run(value)} for label, value in document.patient],
            "words": {"heads": [_("What"), _("Details"), _("When"), _("From")]},
            "sections": [_section(each) for each in document.sections],
            "footer": _("Put together on %(day)s from what doctors wrote and what was received. Unknown is not none.")
            % {"day": made_on},
            "link": _link(link) if link else None,
        }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": printable(section.title),
        "texts": [{"heading": _run(heading), "text": _run(text)} for heading, text in section.texts],
        "lines": [
            {
                "name": _run(line.name),
                "details": [_run(each) for each in line.details],
                "when": _run(line.when),
                "source": _run(line.source),
            }
            for line in section.lines
        ],
    }


def _run(text: str) -> dict[str, str]:
    return {"text": printable(text), "dir": direction_of(text)}


def _link(link: str) -> dict[str, Any]:
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return {"code": drawn.getvalue().decode(), "says": _("Scan this to open the summary with all its details.")}
