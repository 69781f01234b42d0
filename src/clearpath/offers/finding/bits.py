"""Languages and weeks as bits of one number, so that a filter by them needs no second table."""

from collections.abc import Iterable
from datetime import date, timedelta

# Only ever added to at the end: the place of a language is its bit. At most 62.
LANGUAGES = (
    "en", "tr", "ar", "de", "fr", "ru", "fa", "es", "it", "nl", "az", "ka", "uk", "ku", "he", "zh", "ja", "ko", "hi",
    "ur", "bn", "th", "id", "ms", "pt", "pl", "ro", "bg", "el", "sr", "hr", "bs", "sq", "hu", "cs", "sk", "sv", "no",
    "da", "fi", "so", "am", "sw", "ha", "kk", "uz", "ky", "tk", "tg", "ps", "ta", "te", "vi", "fil", "mn", "hy",
)  # fmt: skip
WEEKS = 60  # after which the bits begin again: nobody plans further ahead
FIRST_MONDAY = date(2024, 1, 1)


def language_bits(codes: Iterable[str]) -> int:
    """A bit for each language; of `en-GB` the language counts. What the list does not know has none."""
    bases = {code.split("-")[0].lower() for code in codes}
    return sum(1 << place for place, code in enumerate(LANGUAGES) if code in bases)


def languages_of(bits: int) -> list[str]:
    return [code for place, code in enumerate(LANGUAGES) if bits >> place & 1]


def week_bit(day: date) -> int:
    """The bit of the week in which a day lies."""
    return 1 << ((day - FIRST_MONDAY).days // 7 % WEEKS)


def week_bits(first: date, last: date, *, today: date) -> int:
    """The bits of all weeks from one day to another, both in, that lie within the weeks counted from today on."""
    first = max(first, today)
    last = min(last, today + timedelta(weeks=WEEKS - 2))
    found = 0
    for number in range((last - first).days // 7 + 2 if first <= last else 0):
        day = min(first + timedelta(weeks=number), last)
        found |= week_bit(day)
    return found
