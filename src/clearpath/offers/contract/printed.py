"""The contract on paper: what was kept, as PDF/UA with our own fonts."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from clearpath.records.going_home.narrative import direction_of, printable
from clearpath.records.going_home.printed import HERE as BESIDE_FONTS

HERE = Path(__file__).parent


def printed(contract: str, *, sha256: str, is_translation: bool) -> bytes:
    """A PDF of a contract as `parts.written` made it. `sha256` of the version that decides is printed beneath."""
    pdf: bytes = typst.compile(
        HERE / "contract.typ",
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(_data(json.loads(contract), sha256, is_translation))},
    )
    return pdf


@cache
def _fonts() -> Any:
    folder = BESIDE_FONTS / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _data(contract: dict[str, Any], sha256: str, is_translation: bool) -> dict[str, Any]:
    with translation.override(contract["language"]):
        footer = _("Fingerprint of the version that decides: %s") % sha256
        note = _("For reading only. The version in the language in which you chose decides.") if is_translation else ""
        heads = [_("What"), _("Details")]
    return {
        "lang": contract["language"],
        "dir": "rtl" if contract["rtl"] else "ltr",
        "title": contract["title"],
        "day": contract["day"],
        "note": note,
        "footer": footer,
        "heads": heads,
        "parts": [
            {
                "title": part["title"],
                "says": [_run(text) for text in part["says"]],
                "rows": [[_run(label), _run(value)] for label, value in part["rows"]],
            }
            for part in contract["parts"]
        ],
    }


def _run(text: str) -> dict[str, str]:
    return {"text": printable(text), "dir": direction_of(text)}
