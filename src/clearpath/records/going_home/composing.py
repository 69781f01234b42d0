"""Puts the document together: sections that people read, with the resources that machines read beside them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.records import fhir
from clearpath.records.fhir.elements import LOINC, TERMS, URI, Resource, coding, concept, filled, instant
from clearpath.records.fhir.people import who
from clearpath.records.going_home import sections as s
from clearpath.records.going_home.desk import Desk
from clearpath.records.going_home.lines import Line, line_of
from clearpath.records.going_home.mending import Fault, faults_of
from clearpath.records.going_home.narrative import narrative
from clearpath.records.going_home.origins import assembler, origins_of
from clearpath.records.going_home.parcel import Document, Parcel, Section
from clearpath.records.going_home.patient import patient_of
from clearpath.records.going_home.received import Found, name_of
from clearpath.records.going_home.written import texts_of

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
AS_TEXT = (s.STAY, s.HOME, s.OPINION, s.CONSENT)  # what we wrote stands there as text, not in a table


def document_of(parcel: Parcel, *, language: str, at: datetime) -> Document:
    """The document, in a language in which we speak (else in English), as of a moment; checked, and mended where
    something received would break it."""
    spoken = language_spoken(language)
    with translation.override(spoken):
        faults: dict[str, Fault] = {}
        while True:
            desk = Desk(parcel, faults).laid_out()
            document = _Composer(desk, spoken, at).document()
            found = faults_of(document.bundle)
            worse = {name: fault for name, fault in found.items() if name in desk.known or name == desk.patient}
            if all(name in faults and not faults[name].only_text for name in worse):
                return document
            # What was mended once and breaks a rule again is not mended in the same way twice.
            faults |= {
                name: replace(fault, only_text=fault.only_text and name not in faults) for name, fault in worse.items()
            }


def language_spoken(language: str) -> str:
    """The language itself where we speak it, or the one that it is a kind of; else English."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return "en"


@dataclass(frozen=True, slots=True)
class _Composer:
    desk: Desk
    language: str
    at: datetime

    def document(self) -> Document:
        sections = self._sections()
        received = (
            [] if self.desk.patient in self.desk.faults else [each for b in self.desk.bundles for each in b.patients]
        )
        ours = self.desk.mine(fhir.patient_to_fhir(self.desk.parcel.patient))
        patient = patient_of(ours.resource, received)
        name = self._own_name("Composition")
        entries = [
            Found(name, self._composition(sections)),
            Found(ours.name, patient),
            *self.desk.reached,
            *origins_of(self.desk, name, self.at),
        ]
        bundle = _resource(
            "Bundle",
            self._own_name("Bundle"),
            meta={"profile": [IPS + "Bundle-uv-ips"]},
            language=self.language,
            identifier={"system": URI, "value": self._own_name("Bundle")},
            type="document",
            timestamp=instant(self.at),
            entry=[{"fullUrl": each.name, "resource": each.resource} for each in entries],
        )
        left_out, about = tuple(self.desk.left_out), self._about(patient)
        return Document(bundle, sections, left_out, self.language, self.at, about)

    def _sections(self) -> tuple[Section, ...]:
        own_texts = texts_of(self.desk.parcel)
        made = []
        for code, heading in s.HEADINGS.items():
            found = self.desk.placed.get(code, [])
            lines = tuple(self._line(each) for each in found if each.files or code not in AS_TEXT)
            texts = (*own_texts.get(code, []), *self._told(code))
            if code == s.NOT_CARRIED:
                lines = tuple(Line(each.what, (each.why,)) for each in self.desk.left_out)
            if lines or texts or found:
                names = tuple(dict.fromkeys(each.name for each in found))
                made.append(Section(code, str(heading.title), heading.display, texts, lines, names))
        return tuple(made)

    def _told(self, code: str) -> list[tuple[str, str]]:
        """Texts of received sections that name no resource, in the section of their code or in the last one."""
        return [
            (" · ".join(filter(None, [each.title, each.file.made_by or each.file.title])), each.words)
            for each in self.desk.told
            if each.words and (each.code if each.code in s.HEADINGS else s.FURTHER) == code
        ]

    def _line(self, found: Found) -> Line:
        return replace(line_of(found.sent or found.resource, self.desk.pointed_at), source=_source(found))

    def _about(self, patient: Resource) -> tuple[tuple[str, str], ...]:
        ours = self.desk.parcel.patient
        born = date_format(ours.born_on, "DATE_FORMAT") if ours.born_on else str(patient.get("birthDate", ""))
        said = ((_("Name"), ours.name), (_("Born"), born or _("not known")), (_("Journey"), ours.reference))
        return tuple(each for each in said if each[1])

    def _composition(self, sections: tuple[Section, ...]) -> Resource:
        parcel, title = self.desk.parcel, _("Patient summary")
        days = sorted([each.on for each in parcel.treatments if each.on] + [each.on for each in parcel.discharges])
        care = concept(coding(TERMS + "v3-ActClass", "PCPR"))
        period = {"start": days[0].isoformat(), "end": days[-1].isoformat()} if days else None
        authors = parcel.authors()
        return _resource(
            "Composition",
            self._own_name("Composition"),
            meta={"profile": [IPS + "Composition-uv-ips"]},
            language=self.language,
            text=narrative(self.language, [(title, parcel.patient.name)]),
            status="final",
            type=concept(coding(LOINC, "60591-5", "Patient summary Document")),
            subject={"reference": self.desk.patient},
            date=instant(self.at),
            author=[self._pointer(who(authors[0])) if authors else assembler(self.desk)],
            title=title,
            custodian=self._custodian(),
            event=[{"code": [care], "period": period}] if period else [],
            section=[self._section(each) for each in sections],
        )

    def _section(self, section: Section) -> Resource:
        codings = [coding(LOINC, section.code, section.display)] if section.display else []
        texts = section.texts or (() if section.lines else ((section.title,),))
        return filled(
            {
                "title": section.title,
                "code": concept(*codings, text=section.title),
                "text": narrative(self.language, texts, section.lines),
                "entry": [{"reference": name} for name in section.names],
            }
        )

    def _custodian(self) -> Resource | None:
        """Who keeps what was written: the provider, else the doctor's organisation, else nobody is named."""
        authors = self.desk.parcel.authors()
        keeper = self.desk.parcel.custodian or (authors[0].organisation if authors else None)
        return self._pointer({"reference": f"Organization/{keeper.id}", "display": keeper.name}) if keeper else None

    def _pointer(self, reference: Resource) -> Resource:
        return reference | {"reference": self.desk.name(reference["reference"])}

    def _own_name(self, kind: str) -> str:
        return name_of(str(self.desk.parcel.patient.id), kind, instant(self.at), self.language)


def _resource(kind: str, name: str, **elements: Any) -> Resource:
    return {"resourceType": kind, "id": name.removeprefix("urn:uuid:"), **filled(elements)}


def _source(found: Found) -> str:
    """Who says so: the doctor here, or whoever made the files that say it."""
    if found.by:
        organisation = found.by.organisation
        return ", ".join(filter(None, [found.by.name, organisation.name if organisation else ""]))
    return "; ".join(dict.fromkeys(each.made_by or each.title for each in found.files))
