"""What a person must look at in an advertisement before it runs. A mark approves nothing and refuses nothing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from clearpath.marketing import advertising_rules
from clearpath.marketing.advertising_rules import EVERYWHERE, Concern, Rule
from clearpath.offers.finding.asking import plain

# Letters with what is written above and below them, numbers with their separators, signs of money and percent.
PIECE = re.compile(
    r"(?P<number>\d+(?:[.,٫٬]\d+)*)"
    r"|(?P<word>(?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060\ufeff])+)"
    r"|(?P<sign>[%٪$€£₺¥₹₩₽₪])"
)
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))  # letters are hidden with them
NUMBER = "#"
JOINED = "[وفبل]?"  # Arabic "and", "so", "with" and "for" are written in one word with what follows
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """Words that were noticed, as they stand, and where: `start` counts the characters before them."""

    part: str  # title, text or picture_alt
    words: str
    start: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that somebody must answer for. `rule` is None where no rule of `country` is on file."""

    key: str
    asked: tuple[str, ...]  # positions on the creative: doctor, client
    rule: Rule | None
    country: str = ""
    found: tuple[Found, ...] = ()
    is_about_picture: bool = False


def marks_of(parts: Mapping[str, str], countries: Iterable[str], *, has_picture: bool) -> tuple[Mark, ...]:
    """The marks of an advertisement for the countries where it is shown and where the treatment is.

    `parts` are its texts by name. The network's own rule is left out where another rule of its concern marks.
    """
    table = advertising_rules.table()
    shown = sorted({country.upper() for country in countries if country})
    places = frozenset().union(*(table.places_of(country) for country in shown))
    noticed = {concern.key: tuple(_noticed(concern, parts)) for concern in table.concerns.values()}
    marks = [
        Mark(rule.key, rule.concern.asked, rule, found=found, is_about_picture=about_picture)
        for rule in table.rules
        for found, about_picture in [(noticed[rule.concern.key], has_picture and rule.concern.picture)]
        if rule.jurisdiction in {EVERYWHERE, *places} and (found or about_picture or rule.concern.always)
    ]
    told = {mark.rule.concern.key for mark in marks if mark.rule and mark.rule.jurisdiction != EVERYWHERE}
    kept = [
        each
        for each in marks
        if each.rule and (each.rule.jurisdiction != EVERYWHERE or each.rule.concern.key not in told)
    ]
    unknown = [country for country in shown if not table.knows(country)] or ([] if shown else [""])
    return (*kept, *(Mark(_unknown_key(country), ("client",), None, country) for country in unknown))


def _unknown_key(country: str) -> str:
    return f"{UNKNOWN}:{country}" if country else UNKNOWN


def _noticed(concern: Concern, parts: Mapping[str, str]) -> Iterator[Found]:
    pattern = _pattern(concern.key)
    if pattern is None:
        return
    for name, text in parts.items():
        joined, starts, pieces = _laid_out(text)
        for match in pattern.finditer(joined):
            first = bisect_right(starts, match.start()) - 1
            last = bisect_left(starts, match.end()) - 1
            start, end = pieces[first][0], pieces[last][1]
            yield Found(name, text[start:end], start)


def _laid_out(text: str) -> tuple[str, list[int], list[tuple[int, int]]]:
    """The text in plain words with one gap between them, where each begins there, and where it stands in the text."""
    words, starts, pieces, length = [], [], [], 0
    for piece in PIECE.finditer(text):
        word = _plain_piece(piece)
        if word:
            words.append(word)
            starts.append(length)
            pieces.append(piece.span())
            length += len(word) + 1
    return " ".join(words), starts, pieces


def _plain_piece(piece: re.Match[str]) -> str:
    if piece["number"]:
        return NUMBER
    return piece["sign"].replace("٪", "%") if piece["sign"] else plain(piece["word"].translate(UNSEEN))


@cache
def _pattern(concern: str) -> re.Pattern[str] | None:
    """One expression for all words of a concern in the shipped table, the longest first."""
    told = {_as_pattern(words) for each in advertising_rules.table().concerns[concern].words.values() for words in each}
    if not told:
        return None
    return re.compile(rf"(?<!\S)(?:{'|'.join(sorted(told, key=lambda each: (-len(each), each)))})(?!\S)")


def _as_pattern(words: str) -> str:
    """`#` stands for a number and `*` behind a word for any ending of it."""
    parts = []
    for word in words.split():
        if word == NUMBER:
            parts.append(re.escape(NUMBER))
        else:
            stem, star, _rest = word.partition("*")
            known = _laid_out(stem)[0]
            joined = JOINED if "\u0621" <= known[:1] <= "\u064a" and not parts else ""
            parts.append(joined + re.escape(known) + (r"\S*" if star else ""))
    return r"\ ".join(parts)
