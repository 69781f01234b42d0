"""Who has fewer meetings in a plan than they should, and why. Pure."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clearpath.forums.planning.answer import Answer
from clearpath.forums.planning.problem import NOWHERE, Problem


def left_out(problem: Problem, answer: Answer) -> list[list[object]]:
    """Name, meetings, how many there should be, and a sentence: for who has none, or fewer than their least."""
    if answer.plan is None:
        return []
    could: dict[int, list[int]] = defaultdict(list)
    for meeting, pair in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True)):
        for delegate in pair:
            could[delegate].append(meeting)
    found: list[list[object]] = []
    for delegate, name in enumerate(problem.delegates):
        has = sum(int(answer.plan.slot[meeting]) != NOWHERE for meeting in could[delegate])
        least = int(problem.least[delegate])
        if has < max(least, 1) and int(problem.most[delegate]) > 0:
            found.append([name, has, max(least, 1), _why(problem, delegate, len(could[delegate]))])
    return found


def _why(problem: Problem, delegate: int, could: int) -> str:
    if could == 0:
        return _("Nobody could meet them: their wishes and those of others do not meet.")
    slots = int(problem.free[delegate].sum())
    if slots == 0:
        return _("They are away all the time.")
    if could < max(1, int(problem.least[delegate])):
        says = ngettext("Only %(n)d meeting is possible for them.", "Only %(n)d meetings are possible for them.", could)
        return says % {"n": could}
    return _("Those whom they could meet are busy with others, away, or no table is free.")
