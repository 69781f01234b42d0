"""How a page shows a file that is not FHIR: as a picture, a text, a document; derived from the bytes each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.records.received import cda, dicom, pictures
from clearpath.records.received.kinds import CDA, DICOM, PICTURES, TEXT

MOST_TEXT = 200_000  # characters; a page is not for more

# What a medical image tells of itself, in the order of a page; the values as sent.
FACTS = {
    "modality": _("Kind of image"),
    "body_part": _("Part of the body"),
    "side": _("Side"),
    "view": _("View"),
    "study": _("Study"),
    "series": _("Series"),
    "number": _("Number in the series"),
    "frames": _("Frames"),
    "on": _("Day"),
    "institution": _("Made at"),
}


@dataclass(frozen=True, slots=True)
class Showing:
    """`has_picture`: the page asks for a preview; `burned_in`: its pixels may show names; `is_cut`: there is more."""

    text: str = ""
    document: cda.Document | None = None
    facts: tuple[tuple[Any, str], ...] = ()
    has_picture: bool = False
    burned_in: bool = False
    is_cut: bool = False

    @property
    def is_anything(self) -> bool:
        return bool(self.text or self.document or self.has_picture)


def showing(media_type: str, content: bytes, told: Mapping[str, Any]) -> Showing:
    """What a page can show of a file."""
    if media_type in PICTURES:
        return Showing(has_picture=pictures.can_preview(content, media_type))
    if media_type == DICOM:
        facts = tuple((words, str(told[key])) for key, words in FACTS.items() if told.get(key))
        return Showing(facts=facts, has_picture=dicom.can_preview(content), burned_in=True)
    if media_type == TEXT:
        text = content.decode("utf-8-sig", "replace")
        return Showing(text=text[:MOST_TEXT], is_cut=len(text) > MOST_TEXT)
    if media_type == CDA:
        document = cda.read(content)
        return Showing(document=document, is_cut=document is not None and document.is_cut)
    return Showing()


def preview(media_type: str, content: bytes) -> tuple[bytes, str] | None:
    """A picture of the file and its media type; None where there is none."""
    found = dicom.preview(content) if media_type == DICOM else None
    if media_type in PICTURES:
        found = pictures.preview(content, media_type)
    if found is None:
        return None
    return found, "image/png" if found.startswith(b"\x89PNG") else "image/jpeg"
