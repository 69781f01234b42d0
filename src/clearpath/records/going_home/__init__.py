"""What goes home with the patient: one International Patient Summary of everything clinical on a journey.

Others call `ips_of`; an actor takes it through `records.taking_home`. A *parcel* is what there is, as plain facts; the
*document* is made of it, and names in `left_out` what it could not carry.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from clearpath.charter.actor import Actor
from clearpath.records.going_home.composing import document_of
from clearpath.records.going_home.journey import parcel_of
from clearpath.records.going_home.parcel import Document

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

__all__ = ["Document", "document_of", "document_of_journey", "ips_of", "parcel_of"]


def ips_of(journey: "Journey", *, language: str, at: datetime, seen_by: Actor | None = None) -> bytes:
    """The document as JSON: of all that `seen_by` may see, or of everything where nobody is named.

    The caller has checked that it may go out, and leaves the entry in the log.
    """
    return document_of_journey(journey, language=language, at=at, seen_by=seen_by).content


def document_of_journey(journey: "Journey", *, language: str, at: datetime, seen_by: Actor | None = None) -> Document:
    """The same before it is written down, with what could not be carried."""
    return document_of(parcel_of(journey, language=language, at=at, seen_by=seen_by), language=language, at=at)
