"""The kinds of entries and their columns: which sheet, which headings with their units, how each cell is read.

An entry is a dictionary of plain values by column key. It holds only the columns that its file has, so that a file
without addresses takes nobody's address away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clearpath.offers.directory import cells, terms
from clearpath.offers.directory.procedures import procedure_names
from clearpath.offers.models import OfferItem

Values = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`write` turns the value into what stands in a cell; `note` says to people what to write."""

    key: str
    heading: Any
    read: cells.Reader
    required: bool = False
    write: Callable[[Any], Any] = str
    default: Any = ""
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`names`: the columns by which an entry is found again; `refers`: columns that name an entry of another kind."""

    key: str
    title: Any
    columns: tuple[Column, ...]
    names: tuple[str, ...] = ("reference",)
    refers: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    def key_of(self, values: Values) -> Key:
        return tuple(values[name] for name in self.names)


def kept(value: Any) -> Any:
    return value


def day_written(value: date | None) -> Any:
    return value.isoformat() if value else ""


def last_day_written(value: date | None) -> Any:
    return (value - timedelta(days=1)).isoformat() if value else ""


@cache
def _named(choices: type[Any]) -> dict[str, str]:
    """Keys of choices by key and by their words in each language of the network."""
    found = {cells.folded(key): key for key in choices.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {cells.folded(str(label)): str(key) for key, label in choices.choices}
    return found


PAYERS = {"provider": "provider", "patient": "patient", "insurance": "insurance"}
REFERENCE = Column(
    "reference", _("Reference"), cells.text(60), True, note=_("Your own short name; it finds the row again")
)
SHOWN = Column(
    "is_shown",
    _("Shown (yes or no)"),
    cells.yes,
    write=cells.yes_or_no,
    default=True,
    note=_("no: patients no longer see it"),
)
CURRENCY = Column("currency", _("Currency"), cells.currency, True, note=_("Three letters, such as EUR"))

SITE = Kind(
    "site",
    _("Sites"),
    (
        REFERENCE,
        Column("name", _("Name"), cells.text(200), True),
        Column("country", _("Country (two letters)"), cells.country, True),
        Column("city", _("City"), cells.text(80), True),
        Column("address", _("Address"), cells.text(300)),
        Column("airport", _("Nearest airport (three letters)"), cells.airport),
        Column("airport_km", _("Distance to the airport (km)"), cells.whole(2000), write=kept, default=None),
        SHOWN,
    ),
)
DOCTOR = Kind(
    "doctor",
    _("Doctors"),
    (
        REFERENCE,
        Column("name", _("Name"), cells.text(120), True),
        Column("specialities", _("Specialities"), cells.listed, True, cells.joined, note=_("With commas between them")),
        Column("languages", _("Languages"), cells.languages, True, cells.joined, note=_("Codes: en, tr, ar")),
        Column("licence", _("Licence number and who gave it"), cells.text(120)),
        Column(
            "licence_ends_on", _("Licence valid until (last day)"), cells.last_day, write=last_day_written, default=None
        ),
        SHOWN,
    ),
)
SERVICE = Kind(
    "service",
    _("Services"),
    (
        REFERENCE,
        Column("site", _("Site"), cells.text(60), True, note=_("The site's reference")),
        Column(
            "procedure",
            _("Procedure"),
            cells.choice(procedure_names),
            True,
            note=_("Its key, such as knee_replacement, or its name"),
        ),
        Column("title", _("Title"), cells.text(200), True),
        Column("includes", _("What the price includes"), cells.text(5000)),
        Column("stay_nights", _("Usual stay in the hospital (nights)"), cells.whole(365), True, kept),
        Column("recovery_days", _("Usual recovery before flying (days)"), cells.whole(365), True, kept),
        Column("languages", _("Languages"), cells.languages, True, cells.joined, note=_("Codes: en, tr, ar")),
        Column("price_from", _("Price from"), cells.amount, True, kept, note=_("In the currency of the row")),
        Column("price_to", _("Price to"), cells.amount, True, kept, note=_("In the currency of the row")),
        CURRENCY,
        Column("priced_on", _("Price of (date)"), cells.day, True, day_written, default=None),
        SHOWN,
    ),
    refers={"site": "site"},
)
PACKAGE = Kind(
    "package",
    _("Packages"),
    (
        Column("service", _("Service"), cells.text(60), True, note=_("The service's reference")),
        REFERENCE,
        Column("title", _("Title"), cells.text(200), True),
        CURRENCY,
        Column("stay_nights", _("Stay in the hospital (nights)"), cells.whole(365), True, kept),
        Column("deposit", _("Deposit"), cells.amount, write=kept, default=0, note=_("In the currency of the row")),
        Column(
            "refunds",
            _("Refunds"),
            terms.refunds,
            write=terms.refunds_written,
            default=(),
            note=_("Such as: patient 30 days: 100 %; patient 7 days: 50 %"),
        ),
        Column(
            "complications_paid_by",
            _("Who pays for complications"),
            cells.choice(lambda: PAYERS),
            note=_("provider, patient or insurance"),
        ),
        Column(
            "aftercare",
            _("Aftercare"),
            terms.aftercare,
            write=terms.aftercare_written,
            default=(),
            note=_("Such as: day 7: video call; day 30: X-ray"),
        ),
        Column("includes", _("Included"), cells.text(5000)),
        Column("excludes", _("Not included"), cells.text(5000)),
        SHOWN,
    ),
    names=("service", "reference"),
    refers={"service": "service"},
)
LINE = Kind(
    "line",
    _("Package lines"),
    (
        Column("service", _("Service"), cells.text(60), True, note=_("The service's reference")),
        Column("package", _("Package"), cells.text(60), True, note=_("The package's reference")),
        Column("number", _("Line"), cells.whole(999), True, kept, note=_("1, 2, 3 and so on")),
        Column("kind", _("Kind"), cells.choice(lambda: _named(OfferItem.Kind)), True),
        Column(
            "standing",
            _("Included, optional or excluded"),
            cells.choice(lambda: _named(OfferItem.Standing)),
            True,
        ),
        Column("label", _("What it is"), cells.text(200), True),
        Column("amount", _("Amount"), cells.amount, True, kept, note=_("In the currency of the package, tax included")),
        Column("tax_bps", _("Tax (%)"), cells.percent, write=lambda bps: bps / 100, default=0),
        Column("maker", _("Maker of the implant"), cells.text(120)),
    ),
    names=("service", "package", "number"),
)
CAPACITY = Kind(
    "capacity",
    _("Capacity"),
    (
        Column("site", _("Site"), cells.text(60), True, note=_("The site's reference")),
        Column("week", _("Week (its Monday)"), cells.monday, True, day_written),
        Column("places", _("Places (patients who can begin)"), cells.whole(9999), True, kept),
    ),
    names=("site", "week"),
    refers={"site": "site"},
)
KINDS = {kind.key: kind for kind in (SITE, DOCTOR, SERVICE, PACKAGE, LINE, CAPACITY)}


@cache
def headings() -> dict[str, dict[str, str]]:
    """For each kind the columns by what may stand above them: key or heading, in each language of the network."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for kind in KINDS.values():
                for column in kind.columns:
                    for written in (column.key, str(column.heading), str(column.heading).partition(" (")[0]):
                        found[kind.key].setdefault(cells.folded(written), column.key)
    return found


@cache
def titles() -> dict[str, str]:
    """Kinds by what a sheet may be called, in each language of the network."""
    found = {cells.folded(kind): kind for kind in KINDS}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {cells.folded(str(kind.title)): kind.key for kind in KINDS.values()}
    return found
