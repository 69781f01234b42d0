"""Facts as bytes and back, so that what was read once need not be read again."""

from dataclasses import asdict

import orjson

from clearpath.records.summary.facts import Fact, Facts, Part, Told, Who

VERSION = 1  # raise it whenever facts are read differently: what was kept is then made anew


def to_bytes(facts: Facts) -> bytes:
    return orjson.dumps(
        {
            "patients": [asdict(each) for each in facts.patients],
            "facts": [list(each) for each in facts.facts],
            "told": [asdict(each) for each in facts.told],
        },
        default=list,
    )


def from_bytes(content: bytes) -> Facts:
    found = orjson.loads(content)
    return Facts(
        tuple(Who(**{**each, "identifiers": tuple(each["identifiers"])}) for each in found["patients"]),
        tuple(map(_fact, found["facts"])),
        tuple(Told(**each) for each in found["told"]),
    )


def _fact(row: list[object]) -> Fact:
    row[-1] = tuple(map(Part._make, row[-1])) if row[-1] else ()  # type: ignore[call-overload]
    return Fact._make(row)
