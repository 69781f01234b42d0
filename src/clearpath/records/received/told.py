"""What a file tells of itself: whom it is about, its numbers, what can be understood in it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection

Identifier = tuple[str, str]  # who gave the number (a system, an OID, an organisation), and the number
Sameness = Literal["same", "unsure", "other"]

OTHER_PATIENT = Objection(
    "other_patient",
    _("This file is about somebody else: the date of birth, or both name and number, are not the patient's."),
)
TWO_PATIENTS = Objection(
    "two_patients",
    _("This file holds the data of two people. Ask the sender for a file about the patient alone."),
)
PATIENT_UNSURE = Objection(
    "patient_unsure",
    _("The name or date of birth in this file is not quite the patient's. Please confirm whose it is."),
)

# Letters that Unicode does not take apart, in the writing of countries whose patients travel.
LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ى": "ي", "ة": "ه"}
)
NOBODY = {"anonymous", "anonymized", "anonymised", "anon", "removed", "unknown", "deidentified"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a file names them; what it does not say is empty."""

    names: tuple[str, ...] = ()
    born: str = ""  # YYYY, YYYY-MM or YYYY-MM-DD
    identifiers: frozenset[Identifier] = frozenset()

    @property
    def is_named(self) -> bool:
        return bool(self.names or self.born or self.identifiers)


@dataclass(frozen=True, slots=True)
class Told:
    """What was read. `wrong`: why nothing, or the wrong thing, would be understood.

    `numbers` are the document's own, the same for every version of it. `facts` are what a page says of the file
    without opening it; plain JSON.
    """

    people: tuple[Person, ...] = ()
    numbers: frozenset[Identifier] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    wrong: Objection | None = None


def words_of(name: str) -> frozenset[str]:
    """A name without what differs between one form of it and the next: case, accents, order, punctuation."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    plain = "".join(each for each in folded if not unicodedata.combining(each)).translate(LETTERS)
    return frozenset(word for word in re.findall(r"[^\W_]+", plain) if len(word) > 1 and not word.isdigit())


def is_alike(one: str, other: str) -> bool:
    """Whether two names can be one person's: all words of the shorter one, at least two, stand in the longer."""
    shorter, longer = sorted((words_of(one), words_of(other)), key=len)
    return shorter == longer != frozenset() or (len(shorter) > 1 and shorter <= longer)


def compare(sent: Person, name: str, born_on: date | None, *, shares: bool, clashes: bool) -> Sameness:
    """Whether a file's person is the patient whom we know by name and, often, day of birth.

    `shares`: a number in the file is one that an earlier record of the patient bears; `clashes`: the same giver
    of numbers gave another one. A name may be spelled, ordered or transliterated in another way and may change, a
    day of birth does not: days that differ make it somebody else, but for those that are known to be mistyped.
    """
    born = _compare_born(sent.born, born_on)
    alike = any(is_alike(each, name) for each in sent.names)
    if born == "differs" or (clashes and not alike):
        return "other"
    agrees = shares or born in {"same", "not known"}
    return "same" if agrees and (alike or (shares and born == "same")) else "unsure"


def _compare_born(sent: str, ours: date | None) -> str:
    if ours is None:
        return "not known"
    if not sent:
        return "not said"
    if ours.isoformat() == sent:
        return "same"
    swapped = ours.isoformat()[:5] + ours.isoformat()[8:] + ours.isoformat()[4:7]
    first_of_year = sent[:4] == ours.isoformat()[:4] and "01-01" in {sent[5:], ours.isoformat()[5:]}
    # A part of a date, day and month exchanged, 1 January where the day is not known.
    return "close" if ours.isoformat().startswith(sent) or sent == swapped or first_of_year else "differs"


def why_two(people: Iterable[Person]) -> Objection | None:
    """Whether people who each have clinical facts in one file are more than one person."""
    different: list[Person] = []
    for each in people:
        if not any(_one_person(each, other) for other in different):
            different.append(each)
    return TWO_PATIENTS if len(different) > 1 else None


def _one_person(one: Person, other: Person) -> bool:
    if one.born and other.born and one.born != other.born:
        return False
    if one.identifiers & other.identifiers:
        return True
    return any(is_alike(first, second) for first in one.names for second in other.names)


def real_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that stand for nobody, as anonymised files have them."""
    found = [" ".join(name.split()) for name in names]
    return tuple(dict.fromkeys(name for name in found if words_of(name) and not words_of(name) & NOBODY))
