"""Files as received, and what doctors and the patient wrote about the treatment. Texts are sealed at rest."""

from clearpath.records.models.implants import Implant
from clearpath.records.models.phrases import Phrase
from clearpath.records.models.received import PapersAsked, Record
from clearpath.records.models.written import Discharge, FitToFly, InformedConsent, Note, Opinion

__all__ = ["Discharge", "FitToFly", "Implant", "InformedConsent", "Note", "Opinion", "PapersAsked", "Phrase", "Record"]
