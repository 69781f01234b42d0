"""The organizer says what the plan has to keep: whose a table is, and when two delegates meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, refuse_if
from clearpath.forums import policies, queries
from clearpath.forums.as_problem import said_in
from clearpath.forums.during_steps import tell_delegates
from clearpath.forums.models import Arranged, Delegate, Forum, Precedence, Session
from clearpath.turns.step import remember, step


@step("forums.set_booths")
def set_booths(forum: Forum, *, booths: Mapping[UUID, UUID], by: Actor) -> Forum:
    """Say who has a table of their own, and in which hall: their meetings are there, and nobody else sits at it.

    `booths`: keys of halls by keys of delegates; who is not named has none. It holds from the next plan on.
    Refused: nobody_called_so, no_such_hall, no_table_left.
    """
    delegates = {each.pk: each for each in Delegate.objects.filter(forum=forum).order_by("pk")}
    halls = {hall.pk: hall.tables for hall in queries.halls_of(forum) if not hall.is_online}
    refuse_if(policies.why_not_set_booths(booths, all_known=set(booths) <= set(delegates), tables=halls))
    changed = [each for each in delegates.values() if each.booth_id != booths.get(each.pk)]
    for each in changed:
        each.booth_id = booths.get(each.pk)
    Delegate.objects.bulk_update(changed, ["booth"])
    remember(booths={str(key): str(hall) for key, hall in booths.items()})
    return forum


@dataclass(frozen=True, slots=True)
class Two:
    """Two delegates who meet, in either order."""

    one: Delegate
    other: Delegate

    @property
    def ends(self) -> tuple[UUID, UUID]:
        """The smaller key first, as a meeting has them."""
        return min(self.one.pk, self.other.pk), max(self.one.pk, self.other.pk)


@step("forums.arrange")
def arrange(
    forum: Forum, two: Two, *, begins_at: datetime | None = None, session: Session | None = None,
    before: Two | None = None, by: Actor,
) -> Arranged | Precedence:  # fmt: skip
    """Say of a meeting one of three things: it is at this time, in this session, or before that other meeting.

    A time or a session takes the place of what was said of the two before, and both are told. It takes place by the
    forum's rule: where both must want it, once both said yes. It holds from the next plan on.
    Refused: nobody_called_so, meeting_with_oneself, declined, one_thing_at_a_time, no_such_slot, before_itself.
    """
    refuse_if(_why_not_arrange(forum, two, begins_at, session, before))
    first, second = two.ends
    remember(pair=[str(first), str(second)], begins_at=begins_at, session=str(session.pk if session else ""))
    if before is not None:
        then_first, then_second = before.ends
        remember(before=[str(then_first), str(then_second)])
        return Precedence.objects.get_or_create(
            forum=forum, first_id=first, second_id=second, then_first_id=then_first, then_second_id=then_second
        )[0]
    tell_delegates(forum, [two.one, two.other], "forums.arrange", by.now)
    return Arranged.objects.update_or_create(
        forum=forum, first_id=first, second_id=second, defaults={"begins_at": begins_at, "session": session}
    )[0]


def _why_not_arrange(
    forum: Forum, two: Two, begins_at: datetime | None, session: Session | None, before: Two | None
) -> Objection | None:
    said = said_in(forum)
    one, other = two.ends
    return policies.why_not_arrange(
        of_this_forum=all(
            each.forum_id == forum.pk for pair in (two, before) if pair for each in (pair.one, pair.other)
        ),
        with_oneself=any(_is_oneself(pair) for pair in (two, before) if pair),
        is_declined=None in {said.get((one, other), 0), said.get((other, one), 0)},
        things=sum(each is not None for each in (begins_at, session, before)),
        is_slot=begins_at is None or begins_at in queries.times_of(forum),
        before_itself=before is not None and before.ends == two.ends,
    )


def _is_oneself(two: Two) -> bool:
    one, other = two.one, two.other
    return one.pk == other.pk or (one.organisation_id is not None and one.organisation_id == other.organisation_id)


@step("forums.release")
def release(forum: Forum, arranged: Arranged | Precedence, *, by: Actor) -> Forum:
    """Take back what was said of a meeting: the plan is free to choose its time. Both are told of a time taken back."""
    remember(pair=[str(arranged.first_id), str(arranged.second_id)], what=type(arranged).__name__)
    if isinstance(arranged, Arranged):
        tell_delegates(forum, [arranged.first, arranged.second], "forums.release", by.now)
    arranged.delete()
    return forum
