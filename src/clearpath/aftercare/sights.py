"""The data class of each field of aftercare."""

from clearpath.aftercare.models import DoctorWarning, Ending, Report
from clearpath.turns import sight


def register() -> None:
    """Say who sees what: how the patient is, is an outcome; what the doctor answers is medicine."""
    report = (
        "pain", "temperature_c", "wound", "is_bleeding", "is_short_of_breath", "text", "alarms",
        "reported_at", "reported_as",
    )  # fmt: skip
    classes = {
        Report: dict.fromkeys(report, "outcome"),
        DoctorWarning: dict.fromkeys(("raised_at", "answered_at"), "outcome") | {"answer": "clinical"},
        Ending: dict.fromkeys(("patient_says", "note", "ended_at"), "outcome"),
    }
    for model, names in classes.items():
        sight.register(model, subject="journey_id", owners=("journey__about_id",), classes=names)
