"""The network's question about a next step, and by when it is due."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from clearpath.forums.models import NextStep
from clearpath.turns.hooks import due_when_agreed, question


@question("both_have_done_it")
def both_have_done_it(next_step: NextStep, at: datetime) -> bool:  # noqa: ARG001
    """Whether each side said that it did its part."""
    return {"first_done", "second_done"} <= set(next_step.facts)


@due_when_agreed("forums.do_first")
@due_when_agreed("forums.do_second")
def end_of_the_day(next_step: NextStep) -> datetime:
    """The day that both named is over where they met."""
    zone = ZoneInfo(next_step.meeting.forum.time_zone)
    return datetime.combine(next_step.due_on, time(23, 59), zone)
