"""Whether a step on a forum may be taken now, beyond the charter."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection

LONGEST_FORUM = timedelta(days=31)
WITH_ONESELF = Objection("meeting_with_oneself", _("Choose two who come for different organisations."))


def why_not_create(
    name: str, begins_at: datetime, ends_at: datetime, slot_minutes: int, tables: Collection[int]
) -> Objection | None:
    """`tables`: of each hall."""
    if not name.strip():
        return Objection("name_needed", _("Give the forum a name."))
    if ends_at <= begins_at:
        return Objection("ends_before_it_begins", _("The end comes before the beginning. Check the times."))
    if ends_at - begins_at > LONGEST_FORUM:
        return Objection("forum_too_long", _("A forum lasts at most a month. Check the dates."))
    if slot_minutes < 1 or min(tables) < 1:
        return Objection("no_room_to_meet", _("A meeting needs at least one minute and one table."))
    return None


def why_not_follow(*, is_earlier_one: bool) -> Objection | None:
    """`is_earlier_one`: what it follows is the same organizer's, and began before."""
    if not is_earlier_one:
        return Objection("not_an_earlier_forum", _("A forum follows an earlier one of yours. Choose another one."))
    return None


def why_not_sessions(
    sessions: Sequence[tuple[datetime, datetime]], begins_at: datetime, ends_at: datetime
) -> Objection | None:
    """`sessions`: beginning and end of each, in order."""
    if any(end <= begin for begin, end in sessions):
        return Objection("session_ends_first", _("A session ends before it begins. Check its times."))
    if any(end > begin for (_b, end), (begin, _e) in pairwise(sessions)):
        return Objection("sessions_overlap", _("Two sessions are at the same time. Check their times."))
    if sessions[0][0] < begins_at or sessions[-1][1] > ends_at:
        return Objection("session_outside_the_forum", _("A session lies outside the forum. Check its day."))
    return None


def why_not_limit(shares: Sequence[tuple[str, str, int, int]]) -> Objection | None:
    """`shares`: trade, others, least and most of each."""
    if any(least > most for _trade, _others, least, most in shares):
        return Objection("quota_without_room", _("The most meetings are fewer than the least. Check the numbers."))
    if len({each[:2] for each in shares}) < len(shares):
        return Objection("quota_twice", _("Say only once how often two trades meet."))
    return None


def why_not_set_booths(booths: Mapping[UUID, UUID], *, all_known: bool, tables: Mapping[UUID, int]) -> Objection | None:
    """`booths`: keys of halls by who shall have a table in them; `tables`: of each hall that stands somewhere."""
    if not all_known:
        return Objection("nobody_called_so", _("Somebody whom you named does not come to this forum."))
    if not set(booths.values()) <= set(tables):
        return Objection("no_such_hall", _("A table of one's own stands in a hall of this forum, not online."))
    if any(count > tables[hall] for hall, count in Counter(booths.values()).items()):
        return Objection("no_table_left", _("A hall has fewer tables than you give away in it. Name fewer delegates."))
    return None


def why_not_arrange(
    *, of_this_forum: bool, with_oneself: bool, is_declined: bool, things: int, is_slot: bool, before_itself: bool,
) -> Objection | None:  # fmt: skip
    """`things`: how many of time, session and order are said at once."""
    if not of_this_forum:
        return Objection("nobody_called_so", _("Somebody whom you named does not come to this forum."))
    if with_oneself:
        return WITH_ONESELF
    if is_declined:
        return Objection("declined", _("One of the two has said no to this meeting."))
    if things != 1:
        return Objection("one_thing_at_a_time", _("Say one thing: a time, a session, or before which other meeting."))
    if not is_slot:
        return Objection("no_such_slot", _("No slot begins at that time."))
    if before_itself:
        return Objection("before_itself", _("A meeting cannot come before itself."))
    return None


def why_not_import(lines: int) -> Objection | None:
    return None if lines else Objection("nobody_to_bring_in", _("No line of this file names a delegate."))


def why_not_wish(
    *, is_delegate: bool, others_known: bool, least: int, most: int | None, away: Sequence[tuple[datetime, datetime]]
) -> Objection | None:
    if not is_delegate:
        return Objection("not_a_delegate", _("Register for this forum first."))
    if not others_known:
        return Objection("nobody_called_so", _("Somebody whom you named does not come, or comes with you."))
    if most is not None and most < least:
        return Objection("fewer_than_least", _("The most meetings are fewer than the least. Check both."))
    if any(end <= begin for begin, end in away):
        return Objection("absence_ends_first", _("You come back before you leave. Check when you are away."))
    return None


def why_not_register(
    offers: str, wants: str, *, is_participant: bool, is_registered: bool, is_full: bool = False
) -> Objection | None:
    if not is_participant:
        return Objection("not_a_participant", _("You run this forum; those who take part register themselves."))
    if is_registered:
        return Objection("already_registered", _("You are registered already."))
    if is_full:
        return Objection("no_place_left", _("Every place for your trade is taken. Ask the organizer for another one."))
    if not offers.strip() or not wants.strip():
        return Objection("interests_needed", _("Say what you offer and whom you look for: meetings come from that."))
    return None


def why_not_answer_meeting(answer: str, *, is_delegate: bool, with_oneself: bool) -> Objection | None:
    if not is_delegate:
        return Objection("not_a_delegate", _("Register for this forum first."))
    if with_oneself:
        return Objection("meeting_with_oneself", _("Choose somebody else to meet."))
    if answer not in {"yes", "no"}:
        return Objection("no_such_answer", _("Say yes or no."))
    return None


def why_not_plan(could_meet: int) -> Objection | None:
    if could_meet == 0:
        says = _("No two delegates wish to meet yet. Ask them for their wishes, or bring these in from a file.")
        return Objection("nobody_could_meet", says)
    return None


def why_not_publish(*, there_is_a_plan: bool, says: Sequence[str]) -> Objection | None:
    """`says`: what excludes each other, where there is no plan."""
    if there_is_a_plan:
        return None
    return Objection(
        "no_plan", format_lazy("{} {}", _("No plan was found that keeps all that must be."), " ".join(says))
    )


def why_not_repair(
    *,
    state: str,
    begins_at: datetime | None,
    times: Collection[datetime],
    is_table_free: bool,
    at_that_time: Collection[Collection[object]],
    pair: Collection[object],
    reason: str,
) -> Objection | None:
    """`at_that_time`: the pairs of delegates who meet then already, this meeting left out."""
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence: both read it in their agenda."))
    if state != "accepted":
        return Objection("not_accepted", _("Both must have said yes before their meeting gets a time."))
    if begins_at is None:
        return None
    if begins_at not in times:
        return Objection("no_such_slot", _("No slot begins at that time."))
    if any(set(each) & set(pair) for each in at_that_time):
        return Objection("not_free_then", _("One of the two meets somebody else at that time."))
    if not is_table_free:
        return Objection("no_table_free", _("Every table is taken at that time."))
    return None


def why_not_repair_agendas(*, reason: str, all_known: bool, is_slot: bool) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence: both read it in their agenda."))
    if not all_known:
        return Objection("nobody_called_so", _("Somebody whom you named does not come to this forum."))
    if not is_slot:
        return Objection("no_such_slot", _("No slot begins at that time."))
    return None


def why_not_keep_repair(*, happened: bool) -> Objection | None:
    if happened:
        return None
    return Objection(
        "nothing_happened", _("Say who is away, or which tables cannot be used: nobody new can get a meeting.")
    )


def why_not_answer_move(answer: str, *, is_mine: bool, is_over: bool) -> Objection | None:
    if not is_mine:
        return Objection("not_your_agenda", _("This is a change of somebody else's agenda."))
    if is_over:
        return Objection("move_is_over", _("This change is out already, or another one took its place."))
    if answer not in {"yes", "no"}:
        return Objection("no_such_answer", _("Say yes or no."))
    return None


def why_not_apply_repair(*, there_is_one: bool, said_no: int, waits: int, is_stale: bool) -> Objection | None:
    if not there_is_one:
        return Objection("no_repair", _("There is no repair that waits. Work one out first."))
    if said_no:
        return Objection("said_no", _("Somebody said no. Work the repair out again: they are then not moved."))
    if waits:
        return Objection("waits_for_answer", _("Somebody who wants to be asked has not answered yet."))
    if is_stale:
        return Objection("agendas_changed", _("An agenda changed meanwhile. Work the repair out again."))
    return None
