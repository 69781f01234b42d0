"""The table of fee rules: data/fee_rules.yaml, or a file of the same form (data/fee_rules.schema.json)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
import yaml

MAX_BYTES = 1_000_000
DAYS = ("since", "read_on")


class FeeTableError(ValueError):
    """A file is no table of fee rules; the message says what is wrong and where, a line for each mistake."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. Caps are hundredths of a percent of `of`, by kind of institution."""

    key: str
    jurisdiction: str  # ISO 3166-1 alpha-2
    payer: tuple[str, ...]
    payee: tuple[str, ...]
    fee_types: tuple[str, ...]
    verdict: str  # forbidden, capped, allowed_with_disclosure or unknown
    says: str
    consequence: str
    rule: str  # the law, notice or judgment
    read_on: date
    sources: tuple[str, ...]
    since: date | None = None
    region: str = ""  # what ISO 3166-2 puts behind the hyphen; empty: everywhere
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provided: str = ""
    of: str = ""
    cap_bps: Mapping[str, int] = field(default_factory=dict)


@cache
def rules() -> tuple[Rule, ...]:
    """The table that ships, in the order of the file."""
    return read(_data("fee_rules.yaml"), name="fee_rules.yaml")


def rule(key: str) -> Rule | None:
    """The rule of that key, if the table still has it."""
    return next((each for each in rules() if each.key == key), None)


@cache
def schema() -> dict[str, Any]:
    """The form of a table, as JSON Schema (2020-12)."""
    found: dict[str, Any] = json.loads(_data("fee_rules.schema.json"))
    return found


def read(text: str | bytes, *, name: str) -> tuple[Rule, ...]:
    """The rules of a file. Raises FeeTableError with every mistake at once; `name` is what the file is called."""
    if len(text) > MAX_BYTES:
        raise FeeTableError(f"{name} has more than {MAX_BYTES} bytes, too much for a table of fee rules.")
    try:
        found = _plain(yaml.safe_load(text))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise FeeTableError(f"{name} is no YAML: {_one_line(error)}") from None
    mistakes = [*_breaks_schema(found), *(_twice(found) if isinstance(found, dict) else ())]
    if mistakes:
        raise FeeTableError("\n".join(f"{name}: {mistake}" for mistake in mistakes))
    return tuple(_rule(row) for row in found["rules"])


def _data(name: str) -> str:
    return resources.files("clearpath.agreements").joinpath("data", name).read_text(encoding="utf-8")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _plain(found: Any) -> Any:
    """As JSON has it: days are texts."""
    if isinstance(found, dict):
        return {str(key): _plain(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_plain(each) for each in found]
    return found.isoformat() if isinstance(found, date) else found


def _breaks_schema(found: Any) -> Iterator[str]:
    validator = jsonschema_rs.validator_for(schema(), validate_formats=True)
    for error in validator.iter_errors(found):
        yield f"{_place(list(error.instance_path), found)}: {error.message}."


def _place(path: list[Any], found: Any) -> str:
    """Names a rule by its key where it has one: people do not count rows."""
    if len(path) < 2 or path[0] != "rules":
        return "/".join(map(str, path)) or "the whole file"
    row = found["rules"][path[1]]
    key = row.get("key") if isinstance(row, dict) else None
    return "/".join([f"rule {key or path[1] + 1}", *map(str, path[2:])])


def _twice(found: dict[str, Any]) -> Iterator[str]:
    rows = found.get("rules")
    keys = Counter(str(row.get("key")) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else {}
    yield from (
        f"rule {key}: the key stands {count} times; it names one rule." for key, count in keys.items() if count > 1
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    fields |= {name: date.fromisoformat(row[name]) for name in DAYS if name in row}
    fields["when"] = {condition: tuple(words) for condition, words in row.get("when", {}).items()}
    return Rule(**fields)
