"""Reads the Unique Device Identification on the label of an implant.

GS1 element strings are taken apart, with or without brackets; HIBCC and ICCBBA identifications are kept as they are.
Source: GS1 General Specifications, release 24 (2024), sections 3.2 to 3.5 and 7.9, 7.12; FDA, UDI formats by issuing
agency, read 2026-11-25 from general knowledge.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection, Refused

SEPARATOR = "\x1d"  # ends an element of variable length where there are no brackets
FIXED = {"01": 14, "11": 6, "17": 6}  # digits of each element of fixed length
VARIABLE = {"10": 20, "21": 20}  # most characters
SYMBOLS = ("]d2", "]C1", "]e0", "]Q3")  # what a scanner puts before the text


@dataclass(frozen=True, slots=True)
class Identification:
    """What a label says, empty where it says nothing. Days are ISO 8601; `agency` is gs1, hibcc or iccbba."""

    agency: str
    device_identifier: str = ""
    lot: str = ""
    serial: str = ""
    made_on: str = ""
    expires_on: str = ""


def read_label(text: str, *, today: date) -> Identification:
    """Take the text of a label apart. Raises Refused: udi_unreadable, udi_check_digit, udi_day."""
    text = text.strip()
    for symbol in SYMBOLS:
        text = text.removeprefix(symbol)
    if text.startswith("+"):
        return Identification("hibcc")
    if text.startswith(("=", "&")):
        return Identification("iccbba")
    elements = _bracketed(text) if "(" in text else _unbracketed(text)
    gtin = elements.get("01", "")
    if not gtin:
        raise Refused(
            Objection(
                "udi_unreadable",
                _("This is no device identification that can be read: a GS1 one begins with (01) and 14 digits."),
            )
        )
    if not has_right_check_digit(gtin):
        raise Refused(
            Objection(
                "udi_check_digit", _("The last of the 14 digits after (01) does not fit. Compare it with the label.")
            )
        )
    return Identification(
        "gs1",
        device_identifier=gtin,
        lot=elements.get("10", ""),
        serial=elements.get("21", ""),
        made_on=_day(elements["11"], today) if "11" in elements else "",
        expires_on=_day(elements["17"], today) if "17" in elements else "",
    )


def has_right_check_digit(gtin: str) -> bool:
    """Whether the last digit of a GTIN-14 fits the others (weights 3, 1, 3, ... from the left; modulo 10)."""
    if not (len(gtin) == FIXED["01"] and gtin.isascii() and gtin.isdigit()):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin[:-1]))
    return (10 - total % 10) % 10 == int(gtin[-1])


def _bracketed(text: str) -> dict[str, str]:
    return {key: value.strip(f" {SEPARATOR}") for key, value in re.findall(r"\((\d{2,4})\)([^(]*)", text)}


def _unbracketed(text: str) -> dict[str, str]:
    """Elements one after another; reading ends at the first that is not of these."""
    found = {}
    rest = text.lstrip(SEPARATOR)
    while rest[:2] in FIXED or rest[:2] in VARIABLE:
        key, rest = rest[:2], rest[2:]
        if key in FIXED:
            found[key], rest = rest[: FIXED[key]], rest[FIXED[key] :]
        else:
            found[key], _end, rest = rest.partition(SEPARATOR)
        rest = rest.lstrip(SEPARATOR)
    return found


def _day(digits: str, today: date) -> str:
    """YYMMDD as a day; day 00 is the last of the month. The century is the one that puts it nearest to today."""
    if not (len(digits) == FIXED["11"] and digits.isascii() and digits.isdigit()):
        raise Refused(_not_a_day(digits))
    year = today.year // 100 * 100 + int(digits[:2])
    year += 100 if year - today.year <= -50 else -100 if year - today.year >= 51 else 0
    month, day = int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day or monthrange(year, month)[1]).isoformat()
    except ValueError:
        raise Refused(_not_a_day(digits)) from None


def _not_a_day(digits: str) -> Objection:
    return Objection(
        "udi_day",
        _("%(digits)s on the label is no day: year, month and day have two digits each.") % {"digits": digits[:20]},
    )
