"""The tables of offers: the directory, what was told, offers and the choice between them, reviews and outcomes."""

from clearpath.offers.models.choice import (
    Admission,
    AskedAgain,
    Disclosure,
    Interest,
    Offer,
    OfferItem,
    RequestDeclined,
)
from clearpath.offers.models.directory import (
    Capacity,
    DirectoryFile,
    Practitioner,
    Service,
    Site,
    TreatmentPackage,
)
from clearpath.offers.models.experience import Outcome, Review

__all__ = [
    "Admission",
    "AskedAgain",
    "Capacity",
    "DirectoryFile",
    "Disclosure",
    "Interest",
    "Offer",
    "OfferItem",
    "Outcome",
    "Practitioner",
    "RequestDeclined",
    "Review",
    "Service",
    "Site",
    "TreatmentPackage",
]
