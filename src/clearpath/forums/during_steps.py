"""The steps of a forum while it runs, and of what two delegates agree to do after it."""

from datetime import date, datetime
from typing import cast

from django.db.models import Q

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums import during_policies, queries
from clearpath.forums.agreed import both_want
from clearpath.forums.booths import may_sit, own_tables
from clearpath.forums.holding import note_held
from clearpath.forums.models import CheckIn, Delegate, Forum, Held, Meeting, NextStep, Rating
from clearpath.forums.my_agenda import day_at
from clearpath.forums.standby import stand_in
from clearpath.turns.models import Notice, Seat
from clearpath.turns.step import begin, remember, step

STOOD_IN = "forums.repair"  # what both are told: the running schedule was changed


@step("forums.check_in")
def check_in(forum: Forum, delegate: Delegate, *, by: Actor) -> CheckIn:
    """Note that a delegate came today. Refused: already_here."""
    day = day_at(forum, by.now)
    refuse_if(during_policies.why_not_check_in(is_here=delegate.check_ins.filter(day=day).exists()))
    remember(delegate=str(delegate.pk), day=day)
    return CheckIn.objects.create(forum=forum, delegate=delegate, day=day, at=by.now)


@step("forums.record_meeting")
def record_meeting(forum: Forum, meeting: Meeting, *, state: str, absent: Delegate | None = None, by: Actor) -> Held:
    """Say how a meeting went: `kept`, `late` or `missed`, and who was absent. A missed one gives its place to others.

    Refused: not_your_meeting, no_such_state, already_recorded, has_no_time, not_begun, not_one_of_the_two.
    """
    before = Held.objects.filter(meeting=meeting).first()
    refuse_if(
        during_policies.why_not_record_meeting(
            state,
            begins_at=before.begins_at if before else meeting.begins_at,
            at=by.now,
            is_theirs=_speaks_for(forum, meeting, by) is not None,
            is_organizer=by.role == "organizer",
            is_recorded=before is not None,
            absent_is_one_of_two=absent is None or absent.pk in {meeting.first_id, meeting.second_id},
        )
    )
    remember(meeting=str(meeting.pk), state=state, absent=str(absent.pk if absent else ""))
    held = note_held(meeting, Held.State(state), at=by.now, absent=absent if state == Held.State.MISSED else None)
    if state == Held.State.MISSED and meeting.begins_at is not None:
        _let_others_meet(forum, meeting, held, by)
    return held


def _speaks_for(forum: Forum, meeting: Meeting, by: Actor) -> Delegate | None:
    """The actor as one of the two who meet."""
    me = queries.delegate_of(forum, by)
    return me if me is not None and me.pk in {meeting.first_id, meeting.second_id} else None


def _let_others_meet(forum: Forum, missed: Meeting, held: Held, by: Actor) -> Meeting | None:
    """Give time and table to a pair that stands by, and tell both; without one, the missed meeting keeps them."""
    wanted = queries.accepted_in_order(forum)
    told = set(Held.objects.filter(forum=forum).values_list("meeting_id", flat=True))
    own, where = own_tables(forum), (held.hall_id, held.table)
    waiting = [
        (m.pk, m.first_id, m.second_id)
        for m in wanted
        if m.begins_at is None and m.pk not in told and may_sit((m.first_id, m.second_id), where, own)
    ]
    then = [(m.first_id, m.second_id) for m in wanted if m.begins_at == missed.begins_at and m.pk != missed.pk]
    two = {missed.first_id, missed.second_id}
    here = forum.check_ins.filter(day=day_at(forum, by.now)).values_list("delegate_id", flat=True)
    chosen = stand_in(
        waiting,
        busy={key for pair in then for key in pair} | ({held.absent_id} if held.absent_id else two),
        here=set(here),
        waits=two - {held.absent_id} if held.absent_id else set(),
    )
    if chosen is None:
        return None
    place = {"begins_at": missed.begins_at, "hall": missed.hall, "table": missed.table}
    Meeting.objects.filter(pk=missed.pk).update(begins_at=None, hall=None, table=None)  # first, or two hold one table
    Meeting.objects.filter(pk=chosen).update(**place)
    instead = Meeting.objects.select_related("first", "second").get(pk=chosen)
    tell_delegates(forum, [instead.first, instead.second], STOOD_IN, by.now)
    remember(stands_in=str(chosen))
    return instead


def tell_delegates(forum: Forum, delegates: list[Delegate], name: str, at: datetime) -> None:
    """Tell the seats of these delegates' organisations, and nobody else's, of a step."""
    whose = Q()
    for each in delegates:
        whose |= Q(organisation_id=each.organisation_id, role=each.role)
    seats = Seat.objects.filter(whose, subject=forum, held_since__isnull=False, ended_at=None)
    Notice.objects.bulk_create(Notice(seat=seat, step=name, at=at) for seat in seats)


@step("forums.rate")
def rate(
    forum: Forum, meeting: Meeting, *, worth_it: bool, next_step: str = "none", what: str = "",
    due_on: date | None = None, shares_contact: bool = False, by: Actor,
) -> Rating:  # fmt: skip
    """Say in private whether a meeting was worth it and whether there is a next step: `none`, `later` or `dated`.

    Where both want one and a day is named, it begins as a task for both. Said again, the newer word counts.
    Refused: not_your_meeting, too_late_to_rate, did_not_take_place, not_begun, no_such_answer, day_needed, day_is_past.
    """
    rating = note_rating(
        forum, meeting, _speaks_for(forum, meeting, by), worth_it=worth_it, next_step=next_step, what=what,
        due_on=due_on, shares_contact=shares_contact, at=by.now,
    )  # fmt: skip
    remember(meeting=str(meeting.pk), worth_it=worth_it, next_step=next_step, what=what, due_on=due_on,
             shares_contact=shares_contact)  # fmt: skip
    _begin_what_both_want(meeting)
    return rating


def note_rating(
    forum: Forum, meeting: Meeting, me: Delegate | None, *, worth_it: bool, next_step: str, what: str,
    due_on: date | None, shares_contact: bool, at: datetime,
) -> Rating:  # fmt: skip
    """The same, whoever carries it; nothing begins by it."""
    held = Held.objects.filter(meeting=meeting).first()
    refuse_if(
        during_policies.why_not_rate(
            next_step,
            what,
            due_on,
            begins_at=meeting.begins_at,
            forum_ends_at=forum.ends_at,
            at=at,
            today=day_at(forum, at),
            is_theirs=me is not None,
            was_missed=held is not None and held.state == Held.State.MISSED,
        )
    )
    is_dated = next_step == Rating.Next.DATED
    rating, _new = Rating.objects.update_or_create(
        meeting=meeting,
        delegate=cast(Delegate, me),
        defaults={
            "forum": forum,
            "worth_it": worth_it,
            "next_step": next_step,
            "what": what.strip(),
            "due_on": due_on if is_dated else None,
            "shares_contact": shares_contact,
            "rated_at": at,
        },
    )
    if held is None:
        note_held(meeting, Held.State.KEPT, at=at)
    return rating


def _begin_what_both_want(meeting: Meeting) -> None:
    """Where both sides are on the network, it becomes a task for both; a guest's stands in both agendas alone."""
    first, second = meeting.first, meeting.second
    agreed = both_want(meeting.ratings.all())
    on_network = first.organisation_id is not None and second.organisation_id is not None
    if agreed is None or not on_network or NextStep.objects.filter(meeting=meeting).exists():
        return
    begin(
        NextStep,
        kind="next_step",
        seats=[
            Seat(position=position, role=each.role, organisation_id=each.organisation_id, person_id=each.person_id)
            for position, each in (("first", first), ("second", second))
        ],
        meeting=meeting,
        first_id=first.organisation_id,
        second_id=second.organisation_id,
        title=agreed.title,
        due_on=agreed.due_on,
    )


@step("forums.close")
def close(forum: Forum, *, by: Actor) -> Forum:
    """Nothing is rated any more; only what became of the meetings is still counted."""
    return forum


@step("forums.do_first")
def do_first(next_step: NextStep, *, by: Actor) -> NextStep:
    """The first party has done its part."""
    return next_step


@step("forums.do_second")
def do_second(next_step: NextStep, *, by: Actor) -> NextStep:
    """The second party has done its part."""
    return next_step


@step("forums.close_next_step")
def close_next_step(next_step: NextStep, *, by: Actor) -> NextStep:
    """Both have done it, so that something has become of their meeting."""
    next_step.done_at = by.now
    next_step.save(update_fields=["done_at"])
    return next_step


@step("forums.drop_next_step")
def drop_next_step(next_step: NextStep, *, reason: str, by: Actor) -> NextStep:
    """Either side gives it up and says why. Refused: reason_needed."""
    refuse_if(during_policies.why_not_drop_next_step(reason))
    next_step.dropped_because = reason.strip()
    next_step.save(update_fields=["dropped_because"])
    remember(reason=reason)
    return next_step
