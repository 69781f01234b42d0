"""Repairs of running forums: how long they take, and whose agendas they touch: benchmarks/forums_repair.py

A planned forum of forums_generate.py at noon of its first day: one delegate in a hundred leaves, one in two hundred is
late by two slots, three tables break, one in twenty has said no to being moved. `--json` prints one document, `--page
FILE` writes the table. Every repaired plan is checked by code that shares nothing with the planner. Ends with 1 when a
plan breaks a rule, or when fewer agendas are touched than the bound says.
"""

import argparse
import copy
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from common import day_and_place, goal, machine, say
from forums_generate import forum

from clearpath.forums.command_line.solve import document
from clearpath.forums.planning.answer import Answer, Status
from clearpath.forums.planning.checker import faults_of
from clearpath.forums.planning.format import read
from clearpath.forums.planning.repair import Change, repair
from clearpath.forums.planning.value import most_value

FORUMS = ((500, 20, 15), (2_000, 30, 15), (10_000, 40, 15), (10_000, 40, 40))
SECONDS = 30.0  # to plan, before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    results = [measured(*each, two_sided=two_sided) for each in FORUMS for two_sided in (True, False)]
    found = {"machine": machine(), "goals": list(goals(results)), "results": results}
    if options.page:
        options.page.write_text(page(found), encoding="utf-8")
    print(json.dumps(found) if options.json else page(found))
    return int(any(each["wrong"] or each["touched"] < each["least"] for each in results))


def measured(delegates: int, slots: int, density: int, *, two_sided: bool) -> dict[str, Any]:
    said = forum(delegates, slots, density, two_sided=two_sided)
    problem = read(json.dumps(said), "forum")
    plan = most_value(problem, deadline=time.monotonic() + SECONDS, tell=lambda _line: None).plan
    assert plan is not None
    random, now = np.random.default_rng(1), slots // 4
    drawn = random.permutation(delegates).tolist()
    gone, late, said_no = (drawn[: delegates // 100], drawn[delegates // 100 : delegates * 3 // 200],
                           drawn[-delegates // 20 :])  # fmt: skip
    change = Change(
        now, gone=tuple((each, now) for each in gone), late=tuple((each, now + 2) for each in late),
        broken=tuple((0, table, now) for table in range(3)), said_no=frozenset(said_no),
    )  # fmt: skip
    begun, worked = time.monotonic(), time.process_time()
    done = repair(problem, plan, change)
    took, work = time.monotonic() - begun, time.process_time() - worked
    names = [slot["id"] for slot in said["slots"]]
    after = copy.deepcopy(said)
    for each in gone:
        after["delegates"][each]["not_free"] += names[now:]
    for each in late:
        after["delegates"][each]["not_free"] += names[now : now + 2]
    written = document(problem, Answer(Status.FEASIBLE, done.plan, done.value, None), "value", 0)
    coming = (plan.slot >= now).sum()
    row = {
        "delegates": delegates, "slots": slots, "density": density, "sides": "two-sided" if two_sided else "all-to-all",
        "coming": int(coming), "lost": sum(each.after < 0 for each in done.moved),
        "given": sum(each.after >= 0 for each in done.moved), "asked": len(done.asks), "touched": len(done.touched),
        "least": done.least_touched, "seconds": round(took, 2), "work": round(work, 2),
        "wrong": faults_of(after, written),
    }  # fmt: skip
    say(str(row))
    return row


def goals(results: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield goal("rules broken by a repaired plan", sum(len(each["wrong"]) for each in results), most=0, decides=True)
    yield goal(
        "agendas touched beyond the bound", sum(e["touched"] - e["least"] for e in results), most=0, decides=True
    )
    yield goal("seconds for the slowest repair", max(each["seconds"] for each in results), most=5)


def page(found: dict[str, Any]) -> str:
    lines = [
        "# Repairs of running forums",
        "",
        f"Written by `benchmarks/forums_repair.py`, {day_and_place(found['machine'])}. At noon one delegate in a "
        "hundred leaves, one in two hundred is late by two slots, three tables break, and one in twenty has said no to "
        "being moved. Others touched are delegates with a changed agenda who are neither gone nor late. Every plan "
        "touches at least as many as the bound says. Seconds of a busy machine are more than those of them "
        "spent working.",
        "",
        "| delegates x slots | wishes | | meetings to come | no more | moved or new | asked first | others touched "
        "| bound | seconds | of them working |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row['delegates']:,} x {row['slots']} | {row['density']} | {row['sides']} | {row['coming']:,} "
            f"| {row['lost']:,} | {row['given']:,} | {row['asked']:,} | {row['touched']:,} | {row['least']:,} "
            f"| {row['seconds']} | {row['work']} |"
            for row in found["results"]
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
