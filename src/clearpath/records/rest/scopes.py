"""SMART scopes of version 2 for programs: `system/Observation.rs?category=laboratory`. They narrow, and never widen.

Source: HL7 SMART App Launch 2.2.0, "Scopes for requesting FHIR Resources". Scopes of version 1 (`.read`, `.write`,
`.*`) are read as what they mean there. Of the refinements, `category` is known. Beside them stand scopes of our own for
the interface under /api/v1/: `api/touches.c`, `api/leads.cr`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

LETTERS = "cruds"
VERSION_1 = {"read": "rs", "write": "cud", "*": LETTERS}
_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|(?=[cruds])c?r?u?d?s?)(?:\?(.+))?")
_API_SCOPE = re.compile(r"(api/(?:touches|leads))\.((?=[cr])c?r?)")


@dataclass(frozen=True, slots=True)
class Scope:
    """Interactions (`letters`) with one type or every type (`*`), of some categories or any (none named)."""

    type: str
    letters: str
    categories: frozenset[str] = frozenset()

    def covers(self, other: "Scope") -> bool:
        """Whether whoever has this may ask for the other."""
        return (
            fits(self, other.type)
            and set(other.letters) <= set(self.letters)
            and (not self.categories or (bool(other.categories) and other.categories <= self.categories))
        )


def fits(scope: Scope, type_name: str) -> bool:
    """`*` means every type of FHIR, and nothing of the other interface."""
    return scope.type == type_name or (scope.type == "*" and not type_name.startswith("api/"))


def parsed(text: str) -> Scope:
    """Raises ValueError when it is no such scope, or one with a refinement that is not known here."""
    if own := _API_SCOPE.fullmatch(text):
        return Scope(own[1], own[2])
    found = _SCOPE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a scope such as system/*.rs or system/Observation.rs")
    refined = parse_qsl(found[3] or "", keep_blank_values=True)
    if (found[3] and not refined) or any(name != "category" or not value for name, value in refined):
        raise ValueError(f"{text!r} has a refinement that is not known: only category is")
    letters = VERSION_1.get(found[2], found[2])
    return Scope(found[1], letters, frozenset(value for _name, value in refined))


def all_covered(wanted: Iterable[str], granted: Iterable[str]) -> bool:
    """Whether each scope asked for is within one that was granted; nonsense is not."""
    try:
        asked, have = [parsed(each) for each in wanted], [parsed(each) for each in granted]
    except ValueError:
        return False
    return all(any(one.covers(each) for one in have) for each in asked)


def allowed(scopes: Iterable[Scope], type_name: str, letter: str) -> frozenset[str] | None:
    """None when it is not allowed; else the categories to which it is limited, none for all."""
    fitting = [each for each in scopes if fits(each, type_name) and letter in each.letters]
    if not fitting:
        return None
    if any(not each.categories for each in fitting):
        return frozenset()
    return frozenset().union(*(each.categories for each in fitting))
