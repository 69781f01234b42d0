"""What was written on the journey itself: which resources it makes, in which sections, and as which texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.records import fhir
from clearpath.records.fhir.elements import Resource
from clearpath.records.fhir.facts import Author, Headed, Noted
from clearpath.records.going_home import sections as s
from clearpath.records.going_home.parcel import Parcel


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource of our own; without sections it goes along with those that point to it."""

    resource: Resource
    by: Author | None = None
    sections: tuple[str, ...] = ()


ISOLATED, UNTIL = "\u2068", "\u2069"  # first strong isolate, pop directional isolate (Unicode, UAX #9)
OF_OPINION = {"ClinicalImpression": (s.OPINION,), "CarePlan": (s.PLAN,)}
OF_DISCHARGE = {"CarePlan": (s.HOME, s.PLAN), "DocumentReference": (s.MEDICINES,)}
OF_IMPLANT = {"DeviceUseStatement": (s.DEVICES,)}


def own_resources(parcel: Parcel) -> list[Placed]:
    return list(_resources(parcel))


def _resources(parcel: Parcel) -> Iterator[Placed]:
    patient = parcel.patient.id
    for opinion in parcel.opinions:
        for resource in fhir.opinion_to_fhir(opinion, patient):
            yield Placed(resource, opinion.by, OF_OPINION.get(resource["resourceType"], ()))
    for noted in parcel.notes:
        yield Placed(fhir.note_to_fhir(noted, patient), noted.by, (s.OPINION,))
    for noted in parcel.stay:
        yield Placed(fhir.note_to_fhir(noted, patient), noted.by, (s.STAY,))
    for done in parcel.treatments:
        yield Placed(fhir.procedure_to_fhir(done, patient), done.by, (s.PROCEDURES,))
    for implant in parcel.implants:
        for resource in fhir.implant_to_fhir(implant, patient):
            yield Placed(resource, implant.by, OF_IMPLANT.get(resource["resourceType"], ()))
    for medicine in parcel.medicines:
        yield Placed(fhir.medicine_to_fhir(medicine, patient), medicine.by, (s.MEDICINES,))
    for discharge in parcel.discharges:
        for resource in fhir.discharge_to_fhir(discharge, patient, _("Medicines at discharge")):
            yield Placed(resource, discharge.by, OF_DISCHARGE.get(resource["resourceType"], ()))
    for certificate in parcel.certificates:
        resource = fhir.fit_to_fly_to_fhir(certificate, patient, _("Fit to fly"))
        yield Placed(resource, certificate.by, (s.HOME,))
    for consent in parcel.consents:
        yield Placed(fhir.informed_consent_to_fhir(consent, patient), consent.by, (s.CONSENT,))
    for file, _content in parcel.files:
        yield Placed(fhir.file_to_fhir(file, patient), None, (s.PAPERS,))


def texts_of(parcel: Parcel) -> dict[str, list[tuple[str, str]]]:
    """Texts by section, each under a heading that says what it is, who wrote it and when."""
    found: dict[str, list[tuple[str, str]]] = {}

    def say(code: str, heading: str, text: str) -> None:
        if text:
            found.setdefault(code, []).append((heading, text))

    def say_more(code: str, more: Headed) -> None:
        for heading, text in more:
            say(code, heading, text)

    for opinion in parcel.opinions:
        head = _signed(_("Medical opinion"), opinion.by, opinion.at)
        say(s.OPINION, head, _joined(opinion.suitability, opinion.conditions))
        say(s.OPINION, _("Plan"), opinion.plan)
        say(s.OPINION, _("Risks"), opinion.risks)
        say(s.OPINION, _("Alternatives"), opinion.alternatives)
        say(s.OPINION, _("Days from arrival to the flight home"), str(opinion.stay_days or ""))
        say_more(s.OPINION, opinion.more)
    for noted in parcel.notes:
        say(s.OPINION, _noted(noted), noted.text or noted.name)
        say_more(s.OPINION, noted.more)
    for _at, heading, text, more in sorted(_stay(parcel), key=lambda each: each[0]):
        say(s.STAY, heading, text)
        say_more(s.STAY, more)
    for discharge in parcel.discharges:
        say(s.MEDICINES, _signed(_("Medicines at discharge"), discharge.by, discharge.on), discharge.medicines)
        say(s.HOME, _signed(_("Warning signs"), discharge.by, discharge.on), discharge.warning_signs)
        say(s.HOME, _signed(_("What follows"), discharge.by, discharge.on), discharge.follow_up)
        say_more(s.HOME, discharge.more)
    for certificate in parcel.certificates:
        say(s.HOME, _signed(_("Fit to fly"), certificate.by, certificate.at), certificate.text)
    for consent in parcel.consents:
        name = _("Consent to treatment, taken back") if consent.withdrawn_at else _("Consent to treatment")
        say(s.CONSENT, _signed(name, consent.by, consent.withdrawn_at or consent.at), consent.wording)
        say(s.CONSENT, _("Explanation of the treatment"), consent.explained)
    say(s.STORY, "", parcel.story)
    return found


def _stay(parcel: Parcel) -> Iterator[tuple[datetime, str, str, Headed]]:
    """When it was written, heading, text and what more is said, of all that happened in the hospital."""
    for done in parcel.treatments:
        yield done.at, _signed(_("Treatment"), done.by, done.on or done.at), done.text or done.name, done.more
    for noted in parcel.stay:
        yield noted.at, _noted(noted), noted.text or noted.name, noted.more
    for discharge in parcel.discharges:
        yield discharge.at, _signed(_("Discharge"), discharge.by, discharge.on), discharge.summary, ()


def _noted(noted: Noted) -> str:
    return _signed(noted.name, noted.by, noted.on or noted.at)


def _signed(name: str, by: Author, at: date) -> str:
    organisation = by.organisation.name if by.organisation else ""
    # Each part keeps its own direction, or the day of a date runs away to a name in another script.
    parts = filter(None, [name, by.name, organisation, date_format(at, "DATE_FORMAT")])
    return " · ".join(f"{ISOLATED}{each}{UNTIL}" for each in parts)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
