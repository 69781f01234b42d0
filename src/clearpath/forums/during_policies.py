"""Whether something may be said of a meeting now, beyond the charter."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.forums.models import Held, Rating

RATED_FOR = timedelta(days=14)  # after the end of the forum: the last meetings are rated on the way home
NOT_YOURS = Objection("not_your_meeting", _("Only the two who meet can say this."))


def why_not_check_in(*, is_here: bool) -> Objection | None:
    if is_here:
        return Objection("already_here", _("This delegate was checked in today already."))
    return None


def why_not_record_meeting(
    state: str, *, begins_at: datetime | None, at: datetime, is_theirs: bool, is_organizer: bool, is_recorded: bool,
    absent_is_one_of_two: bool,
) -> Objection | None:  # fmt: skip
    """`absent_is_one_of_two`: also true where nobody is named."""
    if not (is_theirs or is_organizer):
        return Objection("not_your_meeting", _("Only the two who meet, or the organizer, can say how it went."))
    if state not in Held.State.values:
        return Objection("no_such_state", _("Say whether it was kept, late or missed."))
    if is_recorded and not is_organizer:
        return Objection("already_recorded", _("How it went is recorded already. The organizer can correct it."))
    if begins_at is None:
        return Objection("has_no_time", _("This meeting has no time in the agenda."))
    if at < begins_at:
        return Objection("not_begun", _("This meeting has not begun yet."))
    if not absent_is_one_of_two:
        return Objection("not_one_of_the_two", _("Who was absent is one of the two who were to meet."))
    return None


def is_rated_until(forum_ends_at: datetime) -> datetime:
    """The moment from which on nothing is rated any more."""
    return forum_ends_at + RATED_FOR


def why_not_rate(
    next_step: str, what: str, due_on: date | None, *, begins_at: datetime | None, forum_ends_at: datetime,
    at: datetime, today: date, is_theirs: bool, was_missed: bool,
) -> Objection | None:  # fmt: skip
    """`today`: the day at the forum."""
    if not is_theirs:
        return NOT_YOURS
    if at >= is_rated_until(forum_ends_at):
        return Objection(
            "too_late_to_rate",
            _("Meetings are rated for %(days)d days after the forum. These are over.") % {"days": RATED_FOR.days},
        )
    if begins_at is None or was_missed:
        return Objection("did_not_take_place", _("This meeting did not take place, so there is nothing to rate."))
    if at < begins_at:
        return Objection("not_begun", _("This meeting has not begun yet."))
    if next_step not in Rating.Next.values:
        return Objection("no_such_answer", _("Say whether there is a next step: no, later, or by a day."))
    if next_step == Rating.Next.DATED and (due_on is None or not what.strip()):
        return Objection("day_needed", _("Say what the next step is, and by which day."))
    if due_on is not None and due_on < today:
        return Objection("day_is_past", _("The day of the next step is over. Choose one that is still to come."))
    return None


def why_not_drop_next_step(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence: the other side reads it."))
    return None
