"""What two who met both want to do next, out of what each said in private. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clearpath.forums.models import Rating


@dataclass(frozen=True, slots=True)
class Agreed:
    """A next step that both want, by the later of the days that they named: then both are ready."""

    title: str
    due_on: date


def both_want(ratings: Iterable[Rating]) -> Agreed | None:
    """Of the ratings of one meeting; None where one wants nothing, or nobody named a day."""
    wanted = sorted(
        (each for each in ratings if each.next_step != Rating.Next.NONE), key=lambda each: (each.rated_at, each.pk)
    )
    days = [each.due_on for each in wanted if each.due_on]
    if len(wanted) < 2 or not days:
        return None
    return Agreed(" · ".join(dict.fromkeys(each.what for each in wanted if each.what)), max(days))
