"""Reads XML without ever following what it points to: no entities, no DTD, no network, no huge trees."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from clearpath.core.outcomes import Objection, Refused

BROKEN = Objection("xml_broken", _("This XML file is damaged and cannot be read. Ask the sender for it again."))
OWN_ENTITIES = Objection(
    "xml_with_entities",
    _("This XML file declares a document type of its own, so that it could say one thing here and another there. "
      "Ask the sender for it without."),
)  # fmt: skip


def root_of(content: bytes) -> Any:
    """The root element. Raises Refused: xml_broken, xml_with_entities."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # Before it is parsed: a document type's own part can take long to read.
    if _declares_a_type(content):
        raise Refused(OWN_ENTITIES)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused(BROKEN) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(OWN_ENTITIES)
    return root


def _declares_a_type(content: bytes) -> bool:
    return b"<!DOCTYPE" in content.replace(b"\0", b"")


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for what is none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_of(element: Any) -> str:
    """All text in an element, on one line; "" for None."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
