from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import booths, during_steps, rows, steps
from clearpath.forums.as_problem import names_for
from clearpath.forums.booths import may_sit
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.models import Delegate, Meeting
from clearpath.forums.repairs import Trouble
from tests.factories import NOON, make_organisation
from tests.forums.delegate_sheet import as_csv
from tests.forums.during import check_in, organizer_now
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.forums.test_pages import sign_in, take

pytestmark = pytest.mark.django_db
A, B, C = (UUID(int=number) for number in (1, 2, 3))
HALLS = [steps.Room(2, "Main hall"), steps.Room(2, "Garden"), steps.Room(1, "Video", is_online=True)]


@pytest.fixture
def four(db):
    """A forum with two halls and one online, and four who come; the first two are hospitals."""
    guests = [make_organisation(role) for role in ("provider", "provider", "facilitator", "agency")]
    forum = make_forum(*guests, halls=HALLS)
    return forum, guests, registered(forum, *guests), list(forum.halls.order_by("number"))


def give(forum, **halls_by_key):
    steps.set_booths(forum, booths={UUID(key): hall for key, hall in halls_by_key.items()}, by=organizer_of(forum))


def repaired(forum, trouble):
    steps.repair_agendas(forum, trouble, reason="They are ill.", by=organizer_of(forum))
    steps.apply_repair(forum, by=organizer_of(forum))


def test_who_has_a_table_meets_there_and_nobody_else_sits_at_it(four):
    forum, _guests, (one, two, guide, agency), (_main, garden, _video) = four
    give(forum, **{str(one.pk): garden.pk})
    agreed(forum, one, guide)
    agreed(forum, two, agency)
    agreed(forum, guide, two)

    steps.publish_agendas(forum, by=organizer_of(forum))

    own = booths.own_tables(forum)
    assert own == {one.pk: (garden.pk, 1)}
    met = Meeting.objects.filter(begins_at__isnull=False)
    assert met.count() == 3
    for each in met:
        assert (one.pk in {each.first_id, each.second_id}) == ((each.hall_id, each.table) == own[one.pk])


def test_two_with_tables_of_their_own_meet_at_one_of_them(four):
    forum, _guests, (one, two, *_others), (main, garden, _video) = four
    give(forum, **{str(one.pk): garden.pk, str(two.pk): main.pk})
    agreed(forum, one, two)

    [meeting] = steps.publish_agendas(forum, by=organizer_of(forum))

    assert (meeting.hall_id, meeting.table) in {(garden.pk, 1), (main.pk, 1)}


@pytest.mark.parametrize(
    ("pair", "where", "own", "may"),
    [
        ((A, B), (C, 1), {}, True),
        ((A, B), (C, 1), {A: (C, 1)}, True),
        ((A, B), (C, 2), {A: (C, 1)}, False),
        ((A, B), (C, 2), {A: (C, 1), B: (C, 2)}, True),
        ((A, B), (C, 1), {C: (C, 1)}, False),
    ],
)
def test_who_may_sit_where(pair, where, own, may):
    assert may_sit(pair, where, own) is may


def test_tables_are_given_by_the_organizer_alone_and_only_where_there_are_some(four):
    forum, guests, (one, two, guide, _agency), (main, _garden, video) = four
    with pytest.raises(NotYourPart):
        steps.set_booths(forum, booths={}, by=at(guests[0]))
    for given, code in (
        ({uuid4(): main.pk}, "nobody_called_so"),
        ({one.pk: video.pk}, "no_such_hall"),
        ({one.pk: uuid4()}, "no_such_hall"),
        ({each.pk: main.pk for each in (one, two, guide)}, "no_table_left"),
    ):
        with pytest.raises(Refused, match=code):
            steps.set_booths(forum, booths=given, by=organizer_of(forum))
    assert not Delegate.objects.exclude(booth=None).exists()


def test_the_page_gives_tables_by_lines_shows_them_again_and_takes_them_back(client, four):
    forum, _guests, (one, _two, guide, _agency), (main, garden, _video) = four
    names = names_for(forum)
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.set_booths"])

    take(client, forum, "forums.set_booths", booths=f"{names[one.pk].upper()}; garden\n\n{names[guide.pk]}؛ 1")

    assert dict(Delegate.objects.exclude(booth=None).values_list("pk", "booth")) == {
        one.pk: garden.pk,
        guide.pk: main.pk,
    }
    assert f"{names[one.pk]}; Garden" in client.get(url).content.decode()
    refused = take(client, forum, "forums.set_booths", booths=f"{names[one.pk]}; Cellar").content.decode()
    assert "Line 1: write the hall after a semicolon" in refused
    assert "nobody called" in take(client, forum, "forums.set_booths", booths="Somebody; Garden").content.decode()
    take(client, forum, "forums.set_booths", booths="")
    assert not Delegate.objects.exclude(booth=None).exists()


def test_an_organisation_stands_for_all_who_come_for_it(client):
    forum = make_forum(halls=HALLS)
    sheet = [
        {"organisation": "House", "trade": "provider", "person": name, "email": f"{name}@house.example"}
        for name in ("ada", "bo")
    ]
    steps.import_delegates(forum, judged_for(forum, as_csv(sheet)).delegates, by=organizer_of(forum))
    sign_in(client, organizer_of(forum))

    take(client, forum, "forums.set_booths", booths="House; Main hall")

    assert Delegate.objects.filter(booth__name="Main hall").count() == 2


def test_a_file_says_who_has_a_table_and_who_gets_none_any_more_is_told_and_taken():
    forum = make_forum(halls=HALLS)
    columns = ["organisation", "trade", "person", "booth"]
    sheet = [
        {"organisation": f"House {n}", "trade": "provider", "person": "Ada", "booth": hall}
        for n, hall in enumerate(["main hall", "1", "Main hall", "Cellar", "Video"])
    ]

    found = judged_for(forum, as_csv(sheet, columns))
    imported = steps.import_delegates(forum, found.delegates, by=organizer_of(forum))

    assert [(each.line, each.column, each.code) for each in found.faults] == [
        (5, "booth", "no_such_hall"),
        (6, "booth", "no_such_hall"),
    ]
    assert [(each.line, each.column, each.code) for each in imported.faults] == [(4, "booth", "no_table_left")]
    assert imported.taken == 3
    assert Delegate.objects.filter(booth__name="Main hall").count() == 2


def test_everybody_sees_on_the_floor_and_among_who_comes_whose_table_it_is(client, four):
    forum, guests, (one, _two, guide, _agency), (_main, garden, _video) = four
    give(forum, **{str(one.pk): garden.pk})
    agreed(forum, one, guide)
    steps.publish_agendas(forum, by=organizer_of(forum))
    name = names_for(forum)[one.pk]

    for actor in (organizer_of(forum), at(guests[2])):
        sign_in(client, actor)
        assert f"1 · {name}" in client.get(reverse("forums:floor", args=[forum.pk])).content.decode()
    assert [row.place for row in rows.delegate_rows_for(at(guests[3]), forum) if row.place] == ["Garden, Table 1"]


def test_a_meeting_that_is_moved_by_hand_stays_at_the_own_table(four):
    forum, _guests, (one, _two, guide, agency), (_main, garden, _video) = four
    give(forum, **{str(one.pk): garden.pk})
    agreed(forum, one, guide)
    agreed(forum, guide, agency)
    steps.publish_agendas(forum, by=organizer_of(forum))
    busy = {each.begins_at for each in Meeting.objects.all()}
    free = next(time for time in (NOON + timedelta(minutes=20 * n) for n in range(3)) if time not in busy)

    theirs, others = sorted(Meeting.objects.all(), key=lambda each: one.pk not in {each.first_id, each.second_id})
    for each in (theirs, others):
        steps.repair(forum, each, begins_at=free, reason="Late", by=organizer_of(forum))
        each.refresh_from_db()
        assert ((each.hall_id, each.table) == (garden.pk, 1)) == (each == theirs)
        steps.repair(forum, each, begins_at=None, reason="Late", by=organizer_of(forum))


def test_nobody_stands_in_at_a_table_that_is_somebody_elses(four):
    forum, guests, (one, two, guide, agency), (_main, garden, _video) = four
    give(forum, **{str(one.pk): garden.pk})
    missed = agreed(forum, one, guide)
    steps.publish_agendas(forum, by=organizer_of(forum))
    steps.start(forum, by=organizer_of(forum))
    waiting = agreed(forum, two, agency)
    check_in(forum, *guests)
    missed.refresh_from_db()

    during_steps.record_meeting(
        forum, missed, state="missed", by=organizer_now(forum, missed.begins_at + timedelta(minutes=5))
    )

    waiting.refresh_from_db()
    assert waiting.begins_at is None


def test_a_table_given_after_the_agendas_are_out_moves_nobody_and_a_repair_brings_new_meetings_to_it(four):
    forum, _guests, (one, two, guide, agency), (_main, garden, _video) = four
    for pair in ((one, guide), (one, two), (agency, two)):
        agreed(forum, *pair)
    steps.publish_agendas(forum, by=organizer_of(forum))
    fixed = agreed(forum, one, guide)
    before = (fixed.begins_at, fixed.hall_id, fixed.table)
    give(forum, **{str(one.pk): garden.pk})
    new = agreed(forum, one, agency)
    assert before[1:] != booths.own_tables(forum)[one.pk]

    repaired(forum, Trouble(NOON, (two.pk,)))

    fixed.refresh_from_db()
    new.refresh_from_db()
    assert (fixed.begins_at, fixed.hall_id, fixed.table) == before
    assert (new.begins_at is not None, new.hall_id, new.table) == (True, garden.pk, 1)


def test_who_sits_at_a_table_that_became_somebody_elses_keeps_it_until_the_next_plan():
    guests = [make_organisation(role) for role in ("provider", "facilitator") * 3]
    forum = make_forum(*guests, minutes=20, tables=3)
    delegates = registered(forum, *guests)
    for pair in zip(delegates[::2], delegates[1::2], strict=True):
        agreed(forum, *pair)
    steps.publish_agendas(forum, by=organizer_of(forum))
    fixed, one, other = Meeting.objects.order_by("table")
    give(forum, **{str(one.first_id): fixed.hall_id})
    assert booths.own_tables(forum) == {one.first_id: (fixed.hall_id, fixed.table)}
    new = agreed(forum, one.first, other.first)

    repaired(forum, Trouble(NOON, (one.second_id, other.second_id)))

    fixed.refresh_from_db()
    new.refresh_from_db()
    assert (fixed.begins_at, fixed.table) == (NOON, 1)
    assert (new.begins_at, new.table) in {(NOON, 2), (NOON, 3)}
