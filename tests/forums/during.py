"""A forum that runs, made by taking the real steps."""

from dataclasses import replace
from datetime import timedelta

from clearpath.forums import during_steps, steps
from clearpath.forums.models import Forum
from clearpath.parties.models import Membership
from tests.factories import NOON, make_organisation, make_person
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.kept import kept

BEGUN = NOON + timedelta(minutes=5)


def party(role: str = "provider"):
    return make_organisation(role)


@kept
def running(*pairs, organisations, minutes: int = 20, tables: int = 1) -> Forum:
    """A forum in which these pairs of organisations (by number) want to meet, the first ones first, at noon."""
    forum = make_forum(*organisations, minutes=minutes, tables=tables)
    delegates = registered(forum, *organisations)
    for one, other in pairs:
        agreed(forum, delegates[one], delegates[other])
    steps.publish_agendas(forum, by=organizer_of(forum))
    steps.start(forum, by=organizer_of(forum))
    forum.refresh_from_db()
    return forum


def now_at(organisation, moment=BEGUN):
    return replace(at(organisation), now=moment)


def colleague_of(organisation, moment=BEGUN):
    """Somebody else who works there in the same role."""
    one = now_at(organisation, moment)
    other = make_person("Colleague")
    Membership.objects.create(organisation=organisation, person=other, role=one.role, since=NOON)
    return replace(one, person_id=other.pk)


def organizer_now(forum, moment=BEGUN):
    return replace(organizer_of(forum), now=moment)


def check_in(forum, *organisations, moment=NOON):
    for each in organisations:
        delegate = forum.delegates.get(organisation=each)
        during_steps.check_in(forum, delegate, by=organizer_now(forum, moment))
