"""Why there is no plan: the fewest wishes found that exclude each other, none of which can be left out.

A wish is what somebody asked for: that a meeting takes place, when, in what order, or when they may not meet. Which
of them are needed is found by leaving out blocks of them, then halves, as long as there still is no plan.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearpath.forums.planning.narrow import meetings_of, narrowed
from clearpath.forums.planning.problem import NOWHERE, Problem


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that was asked for: `what` is a key of SENTENCES, `of` the meeting or delegate."""

    what: str
    of: int
    also: int = NOWHERE  # the slot, or the meeting that comes later


def conflict_in(problem: Problem, *, deadline: float) -> tuple[str, ...]:
    """Sentences that cannot all be true, of a problem that `narrowed` finds impossible.

    `deadline` is a moment of `time.monotonic`; when it passes, more sentences may be given than are needed.
    """
    clashes = [
        smallest(wishes, lambda kept: narrowed(only(problem, kept)) is None, deadline=deadline)
        for wishes in _suspects(problem)
    ]
    fewest = min(clashes, key=len)
    return tuple(_said(problem, fewest))


def _suspects(problem: Problem) -> list[list[Wish]]:
    """The wishes about one delegate's day, for each whose day alone is impossible; else all."""
    wishes = list(_wishes(problem))
    days = [
        [wish for wish in wishes if _is_about(problem, wish, set(meetings))]
        for meetings in meetings_of(problem).values()
    ]
    return [day for day in days if narrowed(only(problem, day)) is None] or [wishes]


def _wishes(problem: Problem) -> Iterator[Wish]:
    """Those that are easily given up come last: what is left out first is what stands first."""
    for person, slot in zip(*(places.tolist() for places in np.nonzero(~problem.free)), strict=True):
        yield Wish("closed", person, slot)
    for meeting in range(len(problem.first)):
        yield Wish("meets", meeting)
        if problem.session[meeting] != NOWHERE:
            yield Wish("session", meeting)
        if problem.fixed[meeting] != NOWHERE:
            yield Wish("fixed", meeting)
    for earlier, later in problem.before:
        yield Wish("before", earlier, later)


def _is_about(problem: Problem, wish: Wish, meetings: set[int]) -> bool:
    if wish.what == "closed":
        return any(wish.of in (problem.first[meeting], problem.second[meeting]) for meeting in meetings)
    return wish.of in meetings and (wish.what != "before" or wish.also in meetings)


def smallest(wishes: Sequence[Wish], is_clash: Callable[[Sequence[Wish]], bool], *, deadline: float) -> list[Wish]:
    """Wishes that clash, of which none can be left out; more than that where the time is over.

    Source: deletion with blocks, as in Marques-Silva, "Minimal Unsatisfiability: Models, Algorithms and
    Applications", ISMVL 2010.
    """
    kept, block = list(wishes), max(1, len(wishes) // 2)
    while True:
        place = 0
        while place < len(kept):
            if time.monotonic() >= deadline:
                return kept
            trial = kept[:place] + kept[place + block :]
            if is_clash(trial):
                kept = trial
            else:
                place += block
        if block == 1:
            return kept
        block //= 2


def only(problem: Problem, wishes: Sequence[Wish]) -> Problem:
    """The problem with no more wishes than these; meetings keep their order, and what is said of missing ones goes."""
    free = np.ones_like(problem.free)
    session, fixed = np.full_like(problem.session, NOWHERE), np.full_like(problem.fixed, NOWHERE)
    meets = np.zeros(len(problem.first), np.bool_)
    before = []
    for wish in wishes:
        match wish.what:
            case "closed":
                free[wish.of, wish.also] = False
            case "meets":
                meets[wish.of] = True
            case "session":
                session[wish.of] = problem.session[wish.of]
            case "fixed":
                fixed[wish.of] = problem.fixed[wish.of]
            case _:
                before.append((wish.of, wish.also))
    number = np.cumsum(meets) - 1
    return replace(
        problem,
        free=free,
        session=session[meets],
        fixed=fixed[meets],
        before=tuple((int(number[one]), int(number[other])) for one, other in before if meets[one] and meets[other]),
        first=problem.first[meets],
        second=problem.second[meets],
        value=problem.value[meets],
        must=problem.must[meets],
    )


def _said(problem: Problem, wishes: Sequence[Wish]) -> Iterator[str]:
    """The wishes as people say them, those of the same delegate together."""
    meetings = [wish.of for wish in wishes if wish.what == "meets"]
    yield (
        f"These {len(wishes)} wishes exclude each other, though there are {len(problem.slots)} slots; "
        "without any one of them they would not."
    )
    for meeting in meetings:
        yield f"{_named(problem, meeting)} takes place{_when(problem, wishes, meeting)}."
    for person in sorted({wish.of for wish in wishes if wish.what == "closed"}):
        slots = [problem.slots[wish.also].id for wish in wishes if wish.what == "closed" and wish.of == person]
        yield f"{problem.delegates[person]} may not meet in slot {', '.join(slots)}."
    for wish in wishes:
        if wish.what == "before":
            yield f"{_named(problem, wish.of)} comes before {_named(problem, wish.also).lower()}."


def _named(problem: Problem, meeting: int) -> str:
    first, second = (problem.delegates[ends[meeting]] for ends in (problem.first, problem.second))
    return f"Meeting {meeting + 1} ({first} with {second})"


def _when(problem: Problem, wishes: Sequence[Wish], meeting: int) -> str:
    about = {wish.what for wish in wishes if wish.of == meeting}
    if "fixed" in about:
        return f" and is fixed in slot {problem.slots[problem.fixed[meeting]].id}"
    if "session" in about:
        slots = [slot.id for slot in problem.slots if slot.session == problem.session[meeting]]
        return f" and may only be in slots {slots[0]} to {slots[-1]}" if slots else " in a session without slots"
    return ""
