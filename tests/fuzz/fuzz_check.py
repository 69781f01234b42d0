"""Looks for a file that makes the check raise, hang or hoard: .venv/bin/python tests/fuzz/fuzz_check.py SECONDS

Half of what is tried is bytes as libFuzzer mutates them, half is a patient summary in which one value stands where
another belongs. What breaks is written to crash-..., as libFuzzer does.
"""

import json
import random
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["clearpath.records.check"]):
    from clearpath.records.check import check

BUNDLES = Path(__file__).parents[1] / "records" / "bundles"
SEEDS = [json.loads((BUNDLES / f"{name}.json").read_bytes()) for name in ("ips_example", "no_information")]
ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    " ",
    "#",
    "a" * 300,
    "2020-02-30",
    [],
    [None],
    {},
    {"id": "a"},
    [[]],
    {"resourceType": "Bundle"},
]
SECONDS_PER_MEGABYTE, GRACE = 2, 1.0


def places(value, found):
    """Every list and object in it, each with a key or number that stands in it."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            found.append((value, key))
            places(value[key], found)
    return found


def mutate(data: bytes, most: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.5:
        return atheris.Mutate(data, most)
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        given = json.loads(json.dumps(chance.choice(SEEDS)))
    for _ in range(chance.randint(1, 3)):
        found = places(given, [])
        if not found:
            break
        (parent, key), (other, its) = chance.choice(found), chance.choice(found)
        parent[key] = chance.choice([*ODD, json.loads(json.dumps(other[its])), other[its]])
        if chance.random() < 0.2 and isinstance(parent, dict):
            parent[chance.choice(["colour", "_" + str(key), "contained", "extension", "value", "resourceType"])] = (
                parent.get(key)
            )
    try:
        return json.dumps(given).encode()[:most]
    except (ValueError, RecursionError):
        return data


def try_one(data: bytes) -> None:
    began = time.process_time()
    check(data, profile="ips")
    spent = time.process_time() - began
    if spent > GRACE + SECONDS_PER_MEGABYTE * 10 * len(data) / 1e6:  # ten times slower for being watched
        raise AssertionError(f"{spent:.1f} seconds for {len(data)} bytes")


if __name__ == "__main__":
    options = [sys.argv[0], f"-max_total_time={sys.argv[1]}", "-max_len=200000", "-timeout=60", "-rss_limit_mb=2048"]
    atheris.Setup([*options, *sys.argv[2:]], try_one, custom_mutator=mutate)
    atheris.Fuzz()
