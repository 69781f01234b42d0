"""Files as received, and what doctors and the patient wrote about the treatment. Texts are sealed at rest."""

from clearpath.records.models.digests import Digest
from clearpath.records.models.received import PapersAsked, Record
from clearpath.records.models.written import Discharge, FitToFly, InformedConsent, Note, Opinion

__all__ = ["Digest", "Discharge", "FitToFly", "InformedConsent", "Note", "Opinion", "PapersAsked", "Record"]
