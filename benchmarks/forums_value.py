"""The greatest value on generated forums, beside CP-SAT, greedy and round by round: benchmarks/forums_value.py

Each forum of forums_generate.py is planned in a process of its own with a limit of time; every plan, ours and theirs,
is checked by clearpath.forums.planning.checker, which shares no code with what plans, and our bound is added up from
its certificate. `--only TEXT` takes forums whose name holds it, `--json` prints one document, `--page FILE` writes the
table. The others get the same limit:

- CP-SAT: the same model with every meeting in every slot, two workers, its own bound; left out above MOST_VARIABLES.
- greedy: the dearest meeting first, into the first slot where both are free and a table is left.
- round by round: the matching of most value for the first slot, then for the second out of what is left, and so on.

Ends with 1 when a plan or a bound is wrong. Gaps are goals and reported.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from common import day_and_place, goal, machine, say
from forums_generate import forum

from clearpath.forums.command_line.solve import certificate, document
from clearpath.forums.planning.agenda import Agenda
from clearpath.forums.planning.answer import Answer, Status
from clearpath.forums.planning.checker import bound_by, faults_of
from clearpath.forums.planning.format import read
from clearpath.forums.planning.model import Model
from clearpath.forums.planning.prices import Prices
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rematch import Rematch
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.seating import seated
from clearpath.forums.planning.until import Until
from clearpath.forums.planning.value import most_value

SIZES = {500: (20, 10.0, 0.005), 2_000: (30, 30.0, 0.01), 10_000: (40, 60.0, 0.01)}  # slots, seconds, gap aimed at
DENSITIES = (5, 15, 40)
KINDS = ("two-sided", "all-to-all", "two-sided, crowded", "all-to-all, crowded")
MOST_VARIABLES = 600_000
FEW = {"few_free", "few_wished", "few_worth"}  # sentences of who has too few meetings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--results", type=Path, help="keeps the rows of earlier runs, in this file")
    parser.add_argument("--row", nargs=3, metavar=("DELEGATES", "DENSITY", "SIDES"))
    options = parser.parse_args()
    if options.row:
        delegates, density, sides = options.row
        print(json.dumps(measured(int(delegates), int(density), sides)))
        return 0
    kept = options.results and options.results.exists()
    rows: dict[str, Any] = json.loads(options.results.read_text()) if kept else {}
    for name, command in forums():
        if options.only in name:
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            rows[name] = json.loads(done.stdout.splitlines()[-1])
            say(f"{name}: {rows[name]}")
            if options.results:
                options.results.write_text(json.dumps(rows))
    results = [rows[name] for name, _command in forums() if name in rows]
    document = {"machine": machine(), "goals": list(goals(results)), "results": results}
    if options.page:
        options.page.write_text(page(document), encoding="utf-8")
    print(json.dumps(document) if options.json else page(document))
    return int(any(each["wrong"] for each in rows.values()))


def forums() -> Iterator[tuple[str, list[str]]]:
    for kind in KINDS:
        for delegates in SIZES:
            for density in DENSITIES if "crowded" not in kind else DENSITIES[-1:]:
                what = [str(delegates), str(density), kind]
                yield " ".join(what), [sys.executable, __file__, "--row", *what]


def goals(results: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield goal("rules broken, or bounds not proved", sum(len(each["wrong"]) for each in results), most=0, decides=True)
    for delegates, (_slots, seconds, aim) in SIZES.items():
        for kind in ("", "crowded"):
            gaps = [1 - each["value"] / each["bound"] for each in results
                    if each["delegates"] == delegates and ("crowded" in each["sides"]) == bool(kind)]  # fmt: skip
            if gaps:
                says = f"largest gap in per cent, {delegates:,} delegates in {seconds:.0f} s {kind}".rstrip()
                yield goal(says, 100 * max(gaps), most=100 * aim)


def measured(delegates: int, density: int, sides: str) -> dict[str, Any]:
    slots, seconds, _aim = SIZES[delegates]
    said = forum(delegates, slots, density, two_sided="two-sided" in sides, crowded="crowded" in sides)
    text = json.dumps(said)
    begun = time.monotonic()
    problem = read(text, "forum")
    reading = time.monotonic() - begun
    begun = time.monotonic()
    answer = most_value(problem, deadline=begun + seconds, tell=lambda line: say(f"  {line}"))
    took = time.monotonic() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # of this process until now
    wrong = faults_of(said, document(problem, answer, "value", took))
    assert answer.prices is not None
    proved = bound_by(said, certificate(problem, answer.prices))
    if proved > (answer.bound or 0) and answer.status != Status.OPTIMAL:
        wrong.append(f"the certificate proves {proved}")
    others = {}
    for name, run in (("greedy", greedy), ("rounds", rounds), ("cp_sat", cp_sat)):
        begun = time.monotonic()
        value, bound, faults = run(problem, said, seconds)
        others[name] = {"value": value, "bound": bound, "seconds": round(time.monotonic() - begun, 1)}
        wrong += [f"{name}: {fault}" for fault in faults]
    return {
        "delegates": delegates, "slots": slots, "density": density, "sides": sides,
        "meetings": len(problem.first), "value": answer.score, "bound": answer.bound, "certificate": proved,
        "status": answer.status.value, "seconds": round(took, 1), "reading": round(reading, 1),
        "gigabytes": round(memory, 2), "short": sum(line.key in FEW for line in answer.says), "others": others,
        "wrong": wrong,
    }  # fmt: skip


Result = tuple[int | None, int | None, list[str]]


def _checked(problem: Problem, said: Any, slot: Any) -> Result:
    value = int(problem.value[slot != NOWHERE].sum())
    answer = Answer(Status.FEASIBLE, seated(Rules(problem), slot), value, None)
    return value, None, faults_of(said, document(problem, answer, "value", 0))


def greedy(problem: Problem, said: Any, _seconds: float) -> Result:
    agenda = Agenda(Rules(problem))
    for meeting in np.argsort(-problem.value, kind="stable").tolist():
        first, second = agenda.ends[meeting]
        if agenda.is_allowed(meeting):
            common = agenda.vacant[first] & agenda.vacant[second] & agenda.may[meeting]
            slot = next((each for each in range(len(problem.slots)) if common >> each & 1 and agenda.room[each]), None)
            if slot is not None:
                agenda.put(meeting, slot)
    return _checked(problem, said, agenda.slots)


def rounds(problem: Problem, said: Any, seconds: float) -> Result:
    """Where there are no two sides, each round is matched ten times over sides by chance, keeping the best."""
    rules, deadline = Rules(problem), time.monotonic() + seconds
    nothing = Prices(1, np.zeros(len(problem.delegates), np.int64), np.zeros(len(rules.quotas), np.int64), 0)
    matching = Rematch(Agenda(rules), problem.must, nothing, 1 << 40, 0)
    for slot in range(len(problem.slots)):
        for _each in range(1 if matching.side is not None else 10):
            if time.monotonic() < deadline:
                matching.plan(slot)
    return _checked(problem, said, matching.slot)


def cp_sat(problem: Problem, said: Any, seconds: float) -> Result:
    rules = Rules(problem)
    if int(rules.may.sum()) > MOST_VARIABLES:
        return None, None, []
    model = Model(rules, range(len(problem.first)))
    until = Until(time.monotonic() + seconds)  # to build the model is not counted
    found = model.best(until, seed=0)
    if found.slot is None:
        return 0, None, []
    value, _none, faults = _checked(problem, said, found.slot)
    return value, found.bound, faults


def page(document: dict[str, Any]) -> str:
    lines = [
        "# The greatest value on generated forums",
        "",
        f"Written by `benchmarks/forums_value.py`, {day_and_place(document['machine'])}. The forums are those of "
        "`benchmarks/forums_generate.py`, seed 0: seven in ten delegates are there on both days, one slot in twenty is "
        "closed to each, tables are too few for everybody at once, and a hospital meets agencies in a quarter of the "
        "slots at most. Every plan was checked and every bound of ours added up from its certificate by code that "
        "shares nothing with what planned it. Crowded: three slots in ten are closed, nobody has a limit of meetings, "
        "tables for two thirds. A gap is what is missing to our bound; the truth lies between. Reading is not in "
        "the seconds. *No plan*: CP-SAT found none in the limit. *Not built*: "
        "CP-SAT's model, every meeting in every slot, "
        f"has more than {MOST_VARIABLES:,} variables.",
        "",
        "| delegates x slots | wishes | | meetings | gap | aim | seconds | limit | GB | below least "
        "| greedy | rounds | CP-SAT | its own gap |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in document["results"]:
        _slots, seconds, aim = SIZES[row["delegates"]]
        own, status = row["others"]["cp_sat"], row["status"]
        ours = "0, proved" if status == "optimal" else _gap(row["value"], row["bound"])
        theirs = f"{(own['bound'] - own['value']) / own['bound']:.2%}" if own["bound"] else ""
        gaps = [_gap(row["others"][name]["value"], row["bound"]) for name in ("greedy", "rounds", "cp_sat")]
        lines.append(
            f"| {row['delegates']:,} x {row['slots']} | {row['density']} | {row['sides']} | {row['meetings']:,} "
            f"| {ours} | {aim:.1%} | {row['seconds']} | {seconds:.0f} | {row['gigabytes']} | {row['short']} "
            f"| {' | '.join(gaps)} | {theirs} |"
        )
        lines += [f"| | | wrong: {each} |" for each in row["wrong"][:3]]
    return "\n".join(lines) + "\n"


def _gap(value: int | None, bound: int) -> str:
    if not value:
        return "not built" if value is None else "no plan"
    return f"{(bound - value) / bound:.4%}"


if __name__ == "__main__":
    sys.exit(main())
