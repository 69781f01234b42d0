"""A forum with its meetings and delegates in another order: a search that begins elsewhere and finds as few breaks."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.problem import Problem
from clearpath.forums.planning.sentences import Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Shuffled:
    """The forum as it is searched, and the way back."""

    problem: Problem
    order: NDArray[np.intp]  # [meeting] its number in the forum as it was

    def slots(self, found: NDArray[np.int32]) -> NDArray[np.int32]:
        """[meeting as it was] its slot."""
        slots = np.empty_like(found)
        slots[self.order] = found
        return slots

    def sentence(self, said: Sentence) -> Sentence:
        """With the numbers that meetings had."""
        numbers: dict[str, Any] = {
            name: int(self.order[int(said.parts[name]) - 1]) + 1
            for name in ("number", "then_number")
            if name in said.parts
        }
        return said._replace(parts={**said.parts, **numbers})


def shuffled(problem: Problem, seed: int) -> Shuffled:
    """Equal for equal seeds; by seed 0 everything stays where it is."""
    meetings, people = len(problem.first), len(problem.delegates)
    order, who = np.arange(meetings), np.arange(people)
    if seed:
        random = np.random.default_rng(seed)
        order, who = random.permutation(meetings), random.permutation(people)
    place, number = np.argsort(who).astype(np.int32), np.argsort(order)
    return Shuffled(
        replace(
            problem,
            delegates=tuple(problem.delegates[each] for each in who),
            trades=tuple(problem.trades[each] for each in who),
            **{name: getattr(problem, name)[who] for name in ("free", "least", "most", "booth")},
            **{name: getattr(problem, name)[order] for name in ("value", "session", "fixed", "must")},
            first=place[problem.first[order]],
            second=place[problem.second[order]],
            before=tuple((int(number[one]), int(number[then])) for one, then in problem.before),
        ),
        order,
    )
