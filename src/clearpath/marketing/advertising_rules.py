"""The table of advertising rules: data/advertising_rules.yaml, of the form data/advertising_rules.schema.json."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
import yaml

EVERYWHERE = "*"
DAYS = ("since", "read_on")


class AdvertisingTableError(ValueError):
    """A file is no table of advertising rules; the message has a line for each mistake."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What rules can be about, who is asked about it, and by what it is noticed."""

    key: str
    asked: tuple[str, ...]  # positions on the creative: doctor, client
    words: Mapping[str, tuple[str, ...]]  # by language; "any" for signs of all
    picture: bool = False  # any picture must be looked at
    always: bool = False  # asked of every advertisement


@dataclass(frozen=True, slots=True)
class Rule:
    """What one jurisdiction says of one concern."""

    key: str
    jurisdiction: str  # ISO 3166-1 alpha-2, a group of countries, or EVERYWHERE
    concern: Concern
    says: str
    rule: str  # the law, code or ruling
    read_on: date | None = None
    sources: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Every rule in the order of the file, and the groups of countries that it knows."""

    groups: Mapping[str, frozenset[str]]
    concerns: Mapping[str, Concern]
    rules: tuple[Rule, ...]

    def places_of(self, country: str) -> frozenset[str]:
        """The jurisdictions to which a country belongs."""
        return frozenset({country, *(name for name, members in self.groups.items() if country in members)})

    def knows(self, country: str) -> bool:
        """Whether a rule of that country itself is on file: those of a group leave its own law open."""
        return any(rule.jurisdiction == country for rule in self.rules)


@cache
def table() -> Table:
    """The shipped table, read once. Raises AdvertisingTableError."""
    return read(_data("advertising_rules.yaml"), name="advertising_rules.yaml")


def rule(key: str) -> Rule | None:
    """The rule of that key, if the table still has it."""
    return next((each for each in table().rules if each.key == key), None)


@cache
def schema() -> dict[str, Any]:
    """The form of a table, as JSON Schema (2020-12)."""
    found: dict[str, Any] = json.loads(_data("advertising_rules.schema.json"))
    return found


def read(text: str | bytes, *, name: str) -> Table:
    """The table in a file. Raises AdvertisingTableError with every mistake at once."""
    try:
        found = _plain(yaml.safe_load(text))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise AdvertisingTableError(f"{name} is no YAML: {' '.join(str(error).split())}") from None
    validator = jsonschema_rs.validator_for(schema(), validate_formats=True)
    mistakes = [f"{'/'.join(map(str, each.instance_path))}: {each.message}." for each in validator.iter_errors(found)]
    mistakes = mistakes or list(_at_odds(found))
    if mistakes:
        raise AdvertisingTableError("\n".join(f"{name}: {mistake}" for mistake in mistakes))
    concerns = {key: _concern(key, row) for key, row in found["concerns"].items()}
    return Table(
        {key: frozenset(members) for key, members in found["groups"].items()},
        concerns,
        tuple(_rule(row, concerns) for row in found["rules"]),
    )


def _data(name: str) -> str:
    return resources.files("clearpath.marketing").joinpath("data", name).read_text(encoding="utf-8")


def _plain(found: Any) -> Any:
    """As JSON has it: days are texts."""
    if isinstance(found, dict):
        return {str(key): _plain(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_plain(each) for each in found]
    return found.isoformat() if isinstance(found, date) else found


def _at_odds(found: Mapping[str, Any]) -> Iterator[str]:
    """What a schema cannot say: keys name one rule, and rules name concerns and groups that there are."""
    for key, count in Counter(row["key"] for row in found["rules"]).items():
        if count > 1:
            yield f"rule {key}: the key stands {count} times; it names one rule."
    for row in found["rules"]:
        if row["concern"] not in found["concerns"]:
            yield f"rule {row['key']}: there is no concern {row['concern']}."
        if len(row["jurisdiction"]) > 2 and row["jurisdiction"] not in found["groups"]:
            yield f"rule {row['key']}: there is no group {row['jurisdiction']}."


def _concern(key: str, row: Mapping[str, Any]) -> Concern:
    words = {language: tuple(each) for language, each in row["words"].items()}
    return Concern(key, tuple(row["asked"]), words, row.get("picture", False), row.get("always", False))


def _rule(row: Mapping[str, Any], concerns: Mapping[str, Concern]) -> Rule:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    fields |= {name: date.fromisoformat(row[name]) for name in DAYS if name in row}
    return Rule(**(fields | {"concern": concerns[row["concern"]]}))
