"""Whether a narrative is the simple XHTML that FHIR allows: rules txt-1 and txt-2.

Source: FHIR R4 4.0.1, narrative.html, "the XHTML content": elements of HTML 4.0 chapters 7 to 11 and 15 without forms,
scripts, frames and objects; nothing that acts.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from clearpath.records.check.findings import Severity

ELEMENTS = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "address",
        "area",
        "b",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "kbd",
        "li",
        "map",
        "ol",
        "p",
        "pre",
        "q",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "ul",
        "var",
    }
)
ATTRIBUTES = frozenset(
    {
        "abbr",
        "accesskey",
        "align",
        "alt",
        "axis",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "char",
        "charoff",
        "charset",
        "cite",
        "class",
        "color",
        "colspan",
        "compact",
        "coords",
        "datetime",
        "dir",
        "face",
        "frame",
        "headers",
        "height",
        "href",
        "hreflang",
        "hspace",
        "id",
        "ismap",
        "lang",
        "longdesc",
        "name",
        "nohref",
        "noshade",
        "nowrap",
        "rel",
        "rev",
        "rowspan",
        "rules",
        "scope",
        "shape",
        "size",
        "span",
        "src",
        "start",
        "style",
        "summary",
        "tabindex",
        "title",
        "type",
        "usemap",
        "valign",
        "value",
        "vspace",
        "width",
    }
)
DEEPEST = 200
XHTML = "http://www.w3.org/1999/xhtml "
LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
# Those of HTML are allowed; XML itself has five.
NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")


@dataclass(slots=True)
class Seen:
    """What one narrative holds, noted while it is read, so that no tree of it is built."""

    root: str = ""
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    says: bool = False
    depth: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} elements")
        self.root = self.root or tag
        self.tags.add(tag)
        self.attributes.update(attributes)

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def text(self, data: str) -> None:
        self.says = self.says or not data.isspace()


def complaints(div: Any) -> list[tuple[Severity, str, str]]:
    """Severity, rule and sentence of each thing wrong."""
    if not isinstance(div, str):
        return [("error", "type", "The narrative must be a text that holds one XHTML <div>.")]
    if "<!DOCTYPE" in div or "<!ENTITY" in div:
        return [("error", "txt-1", "The narrative must not declare a document type or entities.")]
    try:
        seen = _read(NAMED_ENTITY.sub(" ", div))
    except (expat.ExpatError, ValueError) as error:
        return [("error", "txt-1", f"The narrative is not well-formed XHTML: {str(error).partition(':')[0]}.")]
    found: list[tuple[Severity, str, str]] = []
    if seen.root.removeprefix(XHTML) != "div":
        found.append(("error", "txt-1", "The narrative must be one <div>."))
    elif not seen.root.startswith(XHTML):
        says = 'The <div> of the narrative lacks xmlns="http://www.w3.org/1999/xhtml".'
        found.append(("warning", "xhtml-namespace", says))
    if says := _forbidden(seen):
        found.append(("error", "txt-1", says))
    if not seen.says and not seen.tags & {"img", f"{XHTML}img"}:
        found.append(("error", "txt-2", "The narrative is empty: it must hold some text or a picture."))
    return found


def _read(div: str) -> Seen:
    seen = Seen()
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.CharacterDataHandler = seen.text
    parser.Parse(div.encode(), True)
    return seen


def _forbidden(seen: Seen) -> str:
    tags = sorted({each.removeprefix(XHTML) for each in seen.tags} - ELEMENTS)
    if tags:
        return f"The narrative may not hold <{_short(tags[0])}>."
    attributes = sorted(seen.attributes - ATTRIBUTES - {LANGUAGE})
    return f"The narrative may not use the attribute “{_short(attributes[0])}”." if attributes else ""


def _short(name: str) -> str:
    return name.rpartition(" ")[2][:40]
