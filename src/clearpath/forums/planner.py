"""The one place where a forum of the network is given to the planner."""

from collections import defaultdict

import numpy as np

from clearpath.forums.planning.answer import Answer, Plan, Status, Tell
from clearpath.forums.planning.problem import NOWHERE, Problem


def best_plan(problem: Problem, *, deadline: float, seed: int = 0, tell: Tell = lambda _line: None) -> Answer:  # noqa: ARG001
    """The plan of the greatest value that is found in time; `deadline` as `time.monotonic` counts."""
    slot = np.full(len(problem.first), NOWHERE, dtype=np.int32)
    hall, table = slot.copy(), slot.copy()
    busy: dict[int, set[int]] = defaultdict(set)
    taken: dict[tuple[int, int], int] = defaultdict(int)
    count = np.zeros(len(problem.delegates), dtype=np.int32)
    for meeting in sorted(range(len(slot)), key=lambda each: (-int(problem.value[each]), each)):
        pair = int(problem.first[meeting]), int(problem.second[meeting])
        if any(count[each] >= problem.most[each] for each in pair):
            continue
        for time in range(len(problem.slots)):
            where = next((at for at, each in enumerate(problem.halls) if taken[time, at] < each.tables), None)
            free = all(problem.free[each, time] and time not in busy[each] for each in pair)
            if where is not None and free:
                slot[meeting], hall[meeting], table[meeting] = time, where, taken[time, where]
                taken[time, where] += 1
                for each in pair:
                    busy[each].add(time)
                    count[each] += 1
                break
    score = int(problem.value[slot != NOWHERE].sum())
    return Answer(Status.FEASIBLE, Plan(slot, hall, table), score, int(problem.value.sum()))
