"""The fewest breaks on the public forums, beside the published optimum: benchmarks/forums_idle.py --instances FOLDER

FOLDER holds the `.dzn` files and `best_known.csv` of the business-to-business meeting scheduling problem; they have no
licence and are not part of the project. `--only TEXT` takes instances whose name holds it, `--results FILE` keeps each
row (those in it are not run again), `--peer FILE` runs plain CP-SAT too and keeps its rows, `--json` prints one
document, `--page FILE` writes the table. A checker of its own reads each file anew and counts the breaks again.
"""

import argparse
import csv
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from common import day_and_place, machine, say
from forums_idle_cpsat import solved_by_cpsat

from clearpath.forums.planning import dzn
from clearpath.forums.planning.answer import Answer
from clearpath.forums.planning.idle import least_idle

ROW = ("instance", "variant", "d")
PEER = ("original", "2")  # the variant and d on which CP-SAT runs too
SECONDS = 60.0  # unless --seconds says otherwise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    with (options.instances / "best_known.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if options.only in row["instance"]]
    results = list(resumed(options.results, rows, lambda row: solved(options.instances, row, options.seconds)))
    if options.peer:
        some = [row for row in rows if (row["variant"], row["d"]) == PEER]
        peers = list(resumed(options.peer, some, lambda row: solved_by_peer(options.instances, row, options.seconds)))
        for result in results:
            result["peer"] = next((each for each in peers if all(each[name] == result[name] for name in ROW)), None)
    document = {"machine": machine(), "seconds": options.seconds, "results": results}
    if options.page:
        options.page.write_text(page(document), encoding="utf-8")
    print(json.dumps(document) if options.json else page(document))
    return int(any(each["wrong"] for each in results))


def resumed(
    file: Path | None, rows: list[dict[str, str]], solve: Callable[[dict[str, str]], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Every row's result, from the file where it is there; what is new is added to it."""
    known = (
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file and file.exists() else []
    )
    for row in rows:
        result = next((each for each in known if all(each[name] == row[name] for name in ROW)), None)
        if result is None:
            result = {name: row[name] for name in ROW} | solve(row)
            if file:
                with file.open("a", encoding="utf-8") as out:
                    print(json.dumps(result), file=out)
        yield result


def solved(folder: Path, row: dict[str, str], seconds: float) -> dict[str, Any]:
    name, fairness, published = f"{row['instance']}.{row['variant']}", int(row["d"]), row["optimum_breaks_or_UNSAT"]
    text = (folder / f"{name}.dzn").read_text(encoding="utf-8")
    begun, worked = time.monotonic(), work()
    heard: list[tuple[str, float]] = []
    answer = least_idle(
        dzn.read(text, name), fairness=fairness, deadline=begun + seconds,
        tell=lambda line: heard.append((line.key, time.monotonic())),
    )  # fmt: skip
    ended = next((at for line, at in heard if line == "looks_for_conflict"), time.monotonic())  # proved by then
    took, worked = round(ended - begun, 1), round(work() - worked, 1)
    wrong = why_wrong(text, answer, fairness, published)
    say(f"{name} d={fairness}: {answer.status} {answer.score} (published {published}) {took} s {wrong}")
    return {
        "published": published,
        "published_seconds": row["best_published_seconds_UWrMaxSAT_imp12+"],
        "status": answer.status.value,
        "breaks": answer.score,
        "bound": answer.bound,
        "seconds": took,
        "processor": worked,
        "conflict": [str(each) for each in answer.conflict],
        "wrong": wrong,
    }


def solved_by_peer(folder: Path, row: dict[str, str], seconds: float) -> dict[str, Any]:
    worked = work()
    found = solved_by_cpsat(
        (folder / f"{row['instance']}.{row['variant']}.dzn").read_text("utf-8"), int(row["d"]), seconds
    )
    say(f"CP-SAT: {row['instance']} {found}")
    return found | {"processor": round(work() - worked, 1)}


def work() -> float:
    """Seconds that this process and those that it ended have worked, on all cores together."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def why_wrong(text: str, answer: Answer, fairness: int, published: str) -> str:
    """Reads the file with nothing of the planner's and looks whether the answer can be true; empty: it can."""
    if answer.plan is None:
        return "" if answer.status == "unknown" or published == "UNSAT" else "there is a plan"
    if published != "UNSAT" and not (answer.bound or 0) <= int(published) <= (answer.score or 0):
        return "the published optimum lies outside of what was found and proved"
    days: dict[int, list[int]] = {}
    number = {name: int(re.search(rf"{name}\s*=\s*(\d+)", text)[1]) for name in ("nTables", "nMorningSlots")}  # type: ignore[index]
    meetings = [tuple(map(int, found)) for found in re.findall(r"\|\s*(\d+),\s*(\d+),\s*(\d)", text)]
    plan = [slot + 1 for slot in answer.plan.slot.tolist()]
    forbidden = sets_after(text, "forbidden")
    for (first, second, session), slot in zip(meetings, plan, strict=True):
        days.setdefault(first, []).append(slot)
        days.setdefault(second, []).append(slot)
        if (session == 1 and slot > number["nMorningSlots"]) or (session == 2 and slot <= number["nMorningSlots"]):
            return "a meeting is in the wrong session"
        if forbidden and slot in forbidden[first - 1] | forbidden[second - 1]:
            return "a meeting is in a forbidden slot"
    if any(len(set(day)) < len(day) for day in days.values()):
        return "somebody has two meetings at once"
    seats = list(zip(plan, answer.plan.table.tolist(), strict=True))
    if len(set(seats)) < len(seats) or not all(0 <= table < number["nTables"] for _slot, table in seats):
        return "two meetings share a table, or there is no such table"
    for meeting, earlier in enumerate(sets_after(text, "precedences")):
        if any(each and plan[each - 1] >= plan[meeting] for each in earlier):
            return "a meeting comes too early"
    fixed = re.search(r"fix(?:ed|at)\s*=\s*\[([^\]]*)\]", text)
    slots = map(int, re.findall(r"\d+", fixed[1])) if fixed else []
    if any(slot and slot != planned for slot, planned in zip(slots, plan, strict=False)):
        return "a fixed meeting was moved"
    breaks = [sum(later - earlier > 1 for earlier, later in pairwise(sorted(day))) for day in days.values()]
    if sum(breaks) != answer.score or max(breaks) - min(breaks) > fairness:
        return "the breaks are counted wrongly"
    if published == "UNSAT" or (answer.is_proved and answer.score != int(published)):
        return "the published optimum is another"
    return ""


def sets_after(text: str, name: str) -> list[set[int]]:
    found = re.search(rf"{name}\s*=\s*\[([^\]]*)\]", text)
    return [set(map(int, re.findall(r"\d+", each))) for each in re.findall(r"\{([^}]*)\}", found[1])] if found else []


def page(document: dict[str, Any]) -> str:
    results = document["results"]
    proved = [each for each in results if each["status"] in {"optimal", "impossible"}]
    quick = [each for each in proved if each["seconds"] <= SECONDS]
    open_ones = [each for each in results if each not in proved]
    wrong = [each for each in results if each["wrong"]]
    lines = [
        "# The fewest breaks on public forums",
        "",
        f"Written by `benchmarks/forums_idle.py`, {day_and_place(document['machine'])}, at most "
        f"{document['seconds']:.0f} seconds a row.",
        "*seconds* is the clock on the wall, *processor* what all of our processes worked together. The published "
        "seconds are those of UWrMaxSAT on other hardware.",
        "",
        f"{len(proved)} of {len(results)} rows are proved, {len(quick)} of them within {SECONDS:.0f} seconds on the "
        f"wall; every one equals the published value. Wrong: {len(wrong)}.",
        "A checker that shares no code with the planner reads each file anew and counts the breaks of each plan.",
        "",
        "Not proved: " + ("; ".join(map(_named, open_ones)) or "none") + ".",
        "",
        "CP-SAT is the same problem as a plain model (`benchmarks/forums_idle_cpsat.py`) with two workers and the same "
        f"time, on the rows with variant {PEER[0]} and d {PEER[1]}; where its column is empty, it was not run.",
        "",
        "| instance | variant | d | published | seconds there | here | seconds | processor | CP-SAT | its seconds |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        peer = each.get("peer")
        lines.append(
            f"| {each['instance']} | {each['variant']} | {each['d']} | {each['published']} "
            f"| {each['published_seconds']} | {_found(each)} {each['wrong']} | {each['seconds']} | {each['processor']} "
            f"| {_found(peer) if peer else ''} | {peer['seconds'] if peer else ''} |"
        )
    return "\n".join(lines) + "\n"


def _named(result: dict[str, Any]) -> str:
    return (
        f"{result['instance']} {result['variant']} d={result['d']} (published {result['published']}; {_found(result)})"
    )


def _found(result: dict[str, Any]) -> str:
    match result["status"]:
        case "optimal":
            return f"{result['breaks']}, proved"
        case "impossible":
            return "impossible, proved"
        case "feasible":
            return f"{result['breaks']}, at least {result['bound']}"
    return "no plan found"


if __name__ == "__main__":
    sys.exit(main())
