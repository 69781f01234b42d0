"""Our facts as FHIR R4: pure functions `<noun>_to_fhir`, from the plain facts of `facts` to dictionaries.

References are relative, such as `Patient/…`, with our own keys, so that a server can hand the resources out as they
are and a document can name them anew.
"""

from clearpath.records.fhir.elements import Resource
from clearpath.records.fhir.medicine import (
    discharge_to_fhir,
    file_to_fhir,
    fit_to_fly_to_fhir,
    implant_to_fhir,
    informed_consent_to_fhir,
    medicine_to_fhir,
    note_to_fhir,
    opinion_to_fhir,
    procedure_to_fhir,
    text_to_fhir,
)
from clearpath.records.fhir.origin import received_to_fhir, written_to_fhir
from clearpath.records.fhir.people import (
    assembler_to_fhir,
    organisation_to_fhir,
    patient_to_fhir,
    practitioner_role_to_fhir,
    practitioner_to_fhir,
)

__all__ = [
    "Resource",
    "assembler_to_fhir",
    "discharge_to_fhir",
    "file_to_fhir",
    "fit_to_fly_to_fhir",
    "implant_to_fhir",
    "informed_consent_to_fhir",
    "medicine_to_fhir",
    "note_to_fhir",
    "opinion_to_fhir",
    "organisation_to_fhir",
    "patient_to_fhir",
    "practitioner_role_to_fhir",
    "practitioner_to_fhir",
    "procedure_to_fhir",
    "received_to_fhir",
    "text_to_fhir",
    "written_to_fhir",
]
