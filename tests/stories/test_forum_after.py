"""A forum during and after, in a real browser: from an accepted meeting to what the network itself knows came of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from clearpath.agreements import steps as agreements
from clearpath.charter.actor import Actor
from clearpath.config.demo import walk
from clearpath.forums import steps as forums
from clearpath.forums.badges import code_of
from clearpath.forums.models import CheckIn, Forum, NextStep, Rating
from tests.agreements.factories import COMPLETE, first, second
from tests.factories import NOON, actor_at, make_organisation, make_person
from tests.stories.people import time_passes
from tests.stories.test_agency import SUMMARY, reads_well

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(story, monkeypatch):
    time_passes(monkeypatch, NOON - timezone.now())
    return story


def now(actor):
    return replace(actor, now=timezone.now())


def test_a_forum_leads_to_agreements_and_a_journey(story, monkeypatch):
    roles = {"host": "organizer", "guide": "facilitator", "desk": "provider", "clinic": "provider", "surgeon": "doctor"}
    network = {name: make_organisation(role, name=f"{name.title()} House") for name, role in roles.items()}
    actors = {name: actor_at(network[name], role) for name, role in roles.items()}
    for name in ("host", "guide", "desk"):
        story.joins(name, actors[name], phone=name == "guide")

    forum = a_forum_is_set_up(network, actors)
    story.subject = forum
    meetings_are_accepted_and_published(story, forum, network, actors)
    the_agenda_works_offline_and_feeds_a_calendar(story, forum, network)
    time_passes(monkeypatch, timedelta(hours=1))
    the_host_checks_the_guide_in(story, forum, network)
    time_passes(monkeypatch, timedelta(minutes=25))
    both_rate_and_agree_on_a_next_step(story, forum, network)
    time_passes(monkeypatch, timedelta(hours=2))
    story.as_("host").take("forums.finish")
    it_comes_to_something(network, actors)
    time_passes(monkeypatch, timedelta(days=90))
    the_report_shows_it(story, forum)
    assert story.said == []


def a_forum_is_set_up(network, actors):
    begins_at = timezone.now() + timedelta(hours=1)
    invited = [forums.Invited(network[name].pk, actors[name].role) for name in ("guide", "desk", "clinic")]
    forum = forums.create(
        name="Istanbul forum", country="TR", city="Istanbul", begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=2), invited=invited, tables=2, by=now(actors["host"]),
    )  # fmt: skip
    for name in ("guide", "desk", "clinic"):
        forums.register(forum, offers="Hips", wants="Partners", by=now(actors[name]))
    return Forum.objects.get(pk=forum.pk)


def meetings_are_accepted_and_published(story, forum, network, actors):
    delegates = {name: forum.delegates.get(organisation=network[name]) for name in ("guide", "desk", "clinic")}
    for name in ("desk", "clinic"):
        forums.answer_meeting(forum, delegates["guide"], answer="yes", by=now(actors[name]))
    for name in ("desk", "clinic"):
        story.as_("guide").take("forums.answer_meeting", other=delegates[name].pk, answer="yes")
    story.as_("host").take("forums.publish_agendas")
    story.as_("host").take("forums.start")


def the_agenda_works_offline_and_feeds_a_calendar(story, forum, network):
    agenda = reverse("forums:agenda", args=[forum.pk])
    story.as_("guide").at_subject(forum)
    story.page.click(f"main a[href='{agenda}']")
    assert network["desk"].name in story.text()
    story.page.wait_for_selector("html[data-offline=ready]")
    story.page.context.set_offline(True)
    story.page.reload()
    assert network["desk"].name in story.text()
    story.page.context.set_offline(False)

    story.goto(agenda)
    story.page.click("text=Make an address that keeps my calendar up to date")
    address = story.page.inner_text("#calendar code")
    stranger = story.browser.new_context()
    file = stranger.request.get(address)
    assert (file.status, file.text().count("BEGIN:VEVENT")) == (200, 2)
    stranger.close()
    reads_well(story, agenda)


def the_host_checks_the_guide_in(story, forum, network):
    guide = forum.delegates.get(organisation=network["guide"])
    story.as_("host").goto(reverse("forums:badge", args=[code_of(guide.pk)]))
    story.page.click("main form button")
    story.page.wait_for_selector("text=Here today")
    assert CheckIn.objects.get().delegate == guide
    board = reverse("forums:board", args=[forum.pk])
    story.goto(board)
    assert "Late:" in story.text()  # the desk sits at no table yet
    reads_well(story, board, reverse("forums:badge", args=[code_of(guide.pk)]))


def both_rate_and_agree_on_a_next_step(story, forum, network):
    meeting = next(
        each for each in forum.meetings.exclude(begins_at=None)
        if network["desk"].pk in {each.first.organisation_id, each.second.organisation_id}
    )  # fmt: skip
    agenda, rate = reverse("forums:agenda", args=[forum.pk]), reverse("forums:rate", args=[forum.pk, meeting.pk])
    story.as_("guide").goto(agenda)
    story.page.click(f"main a[href='{rate}?worth_it=yes']")
    story.page.click("main details summary")
    story.page.fill("[name=what]", "Send the contract")
    story.page.fill("[name=due_on]", (timezone.now() + timedelta(days=7)).date().isoformat())
    story.page.click("button[value=dated]")
    story.page.wait_for_url(f"**{agenda}**")
    reads_well(story, rate)
    assert NextStep.objects.count() == 0  # only one of the two has said so

    story.as_("guide").goto(agenda)  # the other meeting: one tap, and one more
    story.page.click("main a[href$='?worth_it=yes']")
    story.page.click("button[value=none]")
    story.page.wait_for_url(f"**{agenda}**")

    story.as_("desk").goto(agenda)
    story.page.click(f"main a[href='{rate}?worth_it=yes']")
    story.page.click("button[value=later]")
    story.page.wait_for_url(f"**{agenda}**")
    assert Rating.objects.count() == 3
    found = NextStep.objects.get()
    sides = {found.first_id: "forums.do_first", found.second_id: "forums.do_second"}
    with story.elsewhere(found):
        for name in ("guide", "desk"):
            story.as_(name).take(sides[network[name].pk])
        assert found.stage == "over"


def it_comes_to_something(network, actors):
    """The guide signs with both hospitals, and sends a patient to one of them, who is treated."""
    for name in ("desk", "clinic"):
        draft = agreements.draft(
            title="Working together", second_id=network["guide"].pk, second_role="facilitator", by=now(actors[name])
        )
        agreements.propose_terms(draft, text="We work together.", fees=[], by=now(first(draft)), **COMPLETE)
        draft.refresh_from_db()
        agreements.check_fees(draft, by=Actor(role="network", now=timezone.now()))
        agreements.sign_first(draft, by=now(first(draft)))
        agreements.sign_second(draft, by=now(second(draft)))
    hours, begun = count(1), timezone.now()
    pairs = {name: (network[name].pk, actors[name].person_id) for name in ("guide", "desk", "surgeon")}
    case = walk.Case(
        name="Amina Yusuf", country="KW", language="ar", procedure="Knee replacement", patient=make_person().pk,
        facilitator=pairs["guide"], providers=[pairs["desk"]], doctors=[pairs["surgeon"]], summary=SUMMARY,
        clock=lambda: begun + timedelta(hours=30 * next(hours)), price_minor=1_000_000,
    )  # fmt: skip
    walk.go(case, "treated")
    assert "treated" in case.journey.facts


def the_report_shows_it(story, forum):
    report = reverse("forums:report", args=[forum.pk])
    story.as_("host").at_subject(forum)
    story.page.click(f"main a[href='{report}']")
    tiles = {
        each.locator(".cp-stat-label").inner_text(): each.locator(".cp-stat-value").inner_text()
        for each in story.page.locator(".cp-stat").all()
    }
    assert (tiles["Agreements signed"], tiles["Journeys of patients"]) == ("2", "1")
    assert "Amina" not in story.page.content()
    assert "too few to tell" in story.text()  # one patient is nobody's figure
    reads_well(story, report)
