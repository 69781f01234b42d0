"""The fields of an ownership statement, read one by one, and what can be wrong with them.

A field that breaks the standard raises `Broken`, which the reader of the statement turns into a `Problem`.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

A_LITTLE = 1e-6  # by which an exclusive bound is missed

# code: (what is wrong, what would be right, whether the statement is kept all the same)
PROBLEMS: dict[str, tuple[Any, Any, bool]] = {
    "unreadable": (_("It cannot be read: {found}."), _("One JSON object per statement, in UTF-8."), False),
    "older_version": (
        _("It is written in version {found} of the standard."),
        _("Version 0.4, with statementId, recordId, recordType and recordDetails."),
        False,
    ),
    "missing": (_("It is missing."), _("Every statement has it."), False),
    "not_text": (
        _("{found} is not a text that can be printed."),
        _("A text of printable characters."),
        False,
    ),
    "too_long": (_("It has {found} characters."), _("200 characters at most."), False),
    "not_storable": (
        _("It holds what cannot be stored: {found}."),
        _("Whole characters without NUL, and numbers that are numbers."),
        False,
    ),
    "id_taken": (
        _("A statement with this id and another content is kept already."),
        _("A new id for what is new."),
        False,
    ),
    "id_length": (_("It has {found} characters."), _("32 to 64 characters."), True),
    "id_again": (_("Another statement has the same id."), _("An id of its own for each statement."), False),
    "not_an_object": (_("{found} is not an object."), _("An object with named fields."), False),
    "not_a_list": (_("{found} is not a list."), _("A list."), False),
    "not_a_code": (_("{found} is not in the standard's list."), _("One of: {right}."), False),
    "not_a_date": (
        _("{found} is not a date."),
        _("A date like 2026-11-23, or a moment like 2026-11-23T09:30:00Z."),
        False,
    ),
    "not_yes_or_no": (_("{found} is neither true nor false."), _("true or false."), False),
    "not_a_percentage": (_("{found} is not a percentage."), _("A number from 0 to 100."), False),
    "range_upside_down": (
        _("The range {found} has no room."),
        _("A minimum no larger than the maximum."),
        False,
    ),
    "exact_outside": (
        _("{found} lies outside its own range."),
        _("An exact share within its minimum and maximum."),
        False,
    ),
    "ends_first": (_("It ends before it starts: {found}."), _("An end after the start."), False),
    "record_changed_type": (_("The record was {found} before."), _("One type per record, for good."), False),
    "no_such_record": (
        _("No record {found} is stated."),
        _("A statement about it, here or in an earlier import."),
        False,
    ),
    "record_is_closed": (
        _("The record {found} is closed."),
        _("A statement that closes this one too."),
        False,
    ),
    "subject_not_an_entity": (
        _("The record {found} is a person."),
        _("An entity: nobody owns a person."),
        False,
    ),
    "not_a_party": (_("The record {found} is a relationship."), _("A person or an entity."), False),
    "component_with_components": (
        _("It is a component and lists components."),
        _("Components belong to the relationship that is not one itself."),
        False,
    ),
    "beneficial_owner_not_a_person": (
        _("The beneficial owner {found} is not a person."),
        _("A natural person, or false."),
        True,
    ),
    "over_the_whole": (
        _("The direct holdings in one party add up to more than all of it: {found}."),
        _("100 % at most; at least one of them is wrong."),
        True,
    ),
}


class Problem(NamedTuple):
    """What is wrong with one statement. `statement` is its id, or its place in the file like #17 if it has none."""

    statement: str
    field: str
    code: str
    found: str = ""
    allowed: str = ""

    @property
    def wrong(self) -> str:
        return str(PROBLEMS[self.code][0]).format(found=self.found)

    @property
    def right(self) -> str:
        return str(PROBLEMS[self.code][1]).format(right=self.allowed)

    @property
    def kept(self) -> bool:
        """Whether the statement is used all the same."""
        return PROBLEMS[self.code][2]

    def __str__(self) -> str:
        return f"{self.statement}: {self.field}: {self.wrong} {self.right}"


class Broken(Exception):  # noqa: N818 - caught one level up and turned into a Problem
    """A statement that cannot be used."""

    def __init__(self, where: str, code: str, found: object = "", allowed: Iterable[str] = ()) -> None:
        super().__init__(where, code)
        self.where, self.code, self.found = where, code, _shown(found)
        self.allowed = ", ".join(sorted(allowed))


def text(of: dict[str, Any], name: str, where: str = "") -> str:
    """A text that must be there. Refuses what cannot be stored or printed: control characters, half characters."""
    value = of.get(name)
    if value is None:
        raise Broken(where + name, "missing")
    if not isinstance(value, str) or not value.isprintable() or not value.strip():
        raise Broken(where + name, "not_text", value)
    return value


def code(of: dict[str, Any], name: str, allowed: Collection[str], where: str = "", default: str | None = None) -> str:
    """A value of one of the standard's closed lists."""
    value = of.get(name, default)
    if value is None:
        raise Broken(where + name, "missing")
    if not isinstance(value, str) or value not in allowed:
        raise Broken(where + name, "not_a_code", value, allowed)
    return value


def moment(of: dict[str, Any], name: str, where: str = "") -> str:
    """A date or moment as text that sorts by time; "" if it is not there."""
    value = of.get(name)
    if value is None:
        return ""
    found = _moment(value) if isinstance(value, str) else None
    if found is None:
        raise Broken(where + name, "not_a_date", value)
    return found


@lru_cache(maxsize=65_536)
def _moment(value: str) -> str | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if value[4:5] != "-" or value[7:8] != "-":  # ISO 8601 knows other forms, RFC 3339 does not
        return None
    if len(value) == 10:
        return value
    return (found if found.tzinfo is None else found.astimezone(UTC)).replace(tzinfo=None).isoformat()


def mapping(of: dict[str, Any], name: str, where: str = "") -> dict[str, Any]:
    """An object that must be there."""
    value = of.get(name)
    if value is None:
        raise Broken(where + name, "missing")
    if not isinstance(value, dict):
        raise Broken(where + name, "not_an_object", value)
    return value


def mappings(of: dict[str, Any], name: str, where: str = "") -> list[dict[str, Any]]:
    """A list of objects; none if it is not there."""
    value = of.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Broken(where + name, "not_a_list", value)
    for place, item in enumerate(value):
        if not isinstance(item, dict):
            raise Broken(f"{where}{name}[{place}]", "not_an_object", item)
    return value


def yes_or_no(of: dict[str, Any], name: str, where: str = "") -> bool:
    """true or false; false if it is not there."""
    value = of.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Broken(where + name, "not_yes_or_no", value)
    return value


def share(of: dict[str, Any], name: str, where: str) -> tuple[float, float] | None:
    """The least and the most of a stated percentage, as fractions of one; None where no number is stated."""
    if of.get(name) is None:
        return None
    stated, where = mapping(of, name, where), f"{where}{name}."
    exact, low, high = (_percentage(stated, bound, where) for bound in ("exact", "minimum", "maximum"))
    over, under = (_percentage(stated, bound, where) for bound in ("exclusiveMinimum", "exclusiveMaximum"))
    least = max(0.0 if low is None else low, 0.0 if over is None else over + A_LITTLE)
    most = min(1.0 if high is None else high, 1.0 if under is None else under - A_LITTLE)
    if least > most:
        raise Broken(where.rstrip("."), "range_upside_down", f"{100 * least:g} - {100 * most:g}")
    if exact is None:
        return None if low is high is over is under is None else (least, most)
    if not least - A_LITTLE <= exact <= most + A_LITTLE:
        raise Broken(where + "exact", "exact_outside", f"{100 * exact:g}")
    return exact, exact


def _percentage(of: dict[str, Any], name: str, where: str) -> float | None:
    value = of.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise Broken(where + name, "not_a_percentage", value)
    return value / 100


def cleaned(value: object) -> str:
    """A name or number without what cannot be stored or printed; "" for anything that is not text."""
    if not isinstance(value, str):
        return ""
    if value.isprintable():
        return value.strip()
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in value).strip()


def _shown(value: object) -> str:
    """What was found, short enough for one line and safe to print."""
    shown = value if isinstance(value, str) else repr(value)
    shown = shown.encode("utf-8", "backslashreplace").decode()
    return cleaned(shown if len(shown) <= 80 else shown[:79] + "…")
