"""What the JSON schema cannot say of primitive values: whole numbers, real calendar days, order in time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

Complaint = str | None


def moment_of(text: str) -> datetime | None:
    """A moment of the form that FHIR allows; None where it has no time zone or is none."""
    whole, _, second = text.partition("T")
    try:
        found = datetime.fromisoformat(text if ":60" not in second else text.replace(":60", ":59", 1))
    except ValueError:
        return None
    found += timedelta(seconds=":60" in second)  # a leap second is the next minute
    return found if found.tzinfo and whole else None


def whole(value: Any) -> Complaint:
    return (
        None
        if isinstance(value, int) and -(2**31) <= value < 2**31
        else "This must be a whole number below 2,147,483,648."
    )


def positive(value: Any) -> Complaint:
    return None if isinstance(value, int) and 1 <= value < 2**31 else "This must be a whole number of 1 or more."


def unsigned(value: Any) -> Complaint:
    return None if isinstance(value, int) and 0 <= value < 2**31 else "This must be a whole number of 0 or more."


def day(value: Any) -> Complaint:
    """Of a text whose form the schema has approved."""
    if isinstance(value, str) and value[8:10] in {"29", "30", "31"}:
        try:
            date.fromisoformat(value[:10])
        except ValueError:
            return f"The calendar has no {value[:10]}."
    return None


CHECKS: dict[str, Callable[[Any], Complaint]] = {
    "integer": whole,
    "positiveInt": positive,
    "unsignedInt": unsigned,
    "date": day,
    "dateTime": day,
    "instant": day,
}
