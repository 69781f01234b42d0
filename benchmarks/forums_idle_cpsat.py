"""The peer of forums_idle.py: the same problem as a plain model for CP-SAT (ortools) with two workers."""

import re
import time
from typing import Any


def solved_by_cpsat(text: str, fairness: int, seconds: float) -> dict[str, Any]:
    """What CP-SAT finds in so many seconds. Raises ImportError without ortools."""
    from ortools.sat.python import cp_model

    begun = time.monotonic()
    model = cp_model.CpModel()
    breaks = _modelled(model, text, fairness)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds - (time.monotonic() - begun)
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    has_plan = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "status": {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible", cp_model.INFEASIBLE: "impossible"}.get(
            status, "unknown"
        ),
        "breaks": round(solver.objective_value) if has_plan else None,
        "bound": round(solver.best_objective_bound) if has_plan else None,
        "seconds": round(time.monotonic() - begun, 1),
    }


def _modelled(model: Any, text: str, fairness: int) -> list[Any]:
    """The rules of the MANIFEST, each once; gives the breaks of every participant."""
    people, tables, slots, morning = (
        int(re.search(rf"{name}\s*=\s*(\d+)", text)[1])  # type: ignore[index]
        for name in ("nBusiness", "nTables", "nTotalSlots", "nMorningSlots")
    )
    meetings = [tuple(map(int, found)) for found in re.findall(r"\|\s*(\d+),\s*(\d+),\s*(\d)", text)]
    forbidden, fixed = sets_after(text, "forbidden"), numbers_after(text, r"fix(?:ed|at)")
    sessions = {1: range(morning), 2: range(morning, slots), 3: range(slots)}
    when: dict[tuple[int, int], Any] = {}
    for meeting, (first, second, session) in enumerate(meetings):
        closed = forbidden[first - 1] | forbidden[second - 1] if forbidden else set()
        only = {fixed[meeting] - 1} if fixed and fixed[meeting] else set(range(slots))
        for slot in sessions[session]:
            if slot + 1 not in closed and slot in only:
                when[meeting, slot] = model.new_bool_var("")
        model.add_exactly_one(when[meeting, slot] for slot in range(slots) if (meeting, slot) in when)
    for slot in range(slots):
        model.add(sum(when[each] for each in when if each[1] == slot) <= tables)
    start = [
        sum(slot * when[meeting, slot] for slot in range(slots) if (meeting, slot) in when)
        for meeting in range(len(meetings))
    ]
    for later, earlier_ones in enumerate(sets_after(text, "precedences")):
        for earlier in earlier_ones - {0}:
            model.add(start[earlier - 1] < start[later])
    breaks = []
    for person in range(1, people + 1):
        own = [meeting for meeting, ends in enumerate(meetings) if person in ends[:2]]
        meets = [model.new_bool_var("") for _slot in range(slots)]
        since = [model.new_bool_var("") for _slot in range(slots)]
        ends = []
        for slot in range(slots):
            model.add(sum(when[meeting, slot] for meeting in own if (meeting, slot) in when) == meets[slot])
            model.add_max_equality(since[slot], meets[: slot + 1])
        for slot in range(2, slots):
            end = model.new_bool_var("")
            model.add_bool_or(meets[slot].Not(), meets[slot - 1], since[slot - 2].Not(), end)
            for true in (meets[slot], meets[slot - 1].Not(), since[slot - 2]):
                model.add_implication(end, true)
            ends.append(end)
        breaks.append(sum(ends))
    most, least = (model.new_int_var(0, slots, "") for _each in range(2))
    for each in breaks:
        model.add(each <= most)
        model.add(each >= least)
    model.add(most - least <= fairness)
    return breaks


def sets_after(text: str, name: str) -> list[set[int]]:
    found = re.search(rf"{name}\s*=\s*\[([^\]]*)\]", text)
    return [set(map(int, re.findall(r"\d+", each))) for each in re.findall(r"\{([^}]*)\}", found[1])] if found else []


def numbers_after(text: str, name: str) -> list[int]:
    found = re.search(rf"{name}\s*=\s*\[([^\]]*)\]", text)
    return list(map(int, re.findall(r"\d+", found[1]))) if found else []
