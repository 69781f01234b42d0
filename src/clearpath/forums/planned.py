"""Plans of a forum: made now or by the worker, looked at, and written into the meetings when they are published."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from clearpath.forums.as_problem import Keys, have_been, names_for, problem_of, worth_of
from clearpath.forums.left_out import left_out
from clearpath.forums.models import Forum, Meeting, Plan, Wish
from clearpath.forums.planning.answer import Answer, Status, Tell
from clearpath.forums.planning.answer import Plan as Timetable
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.sentences import Sentence
from clearpath.forums.planning.value import most_value

AT_ONCE = 3_000  # meetings that may take place, up to which a plan is made while one waits
SECONDS_AT_ONCE, SECONDS_LATER = 4.0, 60.0
SOLVERS = (
    "ortools.sat.python.cp_model",
    "ortools.graph.python.min_cost_flow",
)  # slow to load, which is no time to plan
TELL_EVERY = 1.0  # seconds between two lines of progress


def is_there(plan: Plan) -> bool:
    """Whether a plan was found, and was not proved impossible."""
    return plan.status in {Status.OPTIMAL, Status.FEASIBLE}


def make(plan: Plan, *, now: Callable[[], datetime], seconds: float, seed: int = 0) -> Plan:
    """Plan what is still to come of the forum, and keep what was found with the plan."""
    forum = plan.forum
    problem, keys = problem_of(forum, names_for(forum), since=now())
    for solver in SOLVERS:
        import_module(solver)
    if len(problem.first) and problem.slots:
        answer = most_value(problem, deadline=time.monotonic() + seconds, seed=seed, tell=_telling(plan.pk))
    else:
        nothing = np.full(len(problem.first), NOWHERE, np.int32)
        answer = Answer(Status.OPTIMAL, Timetable(nothing, nothing, nothing), 0, 0)
    keep(plan, problem, keys, answer)
    plan.done_at = now()
    plan.save()
    return plan


def keep(plan: Plan, problem: Problem, keys: Keys, answer: Answer) -> None:
    """Put an answer into the row of a plan."""
    plan.status = answer.status.value
    plan.score, plan.bound = answer.score, answer.bound
    plan.meetings = placed(problem, keys, answer.plan) if answer.plan is not None else []
    plan.says = list(answer.conflict or (answer.says if answer.plan is None else ()))
    plan.asks = plan.asks | {"left_out": left_out(problem, answer)}
    plan.progress = ""


def placed(problem: Problem, keys: Keys, found: Timetable) -> list[list[object]]:
    """Of each meeting with a time: keys of both delegates, beginning, key of the hall, and table in it (from 1)."""
    rows = zip(
        problem.first.tolist(), problem.second.tolist(), found.slot.tolist(), found.hall.tolist(),
        found.table.tolist(), strict=True,
    )  # fmt: skip
    return [
        [
            str(keys.delegates[first]),
            str(keys.delegates[second]),
            keys.times[slot].isoformat(),
            str(keys.halls[hall]),
            table + 1,
        ]
        for first, second, slot, hall, table in rows
        if slot != NOWHERE
    ]


def _telling(plan_id: UUID) -> Tell:
    last = [0.0]

    def tell(line: Sentence) -> None:
        if time.monotonic() - last[0] >= TELL_EVERY:
            last[0] = time.monotonic()
            Plan.objects.filter(pk=plan_id).update(progress=json.dumps(line))

    return tell


def to_publish(forum: Forum, *, at: datetime) -> Plan | None:
    """The newest plan where it was found and is not published yet; none while one is being made, or once it is late."""
    newest = Plan.objects.filter(forum=forum, kind=Plan.Kind.WHOLE).order_by("-pk").first()
    if newest is None or not is_there(newest) or newest.published_at is not None or _begins_before(newest, at):
        return None
    return newest


def _begins_before(plan: Plan, at: datetime) -> bool:
    return any(datetime.fromisoformat(begins_at) < at for _one, _other, begins_at, _hall, _table in plan.meetings)


def write(plan: Plan, *, at: datetime) -> None:
    """Give the planned meetings their times; whoever said no since is left out, and meetings of before are cleared.

    What has been stays.
    """
    forum = plan.forum
    wanted = worth_of(forum)
    wished = set(Wish.objects.filter(delegate__forum=forum, rank__isnull=False).values_list("delegate_id", "other_id"))
    known = {(each.first_id, each.second_id): each for each in Meeting.objects.filter(forum=forum)}
    been = {(each.first_id, each.second_id): each.pk for each in have_been(forum, at=at)}
    for meeting in known.values():
        meeting.begins_at = meeting.hall_id = meeting.table = None
    Meeting.objects.filter(forum=forum).exclude(pk__in=been.values()).update(begins_at=None, hall=None, table=None)
    made: list[Meeting] = []
    for one, other, begins_at, hall, table in plan.meetings:
        pair = (UUID(one), UUID(other))
        if pair not in wanted or pair in been:
            continue
        meeting = known.get(pair) or Meeting(forum=forum, first_id=pair[0], second_id=pair[1])
        meeting.begins_at, meeting.hall_id, meeting.table = datetime.fromisoformat(begins_at), UUID(hall), table
        meeting.first_says = meeting.first_says or _says(pair, wished)
        meeting.second_says = meeting.second_says or _says(pair[::-1], wished)
        made.append(meeting)
    Meeting.objects.bulk_create(each for each in made if each._state.adding)
    old = [each for each in made if not each._state.adding and (each.first_id, each.second_id) in known]
    Meeting.objects.bulk_update(old, ["first_says", "second_says", "begins_at", "hall", "table"])
    plan.published_at = at
    plan.save(update_fields=["published_at"])


def _says(pair: tuple[UUID, UUID], wished: set[tuple[UUID, UUID]]) -> Meeting.Says:
    """A wish is a yes; who said nothing agrees by the forum's rule, or they would not be planned."""
    return Meeting.Says.YES if pair in wished else Meeting.Says.RULE


def how_good(plan: Plan) -> str:
    """The value of a plan beside what no plan can pass, in words."""
    if plan.score is None or not plan.bound:
        return ""
    if plan.score >= plan.bound:
        return _("The best possible plan: proved.")
    share = int(1000 * plan.score / plan.bound) / 10
    return _("%(share)s %% of the best possible.") % {"share": f"{share:g}"}
