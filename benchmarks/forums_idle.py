"""The fewest breaks on the public forums, beside the published optimum: benchmarks/forums_idle.py --instances FOLDER

FOLDER holds the `.dzn` files and `best_known.csv` of the business-to-business meeting scheduling problem; they have no
licence and are not part of the project. `--only TEXT` takes instances whose name holds it, `--results FILE` keeps each
row (those in it are not run again), `--json` prints one document, `--page FILE` writes the table. A checker of its own
reads each file anew and counts the breaks again.
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

from common import machine, say

from clearpath.forums.planning import dzn
from clearpath.forums.planning.answer import Answer
from clearpath.forums.planning.idle import least_idle

ROW = ("instance", "variant", "d")
SECONDS = 60.0  # unless --seconds says otherwise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    with (options.instances / "best_known.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if options.only in row["instance"]]
    results = list(resumed(options.results, rows, lambda row: solved(options.instances, row, options.seconds)))
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
        tell=lambda line: heard.append((line, time.monotonic())),
    )  # fmt: skip
    ended = next((at for line, at in heard if line.startswith("there is no plan")), time.monotonic())  # proved by then
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
        "conflict": answer.conflict,
        "wrong": wrong,
    }


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
    proved = sum(each["status"] in {"optimal", "impossible"} for each in results)
    within = sum(each["status"] in {"optimal", "impossible"} and each["seconds"] <= SECONDS for each in results)
    lines = [
        "# The fewest breaks on public forums",
        "",
        f"Written by `benchmarks/forums_idle.py` on: {document['machine']}. {proved} of {len(results)} rows proved, "
        f"{within} of them within {SECONDS:.0f} seconds. The published seconds are those of other hardware.",
        "",
        "| instance | variant | d | published | seconds there | here | seconds here |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in results:
        here = {"optimal": f"{each['breaks']}, proved", "impossible": "impossible, proved"}.get(
            each["status"], f"{each['breaks']} found, at least {each['bound']}"
        )
        lines.append(
            f"| {each['instance']} | {each['variant']} | {each['d']} | {each['published']} "
            f"| {each['published_seconds']} | {here} {each['wrong']} | {each['seconds']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
