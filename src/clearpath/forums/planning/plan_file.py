"""Reads a plan as `clearpath forums solve --json` wrote it, beside the forum that it is of."""

from typing import Any

import numpy as np

from clearpath.forums.planning.answer import Plan
from clearpath.forums.planning.dzn import UnreadableForumError
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.rows import Fault, Faults, Key, one_of, pair_of, rows, shown, whole

MOST_TABLES = 100_000


def read_plan(said: Any, name: str, problem: Problem) -> Plan:
    """When and where each meeting takes place. Raises UnreadableForumError with every fault and its row."""
    faults = Faults(name)
    if not isinstance(said, dict) or not isinstance(said.get("meetings"), list):
        faults.tell("meetings", "there are none; give what `clearpath forums solve FILE --json` wrote")
        raise UnreadableForumError(faults.lines)
    if said.get("status") in {"impossible", "unknown"} and not said["meetings"]:
        faults.tell("status", f"no plan was found: it is {shown(said['status'])}; there is nothing to repair")
    plan = _plan(said, problem, faults)
    if faults.lines:
        raise UnreadableForumError(faults.lines)
    return plan


def _plan(said: dict[str, Any], problem: Problem, faults: Faults) -> Plan:
    delegates, slots, halls = problem.numbers()
    keys = {
        "delegates": Key(pair_of(delegates), True), "slot": Key(one_of(slots, "slot"), True),
        "hall": Key(one_of(halls, "hall"), True), "table": Key(whole(1, MOST_TABLES), True),
    }  # fmt: skip
    meeting_of = {
        pair: each for each, pair in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
    }
    columns = np.full((3, len(problem.first)), NOWHERE, np.int32)
    taken: dict[tuple[object, ...], int] = {}
    for row, each in rows(said, "meetings", keys, faults):
        try:
            meeting = meeting_of.get(each["delegates"])
            if meeting is None:
                raise Fault("the forum has no such meeting: nobody wishes it, or it is forbidden")
            if each["table"] > problem.halls[each["hall"]].tables:
                raise Fault(f"there are {problem.halls[each['hall']].tables} tables in this hall")
            _claim(taken, row, each, problem)
        except Fault as fault:
            faults.tell(f"meetings, row {row:,}", fault)
        else:
            columns[:, meeting] = each["slot"], each["hall"], each["table"] - 1
    return Plan(*columns)


def _claim(taken: dict[tuple[object, ...], int], row: int, each: dict[str, Any], problem: Problem) -> None:
    """A pair meets once; in one slot nobody has two meetings and no table holds two."""
    slot = each["slot"]
    claims: dict[tuple[object, ...], str] = {("pair", each["delegates"]): "the same two meet"}
    for end in each["delegates"]:
        claims["delegate", end, slot] = f"{problem.delegates[end]} has a meeting in the same slot"
    claims["table", each["hall"], each["table"], slot] = "there is a meeting at this table in the same slot"
    for claim, says in claims.items():
        if claim in taken:
            raise Fault(f"{says} in row {taken[claim]:,} already")
    taken.update(dict.fromkeys(claims, row))
