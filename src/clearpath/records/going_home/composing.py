"""Puts the document together: sections first, then whatever they point to, then where all of it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.records import fhir
from clearpath.records.fhir.elements import (
    LOINC,
    NOTHING_SAID,
    TERMS,
    Resource,
    absent,
    coding,
    concept,
    filled,
    instant,
)
from clearpath.records.fhir.facts import Author, Filed
from clearpath.records.fhir.origin import agent
from clearpath.records.fhir.people import who
from clearpath.records.going_home import sections as s
from clearpath.records.going_home.fitting import fit
from clearpath.records.going_home.lines import Line, line_of
from clearpath.records.going_home.narrative import narrative, words_of
from clearpath.records.going_home.parcel import Document, LeftOut, Parcel, Section
from clearpath.records.going_home.patient import patient_of
from clearpath.records.going_home.received import (
    Bundle,
    Found,
    Json,
    Told,
    bundle_of,
    name_of,
    references_in,
    renamed,
    told_once,
)
from clearpath.records.going_home.written import Placed, own_resources, texts_of

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
ASSEMBLER = uuid5(NAMESPACE_URL, "clearpath")
NOTHING = {  # the kind of resource that says that nothing is known, or that there is none, with its codes
    s.PROBLEMS: ("Condition", "no-problem-info", "no-known-problems"),
    s.ALLERGIES: ("AllergyIntolerance", "no-allergy-info", "no-known-allergies"),
    s.MEDICINES: ("MedicationStatement", "no-medication-info", "no-known-medications"),
}
NIL_KNOWN = "nilknown"  # list-empty-reason of FHIR R4: it was asked, and there is none
AS_TEXT = (s.STAY, s.HOME, s.OPINION, s.CONSENT)  # what we wrote stands there as text, not in a table


def document_of(parcel: Parcel, *, language: str, at: datetime) -> Document:
    """The document, in a language in which we speak (else in English), as of a moment."""
    with translation.override(language):
        return _Desk(parcel, translation.get_language() or "en", at).document()


@dataclass(slots=True)
class _Desk:
    """What lies on the table while one document is made."""

    parcel: Parcel
    language: str
    at: datetime
    left_out: list[LeftOut] = field(default_factory=list)
    known: dict[str, Found] = field(default_factory=dict)  # by name
    placed: dict[str, list[Found]] = field(default_factory=dict)  # by section
    senders: set[str] = field(default_factory=set)  # names of who wrote the received documents

    @property
    def seed(self) -> str:
        return f"{self.parcel.patient.id}"

    @property
    def patient(self) -> str:
        return name_of(self.seed, f"Patient/{self.parcel.patient.id}")

    def document(self) -> Document:
        files = ((file, bundle_of(file, content, self.patient, words_of)) for file, content in self.parcel.files)
        bundles = [bundle for _file, bundle in files if bundle is not None]
        self._take_received(bundles)
        self._take_own(own_resources(self.parcel))
        self.senders = {url for bundle in bundles for each in bundle.authors if (url := each.get("reference"))}
        told = [each for bundle in bundles for each in bundle.told]
        for code in s.REQUIRED:
            self._say_nothing_is_known(code, told)
        reached = self._reached()
        self._report_the_rest(reached)
        sections = self._sections(told)
        provenances = self._provenances(bundles, reached)
        ours = self._mine(fhir.patient_to_fhir(self.parcel.patient))
        patient = patient_of(ours.resource, [each for bundle in bundles for each in bundle.patients])
        authors = self._authors()
        entries = [
            Found("", self._composition(sections, authors)),
            Found(ours.name, patient),
            *reached,
            *provenances,
        ]
        return Document(
            self._bundle(entries), sections, tuple(self.left_out), self.language, self.at, self._who_it_is(patient)
        )

    # What there is

    def _take_received(self, bundles: list[Bundle]) -> None:
        for bundle in bundles:
            for kind in bundle.others:
                self.left_out.append(LeftOut(kind, _("about somebody else")))
        for found in told_once(bundles):
            if s.is_mistake(found.resource):
                self.left_out.append(LeftOut(self._line(found).name, _("taken back by the sender as a mistake")))
                continue
            found.resource = fit(found.resource, self.patient)
            self.known[found.name] = found
            if found.kind not in s.NOT_MEDICAL and (section := s.section_of(found)):
                self.placed.setdefault(section, []).append(found)
        self._once_in_social()

    def _once_in_social(self) -> None:
        """Of tobacco and of alcohol use the newest stands in its section, which has room for one of each."""
        for code in s.ONCE_IN_SOCIAL:
            found = [each for each in self.placed.get(s.SOCIAL, []) if code in s.codes_in(each.resource.get("code"))]
            newest = max(found, key=lambda each: str(each.resource.get("effectiveDateTime", "")), default=None)
            for each in found:
                if each is not newest:
                    self.placed[s.SOCIAL].remove(each)
                    self.placed.setdefault(s.FURTHER, []).append(each)

    def _take_own(self, own: Iterable[Placed]) -> None:
        for each in own:
            found = self._mine(each.resource, each.by)
            self.known[found.name] = found
            for section in each.sections:
                self.placed.setdefault(section, []).append(found)

    def _mine(self, resource: Resource, by: Author | None = None) -> Found:
        """One of our own resources under its name in this document."""
        key = f"{resource['resourceType']}/{resource['id']}"
        name = name_of(self.seed, key)
        copy = renamed(resource, lambda url: name_of(self.seed, url) if "/" in url and ":" not in url else url)
        return Found(name, copy | {"id": name.removeprefix("urn:uuid:")}, by=by)

    def _say_nothing_is_known(self, code: str, told: list[Told]) -> None:
        """A section that must not be empty says that nothing is known, or that there is none where a file says so."""
        here = self.placed.setdefault(code, [])
        kind, no_information, none_known = NOTHING[code]
        said = [each for each in here if no_information not in _all_codes(each.resource)]
        if said:
            self.placed[code] = said  # somebody knows: that another knew nothing is no fact
            return
        if here:
            return
        none = [each.file for each in told if each.code == code and each.reason == NIL_KNOWN]
        text_only = [each for each in told if each.code == code and each.words and not each.reason]
        for each in text_only:
            name = _("In the words of the sender")
            key = uuid5(NAMESPACE_URL, each.file.sha256 + code)
            document = self._mine(fhir.text_to_fhir(key, name, each.words, self.parcel.patient.id))
            document.files = [each.file]
            self._add(code, document)
        if none or not text_only:
            found = self._mine(_nothing(kind, none_known if none else no_information, self.parcel.patient.id))
            found.files = none
            self._add(code, found)

    def _add(self, section: str, found: Found) -> None:
        self.known[found.name] = found
        self.placed.setdefault(section, []).append(found)

    def _reached(self) -> list[Found]:
        """Every resource that a section names, and all that these point to; parts of nothing stand by themselves."""
        self._mine_all(self._authors())
        reached = self._follow([each.name for section in s.HEADINGS for each in self.placed.get(section, [])])
        loose = [each for each in self.known.values() if each.kind in s.PARTS and each.name not in reached]
        pointed_to = {url for each in loose for url in references_in(each.resource)}
        for each in loose:
            if each.name not in pointed_to:
                self.placed.setdefault(s.FURTHER, []).append(each)
        named = [each.name for section in s.HEADINGS for each in self.placed.get(section, [])]
        authors = [name_of(self.seed, who(each)["reference"]) for each in self._authors()[:1]]
        custodian = self._custodian()
        authors += [custodian["reference"]] if custodian else []
        return [self.known[name] for name in self._follow([*authors, *named, *sorted(self.senders)])]

    def _mine_all(self, authors: list[Author]) -> None:
        organisations = [each.organisation for each in authors if each.organisation] + (
            [self.parcel.custodian] if self.parcel.custodian else []
        )
        made = [
            *(fhir.practitioner_to_fhir(each) for each in authors),
            *(fhir.practitioner_role_to_fhir(each) for each in authors),
            *(fhir.organisation_to_fhir(each) for each in organisations),
        ]
        for resource in made:
            found = self._mine(resource)
            self.known.setdefault(found.name, found)

    def _follow(self, names: list[str]) -> dict[str, None]:
        reached: dict[str, None] = {}
        waiting = list(reversed(names))
        while waiting:
            name = waiting.pop()
            if name in reached or name not in self.known:
                continue
            reached[name] = None
            waiting.extend(reversed(list(references_in(self.known[name].resource))))
        return reached

    def _authors(self) -> list[Author]:
        return self.parcel.authors()

    def _report_the_rest(self, reached: list[Found]) -> None:
        there = {each.name for each in reached}
        counts: dict[tuple[str, str], int] = {}
        for each in self.known.values():
            if each.files and each.name not in there and each.kind != "Provenance":
                why = _("not medical") if each.kind in s.NOT_MEDICAL else _("no fact names it")
                counts[each.kind, why] = counts.get((each.kind, why), 0) + 1
        self.left_out += [LeftOut(f"{kind} × {count}", why) for (kind, why), count in sorted(counts.items())]

    # What people read

    def _sections(self, told: list[Told]) -> tuple[Section, ...]:
        own_texts = texts_of(self.parcel)
        made = []
        for code, heading in s.HEADINGS.items():
            found = self.placed.get(code, [])
            lines = tuple(self._line(each) for each in found if each.files or code not in AS_TEXT)
            texts = [*own_texts.get(code, []), *self._told_as(code, told)]
            if code == s.NOT_CARRIED:
                lines = tuple(Line(each.what, (each.why,)) for each in self.left_out)
            if lines or texts or found:
                names = tuple(dict.fromkeys(each.name for each in found))
                made.append(Section(code, str(heading.title), heading.display, tuple(texts), lines, names))
        return tuple(made)

    def _told_as(self, code: str, told: list[Told]) -> list[tuple[str, str]]:
        """Texts of received sections that name no resource, in the section of their code or in the last one."""
        found = []
        for each in told:
            here = each.code if each.code in s.HEADINGS else s.FURTHER
            if here == code and each.words:
                source = each.file.made_by or each.file.title
                found.append((f"{each.title} · {source}" if source else each.title, each.words))
        return found

    def _line(self, found: Found) -> Line:
        return replace(line_of(found.resource, self._pointed_at), source=self._source(found))

    def _source(self, found: Found) -> str:
        if found.by:
            organisation = found.by.organisation
            return ", ".join(filter(None, [found.by.name, organisation.name if organisation else ""]))
        return "; ".join(
            dict.fromkeys(filter(None, (each.made_by or each.title or str(each.at.date()) for each in found.files)))
        )

    def _pointed_at(self, reference: Any, inside: Json) -> Json:
        url = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(url, str) and url.startswith("#"):
            contained = inside.get("contained")
            held = contained if isinstance(contained, list) else []
            return next((each for each in held if isinstance(each, dict) and each.get("id") == url[1:]), {})
        return self.known[url].resource if url in self.known else {}

    def _who_it_is(self, patient: Resource) -> tuple[tuple[str, str], ...]:
        ours = self.parcel.patient
        born = date_format(ours.born_on, "DATE_FORMAT") if ours.born_on else str(patient.get("birthDate", ""))
        said = ((_("Name"), ours.name), (_("Born"), born or _("not known")), (_("Journey"), ours.reference))
        return tuple(each for each in said if each[1])

    # What machines read

    def _composition(self, sections: tuple[Section, ...], authors: list[Author]) -> Resource:
        author = self._pointer(who(authors[0])) if authors else self._assembler()
        days = sorted(
            [each.on for each in self.parcel.treatments if each.on] + [each.on for each in self.parcel.discharges]
        )
        period = {"start": days[0].isoformat(), "end": days[-1].isoformat()} if days else None
        care = concept(coding(TERMS + "v3-ActClass", "PCPR"))
        name = _("Patient summary")
        said = [f"{label}: {value}" for label, value in ((_("Name"), self.parcel.patient.name),) if value]
        return fhir_resource(
            "Composition",
            self._own_name("Composition"),
            meta={"profile": [IPS + "Composition-uv-ips"]},
            language=self.language,
            text=narrative(self.language, [name, *said]),
            status="final",
            type=concept(coding(LOINC, "60591-5", "Patient summary Document")),
            subject={"reference": self.patient},
            date=instant(self.at),
            author=[author],
            title=name,
            custodian=self._custodian(),
            event=[{"code": [care], "period": period}] if period else [],
            section=[self._section(each) for each in sections],
        )

    def _section(self, section: Section) -> Resource:
        codings = [coding(LOINC, section.code, section.display)] if section.display else []
        paragraphs = ["\n".join(filter(None, each)) for each in section.texts]
        return filled(
            {
                "title": section.title,
                "code": concept(*codings, text=section.title),
                "text": narrative(
                    self.language, paragraphs or ([section.title] if not section.lines else []), section.lines
                ),
                "entry": [{"reference": name} for name in section.names],
            }
        )

    def _custodian(self) -> Resource | None:
        authors = self._authors()
        keeper = self.parcel.custodian or (authors[0].organisation if authors else None)
        return self._pointer({"reference": f"Organization/{keeper.id}", "display": keeper.name}) if keeper else None

    def _pointer(self, reference: Resource) -> Resource:
        return reference | {"reference": name_of(self.seed, reference["reference"])}

    def _assembler(self) -> Resource:
        return {"reference": name_of(self.seed, f"Device/{ASSEMBLER}"), "display": "Clearpath"}

    def _own_name(self, kind: str) -> str:
        return name_of(self.seed, kind, instant(self.at), self.language)

    def _provenances(self, bundles: list[Bundle], reached: list[Found]) -> list[Found]:
        """Who said what: one for each file that facts came from, one for each author here, one for the document."""
        assembler = agent("assembler", self._assembler())
        made = [self._mine(fhir.assembler_to_fhir(ASSEMBLER))]
        by_file: dict[str, tuple[Filed, list[Resource]]] = {}
        for found in reached:
            for file in found.files:
                by_file.setdefault(file.sha256, (file, []))[1].append({"reference": found.name})
        there = {each.name for each in reached} | {self.patient}
        senders = {bundle.file.sha256: bundle.authors for bundle in bundles}
        for file, targets in by_file.values():
            authors = [each for each in senders.get(file.sha256, ()) if each.get("reference") in there]
            agents = [agent("author", each) for each in authors]
            if not agents and file.made_by:
                agents = [agent("author", {"display": file.made_by})]
            key = uuid5(self.parcel.patient.id, file.sha256)
            made.append(self._mine(fhir.received_to_fhir(key, file, targets, [*agents, assembler])))
        by_author: dict[Author, list[str]] = {}
        for found in reached:
            if found.by:
                by_author.setdefault(found.by, []).append(found.name)
        newest = {each.by: each.at for each in sorted(self.parcel.written(), key=lambda each: each.at)}
        for author, names in by_author.items():
            key = uuid5(self.parcel.patient.id, who(author)["reference"])
            agents = [agent("author", who(author)), assembler]
            targets = [{"reference": each} for each in names]
            made.append(self._mine(fhir.written_to_fhir(key, newest.get(author, self.at), targets, agents)))
        target = [{"reference": self._own_name("Composition")}]
        made.append(self._mine(fhir.written_to_fhir(uuid5(ASSEMBLER, self.seed), self.at, target, [assembler])))
        kept = [each for each in self.known.values() if each.kind == "Provenance" and each.files]
        made += [each for each in kept if _targets(each) and _targets(each) <= there]
        return made

    def _bundle(self, entries: list[Found]) -> Resource:
        entries[0].name = self._own_name("Composition")
        return fhir_resource(
            "Bundle",
            self._own_name("Bundle"),
            meta={"profile": [IPS + "Bundle-uv-ips"]},
            language=self.language,
            identifier={"system": "urn:ietf:rfc:3986", "value": self._own_name("Bundle")},
            type="document",
            timestamp=instant(self.at),
            entry=[{"fullUrl": each.name, "resource": each.resource} for each in entries],
        )


def fhir_resource(kind: str, name: str, **elements: Any) -> Resource:
    return {"resourceType": kind, "id": name.removeprefix("urn:uuid:"), **filled(elements)}


def _all_codes(resource: Json) -> set[str]:
    return s.codes_in(resource.get("code")) | s.codes_in(resource.get("medicationCodeableConcept"))


def _targets(found: Found) -> set[str]:
    return {cast(str, each.get("reference")) for each in found.resource.get("target", []) if isinstance(each, dict)}


def _nothing(kind: str, code: str, patient: UUID) -> Resource:
    """A resource that says that nothing is known of its kind, or that there is none."""
    said = concept(coding(NOTHING_SAID, code))
    subject = {"reference": f"Patient/{patient}"}
    base = {"resourceType": kind, "id": str(uuid5(patient, code))}
    if kind == "MedicationStatement":
        return base | {
            "status": "unknown",
            "medicationCodeableConcept": said,
            "subject": subject,
            "_effectiveDateTime": absent(),
        }
    status = coding(TERMS + ("condition-clinical" if kind == "Condition" else "allergyintolerance-clinical"), "active")
    about = "subject" if kind == "Condition" else "patient"
    return base | {"clinicalStatus": concept(status), "code": said, about: subject}
