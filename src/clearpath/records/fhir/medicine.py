"""What doctors wrote about a treatment as FHIR R4, from opinion to discharge.

The words are the doctor's own: where nothing was coded nothing gets a code, and a text is never cut into facts.
"""

import base64
from datetime import timedelta
from uuid import UUID

from clearpath.records.fhir.elements import (
    LOINC,
    TERMS,
    URI,
    Resource,
    absent,
    coding,
    concept,
    day,
    filled,
    instant,
    note,
    pointer,
    resource,
)
from clearpath.records.fhir.facts import (
    Agreed,
    Certified,
    Discharged,
    Filed,
    Implanted,
    Noted,
    Opined,
    Performed,
    Prescribed,
)
from clearpath.records.fhir.people import who

GTIN_ISSUER = "http://hl7.org/fhir/NamingSystem/gs1-di"  # GS1, one of the agencies that issue UDIs (FHIR R4, Device)


def opinion_to_fhir(opinion: Opined, patient: UUID) -> list[Resource]:
    """The question as a ServiceRequest, the answer as a ClinicalImpression, the plan as a CarePlan."""
    subject, by = pointer("Patient", patient), who(opinion.by)
    question = resource(
        "ServiceRequest",
        opinion.id,
        status="completed",
        intent="proposal",
        code=concept(text=opinion.asked),
        subject=subject,
        requester=subject,
        performer=[by],
    )
    answer = resource(
        "ClinicalImpression",
        opinion.id,
        status="completed",
        code=concept(text="Medical opinion"),
        subject=subject,
        effectiveDateTime=instant(opinion.at),
        date=instant(opinion.at),
        assessor=by,
        summary=opinion.suitability,
        note=[
            *_headed("Suitable if", opinion.conditions),
            *_headed("Risks", opinion.risks),
            *_headed("Alternatives", opinion.alternatives),
            *(said for heading, text in opinion.more for said in _headed(heading, text)),
        ],
    )
    plan = resource(
        "CarePlan",
        opinion.id,
        status="active",
        intent="plan",
        title=opinion.asked,
        description=opinion.plan,
        subject=subject,
        created=instant(opinion.at),
        author=by,
        supportingInfo=[pointer("ClinicalImpression", opinion.id), pointer("ServiceRequest", opinion.id)],
        note=_headed("Days from arrival to the flight home", str(opinion.stay_days or "")),
    )
    return [question, answer, plan]


def _headed(heading: str, text: str) -> list[Resource]:
    return note(f"{heading}: {text}") if text else []


def note_to_fhir(noted: Noted, patient: UUID) -> Resource:
    """A second opinion, an advice against treatment, or another judgement in a doctor's own words."""
    return resource(
        "ClinicalImpression",
        noted.id,
        status="completed",
        code=concept(text=noted.name),
        subject=pointer("Patient", patient),
        effectiveDateTime=day(noted.on) or instant(noted.at),
        date=instant(noted.at),
        assessor=who(noted.by),
        summary=noted.text,
        note=[said for heading, text in noted.more for said in _headed(heading, text)],
    )


def procedure_to_fhir(done: Performed, patient: UUID) -> Resource:
    found = resource(
        "Procedure",
        done.id,
        status="completed",
        code=concept(*([coding(done.system, done.code)] if done.code else []), text=done.name),
        subject=pointer("Patient", patient),
        performedDateTime=day(done.on),
        recorder=who(done.by),
        performer=[
            filled(
                {
                    "actor": who(done.by),
                    "onBehalfOf": pointer("Organization", done.by.organisation.id, done.by.organisation.name)
                    if done.by.organisation
                    else None,
                }
            )
        ],
        note=[*note(done.text, done.at), *(said for heading, text in done.more for said in _headed(heading, text))],
    )
    if done.on is None:
        found["_performedDateTime"] = absent()
    return found


def implant_to_fhir(implant: Implanted, patient: UUID) -> list[Resource]:
    """The device with its UDI, and that it is used in this patient."""
    carrier = filled(
        {"deviceIdentifier": implant.device_identifier, "carrierHRF": implant.udi, "issuer": _issuer(implant)}
    )
    device = resource(
        "Device",
        implant.id,
        udiCarrier=[carrier] if implant.udi or implant.device_identifier else [],
        status="active",
        manufacturer=implant.maker,
        manufactureDate=day(implant.made_on),
        expirationDate=day(implant.expires_on),
        lotNumber=implant.lot,
        serialNumber=implant.serial,
        deviceName=[{"name": implant.name, "type": "user-friendly-name"}] if implant.name else [],
        modelNumber=implant.model,
        type=concept(text=implant.name),
        patient=pointer("Patient", patient),
    )
    use = resource(
        "DeviceUseStatement",
        implant.id,
        status="active",
        subject=pointer("Patient", patient),
        timingDateTime=day(implant.on),
        recordedOn=instant(implant.at),
        source=who(implant.by),
        device=pointer("Device", implant.id, implant.name),
        bodySite=concept(text=implant.site) if implant.site else None,
    )
    if implant.on is None:
        use["_timingDateTime"] = absent()
    return [device, use]


def _issuer(implant: Implanted) -> str:
    """GS1 where the carrier begins as GS1's do; another issuer is not guessed."""
    return GTIN_ISSUER if implant.udi.startswith("(01)") else ""


def medicine_to_fhir(medicine: Prescribed, patient: UUID) -> Resource:
    """A medicine that goes home with the patient."""
    until = {"boundsPeriod": {"end": day(medicine.until)}} if medicine.until else None
    dose = filled({"text": medicine.dose, "timing": {"repeat": until} if until else None})
    return resource(
        "MedicationRequest",
        medicine.id,
        status="active",
        intent="order",
        category=[concept(coding(TERMS + "medicationrequest-category", "discharge", "Discharge"))],
        medicationCodeableConcept=concept(
            *([coding(medicine.system, medicine.code)] if medicine.code else []), text=medicine.name
        ),
        subject=pointer("Patient", patient),
        authoredOn=instant(medicine.at),
        requester=who(medicine.by),
        reasonCode=[concept(text=medicine.why)] if medicine.why else [],
        dosageInstruction=[dose] if dose else [],
    )


def discharge_to_fhir(discharge: Discharged, patient: UUID, medicines_as: str) -> list[Resource]:
    """What follows as a CarePlan, and the medicines as written as a document; `medicines_as` is its title."""
    subject, by = pointer("Patient", patient), who(discharge.by)
    plan = resource(
        "CarePlan",
        discharge.id,
        status="revoked" if discharge.is_replaced else "active",
        intent="plan",
        description=discharge.follow_up,
        subject=subject,
        period={"start": day(discharge.on)},
        created=instant(discharge.at),
        author=by,
        activity=[{"detail": {"status": "scheduled", "description": each}} for each in discharge.appointments],
        note=[
            *note(discharge.warning_signs, discharge.at),
            *(said for heading, text in discharge.more for said in _headed(heading, text)),
        ],
    )
    if not discharge.medicines:
        return [plan]
    written = text_to_fhir(discharge.id, medicines_as, discharge.medicines, patient)
    return [plan, written | {"author": [by], "date": instant(discharge.at)}]


def fit_to_fly_to_fhir(certificate: Certified, patient: UUID, name: str) -> Resource:
    """The certificate in its very words; its period are the days on which the patient may fly, both included."""
    written = text_to_fhir(certificate.id, name, certificate.text, patient)
    return written | {
        "author": [who(certificate.by)],
        "date": instant(certificate.at),
        "context": {"period": {"start": day(certificate.fit_from), "end": day(certificate.fit_until)}},
    }


def text_to_fhir(key: UUID, name: str, text: str, patient: UUID, media_type: str = "text/plain") -> Resource:
    """A text that was never coded, as a document: people read it, and no machine takes it for a fact."""
    return resource(
        "DocumentReference",
        key,
        status="current",
        type=concept(text=name),
        subject=pointer("Patient", patient),
        description=name,
        content=[
            {
                "attachment": {
                    "contentType": f"{media_type};charset=utf-8",
                    "data": base64.b64encode(text.encode()).decode(),
                    "title": name,
                }
            }
        ],
    )


def informed_consent_to_fhir(consent: Agreed, patient: UUID) -> Resource:
    """The yes to a treatment, in the patient's words; inactive once it was taken back."""
    words = {"contentType": "text/plain;charset=utf-8", "language": consent.language or None}
    text = "\n\n".join(filter(None, (consent.explained, consent.wording)))
    return resource(
        "Consent",
        consent.id,
        status="inactive" if consent.withdrawn_at else "active",
        scope=concept(coding(TERMS + "consentscope", "treatment", "Treatment")),
        category=[concept(coding(LOINC, "59284-0", "Patient Consent"))],
        patient=pointer("Patient", patient),
        dateTime=instant(consent.at),
        performer=[who(consent.by)],
        sourceAttachment=filled(words) | {"data": base64.b64encode(text.encode()).decode()},
        policyRule=concept(text="Council of Europe, Convention on Human Rights and Biomedicine (1997), article 5"),
        provision={"period": filled({"start": instant(consent.at), "end": _end(consent)})},
    )


def _end(consent: Agreed) -> str | None:
    if consent.withdrawn_at is None:
        return None
    return instant(max(consent.withdrawn_at, consent.at + timedelta(seconds=1)))


def file_to_fhir(filed: Filed, patient: UUID) -> Resource:
    """A file that stays where it is: its name, kind, size and digest, without its bytes."""
    return resource(
        "DocumentReference",
        filed.id,
        identifier=[{"system": URI, "value": digest_uri(filed.sha256)}],
        status="current",
        subject=pointer("Patient", patient),
        date=instant(filed.at),
        description=filed.made_by,
        content=[{"attachment": {"contentType": filed.media_type, "size": filed.size, "title": filed.title}}],
    )


def digest_uri(sha256: str) -> str:
    """The SHA-256 of a file as a URI (RFC 6920)."""
    encoded = base64.urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b"=").decode()
    return f"ni:///sha-256;{encoded}"
