"""Repairs a plan while the forum runs: somebody leaves or is late, a table breaks, a newcomer arrives.

FILE is the forum as JSON, with the wishes of newcomers; PLAN is what `clearpath forums solve FILE --json` or this
command wrote. Each change can be given several times; SLOT, left out, is --now. What has been stays, as few agendas as
possible change, and who has said no is asked before they are moved. With --json the answer is a plan that can be
checked, and repaired again. Exit 1 when meetings that must take place, or least numbers under a quota, are lost.
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import CommandError

from clearpath.core.acts import Write
from clearpath.forums.command_line.check import document_in
from clearpath.forums.command_line.solve import document, problem_in
from clearpath.forums.planning.answer import Answer, Plan, Status
from clearpath.forums.planning.dzn import UnreadableForumError
from clearpath.forums.planning.plan_file import read_plan
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.repair import Change, Moved, Repair, repair
from clearpath.forums.planning.rows import Fault, shown

HELP = "a new plan while the forum runs, which changes as few other agendas as possible; exit 1 when it cannot be"
CHANGES = {  # option: how it is written, what it says
    "gone": ("DELEGATE[:SLOT]", "they leave, and are not there from SLOT on"),
    "late": ("DELEGATE:SLOT", "they are not there before SLOT"),
    "broken": ("HALL:TABLE[:SLOT]", "the table (from 1 in its hall) cannot be used from SLOT on"),
    "new": ("DELEGATE", "they have come since, with their wishes in FILE"),
    "said_no": ("DELEGATE", "they do not want to be moved"),
}
MOST_COMPARED = 2_000  # names among which one is looked for that was meant
T = TypeVar("T")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the forum as .json")
    parser.add_argument("plan", metavar="PLAN", type=Path, help="its plan as JSON")
    parser.add_argument("--now", metavar="SLOT", help="the next slot to begin; what was before stays (the first)")
    for name, (form, says) in CHANGES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], metavar=form, help=says)


def run(options: Mapping[str, Any], write: Write, _tell: Write) -> int:
    if options["file"].suffix == ".dzn":
        raise CommandError("Only plans of forums as .json are repaired.", returncode=2)
    problem, _faults = problem_in(options["file"])
    try:
        plan = read_plan(document_in(options["plan"]), options["plan"].name, problem)
        change = change_in(problem, plan, options)
    except UnreadableForumError as unreadable:
        raise CommandError("\n".join(unreadable.faults), returncode=2) from None
    begun = time.monotonic()
    done = repair(problem, plan, change)
    seconds = round(time.monotonic() - begun, 2)
    said = document_of(problem, done, seconds)
    write(json.dumps(said, ensure_ascii=False) if options["json"] else _as_text(said))
    return int(bool(done.says))


def change_in(problem: Problem, plan: Plan, options: Mapping[str, Any]) -> Change:
    """What the options say. Raises UnreadableForumError with every one that cannot be."""
    delegates, slots, halls = problem.numbers()
    busy = {int(end) for ends in (problem.first, problem.second) for end in ends[plan.slot != NOWHERE]}
    faults: list[str] = []

    def read(name: str, given: Sequence[str], of: Callable[[str], T]) -> tuple[T, ...]:
        found = []
        for text in given:
            try:
                found.append(of(text))
            except Fault as fault:
                faults.append(f"--{name} {shown(text)}: {fault}")
        return tuple(found)

    def delegate(text: str) -> int:
        return _one(delegates, text, "delegate")

    def newcomer(text: str) -> int:
        if delegate(text) in busy:
            raise Fault("they have meetings in the plan already")
        return delegate(text)

    def absent(text: str) -> tuple[int, int]:
        who, when = _parted(delegates, text, "delegate", "DELEGATE:SLOT")
        return delegates[who], now if when is None else _one(slots, when, "slot")

    def late(text: str) -> tuple[int, int]:
        if text in delegates:
            raise Fault("write until when, DELEGATE:SLOT")
        return absent(text)

    def table(text: str) -> tuple[int, int, int]:
        where, which = _parted(halls, text, "hall", "HALL:TABLE or HALL:TABLE:SLOT")
        number, _colon, when = (which or "").partition(":")
        tables = problem.halls[halls[where]].tables
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= tables):
            raise Fault(f"there is no such table; hall {shown(where)} has tables 1 to {tables:,}")
        return halls[where], int(number) - 1, _one(slots, when, "slot") if when else now

    given = options["now"]
    now = (*read("now", [] if given is None else [given], lambda text: _one(slots, text, "slot")), 0)[0]
    change = Change(
        now,
        gone=read("gone", options["gone"], absent),
        late=read("late", options["late"], late),
        broken=read("broken", options["broken"], table),
        newcomers=tuple(dict.fromkeys(read("new", options["new"], newcomer))),
        said_no=frozenset(read("said-no", options["said_no"], delegate)),
    )
    if faults:
        raise UnreadableForumError(faults)
    return change


def _one(known: Mapping[str, int], text: str, kind: str) -> int:
    if text not in known:
        raise Fault(f"there is no {kind} {shown(text)} in the forum{_perhaps(known, text)}")
    return known[text]


def _perhaps(known: Mapping[str, int], text: str) -> str:
    near = get_close_matches(text, known, n=1) if len(known) <= MOST_COMPARED else []
    return f"; did you mean {shown(near[0])}?" if near else ""


def _parted(known: Mapping[str, int], text: str, kind: str, form: str) -> tuple[str, str | None]:
    """A name and what stands behind its colon, if anything does. Names and slots may hold colons themselves."""
    if text in known:
        return text, None
    places = [place for place, letter in enumerate(text) if letter == ":" and text[:place] in known]
    if not places:
        name = text.partition(":")[0]
        raise Fault(f"there is no such {kind} in the forum{_perhaps(known, name)}; write {form}")
    return text[: places[-1]], text[places[-1] + 1 :]


def document_of(problem: Problem, done: Repair, seconds: float) -> dict[str, Any]:
    """The new plan as `solve` writes one, with what changed. `least_touched`: in every plan so many are touched."""
    status = Status.IMPOSSIBLE if done.is_impossible else Status.UNKNOWN if done.says else Status.FEASIBLE
    plan = document(problem, Answer(status, done.plan, done.value, None, says=done.says), "value", seconds)
    return {
        **plan,
        "moved": [_move(problem, each) for each in done.moved],
        "asks": [
            {**_move(problem, each), "ask": [problem.delegates[one] for one in each.ask]} for each in done.asks
        ],
        "touched": [problem.delegates[each] for each in done.touched],
        "least_touched": done.least_touched,
    }  # fmt: skip


def _move(problem: Problem, each: Moved) -> dict[str, Any]:
    before, after = (None if slot == NOWHERE else problem.slots[slot].id for slot in (each.before, each.after))
    return {
        "delegates": list(problem.pair(each.meeting).values()), "before": before, "after": after, "why": str(each.why),
        "reason": {"key": each.why.key, **each.why.parts},
    }  # fmt: skip


def _as_text(said: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            f"Meetings that change: {len(said['moved']):,}. Agendas of others touched: {len(said['touched']):,}; "
            f"in any plan at least {said['least_touched']:,}.",
            *(f"{_where(each)} {each['why']}" for each in said["moved"]),
            *(f"Ask {' and '.join(each['ask'])} first: {_where(each)} {each['why']}" for each in said["asks"]),
            *said["says"],
        ]
    )


def _where(move: Mapping[str, Any]) -> str:
    return f"{' and '.join(move['delegates'])}: {move['before'] or 'new'} -> {move['after'] or 'not any more'}."
