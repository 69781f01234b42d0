"""Runs every benchmark, on both databases where there is one, and writes results.json and RESULTS.md.

    python benchmarks/run.py [NAME...]       # all, or some: decide prove ownership summary attribution comparison
                                              # directory_import forums_value forums_repair visible step records
                                              # search touches

Each is a file that can be run alone and prints one JSON document with `--json`. Ends with 1 when one could not run or
when a ratio or a count misses its goal; times are reported and decide nothing, because machines differ.
"""

import importlib.metadata
import json
import subprocess
import sys
from typing import Any

from common import HERE, machine, say

ON_BOTH = ("visible", "step", "records", "search", "touches")
ALL = (
    "decide",
    "prove",
    "ownership",
    "summary",
    "attribution",
    "comparison",
    "directory_import",
    "forums_value",
    "forums_repair",
    *ON_BOTH,
)
WITH_POSTGRES = HERE.parent / "tools" / "with_postgres.sh"
LIBRARIES = (
    "django", "cedarpy", "pycasbin", "psycopg", "scipy", "cryptography", "orjson", "jsonschema-rs", "fhir.resources",
    "rapidfuzz", "tantivy", "openpyxl", "ortools",
)  # fmt: skip


def main(names: list[str]) -> int:
    unknown = set(names) - set(ALL)
    if unknown:
        say(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(ALL)}.")
        return 2
    document = {"machine": machine(), "versions": versions(), "results": kept() if names else {}}
    failed = []
    for name in names or ALL:
        for key, command in commands(name):
            say(f"{key} ...")
            done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True)
            try:
                document["results"][key] = in_one_form(json.loads(done.stdout.strip().splitlines()[-1]))
            except (ValueError, IndexError):
                failed.append(f"{key} (exit code {done.returncode})")
                continue
            (HERE / "results.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
            (HERE / "RESULTS.md").write_text(table(document))
    missed = [
        f"{key}: {goal['says']}"
        for key, result in document["results"].items()
        for goal in result["goals"]
        if goal["decides"] and not goal["met"]
    ]
    print(table(document))
    for what in (*failed, *missed):
        say(f"not met: {what}")
    return 1 if failed or missed else 0


def commands(name: str) -> list[tuple[str, list[str]]]:
    one = [sys.executable, str(HERE / f"{name}.py"), "--json"]
    if name not in ON_BOTH:
        return [(name, one)]
    return [(f"{name} on SQLite", one), (f"{name} on PostgreSQL", [str(WITH_POSTGRES), *one])]


def in_one_form(measured: dict[str, Any]) -> dict[str, Any]:
    """`ownership` says its goal as a number of seconds."""
    if "goals" in measured:
        return measured
    seconds, most = measured["total"], measured["goal"]
    says = f"seconds for {measured['statements']:,} ownership statements"
    goal = {"says": says, "value": seconds, "aim": f"at most {most}", "met": seconds <= most, "decides": False}
    return {"goals": [goal], **measured}


def kept() -> dict[str, Any]:
    """The results of earlier runs, when only some are run again."""
    path = HERE / "results.json"
    return dict(json.loads(path.read_text())["results"]) if path.exists() else {}


def versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def table(document: dict[str, Any]) -> str:
    about = document["machine"]
    goals = [(key, goal) for key, result in document["results"].items() for goal in result["goals"]]
    goals.sort(key=lambda each: not each[1]["decides"])
    lines = [
        "# What was measured",
        "",
        f"{about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, Python {about['python']},"
        f" {about['at']}; load {about['load_before']} before the first run. "
        + ", ".join(f"{name} {version}" for name, version in document["versions"].items())
        + ".",
        "",
        "Ratios and counts decide; times are reported. How each is measured stands at the top of its file.",
        "",
        "| benchmark | what | measured | goal | |",
        "|---|---|---:|---:|---|",
        *(
            f"| {key} | {goal['says']} | {goal['value']:,} | {goal['aim']} |"
            f" {'met' if goal['met'] else 'missed'}{'' if goal['decides'] else ' (time)'} |"
            for key, goal in goals
        ),
        "",
        *decisions(document["results"].get("decide")),
        *(line for key, result in document["results"].items() if "roles" in result for line in pages(key, result)),
        *(line for key, result in document["results"].items() if "a_second" in result for line in intake(key, result)),
        *(line for key, result in document["results"].items() if "searches" in result for line in found(key, result)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def decisions(result: dict[str, Any] | None) -> list[str]:
    if result is None:
        return []
    agreed = result["agreement"]
    times = {f"Clearpath, {name.replace('_', ' ')}": each for name, each in result["clearpath"].items()}
    return [
        f"Decisions: all three gave the same answer to {agreed['questions']:,} questions,"
        f" {agreed['allowed']:,} times yes. Beside a policy split by step by hand, Clearpath is "
        + ", ".join(f"{n} times {name}" for name, n in result["times_the_fastest_peer_split_by_hand"].items())
        + ".",
        "",
        "| | a second | p50 µs | p99 µs |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {each['per_second']:,} | {each.get('p50_microseconds', '')} |"
            f" {each.get('p99_microseconds', '')} |"
            for name, each in (times | result["peers"]).items()
        ),
        "",
    ]


def found(key: str, result: dict[str, Any]) -> list[str]:
    return [
        f"{key}: the first page out of {result['services']:,} services; both found the same {result['compared']:,}.",
        "",
        "| asked for | page p50 ms | p99 ms | keys alone p50 ms | p99 ms | tantivy p50 ms | p99 ms | times |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {kind} | "
            + " | ".join(
                f"{each[side][share]}" for side in ("page", "keys", "tantivy") for share in ("p50_ms", "p99_ms")
            )
            + f" | {each['ratio']} |"
            for kind, each in result["searches"].items()
        ),
        "",
    ]


def pages(key: str, result: dict[str, Any]) -> list[str]:
    return [
        f"{key} {result['version']}: the first page out of {result['journeys']:,} journeys.",
        "",
        "| role | times by hand | statement alone | p50 ms | p99 ms | by hand p50 ms |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {role} | {each.get('ratio', '')} | {each.get('sql_ratio', '')} | {each['p50_ms']} | {each['p99_ms']} |"
            f" {each.get('by_hand_p50_ms', '')} |"
            for role, each in result["roles"].items()
        ),
        "",
    ]


def intake(key: str, result: dict[str, Any]) -> list[str]:
    page, peers = result["page"], result["peers"]
    medplum = ", ".join(f"{name} {number}" for name, number in peers["medplum"].items())
    return [
        f"{key}: {result['resources']:,} resources in {result['bytes'] / 1e6:.1f} MB, a second of each side."
        f" {medplum}, Node {peers['node']}.",
        "",
        "| | on the clock | while working | import takes times as long |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {each['on_the_clock']:,} | {each['while_working']:,} | {each['import_takes_times']} |"
            for name, each in result["a_second"].items()
        ),
        "",
        f"The summary page over {page['resources']:,} resources in {page['files']} files, {page['bytes'] / 1e6:.1f} MB:"
        f" {page['p50_ms']} ms, {page['work_p50_ms']} ms of them working; {page['first_ms']} ms when it is first asked"
        f" for. To parse the bytes takes orjson {page['parse_p50_ms']} ms.",
        "",
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
