"""Lays out what goes into a document: which resources there are, in which sections, and what stays behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from clearpath.records import fhir
from clearpath.records.fhir.elements import NOTHING_SAID, TERMS, Resource, absent, coding, concept
from clearpath.records.fhir.facts import Author
from clearpath.records.fhir.people import who
from clearpath.records.going_home import sections as s
from clearpath.records.going_home.fitting import fit
from clearpath.records.going_home.lines import line_of
from clearpath.records.going_home.mending import Fault, as_document, without_text
from clearpath.records.going_home.narrative import words_of
from clearpath.records.going_home.parcel import LeftOut, Parcel
from clearpath.records.going_home.received import (
    Bundle,
    Found,
    Json,
    Told,
    bundle_of,
    loosened,
    name_of,
    references_in,
    renamed,
    told_once,
)
from clearpath.records.going_home.written import own_resources

NOTHING = {  # the kind of resource that says that nothing is known, or that there is none, with its codes
    s.PROBLEMS: ("Condition", "no-problem-info", "no-known-problems"),
    s.ALLERGIES: ("AllergyIntolerance", "no-allergy-info", "no-known-allergies"),
    s.MEDICINES: ("MedicationStatement", "no-medication-info", "no-known-medications"),
}
NIL_KNOWN = "nilknown"  # list-empty-reason of FHIR R4: it was asked, and there is none


@dataclass(slots=True)
class Desk:
    """What lies on the table while one document is made; `faults` are resources that cannot stand as they are."""

    parcel: Parcel
    faults: Mapping[str, Fault] = field(default_factory=dict)
    bundles: list[Bundle] = field(default_factory=list)
    known: dict[str, Found] = field(default_factory=dict)  # by name
    placed: dict[str, list[Found]] = field(default_factory=dict)  # by section
    reached: list[Found] = field(default_factory=list)  # in the order in which they stand in the document
    left_out: list[LeftOut] = field(default_factory=list)

    def laid_out(self) -> "Desk":
        taken_apart = (bundle_of(file, content, self.patient, words_of) for file, content in self.parcel.files)
        self.bundles = [bundle for bundle in taken_apart if bundle is not None]
        self._take_received()
        self._take_own()
        self._mend()
        for code in s.REQUIRED:
            self._say_where_nothing_is_known(code)
        self._reach()
        self._tell_what_stays_behind()
        return self

    @property
    def patient(self) -> str:
        return self.name(f"Patient/{self.parcel.patient.id}")

    @property
    def told(self) -> list[Told]:
        return [each for bundle in self.bundles for each in bundle.told]

    def name(self, key: str) -> str:
        """The name in this document of one of our own resources."""
        return name_of(str(self.parcel.patient.id), key)

    def mine(self, resource: Resource, by: Author | None = None) -> Found:
        """One of our own resources under its name in this document."""
        name = self.name(f"{resource['resourceType']}/{resource['id']}")
        copy = renamed(resource, lambda url: self.name(url) if "/" in url and ":" not in url else url)
        return Found(name, copy | {"id": name.removeprefix("urn:uuid:")}, by=by)

    def pointed_at(self, reference: Any, inside: Json) -> Json:
        """The resource that a reference names, here or contained in the resource itself; {} where it is not here."""
        url = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(url, str) and url.startswith("#"):
            contained = inside.get("contained")
            held = contained if isinstance(contained, list) else []
            return next((each for each in held if isinstance(each, dict) and each.get("id") == url[1:]), {})
        return self.known[url].resource if isinstance(url, str) and url in self.known else {}

    def _take_received(self) -> None:
        for bundle in self.bundles:
            self.left_out += [LeftOut(kind, _("about somebody else")) for kind in bundle.others]
        for found in told_once(self.bundles):
            if s.is_mistake(found.resource):
                name = line_of(found.resource, self.pointed_at).name
                self.left_out.append(LeftOut(name, _("taken back by the sender as a mistake")))
                continue
            section = "" if found.kind in s.NOT_MEDICAL else s.section_of(found)
            self._put(found, section)
            found.resource = fit(found.resource, self.patient)
        self._once_in_social()

    def _once_in_social(self) -> None:
        """Of tobacco and of alcohol use the newest stands in its section, which has room for one of each."""
        for code in s.ONCE_IN_SOCIAL:
            found = [each for each in self.placed.get(s.SOCIAL, []) if code in s.codes_in(each.resource.get("code"))]
            newest = max(found, key=lambda each: str(each.resource.get("effectiveDateTime", "")), default=None)
            for each in found:
                if each is not newest:
                    self.placed[s.SOCIAL].remove(each)
                    self._put(each, s.FURTHER)

    def _take_own(self) -> None:
        for each in own_resources(self.parcel):
            self._put(self.mine(each.resource, each.by), *each.sections)
        authors, keeper = self.parcel.authors(), self.parcel.custodian
        organisations = [each.organisation for each in authors if each.organisation] + ([keeper] if keeper else [])
        for resource in (
            *map(fhir.practitioner_to_fhir, authors),
            *map(fhir.practitioner_role_to_fhir, authors),
            *map(fhir.organisation_to_fhir, organisations),
        ):
            self._put(self.mine(resource))

    def _put(self, found: Found, *sections: str) -> None:
        self.known.setdefault(found.name, found)
        for section in sections:
            if section:
                self.placed.setdefault(section, []).append(found)

    def _mend(self) -> None:
        """What breaks a rule of FHIR stands as a document, whole and as it was sent; nothing points to it as a fact."""
        documents = set()
        for name, fault in self.faults.items():
            found = self.known.get(name)
            if found is None:
                continue
            line = line_of(found.resource, self.pointed_at)
            if fault.only_text:
                found.resource = without_text(found.resource)
                self.left_out.append(LeftOut(_("Narrative of %(what)s") % {"what": line.name}, fault.says))
                continue
            documents.add(name)
            found.sent, found.resource = found.resource, as_document(found, line.name, self.patient)
            self.left_out.append(LeftOut(line.name, _("stands as a document, as it was sent: %s") % fault.says))
        for found in self.known.values() if documents else ():
            if found.kind != "Provenance":
                found.resource = loosened(found.resource, lambda url: url not in documents)

    def _say_where_nothing_is_known(self, code: str) -> None:
        """A section that must not be empty says that nothing is known, or that there is none where a file says so."""
        here = self.placed.setdefault(code, [])
        kind, no_information, none_known = NOTHING[code]
        if said := [each for each in here if no_information not in _codes(each.resource)]:
            self.placed[code] = said
            for silent in [each for each in here if each not in said]:
                # Somebody knows: that somebody else did not is no fact.
                self.left_out.append(LeftOut(str(s.HEADINGS[code].title), _("another file knows more")))
                del self.known[silent.name]
            return
        if here:
            return
        told = [each for each in self.told if each.code == code]
        none = [each.file for each in told if each.reason == NIL_KNOWN]
        in_words = [each for each in told if each.words and not each.reason]
        for each in in_words:
            key = uuid5(NAMESPACE_URL, each.file.sha256 + code)
            text = fhir.text_to_fhir(key, _("In the words of the sender"), each.words, self.parcel.patient.id)
            found = self.mine(text)
            found.files = [each.file]
            self._put(found, code)
        if none or not in_words:
            found = self.mine(_nothing(kind, none_known if none else no_information, self.parcel.patient.id))
            found.files = none
            self._put(found, code)

    def _reach(self) -> None:
        """Everything that a section names, and all that this points to; parts of nothing stand by themselves."""
        reached = self._follow(self._named())
        loose = [each for each in self.known.values() if each.kind in s.PARTS and each.name not in reached]
        part_of_loose = {url for each in loose for url in references_in(each.resource)}
        for each in loose:
            if each.name not in part_of_loose:
                self._put(each, s.FURTHER)
        authors = [self.name(who(each)["reference"]) for each in self.parcel.authors()[:1]]
        keeper = [self.name(f"Organization/{self.parcel.custodian.id}")] if self.parcel.custodian else []
        senders = [str(each.get("reference")) for bundle in self.bundles for each in bundle.authors]
        self.reached = [self.known[name] for name in self._follow([*authors, *keeper, *self._named(), *senders])]

    def _named(self) -> list[str]:
        return [each.name for section in s.HEADINGS for each in self.placed.get(section, [])]

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

    def _tell_what_stays_behind(self) -> None:
        there = {each.name for each in self.reached}
        counts: dict[tuple[str, str], int] = {}
        for each in self.known.values():
            if each.files and each.name not in there and each.kind != "Provenance":
                why = _("not medical") if each.kind in s.NOT_MEDICAL else _("no fact names it")
                counts[each.kind, why] = counts.get((each.kind, why), 0) + 1
        self.left_out += [LeftOut(f"{kind} × {count}", why) for (kind, why), count in sorted(counts.items())]


def _codes(resource: Json) -> set[str]:
    return s.codes_in(resource.get("code")) | s.codes_in(resource.get("medicationCodeableConcept"))


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
