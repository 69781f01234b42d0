"""Files as received, and what doctors and the patient wrote about the treatment. Texts are sealed at rest."""

from clearpath.records.models.clients import Client, Token
from clearpath.records.models.digests import Digest
from clearpath.records.models.implants import Implant
from clearpath.records.models.index import Resource, Term
from clearpath.records.models.links import Link, LinkAnswer, LinkOpening
from clearpath.records.models.phrases import Phrase
from clearpath.records.models.received import PapersAsked, Record, RecordNumber, SetAside
from clearpath.records.models.written import Discharge, FitToFly, InformedConsent, Note, Opinion

__all__ = [
    "Client",
    "Digest",
    "Discharge",
    "FitToFly",
    "Implant",
    "InformedConsent",
    "Link",
    "LinkAnswer",
    "LinkOpening",
    "Note",
    "Opinion",
    "PapersAsked",
    "Phrase",
    "Record",
    "RecordNumber",
    "Resource",
    "SetAside",
    "Term",
    "Token",
]
