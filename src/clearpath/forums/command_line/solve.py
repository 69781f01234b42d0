"""Plans a forum: which meetings take place, when and at which table.

FILE is a forum as JSON (docs/reference/forum-file.md), planned for the greatest mutual value; or a public instance of
the business-to-business meeting scheduling problem (.dzn), in which every meeting takes place, planned for the fewest
breaks. --objective chooses otherwise. Every answer has a bound that no plan passes. Ctrl-C and --time give the best
plan so far. Exit 1 when there is no plan, or none was found in time.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clearpath.core.acts import Write
from clearpath.forums.planning import dzn
from clearpath.forums.planning.answer import Answer, Status
from clearpath.forums.planning.format import read, read_good
from clearpath.forums.planning.idle import PlannerDiedError, least_idle
from clearpath.forums.planning.prices import Prices
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.seating import Ways
from clearpath.forums.planning.sentences import Sentence
from clearpath.forums.planning.value import most_value

HELP = "the plan of the greatest value or the fewest breaks, with a proved bound; exit 1 when there is none"
VALUE, IDLE = "value", "idle"
FIRST_LINES = 20  # meetings that are shown, unless all are asked for
SAYS = {
    Status.OPTIMAL: "This is the best possible plan: proved.",
    Status.FEASIBLE: "This plan is valid. Whether there is a better one is not known yet.",
    Status.IMPOSSIBLE: "There is no plan: proved.",
    Status.UNKNOWN: "No plan was found in time. Give more --time.",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a forum as .json or .dzn")
    parser.add_argument("--objective", choices=[VALUE, IDLE], help="value for .json and idle for .dzn, if not given")
    parser.add_argument("--time", type=float, default=60.0, metavar="SECONDS", help="at most so long (60)")
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="equal seeds give equal plans, where the time does not end the search (0)",
    )
    parser.add_argument("--fairness", type=int, default=2, metavar="D", help="breaks between any two, for idle (2)")
    parser.add_argument("--keep-good", action="store_true", help="plan what is good in a .json file with faults")
    parser.add_argument("--all", action="store_true", help=f"every meeting of the plan, not the first {FIRST_LINES}")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="write the prices that prove a bound of value")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    begun = time.monotonic()
    if options["fairness"] < 0 or not 0 < options["time"] <= 86_400 or not 0 <= options["seed"] < 2**31:
        raise CommandError(
            "Give --fairness 0 or more, --time more than 0 and at most a day, --seed 0 to 2147483647.", returncode=2
        )
    problem, faults = problem_in(options["file"], keep_good=options["keep_good"])
    for fault in faults:
        tell(fault)
    objective = options["objective"] or (IDLE if options["file"].suffix == ".dzn" else VALUE)
    deadline = begun + options["time"]

    def progress(line: Sentence) -> None:
        tell(str(line))

    try:
        if objective == VALUE:
            answer = most_value(problem, deadline=deadline, seed=options["seed"], tell=progress)
        else:
            _refuse_what_idle_does_not_know(problem)
            answer = least_idle(
                problem, fairness=options["fairness"], deadline=deadline, seed=options["seed"], tell=progress
            )
    except PlannerDiedError as died:
        raise CommandError(str(died), returncode=2) from None
    if options["certificate"] and answer.prices is not None:
        options["certificate"].write_text(json.dumps(certificate(problem, answer.prices)), encoding="utf-8")
    seconds = round(time.monotonic() - begun, 2)
    if options["json"]:
        write(json.dumps({**document(problem, answer, objective, seconds), "faults": faults}, ensure_ascii=False))
    else:
        write(_as_text(problem, answer, objective, seconds, most=None if options["all"] else FIRST_LINES))
    return int(answer.plan is None)


def problem_in(file: Path, *, keep_good: bool = False) -> tuple[Problem, list[str]]:
    """The forum in a file, and what is wrong with it where the good part is asked for. Raises CommandError."""
    try:
        content = file.read_text(encoding="utf-8-sig")
        if file.suffix == ".dzn":
            return dzn.read(content, file.name), []
        return read_good(content, file.name) if keep_good else (read(content, file.name), [])
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=2) from None
    except UnicodeDecodeError:
        raise CommandError(f"{file.name}: it is no UTF-8 text. Save it as UTF-8.", returncode=2) from None
    except dzn.UnreadableForumError as unreadable:
        raise CommandError("\n".join(unreadable.faults), returncode=2) from None


def _refuse_what_idle_does_not_know(problem: Problem) -> None:
    if problem.quotas or Ways(Rules(problem)).bind or (problem.booth != NOWHERE).any():
        raise CommandError(
            "The fewest breaks are not planned with quotas, own tables or ways between halls.", returncode=2
        )


def document(problem: Problem, answer: Answer, objective: str, seconds: float) -> dict[str, Any]:
    """The answer for programs. `gap` is what is not proved, as a share of the bound (value) or of the breaks (idle)."""
    score, bound = answer.score, answer.bound
    gap = None
    if score is not None and bound is not None:
        gap = (bound - score) / max(bound, 1) if objective == VALUE else (score - bound) / max(score, 1)
    return {
        "status": answer.status.value,
        "proved": answer.is_proved,
        objective: score,
        "bound": bound,
        "gap": gap,
        "meetings": meetings_of(problem, answer),
        "conflict": [str(each) for each in answer.conflict],
        "says": [str(each) for each in answer.says],
        "reasons": [{"key": each.key, **each.parts} for each in (*answer.conflict, *answer.says)],
        "seconds": seconds,
    }


def meetings_of(problem: Problem, answer: Answer) -> list[dict[str, Any]]:
    plan = answer.plan
    if plan is None:
        return []
    columns = (problem.first, problem.second, plan.slot, plan.hall, plan.table)
    return [
        {
            "delegates": [problem.delegates[first], problem.delegates[second]],
            "slot": problem.slots[slot].id,
            "hall": problem.halls[hall].id,
            "table": table + 1,
        }
        for first, second, slot, hall, table in zip(*(column.tolist() for column in columns), strict=True)
        if slot != NOWHERE
    ]


def certificate(problem: Problem, prices: Prices) -> dict[str, Any]:
    """Prices that prove a bound; `clearpath forums check` adds them up anew."""
    quotas = zip(Rules(problem).quotas, prices.quota.tolist(), strict=True)
    return {
        "unit": prices.unit,
        "table": prices.table,
        "delegates": dict(zip(problem.delegates, prices.delegate.tolist(), strict=True)),
        "quotas": [
            {"delegate": problem.delegates[delegate], "others": others, "price": price}
            for (delegate, others), price in quotas
        ],
    }


def _as_text(problem: Problem, answer: Answer, objective: str, seconds: float, *, most: int | None) -> str:
    lines = [SAYS[answer.status], *map(str, answer.conflict)]
    plan, score, bound = answer.plan, answer.score, answer.bound
    if plan is not None and score is not None and bound is not None:
        count = int((plan.slot != NOWHERE).sum())
        if objective == VALUE:
            best = "the best possible" if score == bound else f"{_floored(score / max(bound, 1))} of the best possible"
            lines.append(f"{count:,} meetings worth {score:,}; no plan is worth more than {bound:,}: {best}.")
        else:
            lines.append(f"{count} meetings, {score} breaks, at least {bound} in any plan.")
        for slot, each in enumerate(problem.slots):
            lines.append(f"slot {each.id}: {int((plan.slot == slot).sum())} of {problem.tables} tables")
        lines += ["", *_agenda(problem, answer, most), ""]
    return "\n".join([*lines, *map(str, answer.says), f"{seconds} seconds"])


def _agenda(problem: Problem, answer: Answer, most: int | None) -> list[str]:
    """Who meets whom as a table in order of time; of more meetings than `most`, the first ones and how to see all."""
    number = {slot.id: place for place, slot in enumerate(problem.slots)}
    meetings = sorted(
        meetings_of(problem, answer), key=lambda each: (number[each["slot"]], each["hall"], each["table"])
    )
    rows = [("slot", "hall", "table", "who", "with whom")]
    rows += [(each["slot"], each["hall"], str(each["table"]), *each["delegates"]) for each in meetings[:most]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = len(meetings) - len(rows) + 1
    return [*lines, *([f"and {more:,} more: --all shows them, --json writes them for programs"] if more else [])]


def _floored(share: float) -> str:
    """Never rounded up to what was not reached."""
    return f"{int(share * 10_000) / 100:.2f} %"
