"""Forums made by taking the real steps."""

from datetime import timedelta
from typing import Any

from clearpath.charter.actor import Actor
from clearpath.forums import steps
from clearpath.forums.models import Delegate, Forum
from clearpath.parties.models import Organisation
from tests.factories import NOON, actor_at, make_organisation
from tests.kept import kept


@kept
def make_forum(*invited: Organisation, minutes: int = 60, **more: Any) -> Forum:
    """A forum of one hour with slots of 20 minutes and one table; each invited in its first role."""
    organizer = make_organisation("organizer")
    details = {"name": "Istanbul forum", "country": "TR", "city": "Istanbul"}
    return steps.create(
        begins_at=NOON,
        ends_at=NOON + timedelta(minutes=minutes),
        invited=[steps.Invited(each.pk, role_of(each)) for each in invited],
        by=actor_at(organizer, "organizer"),
        **(details | more),
    )


def role_of(organisation: Organisation) -> str:
    return organisation.held_roles.order_by("pk").first().role


def organizer_of(forum: Forum) -> Actor:
    return actor_at(forum.organizer_id, "organizer")


def at(organisation: Organisation) -> Actor:
    return actor_at(organisation, role_of(organisation))


@kept
def registered(forum: Forum, *organisations: Organisation) -> list[Delegate]:
    return [steps.register(forum, offers="Hips", wants="Patients", by=at(each)) for each in organisations]


def agreed(forum: Forum, one: Delegate, other: Delegate) -> Any:
    """A meeting that both want."""
    steps.answer_meeting(forum, other, answer="yes", by=at(one.organisation))
    return steps.answer_meeting(forum, one, answer="yes", by=at(other.organisation))
