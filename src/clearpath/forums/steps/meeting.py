"""Meetings are answered, planned, published with their times, and moved one by one."""

from datetime import datetime
from typing import cast

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums import booths, planned, policies, queries
from clearpath.forums.as_problem import worth_of
from clearpath.forums.models import Delegate, Forum, Meeting, Plan
from clearpath.forums.planning.sentences import told
from clearpath.turns.step import remember, step


@step("forums.answer_meeting")
def answer_meeting(forum: Forum, other: Delegate, *, answer: str, by: Actor) -> Meeting:
    """Say `yes` or `no` to meeting another delegate; the first yes proposes the meeting, the second accepts it.

    Refused: not_a_delegate, meeting_with_oneself, no_such_answer.
    """
    meeting = note_answer(forum, queries.delegate_of(forum, by), other, answer)
    remember(other=str(other.pk), answer=answer)
    return meeting


def note_answer(forum: Forum, me: Delegate | None, other: Delegate, answer: str) -> Meeting:
    """The same, whoever carries it."""
    oneself = me is not None and (
        me.pk == other.pk or (other.organisation_id is not None and me.organisation_id == other.organisation_id)
    )
    refuse_if(policies.why_not_answer_meeting(answer, is_delegate=me is not None, with_oneself=oneself))
    me = cast(Delegate, me)
    first, second = sorted([me, other], key=lambda delegate: delegate.pk)
    meeting, _made = Meeting.objects.get_or_create(forum=forum, first=first, second=second)
    if first.pk == me.pk:
        meeting.first_says = Meeting.Says(answer)
    else:
        meeting.second_says = Meeting.Says(answer)
    if answer == "no":
        meeting.begins_at = meeting.hall = meeting.table = None
    meeting.save(update_fields=["first_says", "second_says", "begins_at", "hall", "table"])
    return meeting


@step("forums.plan")
def plan(forum: Forum, *, by: Actor) -> Plan:
    """Plan who meets whom, when and where; nobody sees it before it is published. The worker plans a large forum.

    Refused: nobody_could_meet.
    """
    could_meet = len(worth_of(forum))
    refuse_if(policies.why_not_plan(could_meet))
    made = Plan.objects.create(forum=forum, kind=Plan.Kind.WHOLE, asked_at=by.now)
    remember(plan=str(made.pk))
    if could_meet <= planned.AT_ONCE:
        return planned.make(made, now=lambda: by.now, seconds=planned.SECONDS_AT_ONCE)
    jobs.later("forums.plan", {"plan": str(made.pk)}, key=f"forum plan {made.pk}")
    return made


@step("forums.publish_agendas")
def publish_agendas(forum: Forum, *, by: Actor) -> list[Meeting]:
    """Give the meetings of the newest plan their times and tables, and let delegates see their agendas.

    Without a plan, one is made now. Published again, agendas are made anew. A meeting for which there is no room has
    no time. Refused: nobody_could_meet, no_plan.
    """
    refuse_if(policies.why_not_plan(len(worth_of(forum))))
    made = planned.to_publish(forum, at=by.now) or planned.make(
        Plan(forum=forum, kind=Plan.Kind.WHOLE, asked_at=by.now),
        now=lambda: by.now,
        seconds=planned.SECONDS_AT_ONCE,
    )
    refuse_if(policies.why_not_publish(there_is_a_plan=planned.is_there(made), says=told(made.says, forum.time_zone)))
    planned.write(made, at=by.now)
    forum.agendas_published_at = by.now
    forum.save(update_fields=["agendas_published_at"])
    meetings = queries.accepted_in_order(forum)
    remember(meetings=len(meetings), without_room=sum(each.begins_at is None for each in meetings))
    return meetings


@step("forums.repair")
def repair(forum: Forum, meeting: Meeting, *, begins_at: datetime | None = None, reason: str, by: Actor) -> Meeting:
    """Move one meeting to another slot, or take it off both agendas (no time), and say why.

    Refused: reason_needed, not_accepted, no_such_slot, not_free_then, no_table_free.
    """
    others = queries.others_at(meeting, begins_at) if begins_at else []
    taken = {(each.hall_id, each.table) for each in others}
    pair, own = (meeting.first_id, meeting.second_id), booths.own_tables(forum)
    free = [
        (hall, table)
        for hall, table in queries.tables_of(queries.halls_of(forum))
        if (hall.pk, table) not in taken and booths.may_sit(pair, (hall.pk, table), own)
    ]
    refuse_if(
        policies.why_not_repair(
            state=meeting.state,
            begins_at=begins_at,
            times=queries.times_of(forum),
            is_table_free=bool(free),
            at_that_time=[(each.first_id, each.second_id) for each in others],
            pair=pair,
            reason=reason,
        )
    )
    meeting.begins_at, (meeting.hall, meeting.table) = begins_at, free[0] if begins_at else (None, None)
    meeting.changed_because = reason.strip()
    meeting.save(update_fields=["begins_at", "hall", "table", "changed_because"])
    remember(meeting=str(meeting.pk), begins_at=begins_at, reason=reason)
    return meeting
