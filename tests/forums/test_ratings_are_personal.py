"""What one says of a meeting in private, asked for at every address of forums by everybody else."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from clearpath.forums import during_steps
from clearpath.forums import steps as forums
from clearpath.turns.history import timeline_of
from tests.forums.during import BEGUN, colleague_of, now_at, party, running
from tests.forums.factories import organizer_of
from tests.forums.test_pages import sign_in
from tests.stories.test_least_sight import addresses, everything_seen

pytestmark = pytest.mark.django_db
WORD = "canaryprivatex"


@pytest.fixture
def rated(time_machine):
    """A forum in which one of two said something in private; their colleague is a delegate too."""
    time_machine.move_to(BEGUN, tick=False)
    four = [party(role) for role in ("provider", "facilitator", "agency", "provider")]
    forum = running((0, 1), (2, 3), organisations=four, tables=2)
    meeting = forum.meetings.exclude(begins_at=None).filter(first__organisation__in=four[:2]).get()
    said = {"next_step": "dated", "what": WORD, "due_on": date(2026, 7, 10)}
    during_steps.rate(forum, meeting, worth_it=True, by=now_at(four[0]), **said)
    colleague = colleague_of(four[0])
    forums.register(forum, offers="Knees", wants="Patients", by=colleague)
    return SimpleNamespace(forum=forum, meeting=meeting, four=four, colleague=colleague)


def seen_by(client, actor, forum):
    """Every address that speaks of forums, its meetings and its figures, as this actor gets them."""
    sign_in(client, actor)
    urls = [url for url in addresses(SimpleNamespace(subjects=[forum])) if "forum" in url]
    return {url for url in urls if WORD in everything_seen(client, url)}


def test_the_page_shows_me_what_i_said(client, rated):
    rate = reverse("forums:rate", args=[rated.forum.pk, rated.meeting.pk])

    assert rate in seen_by(client, now_at(rated.four[0]), rated.forum)


@pytest.mark.parametrize("who", ["colleague", "the other", "organizer"])
def test_no_page_and_no_file_shows_it_to_anybody_else(client, rated, who):
    actor = {
        "colleague": rated.colleague,
        "the other": now_at(rated.four[1]),
        "organizer": organizer_of(rated.forum),
    }[who]

    assert seen_by(client, actor, rated.forum) == set()


def test_that_one_rated_answered_or_wished_is_told_to_ones_own_organisation_alone(rated):
    wished = rated.forum.delegates.get(organisation=rated.four[1])
    forums.wish(rated.forum, ranks={wished.pk: 1}, by=now_at(rated.four[0]))
    private = {"forums.rate", "forums.wish", "forums.answer_meeting"}

    def told(actor):
        return {each.step for each in timeline_of(actor, rated.forum)} & private

    assert told(now_at(rated.four[0])) == told(rated.colleague) == private
    assert told(now_at(rated.four[1])) == {"forums.answer_meeting"}  # their own
    assert told(organizer_of(rated.forum)) == set()
    assert "forums.start" in {each.step for each in timeline_of(organizer_of(rated.forum), rated.forum)}
