"""What a delegate reads first on the forum's page: what waits for them."""

import pytest

from clearpath.forums import steps
from tests.factories import make_organisation
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.forums.test_pages import page_of, sign_in

pytestmark = pytest.mark.django_db


def test_who_is_invited_is_led_from_registering_to_answers_and_wishes_and_then_left_alone(client):
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests)
    sign_in(client, at(guests[0]))
    assert "You are invited." in page_of(client, forum)

    me, other = registered(forum, *guests)
    page = page_of(client, forum)
    assert ("You are invited." in page, "Say whom you wish to meet" in page) == (False, True)
    steps.answer_meeting(forum, me, answer="yes", by=at(guests[1]))
    assert "1 asks to meet you" in page_of(client, forum)

    steps.answer_meeting(forum, other, answer="yes", by=at(guests[0]))
    steps.wish(forum, ranks={other.pk: 1}, by=at(guests[0]))
    assert "What you can do now" not in page_of(client, forum)


def test_what_waits_for_others_is_neither_the_organizers_nor_the_other_sides(client):
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests)
    me, _other = registered(forum, *guests)
    steps.answer_meeting(forum, me, answer="yes", by=at(guests[1]))

    sign_in(client, at(guests[1]))
    assert "asks to meet you" not in page_of(client, forum)
    sign_in(client, organizer_of(forum))
    assert "What you can do now" not in page_of(client, forum)


def test_nothing_waits_once_the_forum_is_over(client):
    guests = [make_organisation("provider")]
    forum = make_forum(*guests)
    steps.finish(forum, by=organizer_of(forum))

    sign_in(client, at(guests[0]))

    assert "What you can do now" not in page_of(client, forum)


def big_card(client, forum):
    return page_of(client, forum).split('class="cp-turn', 1)[1].split("</section>")[0]


def test_the_organizer_is_led_from_delegates_to_a_plan_and_then_to_the_agendas(client):
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests)
    by = organizer_of(forum)
    sign_in(client, by)
    assert "Bring delegates in from a file" in big_card(client, forum)
    assert "Open the registration page" in page_of(client, forum).split('id="mine-title"')[1].split("</section>")[0]
    assert "Bring delegates in from a file" in client.get("/").content.decode()

    agreed(forum, *registered(forum, *guests))
    assert "Plan the meetings" in big_card(client, forum)
    steps.plan(forum, by=by)
    assert "Publish the agendas" in big_card(client, forum)
