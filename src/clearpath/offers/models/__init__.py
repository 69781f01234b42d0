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
from clearpath.offers.models.choosing import Acknowledgement, Choice, ComparisonSeen, QuestionAsked
from clearpath.offers.models.directory import (
    Capacity,
    DirectoryFile,
    Practitioner,
    Service,
    Site,
    TreatmentPackage,
)
from clearpath.offers.models.experience import Outcome, Review
from clearpath.offers.models.listing import Listing, Standing

__all__ = [
    "Acknowledgement",
    "Admission",
    "AskedAgain",
    "Capacity",
    "Choice",
    "ComparisonSeen",
    "DirectoryFile",
    "Disclosure",
    "Interest",
    "Listing",
    "Offer",
    "OfferItem",
    "Outcome",
    "Practitioner",
    "QuestionAsked",
    "RequestDeclined",
    "Review",
    "Service",
    "Site",
    "Standing",
    "TreatmentPackage",
]
