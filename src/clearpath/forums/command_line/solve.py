"""Plans a forum in which every requested meeting takes place, with the fewest breaks, and proves it.

FILE is a public instance of the business-to-business meeting scheduling problem (.dzn). The difference between any
two participants is at most --fairness breaks. Ctrl-C and --time give the best plan so far. Exit 1 when there is no
plan, or none was found in time.
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
from clearpath.forums.planning.idle import PlannerDiedError, least_idle
from clearpath.forums.planning.problem import Problem

HELP = "the plan with the fewest breaks, proved; exit 1 when there is none"
SAYS = {
    Status.OPTIMAL: "This is the best possible plan: proved.",
    Status.FEASIBLE: "This plan is valid. Whether there is a better one is not known yet.",
    Status.IMPOSSIBLE: "There is no plan: proved.",
    Status.UNKNOWN: "No plan was found in time. Give more --time.",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a forum as .dzn")
    parser.add_argument("--time", type=float, default=60.0, metavar="SECONDS", help="at most so long (60)")
    parser.add_argument("--fairness", type=int, default=2, metavar="D", help="breaks between any two participants (2)")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    begun = time.monotonic()
    if options["fairness"] < 0 or not 0 < options["time"] <= 86_400:
        raise CommandError("Give --fairness 0 or more, and --time more than 0 and at most a day.", returncode=2)
    try:
        problem = dzn.read(options["file"].read_text(encoding="utf-8"), options["file"].name)
    except UnicodeDecodeError:
        raise CommandError(f"{options['file'].name}: it is no UTF-8 text. Save it as UTF-8.", returncode=2) from None
    except dzn.UnreadableForumError as unreadable:
        raise CommandError("\n".join(unreadable.faults), returncode=2) from None
    try:
        answer = least_idle(problem, fairness=options["fairness"], deadline=begun + options["time"], tell=tell)
    except PlannerDiedError as died:
        raise CommandError(str(died), returncode=2) from None
    seconds = round(time.monotonic() - begun, 2)
    if options["json"]:
        write(json.dumps(document(problem, answer, seconds), ensure_ascii=False))
    else:
        write(_as_text(problem, answer, seconds))
    return int(answer.plan is None)


def document(problem: Problem, answer: Answer, seconds: float) -> dict[str, Any]:
    """The answer for programs: `idle` is the number of breaks, `gap` what is not proved of it, as a share."""
    idle, bound = answer.score, answer.bound
    return {
        "status": answer.status.value,
        "proved": answer.is_proved,
        "idle": idle,
        "bound": bound,
        "gap": None if idle is None or bound is None else (idle - bound) / max(idle, 1),
        "meetings": _meetings(problem, answer),
        "conflict": list(answer.conflict),
        "seconds": seconds,
    }


def _meetings(problem: Problem, answer: Answer) -> list[dict[str, Any]]:
    if answer.plan is None:
        return []
    return [
        {
            "delegates": [problem.delegates[first], problem.delegates[second]],
            "slot": problem.slots[slot].id,
            "table": table + 1,
        }
        for first, second, slot, table in zip(
            problem.first.tolist(), problem.second.tolist(), answer.plan.slot.tolist(), answer.plan.table.tolist(),
            strict=True,
        )
    ]  # fmt: skip


def _as_text(problem: Problem, answer: Answer, seconds: float) -> str:
    lines = [SAYS[answer.status], *answer.conflict]
    if answer.plan is not None:
        lines.append(f"{len(problem.first)} meetings, {answer.score} breaks, at least {answer.bound} in any plan.")
        for slot, each in enumerate(problem.slots):
            lines.append(f"slot {each.id}: {int((answer.plan.slot == slot).sum())} of {problem.tables} tables")
    return "\n".join([*lines, f"{seconds} seconds"])
