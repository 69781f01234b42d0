"""Why there is no plan: the fewest wishes found that exclude each other, none of which can be left out.

A wish is what somebody asked for: that a meeting takes place, when, in what order, or when they may not meet. Which
of them are needed is found by leaving out blocks of them, then halves, as long as there still is no plan.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearpath.forums.planning.breaks import formula_of, solver_of
from clearpath.forums.planning.narrow import least_breaks, meetings_of, narrowed
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.sentences import Part, Sentence, say


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that was asked for: `of` is the meeting, or the delegate who is closed."""

    what: str  # closed, meets, session, fixed, before
    of: int
    also: int = NOWHERE  # the slot, or the meeting that comes later


@dataclass(frozen=True, slots=True)
class Conflict:
    """Wishes that cannot all be kept. `unfair` is set where all meetings could take place, were it not for fairness."""

    wishes: tuple[Wish, ...]
    unfair: int | None  # breaks that any two delegates may be apart
    is_least: bool = False  # none of the wishes can be left out


def conflicts_in(problem: Problem, fairness: int | None) -> Iterator[Conflict]:
    """Of a problem without a plan: wishes that cannot all be kept, ever fewer; the last one is the smallest found.

    What can be seen without a search is left out first, as that is quick.
    """
    wishes, unfair = list(_wishes(problem)), None
    if narrowed(problem) is None:
        wishes = min(_by_day(problem, wishes), key=len)
    elif has_plan(problem, None):
        unfair = fairness
    given = [] if unfair is None else [wish for wish in wishes if wish.what == "meets"]  # one less can be a break more
    loose = [wish for wish in wishes if wish not in set(given)]

    def is_clash(some: Sequence[Wish]) -> bool:
        return not has_plan(only(problem, [*given, *some]), unfair)

    kept = loose if unfair is None else _about_one(problem, loose, is_clash, unfair)
    for fewer in shrunk(kept, is_clash):
        kept = fewer
        yield Conflict(tuple(kept), unfair)
    yield Conflict(tuple(kept), unfair, is_least=True)


def has_plan(problem: Problem, fairness: int | None) -> bool:
    """Whether there is any plan, however many breaks it has."""
    may = narrowed(problem)
    if may is None:
        return False
    formula = formula_of(problem, may, least_breaks(problem, may), fairness=fairness, most_breaks=0)
    with solver_of(formula) as solver:
        return bool(solver.solve())


def _by_day(problem: Problem, wishes: list[Wish]) -> Iterator[list[Wish]]:
    """The fewest wishes about one delegate's day, for each whose day alone is impossible; else the fewest of all."""

    def is_clash(some: Sequence[Wish]) -> bool:
        return narrowed(only(problem, some)) is None

    days = [_about(problem, wishes, meetings) for meetings in meetings_of(problem).values()]
    for day in [day for day in days if is_clash(day)] or [wishes]:
        *_more, fewest = shrunk(day, is_clash)
        yield fewest


def _about_one(
    problem: Problem, wishes: list[Wish], is_clash: Callable[[Sequence[Wish]], bool], unfair: int
) -> list[Wish]:
    """Those about one delegate who has too many breaks for others in any case, if that is enough; else all."""
    may = narrowed(problem)
    least = {} if may is None else least_breaks(problem, may)
    days = meetings_of(problem)
    for person in sorted(least, key=lambda person: -least[person]):
        if least[person] <= unfair:
            break
        about = _about(problem, wishes, days[person])
        if is_clash(about):
            return about
    return wishes


def _about(problem: Problem, wishes: list[Wish], meetings: list[int]) -> list[Wish]:
    """The wishes about these meetings and whoever is in them."""
    people = {int(ends[meeting]) for ends in (problem.first, problem.second) for meeting in meetings}
    return [
        wish
        for wish in wishes
        if (wish.of in people if wish.what == "closed" else wish.of in meetings)
        and (wish.what != "before" or wish.also in meetings)
    ]


def _wishes(problem: Problem) -> Iterator[Wish]:
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


def shrunk(wishes: Sequence[Wish], is_clash: Callable[[Sequence[Wish]], bool]) -> Iterator[list[Wish]]:
    """Wishes that clash, ever fewer; of the last none can be left out.

    Source: deletion with blocks, as in Marques-Silva, "Minimal Unsatisfiability: Models, Algorithms and
    Applications", ISMVL 2010.
    """
    kept, block = list(wishes), len(wishes)
    yield kept
    while block:
        place = 0
        while place < len(kept):
            trial = kept[:place] + kept[place + block :]
            if is_clash(trial):
                kept = trial
                yield kept
            else:
                place += block
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


def said(problem: Problem, conflict: Conflict) -> tuple[Sentence, ...]:
    """The conflict as people say it, what is about the same delegate together, and what stands against it."""
    wishes, unfair = conflict.wishes, conflict.unfair
    lines = [say("exclude" if conflict.is_least else "exclude_perhaps_fewer")]
    if unfair is not None:
        lines += [say("all_meetings", n=len(problem.first)), say("fair", n=unfair)]
    lines.extend(say("takes_place", **_named(problem, wish.of)) for wish in wishes if wish.what == "meets")
    for person in sorted({wish.of for wish in wishes if wish.what == "closed"}):
        slots = [problem.slots[wish.also].id for wish in wishes if wish.what == "closed" and wish.of == person]
        lines.append(say("closed", name=problem.delegates[person], slots=", ".join(slots)))
    lines.extend(_when(problem, wish) for wish in wishes if wish.what in {"session", "fixed", "before"})
    return (*lines, say("room", slots=len(problem.slots), tables=problem.tables))


def _named(problem: Problem, meeting: int) -> dict[str, Part]:
    return {"number": meeting + 1, **problem.pair(meeting)}


def _when(problem: Problem, wish: Wish) -> Sentence:
    name = _named(problem, wish.of)
    if wish.what == "fixed":
        return say("fixed", **name, slot=problem.slots[problem.fixed[wish.of]].id)
    if wish.what == "before":
        return say("comes_before", **name, **{f"then_{key}": part for key, part in _named(problem, wish.also).items()})
    slots = [slot.id for slot in problem.slots if slot.session == problem.session[wish.of]]
    return say("between", **name, slot=slots[0], last=slots[-1]) if slots else say("no_session", **name)
