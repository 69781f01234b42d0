"""Whether a narrative is the simple XHTML that FHIR allows: rules txt-1 and txt-2.

Source: FHIR R4 4.0.1, narrative.html, "the XHTML content": elements of HTML 4.0 chapters 7 to 11 and 15 without forms,
scripts, frames and objects; nothing that acts.
"""

import re
from functools import cache
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

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
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMED_ENTITY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;"
)  # those of HTML are allowed, XML has five


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def complaints(div: Any) -> list[tuple[Severity, str, str]]:
    """Severity, rule and sentence of each thing wrong."""
    if not isinstance(div, str):
        return [("error", "type", "The narrative must be a text that holds one XHTML <div>.")]
    if "<!DOCTYPE" in div or "<!ENTITY" in div:
        return [("error", "txt-1", "The narrative must not declare a document type or entities.")]
    try:
        root = etree.fromstring(NAMED_ENTITY.sub(" ", div).encode(), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return [("error", "txt-1", f"The narrative is not well-formed XHTML: {_shortly(str(error))}.")]
    found: list[tuple[Severity, str, str]] = []
    if root.tag.removeprefix(XHTML) != "div":
        found.append(("error", "txt-1", "The narrative must be one <div>."))
    elif not root.tag.startswith(XHTML):
        says = 'The <div> of the narrative lacks xmlns="http://www.w3.org/1999/xhtml".'
        found.append(("warning", "xhtml-namespace", says))
    found += [("error", "txt-1", each) for each in _forbidden(root)][:1]
    if not _says_something(root):
        found.append(("error", "txt-2", "The narrative is empty: it must hold some text or a picture."))
    return found


def _shortly(error: str) -> str:
    return error.partition(", line")[0][:120]


def _forbidden(root: Any) -> list[str]:
    tags = {each.tag.removeprefix(XHTML) for each in root.iter(etree.Element)}
    names = {name for each in root.iter(etree.Element) for name in each.attrib}
    bad = sorted(tags - ELEMENTS)
    if bad:
        return [f"The narrative may not hold <{bad[0].rpartition('}')[2]}>."]
    bad = sorted(names - ATTRIBUTES - {XML_LANG})
    return [f"The narrative may not use the attribute “{bad[0].rpartition('}')[2]}”."] if bad else []


def _says_something(root: Any) -> bool:
    return any(text.strip() for text in root.itertext()) or next(root.iter(f"{XHTML}img", "img"), None) is not None
