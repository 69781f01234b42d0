"""The lines of a price and what stands beside it in an offer: what each says, and what an offer keeps of it.

One form everywhere: in the form of an offer, in a package, in a file of offers (`data/offers.schema.json`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a line is for."""

    TREATMENT = "treatment", _("Treatment")
    STAY = "stay", _("Hospital stay")
    DOCTOR = "doctor", _("Doctors")
    MEDICINE = "medicine", _("Medicines")
    IMPLANT = "implant", _("Implant")
    TESTS = "tests", _("Tests")
    INTERPRETER = "interpreter", _("Interpreter")
    TRANSFER = "transfer", _("Transfer")
    LODGING = "lodging", _("Lodging")
    COMPLICATION_COVER = "complication_cover", _("Cover for complications")
    FOLLOW_UP = "follow_up", _("Follow-up")
    OTHER = "other", _("Something else")


class Standing(TextChoices):
    """Whether a line is in the price."""

    INCLUDED = "included", _("Included")
    OPTIONAL = "optional", _("Optional")
    EXCLUDED = "excluded", _("Not included")


class Who(TextChoices):
    """Who cancels, in a refund table."""

    PATIENT = "patient", _("You")
    PROVIDER = "provider", _("The hospital")
    DOCTOR = "doctor", _("The doctor advises against it")


SAID_BY_HOSPITAL = {  # the same in the words of who writes the offer
    Who.PATIENT.value: _("The patient cancels"),
    Who.PROVIDER.value: _("We cancel"),
    Who.DOCTOR.value: _("The doctor advises against it"),
}


class PaidBy(TextChoices):
    """Who pays when something goes wrong."""

    PROVIDER = "provider", _("The hospital")
    PATIENT = "patient", _("You")
    INSURANCE = "insurance", _("An insurance")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price. `amount_minor` with tax, in minor units; of what is not included, 0 says: not known."""

    label: str
    amount_minor: int
    kind: str = Kind.OTHER.value
    standing: str = Standing.INCLUDED.value
    tax_bps: int = 0  # of the amount before tax
    maker: str = ""  # of an implant

    @property
    def is_included(self) -> bool:
        return self.standing == Standing.INCLUDED


@dataclass(frozen=True, slots=True)
class Refund:
    """A row of the refund table: this share returns when they cancel at least so many days before the admission."""

    who: str
    days_before: int
    share_bps: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Aftercare that is promised: how many days after the discharge, and how."""

    day: int
    how: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an offer promises beside its price."""

    surgeon: str = ""
    anaesthetist: str = ""
    site_id: UUID | None = None
    package_id: UUID | None = None  # from which it was built
    starts_on: date | None = None  # admission
    ends_on: date | None = None  # the first day on which the patient may fly home
    deposit_minor: int = 0
    refunds: Sequence[Refund] = ()
    complications_paid_by: str = ""  # empty: not said
    complications_note: str = ""
    aftercare: Sequence[Promise] = ()


NO_PLAN = Plan()


def line_of(given: Line | Mapping[str, Any] | tuple[str, int]) -> Line:
    """A line as it was given: whole, as written in JSON, or as the old pair of label and amount."""
    if isinstance(given, Line):
        return given
    if isinstance(given, Mapping):
        return Line(**{name: value for name, value in given.items() if name in Line.__slots__})
    label, amount = given
    return Line(label.strip(), amount)


def total_of(lines: Iterable[Line]) -> int:
    """The price: what is included, and nothing else."""
    return sum(line.amount_minor for line in lines if line.is_included)


def rows_of(things: Iterable[Refund | Promise]) -> list[dict[str, Any]]:
    """Refunds or promises as the database keeps them."""
    return [asdict(each) for each in things]


def refunds_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Refund, ...]:
    """The refund table read back, who cancels first and the longest notice on top."""
    found = [Refund(row["who"], row["days_before"], row["share_bps"]) for row in rows]
    return tuple(sorted(found, key=lambda each: (Who.values.index(each.who), -each.days_before)))


def promises_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Promise, ...]:
    """The promised aftercare read back, by day."""
    return tuple(sorted((Promise(row["day"], row["how"]) for row in rows), key=lambda each: each.day))
