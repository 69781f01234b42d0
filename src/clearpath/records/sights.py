"""The data class of each field of clinical records."""

from clearpath.records.models import (
    Discharge,
    FitToFly,
    Implant,
    InformedConsent,
    Link,
    LinkAnswer,
    LinkOpening,
    Note,
    Opinion,
    PapersAsked,
    Record,
    Resource,
)
from clearpath.turns import sight

PATIENT = ("journey__about_id",)


def register() -> None:
    """Say who sees what. The days on which the patient may fly are for who plans the travel too."""
    clinical = {
        Record: (
            "title", "media_type", "size", "sha256", "received_at", "received_from", "added_as", "told",
            "findings", "defects", "left_out", "is_scanned", "is_confirmed", "part_of_id", "version_of_id",
        ),
        Resource: ("type", "version", "updated_at", "since", "until", "sealed"),
        InformedConsent: ("wording", "language", "given_at", "withdrawn_at", "why_withdrawn"),
    }  # fmt: skip
    links = ("label", "is_long_term", "is_single_file", "with_summary", "expires_at", "made_at", "stopped_at")
    clinical |= {Link: links, LinkAnswer: ("kind", "name", "reach", "text", "at")}
    for model, names in clinical.items():
        sight.register(model, subject="journey_id", owners=PATIENT, classes=dict.fromkeys(names, "clinical"))
    sight.register(
        LinkOpening,
        subject="link__journey_id",
        owners=("link__journey__about_id",),
        classes=dict.fromkeys(("recipient", "at", "outcome"), "clinical"),
    )
    on_lanes = {
        Opinion: (
            "suitability",
            "conditions",
            "plan",
            "risks",
            "risk_lines",
            "alternatives",
            "stay_days",
            "event",
            "flight_days",
            "why_flight_days",
            "surgeon",
            "surgeon_registration",
            "anaesthetist",
            "anaesthetist_registration",
            "given_at",
        ),
        Note: ("kind", "text", "details", "language", "happened_on", "written_at"),
        Discharge: (
            "discharged_on",
            "summary",
            "medicines",
            "medicine_lines",
            "no_medicines",
            "warning_signs",
            "warning_lines",
            "follow_up",
            "follow_up_lines",
            "letter",
            "images",
            "is_early",
            "written_at",
        ),
        Implant: ("name", "udi", "device_identifier", "lot", "serial", "made_on", "expires_on", "implanted_at"),
        FitToFly: ("text", "declared_at"),
    }
    days = dict.fromkeys(("fit_from", "fit_until"), "travel")
    for model, names in on_lanes.items():
        classes = dict.fromkeys(names, "clinical") | (days if model is FitToFly else {})
        sight.register(model, subject="journey_id", lane="lane_id", owners=PATIENT, classes=classes)
    sight.register(
        PapersAsked, subject="journey_id", owners=PATIENT, classes=dict.fromkeys(("text", "asked_at"), "contact")
    )
