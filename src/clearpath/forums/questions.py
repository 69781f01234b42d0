"""The network's questions about a forum and about a next step, and by when that is due."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from clearpath.forums.during_policies import is_rated_until
from clearpath.forums.models import Forum, NextStep
from clearpath.turns.hooks import due_when_agreed, question


@question("both_have_done_it")
def both_have_done_it(next_step: NextStep, at: datetime) -> bool:  # noqa: ARG001
    """Whether each side said that it did its part."""
    return {"first_done", "second_done"} <= set(next_step.facts)


@question("time_to_rate_is_over")
def time_to_rate_is_over(forum: Forum, at: datetime) -> bool:
    """Whether nobody may rate its meetings any more."""
    return at >= is_rated_until(forum.ends_at)


@due_when_agreed("forums.do_first")
@due_when_agreed("forums.do_second")
def end_of_the_day(next_step: NextStep) -> datetime:
    """The day that both named is over where they met."""
    zone = ZoneInfo(next_step.meeting.forum.time_zone)
    return datetime.combine(next_step.due_on, time(23, 59), zone)
