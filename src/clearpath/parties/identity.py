"""When two records speak of one organisation: by the number in a register of a country, never by name.

An identifier of a statement names its list by a code of org-id.guide (`GB-COH`, `DE-CR`, `XI-LEI`) and a number.
An organisation of the network has a country and the number in its trade register; the list's code may stand
before it (`GB-COH-01234567`). Without the code, the number counts in every list of the country, as long as only
one list has it: a company and a charity may have the same number.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

ANY_REGISTER = "REGISTER"  # ends the scheme of a number whose list nobody named
_WITH_CODE = re.compile(r"([A-Z]{2}-[A-Z0-9]+)[-: ](.+)", re.DOTALL)
_NOT_COUNTED = re.compile(r"[\W_]+")


class Number(NamedTuple):
    """A number to look for: its key, and the list that it must be in ("" for any)."""

    key: str
    scheme: str


def key_of(kind: str, scheme: str, number: str) -> str:
    """What two records of one party have in common: kind, country (or supranational list) and number.

    Spaces, dots and dashes do not count, nor do capitals or zeros in front.
    """
    plain = _NOT_COUNTED.sub("", number).casefold().lstrip("0")
    country = scheme.partition("-")[0].upper()
    where = country if kind == "entity" and len(country) == 2 and not country.startswith("X") else scheme.upper()
    return f"{kind} {where} {plain}"


def number_of(country: str, register_number: str) -> Number | None:
    """The number of an organisation of the network; None when it has given none."""
    stated = register_number.strip()
    with_code = _WITH_CODE.fullmatch(stated)
    if with_code and (with_code[1].startswith("X") or with_code[1][:2] == country.upper()):
        return Number(key_of("entity", with_code[1], with_code[2]), with_code[1])
    if not any(character.isdigit() and character != "0" for character in stated):
        return None
    return Number(key_of("entity", scheme_of(country), stated), "")


def scheme_of(country: str) -> str:
    """The scheme of a number whose list nobody named."""
    return f"{country.upper()}-{ANY_REGISTER}"


def is_named(scheme: str) -> bool:
    """Whether the scheme names a list, and not only its country."""
    return not scheme.endswith(f"-{ANY_REGISTER}")


def is_one_list(schemes: Collection[str]) -> bool:
    """Whether numbers of these lists that look the same are the same."""
    return len({scheme.upper() for scheme in schemes if is_named(scheme)}) <= 1
