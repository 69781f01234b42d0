from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.forums import arranged, policies, steps
from clearpath.forums.arranging_forms import Arrange
from clearpath.forums.as_problem import names_for, worth_of
from clearpath.forums.models import Arranged, Forum, Meeting, Precedence
from clearpath.forums.planning.sentences import told
from clearpath.forums.steps import Stretch, Two
from clearpath.turns.models import Notice
from clearpath.turns.sight import visible
from tests.factories import NOON, make_organisation
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.forums.test_pages import page_of, sign_in, take

pytestmark = pytest.mark.django_db
SLOT = timedelta(minutes=20)
HALVES = [Stretch(NOON, NOON + 3 * SLOT, "First half"), Stretch(NOON + 3 * SLOT, NOON + 6 * SLOT)]


def forum_of_four(acceptance="automatic"):
    """A forum with two sessions of three slots, and four who come."""
    guests = [make_organisation(role) for role in ("provider", "provider", "facilitator", "agency")]
    forum = make_forum(*guests, minutes=120, tables=2, sessions=HALVES, acceptance=acceptance)
    return forum, guests, registered(forum, *guests)


def arrange(forum, one, other, **more):
    return steps.arrange(forum, Two(one, other), by=organizer_of(forum), **more)


def published(forum):
    steps.publish_agendas(forum, by=organizer_of(forum))
    return {frozenset({each.first_id, each.second_id}): each.begins_at for each in Meeting.objects.filter(forum=forum)}


def pair(one, other):
    return frozenset({one.pk, other.pk})


def test_a_meeting_is_at_its_time_another_in_its_session_and_one_before_the_other():
    forum, _guests, (one, two, guide, agency) = forum_of_four()
    for each in ((one, guide), (two, guide), (one, agency), (two, agency)):
        agreed(forum, *each)
    late = NOON + 5 * SLOT
    arrange(forum, guide, one, begins_at=late)
    arrange(forum, two, guide, session=forum.sessions.order_by("begins_at").last())
    arrange(forum, one, agency, before=Two(agency, two))

    at_time = published(forum)

    assert at_time[pair(one, guide)] == late
    assert at_time[pair(two, guide)] >= NOON + 3 * SLOT
    assert at_time[pair(one, agency)] < at_time[pair(two, agency)]


def test_the_other_order_holds_as_well():
    forum, _guests, (one, two, _guide, agency) = forum_of_four()
    for each in ((one, agency), (two, agency)):
        agreed(forum, *each)
    arrange(forum, two, agency, before=Two(one, agency))

    at_time = published(forum)

    assert at_time[pair(two, agency)] < at_time[pair(one, agency)]


def test_a_meeting_that_nobody_wished_takes_place_at_its_time_by_the_rule_of_one():
    forum, _guests, (one, two, *_others) = forum_of_four()

    arrange(forum, one, two, begins_at=NOON)

    assert published(forum) == {pair(one, two): NOON}


def test_where_both_must_want_it_an_arranged_meeting_waits_for_both_and_says_so():
    forum, _guests, (one, two, guide, agency) = forum_of_four("both")
    agreed(forum, guide, agency)
    arrange(forum, one, two, begins_at=NOON)
    [row] = arranged.rows_for(organizer_of(forum), forum)
    assert row.waits == "It waits until both have said yes."
    assert pair(one, two) not in published(forum)

    agreed(forum, one, two)

    assert published(forum)[pair(one, two)] == NOON
    assert arranged.rows_for(organizer_of(forum), forum)[0].waits == ""


def test_a_no_is_the_end_of_an_arranged_meeting_too():
    forum, guests, (one, two, guide, _agency) = forum_of_four()
    agreed(forum, one, guide)
    arrange(forum, one, two, begins_at=NOON)
    steps.answer_meeting(forum, one, answer="no", by=at(guests[1]))

    assert pair(one, two) not in worth_of(forum)
    [row] = arranged.rows_for(organizer_of(forum), forum)
    assert row.waits == "One of the two said no: it does not take place."
    with pytest.raises(Refused, match="declined"):
        arrange(forum, one, two, begins_at=NOON + SLOT)


@pytest.mark.parametrize(("rule", "says"), [("both", "It waits until both have said yes."), ("automatic", "")])
def test_to_a_delegate_a_private_no_looks_like_no_answer_yet(rule, says):
    forum, guests, (one, two, *_others) = forum_of_four(rule)
    arrange(forum, one, two, begins_at=NOON)
    before = [row.waits for row in arranged.rows_for(at(guests[0]), forum)]

    steps.wish(forum, ranks={one.pk: None}, by=at(guests[1]))

    assert pair(one, two) not in worth_of(forum)
    assert [row.waits for row in arranged.rows_for(at(guests[0]), forum)] == before == [says]


def test_what_cannot_be_kept_is_told_alone_in_the_words_of_the_place_and_nothing_is_published(client):
    forum, _guests, (one, two, guide, _agency) = forum_of_four()
    Forum.objects.filter(pk=forum.pk).update(time_zone="Asia/Kuwait")
    arrange(forum, one, guide, begins_at=NOON)
    arrange(forum, two, guide, begins_at=NOON)
    by = organizer_of(forum)

    plan = steps.plan(forum, by=by)

    assert plan.status == "impossible"
    with pytest.raises(Refused, match="no_plan"):
        steps.publish_agendas(forum, by=by)
    sign_in(client, by)
    page = page_of(client, forum)
    says = told(plan.says, "Asia/Kuwait")
    assert [line.partition(" must meet in slot ")[2] for line in says] == ["June 1, 15:00."] * 2
    assert all(line in page and names_for(forum)[guide.pk] in line for line in says)


def test_both_are_told_of_a_time_and_of_its_end_and_nobody_else_is():
    forum, guests, (one, two, *_others) = forum_of_four()
    before = Notice.objects.count()

    kept = arrange(forum, one, two, begins_at=NOON)
    steps.release(forum, kept, by=organizer_of(forum))

    told = Notice.objects.order_by("pk")[before:]
    assert sorted((each.step, each.seat.organisation_id) for each in told) == sorted(
        (step, guest.pk) for step in ("forums.arrange", "forums.release") for guest in guests[:2]
    )
    assert not Arranged.objects.exists()


def test_a_new_time_takes_the_place_of_the_one_before():
    forum, _guests, (one, two, *_others) = forum_of_four()
    arrange(forum, one, two, begins_at=NOON)

    arrange(forum, two, one, session=forum.sessions.order_by("begins_at").first())

    kept = Arranged.objects.get()
    assert (kept.begins_at, kept.session.title) == (None, "First half")


def test_nobody_learns_of_the_meetings_of_others():
    forum, guests, (one, two, guide, agency) = forum_of_four()
    arrange(forum, one, guide, begins_at=NOON)
    arrange(forum, one, guide, before=Two(two, agency))

    assert [visible(Arranged, to=at(each)).count() for each in guests] == [1, 0, 1, 0]
    assert [visible(Precedence, to=at(each)).count() for each in guests] == [0, 0, 0, 0]
    assert [len(arranged.rows_for(at(each), forum)) for each in guests] == [1, 0, 1, 0]
    assert len(arranged.rows_for(organizer_of(forum), forum)) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "one_thing_at_a_time"),
        ({"begins_at": NOON, "session": True}, "one_thing_at_a_time"),
        ({"begins_at": NOON + timedelta(minutes=1)}, "no_such_slot"),
        ({"session": "another"}, "no_such_thing"),
        ({"before": "itself"}, "before_itself"),
    ],
)
def test_what_is_not_one_clear_thing_is_refused(more, code):
    forum, _guests, (one, two, *_others) = forum_of_four()
    if "session" in more:
        other = forum if more["session"] is True else make_forum()
        more = more | {"session": other.sessions.order_by("begins_at").first()}
    if "before" in more:
        more = {"before": Two(two, one)}

    with pytest.raises((Refused, NotFound), match=code):
        arrange(forum, one, two, **more)
    assert not Arranged.objects.exists()


def test_only_the_organizer_arranges_and_only_who_comes_for_different_houses():
    forum, guests, (one, two, *_others) = forum_of_four()
    [stranger] = registered(make_forum(guests[0]), guests[0])

    with pytest.raises(NotYourPart):
        steps.arrange(forum, Two(one, two), begins_at=NOON, by=at(guests[0]))
    with pytest.raises(Refused, match="nobody_called_so"):
        arrange(forum, one, stranger, begins_at=NOON)
    with pytest.raises(Refused, match="meeting_with_oneself"):
        arrange(forum, one, one, begins_at=NOON)


def test_the_page_sets_a_time_shows_it_beside_the_form_and_takes_it_back(client):
    forum, _guests, (one, two, guide, agency) = forum_of_four()
    sign_in(client, organizer_of(forum))
    session = forum.sessions.order_by("begins_at").first()

    take(client, forum, "forums.arrange", one=one.pk, other=two.pk, when=f"at {NOON.isoformat()}")
    take(client, forum, "forums.arrange", one=guide.pk, other=two.pk, when=f"in {session.pk}")
    take(client, forum, "forums.arrange", one=guide.pk, other=two.pk, then_one=one.pk, then_other=agency.pk)
    half = take(client, forum, "forums.arrange", one=guide.pk, other=two.pk, then_one=one.pk).content.decode()
    assert "Name both who meet later, or neither." in half

    page = client.get(reverse("turns:take", args=["forum", forum.pk, "forums.arrange"])).content.decode()
    assert "Meetings with a time of their own" in page
    assert "2026-06-01 12:00" in page
    assert "First half (2026-06-01 12:00 – 13:00)" in page
    rows = arranged.rows_for(organizer_of(forum), forum)
    assert len(rows) == 3
    for row in rows:
        assert str(row.id) in page
        client.post(
            reverse("turns:take", args=["forum", forum.pk, "forums.release"]), {"what": row.id, "key": uuid4().hex}
        )
    assert arranged.rows_for(organizer_of(forum), forum) == []
    assert "The plan chooses every time." in page_of(client, forum)


def test_the_form_begins_with_nobody_chosen_and_says_at_the_field_that_one_person_does_not_meet_themselves():
    forum, _guests, (one, two, *_others) = forum_of_four()
    by, themselves = organizer_of(forum), policies.WITH_ONESELF.message

    def wrong(**said):
        form = Arrange({"when": f"at {NOON.isoformat()}"} | said, actor=by, subject=forum)
        return {name: list(map(str, errors)) for name, errors in form.errors.items()}

    fresh = Arrange(actor=by, subject=forum)
    assert [fresh[name].field.choices[0] for name in ("one", "other")] == [("", "Choose")] * 2
    assert set(wrong()) == {"one", "other"}
    assert wrong(one=str(one.pk), other=str(one.pk)) == {"other": [themselves]}
    assert wrong(one=str(one.pk), other=str(two.pk), when="", then_one=str(two.pk), then_other=str(two.pk)) == {
        "then_other": [themselves]
    }
    assert wrong(one=str(one.pk), other=str(two.pk)) == {}
