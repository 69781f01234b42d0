from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from clearpath.core.outcomes import Refused
from clearpath.forums import queries
from clearpath.forums.create_form import Create
from clearpath.forums.steps import Follows, create, limit
from tests.factories import actor_at, make_organisation
from tests.forums.test_pages import page_of, sign_in, take

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
GIVEN = {
    "name": "Istanbul forum",
    "country": "tr",
    "city": "Istanbul",
    "time_zone": "Europe/Istanbul",
    "first_day": "2026-06-01",
    "days": "2",
    "opens": "09:00",
    "closes": "15:00",
    "lunch_from": "12:00",
    "lunch_until": "13:00",
    "slot_minutes": "60",
    "halls": "Main hall; 40; 3\nVideo; online\n\nGarden; 5",
    "acceptance": "automatic",
}


def form_of(**changes):
    return Create(GIVEN | changes, actor=actor_at(make_organisation("organizer"), "organizer"))


def test_a_forum_of_two_days_has_its_slots_by_the_clock_of_the_place_and_none_at_lunch():
    form = form_of()
    assert form.is_valid(), form.errors
    _things, details = form.arguments()

    forum = create(**details, by=form.actor)

    hours = [6, 7, 8, 10, 11]  # 9, 10, 11, 13 and 14 in Istanbul
    assert queries.times_of(forum) == [datetime(2026, 6, day, hour, tzinfo=UTC) for day in (1, 2) for hour in hours]
    assert (forum.begins_at, forum.ends_at) == (
        datetime(2026, 6, 1, 6, tzinfo=UTC),
        datetime(2026, 6, 2, 12, tzinfo=UTC),
    )
    assert forum.acceptance == "automatic"


def test_halls_stand_in_the_order_of_their_lines_and_those_online_last():
    form = form_of()
    assert form.is_valid(), form.errors

    forum = create(**form.arguments()[1], by=form.actor)

    assert [(each.name, each.tables, each.minutes_to_next, each.is_online) for each in queries.halls_of(forum)] == [
        ("Main hall", 40, 3, False),
        ("Garden", 5, 0, False),
        ("Video", 1, 0, True),
    ]
    assert forum.tables == 45


def test_a_forum_follows_the_newest_of_its_name_unless_the_organizer_says_otherwise():
    organizer = actor_at(make_organisation("organizer"), "organizer")
    others = actor_at(make_organisation("organizer"), "organizer")

    def made(name, day, by=organizer, **more):
        form = Create(GIVEN | {"name": name, "first_day": day} | more, actor=replace(by, now=LONG_AGO))
        assert form.is_valid(), form.errors
        return create(**form.arguments()[1], by=by)

    oldest = made("Istanbul forum 2024", "2024-06-01")
    old = made("Istanbul Forum 2025", "2025-06-01")
    other_name = made("Gulf forum", "2025-07-01")
    made("Istanbul forum 2025", "2025-08-01", by=others)

    assert (oldest.follows, old.follows, other_name.follows) == (None, oldest, None)
    assert made("3rd Istanbul forum", "2026-06-01").follows == old
    assert made("Istanbul forum 2026", "2026-06-01", follows="none").follows is None
    assert made("Istanbul forum 2026", "2026-06-01", follows=str(other_name.pk)).follows == other_name


def test_a_forum_follows_no_later_one_and_none_of_another_organizer():
    organizer, other = (actor_at(make_organisation("organizer"), "organizer") for _one in range(2))
    form = Create(GIVEN, actor=organizer)
    assert form.is_valid()
    given = form.arguments()[1]
    mine = create(**given, by=organizer)

    for follows, by in ((mine.pk, organizer), (mine.pk, other)):
        with pytest.raises(Refused, match="not_an_earlier_forum"):
            create(**given | {"follows": follows}, by=by)


def test_which_forum_it_follows_can_be_said_later_and_taken_back(client):
    organizer, other = (actor_at(make_organisation("organizer"), "organizer") for _one in range(2))

    def made(day, by=organizer):
        given = GIVEN | {"name": "Istanbul forum", "first_day": day, "follows": "none"}
        form = Create(given, actor=replace(by, now=LONG_AGO))
        assert form.is_valid(), form.errors
        return create(**form.arguments()[1], by=by)

    before, forum, later, theirs = made("2025-06-01"), made("2026-06-01"), made("2027-06-01"), made("2025-06-01", other)
    limit(forum, places={"provider": 40}, shares=[], by=organizer)
    sign_in(client, organizer)

    take(client, forum, "forums.limit", place_provider=40, follows=str(before.pk))
    forum.refresh_from_db()
    assert (forum.follows, forum.places.get().most) == (before, 40)
    assert "Which earlier forum it follows" in page_of(client, forum)
    limit(forum, places={}, shares=[], by=organizer)
    forum.refresh_from_db()
    assert forum.follows == before
    for each in (later, theirs, forum):
        with pytest.raises(Refused, match="not_an_earlier_forum"):
            limit(forum, places={}, shares=[], follows=Follows(each.pk), by=organizer)
    shown = client.get(reverse("turns:take", args=["forum", forum.pk, "forums.limit"])).content.decode()
    assert f'<option value="{before.pk}" selected>' in shown

    take(client, forum, "forums.limit", follows="")
    forum.refresh_from_db()
    assert forum.follows is None


def test_an_arabic_semicolon_parts_as_a_latin_one_does():
    form = form_of(halls="القاعة؛ 40؛ 3")

    assert form.is_valid(), form.errors
    [hall] = form.arguments()[1]["halls"]
    assert (hall.name, hall.tables, hall.minutes_to_next) == ("القاعة", 40, 3)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"halls": "Main hall; 40\nGarden"}, "halls", "Line 2"),
        ({"halls": "Main hall; many"}, "halls", "Line 1"),
        ({"halls": "Main hall; 0"}, "halls", "Line 1"),
        ({"halls": "Main hall; 4; far"}, "halls", "number of minutes"),
        ({"halls": "Main hall; 4; 1; 2"}, "halls", "Line 1"),
        ({"closes": "09:00"}, "closes", "before the beginning"),
        ({"lunch_until": ""}, "lunch_until", "both times"),
        ({"lunch_from": "08:00"}, "lunch_until", "between"),
        ({"days": "32"}, "days", ""),
        ({"first_day": "2026-05-31"}, "first_day", "past"),
        ({"country": "ZZ"}, "country", "two letters"),
    ],
)
def test_what_is_wrong_with_days_and_halls_is_said_where_it_is(changes, field, says):
    form = form_of(**changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert says in form.errors[field][0]
