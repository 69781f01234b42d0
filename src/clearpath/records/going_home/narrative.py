"""What people read, as XHTML that FHIR allows in a narrative (FHIR R4, Narrative, txt-1): in one language, and in the
direction in which its letters run."""

import unicodedata
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clearpath.records.fhir.elements import Resource
from clearpath.records.going_home.lines import Line

NAMESPACE = "http://www.w3.org/1999/xhtml"
UNPRINTABLE = dict.fromkeys((set(range(32)) - {9, 10, 13}) | {0xFFFE, 0xFFFF})  # no XML may hold them
LONGEST_TOLD = 20_000  # letters of one section


def narrative(language: str, texts: Iterable[tuple[str, ...]], lines: Sequence[Line] = ()) -> Resource:
    """A narrative made from data: texts above, such as heading and text, the lines of facts below as a table."""
    told = "".join(f"<p>{'<br/>'.join(map(_run, filter(None, each)))}</p>" for each in texts if any(each))
    div = f"{_open(language)}{told}{_table(lines) if lines else ''}</div>"
    return {"status": "generated", "div": div}


def _open(language: str) -> str:
    direction = "rtl" if get_language_bidi() else "ltr"
    code = quoteattr(language)
    return f'<div xmlns="{NAMESPACE}" lang={code} xml:lang={code} dir="{direction}">'


def _table(lines: Sequence[Line]) -> str:
    heads = "".join(f"<th>{escape(each)}</th>" for each in (_("What"), _("Details"), _("When"), _("From")))
    rows = "".join(
        "<tr>"
        f"<td>{_run(each.name)}</td><td>{'<br/>'.join(map(_run, each.details))}</td>"
        f"<td>{_run(each.when)}</td><td>{_run(each.source)}</td>"
        "</tr>"
        for each in lines
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _run(text: str) -> str:
    """Text in the direction of its own first letter, so that a Latin name stands whole inside Arabic, and back."""
    said = escape(printable(text)).replace("\n", "<br/>")
    return f'<span dir="{direction_of(text)}">{said}</span>' if said else ""


def printable(text: str) -> str:
    return text.translate(UNPRINTABLE).encode("utf-8", "replace").decode()


def direction_of(text: str) -> str:
    for letter in text:
        if (kind := unicodedata.bidirectional(letter)) in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def words_of(div: str) -> str:
    """The words of somebody else's narrative, without its markup."""
    reader = _Words()
    reader.feed(div[:200_000])
    return " ".join(" ".join(reader.words).split())[:LONGEST_TOLD]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
