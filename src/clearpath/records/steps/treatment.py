"""Explaining, consenting, treating."""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.records import lines, policies, signals
from clearpath.records.lines import Device
from clearpath.records.models import Implant, InformedConsent, Note
from clearpath.records.steps.notes import keep
from clearpath.records.udi import read_label
from clearpath.turns.models import Lane
from clearpath.turns.step import announce, remember, step
from clearpath.turns.subject import Subject

LABEL_PARTS = ("device_identifier", "lot", "serial", "made_on", "expires_on")


@step("records.explain_treatment")
def explain_treatment(
    journey: Subject,
    *,
    text: str,
    language: str,
    purpose: str = "",
    risks: str = "",
    alternatives: str = "",
    what_follows: str = "",
    who_operates: str = "",
    complication_costs: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Note:
    """Explain the treatment (`text`: what is done) in a language that the patient understands.

    Refused: text_needed, explanation_incomplete, language_needed.
    """
    parts = {
        "purpose": purpose, "risks": risks, "alternatives": alternatives, "what_follows": what_follows,
        "who_operates": who_operates, "complication_costs": complication_costs,
    }  # fmt: skip
    refuse_if(policies.why_not_explain(text, language, parts))
    return keep(journey, Note.Kind.EXPLANATION, text, lane, by, language=language, details=parts)


@step("records.give_informed_consent")
def give_informed_consent(journey: Subject, *, wording: str, language: str, by: Actor) -> InformedConsent:
    """Agree to the treatment as it was explained last, in these very words.

    Refused: nothing_explained, wording_needed, informed_consent_in_force.
    """
    explained = Note.objects.filter(journey_id=journey.pk, kind=Note.Kind.EXPLANATION).order_by("-pk").first()
    in_force = InformedConsent.objects.filter(journey_id=journey.pk, withdrawn_at=None).exists()
    refuse_if(
        policies.why_not_give_informed_consent(wording, language, is_explained=explained is not None, in_force=in_force)
    )
    assert explained is not None  # noqa: S101 - the policy refuses it
    remember(wording=wording, language=language, explanation=explained.pk)
    return InformedConsent.objects.create(
        journey_id=journey.pk,
        explanation=explained,
        wording=wording,
        language=language,
        given_at=by.now,
        given_by_id=cast(UUID, by.person_id),
    )


@step("records.withdraw_informed_consent")
def withdraw_informed_consent(journey: Subject, *, reason: str = "", by: Actor) -> InformedConsent:
    """Take the yes to the treatment back; a reason may be given and is not asked for.

    Refused: no_informed_consent.
    """
    consent = InformedConsent.objects.filter(journey_id=journey.pk, withdrawn_at=None).first()
    if consent is None:
        raise Refused(Objection("no_informed_consent", _("There is no consent to take back.")))
    consent.withdrawn_at, consent.why_withdrawn = by.now, reason
    consent.save(update_fields=["withdrawn_at", "why_withdrawn"])
    remember(consent=consent.pk, reason=reason)
    return consent


@step("records.treat")
def treat(
    journey: Subject,
    *,
    text: str,
    treated_on: date,
    approach: str = "",
    findings: str = "",
    complications: str = "",
    closure: str = "",
    drains: str = "",
    operator: str = "",
    anaesthesia: str = "",
    drugs: str = "",
    materials: str = "",
    event: str = "",
    implants: str | Sequence[Device] = (),
    no_implants: bool = False,
    lane: Lane | None = None,
    by: Actor,
) -> Note:
    """Record what was done (`text`: the procedure), and what stays in the body.

    `event` is what the fit-to-fly table calls it, where that is more than was planned.
    Refused: text_needed, day_is_ahead, no_such_event, implants_contradict, udi_unreadable, udi_check_digit, udi_day.
    """
    refuse_if(policies.why_not_without_text(text))
    refuse_if(policies.why_not_on(treated_on, today=by.now.date()))
    devices = lines.lines_of(Device, implants)
    refuse_if(policies.why_not_record(event, has_implants=bool(devices), no_implants=no_implants))
    labels = [read_label(each.udi, today=by.now.date()) if each.udi.strip() else None for each in devices]
    details = {
        "approach": approach, "findings": findings, "complications": complications, "closure": closure,
        "drains": drains, "operator": operator, "anaesthesia": anaesthesia, "drugs": drugs, "materials": materials,
        "event": event, "implants": "none" if no_implants else "listed" if devices else "",
    }  # fmt: skip
    remember(implants=lines.kept(devices))
    note = keep(journey, Note.Kind.TREATMENT, text, lane, by, happened_on=treated_on, details=details)
    assert lane is not None  # noqa: S101 - a doctor's step is about a lane
    for device, label in zip(devices, labels, strict=True):
        read = {name: getattr(label, name) for name in LABEL_PARTS} if label else {}
        Implant.objects.create(
            journey_id=journey.pk, lane=lane, treatment=note, name=device.name, udi=device.udi,
            implanted_at=by.now, written_by_id=cast(UUID, by.person_id), **read,
        )  # fmt: skip
    announce(signals.treated, journey_id=journey.pk, treated_on=treated_on)
    return note
