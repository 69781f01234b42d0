"""What could be understood in a file, in plain words for the patient, from what it told when it came in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from clearpath.records.received.kinds import CDA, DICOM, FHIR, ZIP
from clearpath.web.words import listed

# Modalities that travel, by the defined terms of DICOM PS3.3 C.7.3.1.1.1; others are shown as sent.
MODALITIES = {
    "CR": "X-ray", "DX": "X-ray", "RF": "X-ray", "XA": "X-ray", "MG": "Mammogram", "CT": "CT", "MR": "MRI",
    "US": "Ultrasound", "PT": "PET", "NM": "Scintigram", "ECG": "ECG",
}  # fmt: skip

COUNTED = (
    (ngettext_lazy("%d problem", "%d problems"), "Condition"),
    (ngettext_lazy("%d allergy", "%d allergies"), "AllergyIntolerance"),
    (ngettext_lazy("%d medicine", "%d medicines"), "MedicationStatement", "MedicationRequest"),
    (ngettext_lazy("%d procedure", "%d procedures"), "Procedure"),
    (ngettext_lazy("%d result", "%d results"), "Observation"),
    (ngettext_lazy("%d vaccination", "%d vaccinations"), "Immunization"),
)


def what_is_understood(media_type: str, told: Mapping[str, Any]) -> str:
    """One sentence; "" where there is nothing to say. What is not named in it may be in the file all the same."""
    if media_type == FHIR:
        return _of_fhir(told)
    if media_type == DICOM:
        return _of_dicom(told)
    if media_type == CDA:
        sections = int(told.get("sections") or 0)
        return _join(told.get("title"), told.get("on"), ngettext("%d section", "%d sections", sections) % sections)
    if media_type == ZIP:
        return ""
    return _("A person reads it: nothing in it is understood by the computer.")


def _of_fhir(told: Mapping[str, Any]) -> str:
    counts = told.get("counts") or {}
    sums = [(words, sum(counts.get(kind, 0) for kind in kinds)) for words, *kinds in COUNTED]
    found = [words % number for words, number in sums if number]
    understood = _("Understood: %s.") % listed(found) if found else _("Nothing in it could be understood as a finding.")
    return _join(told.get("title"), told.get("on"), understood)


def _of_dicom(told: Mapping[str, Any]) -> str:
    modality = str(told.get("modality") or "")
    names = {
        "X-ray": _("X-ray"),
        "Mammogram": _("Mammogram"),
        "Ultrasound": _("Ultrasound"),
        "Scintigram": _("Scintigram"),
    }
    kind = MODALITIES.get(modality, modality)
    return _join(
        names.get(kind, kind), told.get("body_part"), told.get("side"), told.get("study") or told.get("series"),
        told.get("on"), told.get("institution"),
    )  # fmt: skip


def _join(*parts: Any) -> str:
    return " · ".join(str(each) for each in parts if each)
