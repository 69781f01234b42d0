"""How long it takes to read a million ownership statements and connect all organisations of a network.

    python benchmarks/ownership.py --statements 1000000 --json

The file is invented but shaped like a register: holdings per owner follow a power law (a few funds and states hold
thousands of companies), most companies have one to four owners, chains run deep, pairs and rings own each other, a
core of companies is tied into one large circle with most of the rest below it, shares come exact and as ranges, some
as totals over chains, some statements replace or close earlier ones, some are broken. The same seed gives the same
file. Some of the answers are checked against the plain walk that defines integrated ownership (see
`clearpath.parties.shares`), which is simple and slow.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from clearpath.parties.bods import read
from clearpath.parties.ownership import Graph

GOAL_SECONDS = 60
RANGES = [(0, 25), (25, 50), (50, 75), (75, 100)]


def statement(record: str, kind: str, details: dict, day: int = 1, status: str = "new") -> str:
    said = {
        "statementId": f"{record}-{day}-{status}".ljust(36, "0"),
        "declarationSubject": record,
        "statementDate": f"2026-{1 + day // 28:02}-{1 + day % 28:02}",
        "publicationDetails": {
            "publicationDate": "2026-11-01",
            "bodsVersion": "0.4",
            "publisher": {"name": "Register"},
        },
        "source": {"type": ["officialRegister"]},
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "recordDetails": details,
    }
    return json.dumps(said)


def entity(number: int) -> str:
    details = {
        "isComponent": False,
        "entityType": {"type": "registeredEntity"},
        "name": f"Company {number % 90_000}",  # names repeat, as they do
        "identifiers": [{"scheme": "XX-REG", "id": f"{number + 1:08}"}],
        "addresses": [{"type": "registered", "address": f"{number % 200} High Street", "country": {"code": "TR"}}],
    }
    return statement(f"e{number}", "entity", details)


def person(number: int) -> str:
    names = [{"type": "legal", "fullName": f"Person {number % 30_000}"}]
    details = {"isComponent": False, "personType": "knownPerson", "names": names, "birthDate": "1970-01"}
    return statement(f"p{number}", "person", details)


def relationship(number: int, owner: str, company: int, share: dict, direct: str = "direct", **other: object) -> str:
    interest = {"type": "shareholding", "directOrIndirect": direct, "beneficialOwnershipOrControl": False}
    details = {
        "isComponent": False,
        "subject": f"e{company}",
        "interestedParty": owner,
        "interests": [interest | {"share": share, "startDate": "2020-01-01"}],
    }
    return statement(f"r{number}", "relationship", details, **other)


def statements(count: int, chance: random.Random) -> Iterator[str]:
    """About as many statements as asked for: 30 % companies, 25 % persons, 45 % relationships."""
    companies, persons = count * 30 // 100, count * 25 // 100
    for number in range(companies):
        yield entity(number)
    for number in range(persons):
        yield person(number)
    left = count - companies - persons
    for number, said in enumerate(_relationships(companies, persons, chance)):
        if number == left:
            break
        yield said


def _relationships(companies: int, persons: int, chance: random.Random) -> Iterator[str]:
    """Company by company, from the large circle at the bottom of the numbers upwards; then round again."""
    core = max(3, companies // 230)  # 1,300 at full size, as Vitali et al. (2011) found
    number = 0
    for company in chance.sample(range(companies), companies) * 2:
        left = 100.0
        owners = 9 if company < core else chance.choices((1, 2, 3, 4, 12), (50, 25, 12, 10, 3))[0]
        sizes = (20, 10, 5, 2, 1) if company < core else (100, 51, 50, 40, 30, 25, 20, 10, 5, 1)
        for _ in range(owners):
            share = min(left, chance.choice(sizes))
            if share <= 0:
                break
            left -= share
            yield _held(number, _owner(company, core, companies, persons, chance), company, share, chance)
            number += 1


def _owner(company: int, core: int, companies: int, persons: int, chance: random.Random) -> str:
    """A person, a company with a smaller number (a chain), or, for the core and a few others, one that comes back."""
    drawn = chance.random()
    if company < core:
        return f"e{chance.randrange(core)}" if drawn < 0.7 else f"p{chance.randrange(persons)}"
    if drawn < 0.5:
        return f"p{chance.randrange(persons)}"
    if drawn < 0.53:
        return f"e{min(companies - 1, company + 1 + int(chance.expovariate(1)))}"  # a small ring, later
    if drawn < 0.75:
        return f"e{int(company * chance.random() ** 6)}"  # hubs: the smaller the number the more it holds
    return f"e{max(0, company - 1 - int(chance.expovariate(0.05)))}"


def _held(number: int, owner: str, company: int, share: float, chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < 0.01:
        return relationship(number, owner, company, {"exact": share + 100})  # broken
    if drawn < 0.03:
        return relationship(number, owner, company, {"exact": share}, status="closed", day=200)
    if drawn < 0.06:
        return relationship(number, owner, company, {"exact": share}, direct="indirect")
    if drawn < 0.25:
        low, high = next(bounds for bounds in RANGES if share <= bounds[1])
        return relationship(number, owner, company, {"exclusiveMinimum": low, "maximum": high})
    return relationship(number, owner, company, {"exact": share})


def checked(graph: Graph, organisations: list[str], chance: random.Random) -> tuple[int, float]:
    """How many shares were checked against the walk of their definition, and the largest difference."""
    count, worst = 0, 0.0
    for party in chance.sample(organisations, min(40, len(organisations))):
        owners = graph.owners(party)
        for owner in sorted(owners, key=lambda name: -owners[name])[:3]:
            worst = max(worst, abs(walked(graph, owner, party) - owners[owner]))
            count += 1
    return count, worst


def walked(graph: Graph, owner: str, party: str) -> float:
    """The chance that a walk up from the party meets the owner, step by step."""
    met, walking = 0.0, {party: 1.0}
    while sum(walking.values()) > 1e-9:
        stepped: dict[str, float] = defaultdict(float)
        for node, amount in walking.items():
            for above, share in graph.holders(node).items():
                stepped[above] += amount * share
        met += stepped.pop(owner, 0.0)
        walking = stepped
    return min(1.0, met)


def run(count: int, organisation_count: int, seed: int) -> dict[str, float]:
    chance = random.Random(seed)
    timed: dict[str, float] = {}

    def phase(name: str, started: float) -> None:
        timed[name] = round(time.perf_counter() - started, 2)
        print(f"{name}: {timed[name]} s", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statements.jsonl"
        started = time.perf_counter()
        with file.open("w") as out:
            out.writelines(f"{said}\n" for said in statements(count, chance))
        phase("write_the_file", started)
        busy = time.process_time()
        megabytes = file.stat().st_size / 1e6
        started = time.perf_counter()
        reading = read(file)
        phase("read", started)
    started = time.perf_counter()
    graph = Graph.of(reading.holdings)
    phase("graph", started)
    companies = [party for party in reading.parties if party.startswith("e")]
    organisations = chance.sample(companies, min(organisation_count, len(companies)))
    started = time.perf_counter()
    connections = graph.all_connected(organisations)
    phase("connect_organisations", started)
    busy = time.process_time() - busy
    started = time.perf_counter()
    one = max(organisations[:200], key=lambda party: len(graph.connected(party)))
    timed["connect_one_mean"] = round((time.perf_counter() - started) / 200, 4)
    checks, worst = checked(graph, organisations, chance)
    return timed | {
        "total": round(timed["read"] + timed["graph"] + timed["connect_organisations"], 2),
        "total_of_processor_time": round(busy, 2),  # the same without waiting for others on the machine
        "goal": GOAL_SECONDS,
        "statements": reading.statements,
        "megabytes": round(megabytes),
        "parties": len(reading.parties),
        "holdings": len(reading.holdings),
        "problems": len(reading.problems),
        "largest_circle": graph.largest_circle,
        "organisations": len(organisations),
        "organisations_connected": sum(map(bool, connections.values())),
        "connections": sum(map(len, connections.values())) // 2,
        "connections_of_one": len(graph.connected(one)),
        "shares_checked": checks,
        "worst_difference": worst,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--organisations", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    measured = run(asked.statements, asked.organisations, asked.seed)
    if asked.json:
        print(json.dumps(measured))
    else:
        for name, value in measured.items():
            print(f"{name:32} {value}")
    sys.exit(0 if measured["total"] <= GOAL_SECONDS else 1)


if __name__ == "__main__":
    main()
