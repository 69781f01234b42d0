from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.forums.models import Forum, Meeting
from clearpath.forums.steps import publish_agendas
from clearpath.parties.models import Person
from tests.factories import actor_at, make_organisation
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(client, forum):
    answer = client.get(reverse("turns:subject", args=["forum", forum.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def take(client, forum, step, **fields):
    url = reverse("turns:take", args=["forum", forum.pk, step])
    assert client.get(url).status_code == 200, step
    return client.post(url, fields | {"key": uuid4().hex})


def test_a_forum_goes_from_plan_to_repaired_agenda_by_its_forms(client, time_machine):
    time_machine.move_to(datetime(2026, 5, 1, tzinfo=UTC), tick=False)
    organizer, provider, facilitator = (make_organisation(each) for each in ("organizer", "provider", "facilitator"))
    sign_in(client, actor_at(organizer, "organizer"))
    start = reverse("turns:start", args=["forums.create"])
    assert provider.name in client.get(start).content.decode()
    client.post(
        start,
        {
            "name": "Istanbul forum",
            "country": "tr",
            "city": "Istanbul",
            "time_zone": "Europe/Istanbul",
            "first_day": "2026-06-01",
            "days": "1",
            "opens": "09:00",
            "closes": "10:00",
            "slot_minutes": "20",
            "halls": "Main hall; 1",
            "acceptance": "both",
            "invited": [f"{provider.pk}:provider", f"{facilitator.pk}:facilitator"],
            "key": uuid4().hex,
        },
    )
    forum = Forum.objects.get()
    assert (forum.country, forum.begins_at) == ("TR", datetime(2026, 6, 1, 6, 0, tzinfo=UTC))

    for organisation in (provider, facilitator):
        sign_in(client, at(organisation))
        take(client, forum, "forums.register", offers="Hips", wants="Patients")
    hospital, guide = forum.delegates.order_by("pk")
    take(client, forum, "forums.answer_meeting", other=hospital.pk, answer="yes")
    sign_in(client, at(provider))
    take(client, forum, "forums.answer_meeting", other=guide.pk, answer="yes")
    sign_in(client, organizer_of(forum))
    take(client, forum, "forums.publish_agendas")
    meeting = Meeting.objects.get()
    assert meeting.begins_at == forum.begins_at
    take(
        client,
        forum,
        "forums.repair",
        meeting=meeting.pk,
        begins_at=datetime(2026, 6, 1, 6, 40, tzinfo=UTC).isoformat(),
        reason="The plane is late.",
    )

    meeting.refresh_from_db()
    assert meeting.begins_at == datetime(2026, 6, 1, 6, 40, tzinfo=UTC)
    sign_in(client, at(provider))
    page = page_of(client, forum)
    assert "The plane is late." in page
    assert "09:40" in page


def test_a_time_zone_that_does_not_exist_is_shown_again(client):
    organizer = make_organisation("organizer")
    sign_in(client, actor_at(organizer, "organizer"))

    answer = client.post(reverse("turns:start", args=["forums.create"]), {"time_zone": "Mars/Olympus", "key": "k"})

    assert answer.status_code == 422
    assert "There is no such time zone" in answer.content.decode()


def test_a_delegate_sees_who_comes_and_only_their_own_meetings_and_wishes(client):
    provider, facilitator, agency = (make_organisation(each) for each in ("provider", "facilitator", "agency"))
    forum = make_forum(provider, facilitator, agency)
    _hospital, guide, marketer = registered(forum, provider, facilitator, agency)
    agreed(forum, guide, marketer)
    sign_in(client, at(provider))

    page = page_of(client, forum)

    assert all(each.name in page for each in (provider, facilitator, agency))
    assert page.count("Hips") == 1
    assert "No meetings yet." in page


def test_the_organizer_sees_all_of_it(client):
    provider, facilitator = make_organisation("provider"), make_organisation("facilitator")
    forum = make_forum(provider, facilitator)
    hospital, guide = registered(forum, provider, facilitator)
    agreed(forum, hospital, guide)
    sign_in(client, organizer_of(forum))

    page = page_of(client, forum)

    assert page.count("Hips") == 2
    assert "Both want it" in page


@pytest.mark.parametrize(
    ("step", "field"), [("answer_meeting", "other"), ("repair", "meeting"), ("check_in", "delegate")]
)
def test_where_one_of_several_is_needed_none_is_chosen_before_the_reader(client, step, field):
    guests = [make_organisation(role) for role in ("provider", "facilitator", "agency")]
    forum = make_forum(*guests)
    hospital, guide, agency = registered(forum, *guests)
    for other in (guide, agency):
        agreed(forum, hospital, other)
    publish_agendas(forum, by=organizer_of(forum))
    sign_in(client, at(guests[0]) if step == "answer_meeting" else organizer_of(forum))

    answer = take(client, forum, f"forums.{step}", **{field: "", "answer": "no", "reason": "Late."})

    page = answer.content.decode()
    assert '<option value="" selected>Choose</option>' in page.split(f'id="id_{field}"')[1].split("</select>")[0]
    assert f'id="id_{field}_error"' in page
