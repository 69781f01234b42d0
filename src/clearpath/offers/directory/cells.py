"""Reads single cells as people and spreadsheets write them, and writes them so that they are read back the same.

A reader gets what stands in the cell and gives the value, or raises BadCell with what is wrong and what to do. Nothing
is guessed: 8.000 may be eight or eight thousand, 03/04/2026 may be March or April, so both are asked about.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from clearpath.core.money import CURRENCIES

Reader = Callable[[Any], Any]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # by which a spreadsheet takes a text for a formula
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
COUNTRY_LETTERS, CURRENCY_LETTERS, AIRPORT_LETTERS = 2, 3, 3
YES, NO = (
    frozenset({"yes", "y", "true", "1", "evet", "نعم"}),
    frozenset({"no", "n", "false", "0", "hayır", "hayir", "لا"}),
)


class BadCell(ValueError):  # noqa: N818 - a fact about a cell, as Refused is about a step
    """What is wrong with a cell and what to do, as a sentence for people."""


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def plain(value: Any) -> str:
    """What stands in a cell as text, without the apostrophe that keeps it from being taken for a formula."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = str(value).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; OWASP's remedy, read 2026-11-26: an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def text(most: int) -> Reader:
    """A text of at most so many characters."""

    def read(value: Any) -> str:
        found = plain(value)
        if len(found) > most:
            raise BadCell(
                _("This has %(number)d characters. Shorten it to %(most)d.") % {"number": len(found), "most": most}
            )
        return found

    return read


def whole(most: int) -> Reader:
    """A whole number from 0 to `most`."""

    def read(value: Any) -> int:
        found = decimal(value)
        if found != int(found) or not 0 <= found <= most:
            raise BadCell(_("Write a whole number from 0 to %(most)d.") % {"most": most})
        return int(found)

    return read


def decimal(value: Any) -> Decimal:
    """A number with a point or a comma before the decimals, and no thousands separators."""
    if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
        raise BadCell(_("Write a number."))
    if isinstance(value, (int, float, Decimal)):
        return Decimal(int(value)) if value == int(value) else Decimal(str(value))
    found = plain(value).replace("\u00a0", "").replace(" ", "")
    if not NUMBER.fullmatch(found):
        raise BadCell(_("Write a number without thousands separators and without a currency, such as 8000 or 8000.50."))
    try:
        return Decimal(found.replace(",", "."))
    except InvalidOperation:
        raise BadCell(_("Write a number.")) from None


def amount(value: Any) -> Decimal:
    """An amount of money, zero or more; the currency stands in a column of its own."""
    found = decimal(value)
    if not 0 <= found < Decimal(10) ** 12:
        raise BadCell(_("Write an amount of zero or more."))
    return found


def percent(value: Any) -> int:
    """A share in percent, in hundredths of it."""
    found = decimal(plain(value).removesuffix("%").strip() if isinstance(value, str) else value) * 100
    if found != int(found) or not 0 <= found <= 10_000:
        raise BadCell(_("Write a share in percent from 0 to 100, with at most two decimals."))
    return int(found)


def day(value: Any) -> date:
    """A date: a cell of the spreadsheet's own kind, 2026-06-01 or 1.6.2026."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = plain(value)
    dotted = DOTTED_DAY.fullmatch(found)
    try:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(found[:10])
    except ValueError:
        raise BadCell(_("Write the date as year-month-day, such as 2026-06-01.")) from None


def last_day(value: Any) -> date:
    """The last day on which something holds, as people write it; we keep the day after."""
    return day(value) + timedelta(days=1)


def monday(value: Any) -> date:
    """The Monday of the week in which a date lies."""
    found = day(value)
    return found - timedelta(days=found.weekday())


def letters(number: int, example: str) -> Reader:
    """A code of so many capital letters."""

    def read(value: Any) -> str:
        found = plain(value).upper()
        if not (len(found) == number and found.isascii() and found.isalpha()):
            raise BadCell(
                _("Write its code of %(number)d letters, such as %(example)s.") % {"number": number, "example": example}
            )
        return found

    return read


country = letters(COUNTRY_LETTERS, "TR")


def currency(value: Any) -> str:
    """A currency that exists; one that does not would reach patients as a price nobody can compare."""
    found: str = _currency(value)
    if found not in CURRENCIES:
        raise BadCell(_("There is no currency %(code)s. Write its code, such as EUR or TRY.") % {"code": found})
    return found


_currency = letters(CURRENCY_LETTERS, "EUR")
airport = letters(AIRPORT_LETTERS, "IST")


def listed(value: Any) -> list[str]:
    """Several texts, with commas between them."""
    return [each for each in (part.strip() for part in re.split(r"[,;،]", plain(value))) if each]


def languages(value: Any) -> list[str]:
    """Codes of languages, with commas between them."""
    found = [each if "-" in each else each.lower() for each in listed(value)]
    wrong = [each for each in found if not LANGUAGE.fullmatch(each)]
    if wrong:
        raise BadCell(
            _("%(wrong)s is not the code of a language. Write codes with commas between them, such as en, tr, ar.")
            % {"wrong": wrong[0]}
        )
    return found


def yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = plain(value).casefold()
    if found in YES or found in NO:
        return found in YES
    raise BadCell(_("Write yes or no."))


def choice(names: Callable[[], dict[str, str]]) -> Reader:
    """One of several keys, written as the key or by any of its names; `names`: names without capitals to keys."""

    def read(value: Any) -> str:
        found = names().get(folded(plain(value)))
        if found is None:
            some = sorted(set(names().values()))
            raise BadCell(_("Write one of these: %(some)s.") % {"some": ", ".join(some)})
        return found

    return read


def folded(written: str) -> str:
    """A text without what people write differently: capitals, spaces, underscores, the Turkish dotted i."""
    return " ".join(written.replace("İ", "i").replace("_", " ").casefold().split())


def joined(value: Iterable[str]) -> str:
    return ", ".join(value)


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
