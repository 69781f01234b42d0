"""A comparison on paper, in the patient's language, from right to left where it is read so."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from clearpath.offers.comparing.basket import Comparison
from clearpath.offers.comparing.wording import Row, Section, headings, how_it_was_made, said_day, sections
from clearpath.records.going_home.narrative import direction_of, printable
from clearpath.records.going_home.printed import HERE as LETTER

HERE = Path(__file__).parent
BESIDE = 4  # offers that stand beside each other on a sheet; the others follow beneath


def printed(comparison: Comparison, *, language: str, title: str = "") -> bytes:
    """The comparison as PDF/UA. Fonts are our own; letters that these lack print as boxes."""
    with translation.override(language):
        data = _data(comparison, language, title)
    pdf: bytes = typst.compile(
        HERE / "comparison.typ",
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data)},
    )
    return pdf


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[LETTER / "fonts"])


def _data(comparison: Comparison, language: str, title: str) -> dict[str, Any]:
    told = sections(comparison)
    names = headings(comparison)
    groups = [range(first, min(first + BESIDE, len(names))) for first in range(0, len(names), BESIDE)]
    return {
        "lang": language,
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "title": _("Offers side by side"),
        "subtitle": _run(title),
        "groups": [_group(told, names, group) for group in groups],
        "notes": [_run(each) for each in how_it_was_made(comparison)],
        "legend": _("A mark stands before what differs between the offers."),
        "footer": _("Compared on %(day)s. It shows what the offers say; it recommends none.")
        % {"day": said_day(comparison.on)},
    }


def _group(told: Iterable[Section], names: tuple[str, ...], which: range) -> dict[str, Any]:
    return {
        "names": [_run(names[number]) for number in which],
        "sections": [
            {"title": section.title, "note": _run(section.note), "rows": [_row(row, which) for row in section.rows]}
            for section in told
        ],
    }


def _row(row: Row, which: range) -> dict[str, Any]:
    return {
        "label": _run(row.label),
        "differs": row.differs,
        "sum": row.is_sum,
        "cells": [
            {"lines": [_run(line) for line in row.cells[number].lines], "tone": row.cells[number].tone}
            for number in which
        ],
    }


def _run(text: str) -> dict[str, str]:
    return {"text": printable(text), "dir": direction_of(text)}
