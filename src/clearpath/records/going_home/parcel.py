"""What goes home with a patient, as plain facts, and the document that is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from clearpath.records.fhir.elements import Resource
from clearpath.records.fhir.facts import (
    Agreed,
    Author,
    Certified,
    Discharged,
    Filed,
    Implanted,
    Noted,
    Opined,
    Organised,
    Performed,
    Prescribed,
    Traveller,
)
from clearpath.records.going_home.exact import dumped
from clearpath.records.going_home.lines import Line

Written = Opined | Noted | Performed | Implanted | Prescribed | Discharged | Certified | Agreed


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything clinical on a journey. `files` come with their bytes where these are FHIR, else with none."""

    patient: Traveller
    files: tuple[tuple[Filed, bytes], ...] = ()
    opinions: tuple[Opined, ...] = ()
    notes: tuple[Noted, ...] = ()  # judgements before and beside the treatment
    stay: tuple[Noted, ...] = ()  # what happened in the hospital
    treatments: tuple[Performed, ...] = ()
    implants: tuple[Implanted, ...] = ()
    medicines: tuple[Prescribed, ...] = ()
    discharges: tuple[Discharged, ...] = ()
    certificates: tuple[Certified, ...] = ()
    consents: tuple[Agreed, ...] = ()
    custodian: Organised | None = None
    story: str = ""  # in the patient's words

    def written(self) -> Iterator[Written]:
        yield from self.opinions
        yield from self.notes
        yield from self.stay
        yield from self.treatments
        yield from self.implants
        yield from self.medicines
        yield from self.discharges
        yield from self.certificates
        yield from self.consents

    def authors(self) -> list[Author]:
        """Who wrote here, the one who wrote last first; patients are not authors of medicine."""
        newest = sorted(self.written(), key=lambda each: each.at, reverse=True)
        return list(dict.fromkeys(each.by for each in newest if each.by.role != "patient"))


@dataclass(frozen=True, slots=True)
class Section:
    """A section as people read it and as machines do: `names` are those of its resources."""

    code: str
    title: str
    display: str
    texts: tuple[tuple[str, str], ...] = ()  # heading and text
    lines: tuple[Line, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was received and does not stand in the document as a resource, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """An International Patient Summary; `left_out` stands in its own section of the narrative too."""

    bundle: Resource
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    language: str = "en"
    at: datetime | None = None
    patient: tuple[tuple[str, str], ...] = field(default=())  # what people read of who it is about

    @property
    def content(self) -> bytes:
        return dumped(self.bundle)
