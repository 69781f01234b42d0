"""A forum of two days and 120 delegates from an Excel file: planned, published, repaired at noon, in a real browser.

Two of the organisations in the file are on the network: their people find the forum on their desk, rank whom they wish
to meet with reasons beside each, and see their agenda once it is out.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, Meeting, Wish
from clearpath.parties.models import Person
from tests.factories import actor_at, make_organisation, steward
from tests.forums.delegate_sheet import as_excel, delegate_rows

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def network():
    made = {
        "organizer": make_organisation("organizer", name="Meeting House"),
        "hospital": make_organisation("provider", name="House 000"),
        "guide": make_organisation("facilitator", name="House 060"),
    }
    steward()
    return made


def test_an_organizer_sets_up_a_forum_of_120_delegates_plans_it_and_publishes(story, network):
    story.joins("organizer", actor_at(network["organizer"], "organizer"))
    story.joins("hospital", actor_at(network["hospital"], "provider"), phone=True)

    forum = the_organizer_sets_it_up(story)
    delegates_come_from_a_file(story, network, forum)
    a_delegate_says_whom_they_wish_to_meet(story)
    the_organizer_plans_and_publishes(story)
    the_delegate_sees_their_agenda(story, network)
    three_fall_ill_at_noon(story, forum)
    assert story.said == []


def the_organizer_sets_it_up(story):
    first_day = (timezone.now() + timedelta(days=30)).date()
    story.as_("organizer").take(
        "forums.create",
        name="Gulf Care Forum", country="AE", city="Abu Dhabi", time_zone="Asia/Dubai", first_day=first_day.isoformat(),
        days=2, opens="09:00", closes="16:00", lunch_from="12:00", lunch_until="13:00", slot_minutes=20,
        halls="Main hall; 40; 3\nGarden; 20\nVideo; online", acceptance="automatic",
    )  # fmt: skip
    forum = Forum.objects.get()
    assert forum.sessions.count() == 4  # two days, before and after lunch
    story.subject = forum
    return forum


def delegates_come_from_a_file(story, network, forum):
    rows = delegate_rows(120)
    for name, role in (("hospital", "provider"), ("guide", "facilitator")):
        organisation = network[name]
        row = next(each for each in rows if each["organisation"] == organisation.name)
        row["trade"] = role
        row["email"] = Person.objects.get(memberships__organisation=organisation).email
    rows[7]["trade"] = "baker"
    file = {"name": "delegates.xlsx", "mimeType": EXCEL, "buffer": as_excel(rows)}
    story.as_("organizer").opens("forums.import_delegates")
    story.fills(file=file)
    story.presses()
    story.page.wait_for_selector(".cp-said-warning")  # beside the form, which stays
    story.is_done("forums.import_delegates")
    said = story.text()
    assert "119 delegates were taken." in said
    assert "Line 9, trade: Write one of these" in said
    rows[7]["trade"] = "provider"
    story.take("forums.import_delegates", file=file | {"buffer": as_excel(rows)})
    assert "1 delegate was taken." in story.text()
    assert Delegate.objects.filter(forum=forum).count() == 120
    assert "Supply and demand" in story.text()


def a_delegate_says_whom_they_wish_to_meet(story):
    guide = Delegate.objects.get(organisation__name="House 060")
    story.as_("hospital").opens("forums.wish")
    assert "They look for what you offer" in story.text() or "they look for what you offer" in story.text()
    nothing_wrong(story)
    dearest = Wish.objects.get(delegate__organisation__name="House 000", rank=1).other_id
    story.fills(**{f"rank_{dearest}": "", f"rank_{guide.pk}": "1", "least": 2})
    story.presses()
    story.is_done("forums.wish")


def the_organizer_plans_and_publishes(story):
    story.as_("organizer").take("forums.plan")
    assert "best possible" in story.text()
    assert Meeting.objects.count() == 0
    nothing_wrong(story)
    story.take("forums.publish_agendas")
    assert Meeting.objects.filter(begins_at__isnull=False).count() > 200


def the_delegate_sees_their_agenda(story, network):
    story.as_("hospital").at_subject()
    mine = Meeting.objects.filter(begins_at__isnull=False, first__organisation=network["hospital"])
    mine = mine | Meeting.objects.filter(begins_at__isnull=False, second__organisation=network["hospital"])
    assert mine.count() >= 2
    met = {each.second if each.first.organisation_id == network["hospital"].pk else each.first for each in mine}
    said = story.text()
    assert all(each.guest_organisation in said for each in met if each.guest_organisation)
    story.goto(reverse("turns:take", args=["forum", story.subject.pk, "forums.plan"]))
    assert "organizer" in story.text().casefold()  # whose part it is


def three_fall_ill_at_noon(story, forum):
    zone = ZoneInfo(forum.time_zone)
    noon = next(time for time in queries.times_of(forum) if time.astimezone(zone).hour >= 12)
    before = agendas(forum)
    ill = sorted(before, key=lambda key: (-len(before[key]), key))[:3]  # those with most meetings
    story.as_("organizer").take("forums.start")
    story.opens("forums.repair_agendas")
    story.page.select_option("main form [name=away]", [str(key) for key in ill])
    story.fills(from_at=noon.isoformat(), reason="Three of us are ill.")
    story.presses()
    story.is_done("forums.repair_agendas")
    assert agendas(forum) == before
    story.at_subject()
    assert "of the 117 others" in story.text()
    nothing_wrong(story)
    story.take("forums.apply_repair")

    after = agendas(forum)
    assert not any(time >= noon for key in ill for time in after[key].values())
    others = before.keys() - set(ill)
    moved = [key for key in others if any(after[key].get(met, time) != time for met, time in before[key].items())]
    assert len(moved) <= len(others) / 10
    assert sum(len(after[key]) for key in others) > 0


def agendas(forum):
    """Of each delegate, whom they meet when."""
    found = {key: {} for key in forum.delegates.values_list("pk", flat=True)}
    placed = Meeting.objects.filter(begins_at__isnull=False)
    for first, second, time in placed.values_list("first", "second", "begins_at"):
        found[first][second] = found[second][first] = time
    return found


def nothing_wrong(story):
    """As a screen reader's checker sees the page."""
    found = Axe().run(story.page).response["violations"]
    assert story.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:2]]) for each in found] == []
