"""What we know, as plain facts: made of our rows in one place, so that translating never meets a database."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

Headed = tuple[tuple[str, str], ...]  # further texts, each under its heading


@dataclass(frozen=True, slots=True)
class Organised:
    """An organisation."""

    id: UUID
    name: str
    country: str = ""  # ISO 3166-1 alpha-2
    city: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something, and for which organisation."""

    id: UUID
    name: str
    organisation: Organised | None = None
    role: str = "doctor"


@dataclass(frozen=True, slots=True)
class Traveller:
    """The patient."""

    id: UUID
    name: str
    born_on: date | None = None
    country: str = ""
    language: str = ""
    email: str = ""
    phone: str = ""
    reference: str = ""  # what people call the journey on the phone
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opined:
    """A doctor's structured answer."""

    id: UUID
    at: datetime
    by: Author
    asked: str  # what the patient asks for, in their words
    suitability: str  # in words
    plan: str
    conditions: str = ""
    risks: str = ""
    alternatives: str = ""
    stay_days: int = 0
    more: Headed = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """Another text of a doctor, such as a second opinion; `name` says what it is."""

    id: UUID
    at: datetime
    by: Author
    name: str
    text: str
    on: date | None = None
    more: Headed = ()


@dataclass(frozen=True, slots=True)
class Performed:
    """What was done to the patient."""

    id: UUID
    at: datetime  # of writing
    by: Author
    name: str
    text: str = ""
    on: date | None = None
    more: Headed = ()
    code: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Implanted:
    """What stays in the body. `udi` is the carrier as printed on the label, `device_identifier` its first part."""

    id: UUID
    at: datetime
    by: Author
    name: str
    udi: str = ""
    device_identifier: str = ""
    maker: str = ""
    model: str = ""
    lot: str = ""
    serial: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    on: date | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A medicine to take at home."""

    id: UUID
    at: datetime
    by: Author
    name: str
    dose: str = ""
    until: date | None = None
    why: str = ""
    code: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Discharged:
    """What the patient takes along from the hospital."""

    id: UUID
    at: datetime
    by: Author
    on: date
    summary: str
    medicines: str  # as written, where they are no facts of their own
    warning_signs: str
    follow_up: str
    appointments: tuple[str, ...] = ()  # what follows, one by one
    more: Headed = ()
    is_replaced: bool = False  # the patient was taken in again, and a later discharge holds


@dataclass(frozen=True, slots=True)
class Certified:
    """The days on which a doctor lets the patient fly, both included."""

    id: UUID
    at: datetime
    by: Author
    fit_from: date
    fit_until: date
    text: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The patient's yes to a treatment that was explained."""

    id: UUID
    at: datetime
    by: Author
    wording: str
    language: str
    explained: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A file as it was received."""

    id: UUID
    at: datetime
    title: str
    media_type: str
    size: int  # bytes
    sha256: str
    made_by: str = ""  # as the sender says
    added_as: str = ""
