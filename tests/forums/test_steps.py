from datetime import timedelta
from itertools import pairwise

import pytest

from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.forums import queries, steps
from clearpath.forums.models import Delegate, Forum, Meeting
from clearpath.trust import log
from clearpath.turns import steps as turns
from clearpath.turns.models import Notice, Seat
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.factories import NOON, actor_at, make_organisation, patient_actor, steward
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(db):
    return make_organisation("provider")


@pytest.fixture
def facilitator(db):
    return make_organisation("facilitator")


@pytest.fixture
def agency(db):
    return make_organisation("agency")


def test_create_seats_the_organizer_and_who_is_invited(provider, facilitator):
    forum = make_forum(provider, facilitator)

    seats = Seat.objects.filter(subject=forum).values_list("position", "organisation")
    assert set(seats) == {
        ("organizer", forum.organizer_id),
        ("provider", provider.pk),
        ("facilitator", facilitator.pk),
    }
    assert forum.stage == "planning"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name_needed"),
        ({"minutes": 0}, "ends_before_it_begins"),
        ({"tables": 0}, "no_room_to_meet"),
        ({"slot_minutes": 0}, "no_room_to_meet"),
    ],
)
def test_create_is_refused_when_nobody_could_meet(change, code):
    with pytest.raises(Refused, match=code):
        make_forum(**change)


def test_create_is_for_organizers_alone(provider):
    with pytest.raises(NotYourPart) as refusal:
        steps.create(
            name="Ours", country="TR", city="Izmir", begins_at=NOON, ends_at=NOON + timedelta(hours=1), by=at(provider)
        )

    assert refusal.value.rightful == "organizer"


def test_register_keeps_what_a_delegate_offers_and_wants_and_tells_the_organizer(provider):
    forum = make_forum(provider)

    [delegate] = registered(forum, provider)

    assert (delegate.role, delegate.organisation_id, delegate.offers, delegate.wants) == (
        "provider",
        provider.pk,
        "Hips",
        "Patients",
    )
    assert Notice.objects.filter(seat__role="organizer", step="forums.register").count() == 1
    entry = list(log.entries_of(forum.pk))[-1]
    assert entry.digest == log.digest_of({"offers": "Hips", "wants": "Patients"}, salt=entry.salt)


@pytest.mark.parametrize(("offers", "wants"), [("", "Patients"), ("Hips", " ")])
def test_register_without_saying_what_for_is_refused(provider, offers, wants):
    forum = make_forum(provider)

    with pytest.raises(Refused, match="interests_needed"):
        steps.register(forum, offers=offers, wants=wants, by=at(provider))


def test_register_twice_is_refused(provider):
    forum = make_forum(provider)
    registered(forum, provider)

    with pytest.raises(Refused, match="already_registered"):
        registered(forum, provider)


def test_register_is_not_for_the_organizer_nor_for_who_was_not_invited(provider):
    forum = make_forum()

    with pytest.raises(Refused, match="not_a_participant"):
        steps.register(forum, offers="Halls", wants="Money", by=organizer_of(forum))
    with pytest.raises(NotYourPart, match="not_seated"):
        registered(forum, provider)


def test_who_accepts_an_offered_seat_can_register(provider):
    forum = make_forum()
    seat = turns.offer_seat(
        forum, position="provider", role="provider", organisation_id=provider.pk, by=organizer_of(forum)
    )
    turns.accept_seat(forum, seat, by=at(provider))

    [delegate] = registered(forum, provider)

    assert queries.forum_for(at(provider), forum.pk) == forum
    assert delegate.organisation_id == provider.pk


def test_a_first_yes_proposes_a_meeting_and_the_second_accepts_it(provider, facilitator):
    forum = make_forum(provider, facilitator)
    hospital, guide = registered(forum, provider, facilitator)

    proposed = steps.answer_meeting(forum, guide, answer="yes", by=at(provider))
    assert proposed.state == "proposed"
    accepted = steps.answer_meeting(forum, hospital, answer="yes", by=at(facilitator))

    assert (accepted.pk, accepted.state) == (proposed.pk, "accepted")


def test_a_no_declines_a_meeting_even_after_a_yes_and_frees_its_time(provider, facilitator):
    forum = make_forum(provider, facilitator)
    hospital, guide = registered(forum, provider, facilitator)
    agreed(forum, hospital, guide)
    [meeting] = steps.publish_agendas(forum, by=organizer_of(forum))
    assert meeting.begins_at == NOON

    steps.answer_meeting(forum, guide, answer="no", by=at(provider))

    meeting.refresh_from_db()
    assert (meeting.state, meeting.begins_at, meeting.table) == ("declined", None, None)


def test_answer_meeting_is_refused_without_registering_with_oneself_and_with_other_words(provider, facilitator):
    forum = make_forum(provider, facilitator)
    [hospital] = registered(forum, provider)

    with pytest.raises(Refused, match="not_a_delegate"):
        steps.answer_meeting(forum, hospital, answer="yes", by=at(facilitator))
    with pytest.raises(Refused, match="meeting_with_oneself"):
        steps.answer_meeting(forum, hospital, answer="yes", by=at(provider))
    [guide] = registered(forum, facilitator)
    with pytest.raises(Refused, match="no_such_answer"):
        steps.answer_meeting(forum, guide, answer="maybe", by=at(provider))

    assert Meeting.objects.count() == 0


def test_answer_meeting_with_a_delegate_of_another_forum_finds_nothing(provider, facilitator):
    here, there = make_forum(provider), make_forum(facilitator)
    registered(here, provider)
    [elsewhere] = registered(there, facilitator)

    with pytest.raises(NotFound):
        steps.answer_meeting(here, elsewhere, answer="yes", by=at(provider))


def test_publish_agendas_gives_each_wanted_meeting_a_time_and_a_table(provider, facilitator, agency):
    forum = make_forum(provider, facilitator, agency, minutes=40)
    hospital, guide, marketer = registered(forum, provider, facilitator, agency)
    agreed(forum, hospital, guide)
    agreed(forum, hospital, marketer)
    agreed(forum, guide, marketer)

    meetings = steps.publish_agendas(forum, by=organizer_of(forum))

    forum.refresh_from_db()
    assert (forum.stage, forum.agendas_published_at) == ("published", NOON)
    times = [NOON, NOON + timedelta(minutes=20), None]
    assert [(each.begins_at, each.table) for each in meetings] == [(times[0], 1), (times[1], 1), (None, None)]


def test_publish_agendas_is_not_for_a_delegate(provider):
    forum = make_forum(provider)

    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.publish_agendas(forum, by=at(provider))


def published(*organisations, tables=1):
    forum = make_forum(*organisations, tables=tables)
    delegates = registered(forum, *organisations)
    for one, other in pairwise(delegates):
        agreed(forum, one, other)
    steps.publish_agendas(forum, by=organizer_of(forum))
    forum.refresh_from_db()
    return forum


def test_repair_moves_a_meeting_or_takes_it_off_and_says_why(provider, facilitator):
    forum = published(provider, facilitator)
    meeting = forum.meetings.get()

    moved = steps.repair(
        forum, meeting, begins_at=NOON + timedelta(minutes=40), reason="Late plane.", by=organizer_of(forum)
    )
    assert (moved.begins_at, moved.table, moved.changed_because) == (NOON + timedelta(minutes=40), 1, "Late plane.")
    off = steps.repair(forum, meeting, reason="The plane did not come.", by=organizer_of(forum))

    assert (off.begins_at, off.table) == (None, None)


def test_repair_is_refused_without_a_slot_a_free_table_or_a_reason(provider, facilitator, agency):
    forum = published(provider, facilitator, agency, tables=2)
    first, second = forum.meetings.order_by("begins_at")
    by = organizer_of(forum)

    with pytest.raises(Refused, match="no_such_slot"):
        steps.repair(forum, first, begins_at=NOON + timedelta(minutes=10), reason="Late.", by=by)
    with pytest.raises(Refused, match="not_free_then"):
        steps.repair(forum, second, begins_at=first.begins_at, reason="Late.", by=by)
    with pytest.raises(Refused, match="reason_needed"):
        steps.repair(forum, first, reason=" ", by=by)


def test_repair_into_a_slot_whose_tables_are_all_taken_is_refused(provider, facilitator, agency):
    forum = make_forum(provider, facilitator, agency, fourth := make_organisation("provider"))
    one, two, three, four = registered(forum, provider, facilitator, agency, fourth)
    agreed(forum, one, two)
    late = agreed(forum, three, four)
    steps.publish_agendas(forum, by=organizer_of(forum))

    with pytest.raises(Refused, match="no_table_free"):
        steps.repair(forum, late, begins_at=NOON, reason="Earlier.", by=organizer_of(forum))


def test_repair_of_a_meeting_that_only_one_wants_is_refused(provider, facilitator, agency):
    forum = published(provider, facilitator)
    meeting = forum.meetings.get()
    steps.answer_meeting(forum, meeting.second, answer="no", by=at(meeting.first.organisation))

    with pytest.raises(Refused, match="not_accepted"):
        steps.repair(forum, meeting, begins_at=NOON, reason="Try.", by=organizer_of(forum))


def test_a_forum_starts_and_finishes(provider, facilitator):
    forum = published(provider, facilitator)
    by = organizer_of(forum)

    steps.start(forum, by=by)
    forum.refresh_from_db()
    assert forum.stage == "running"
    steps.finish(forum, by=by)

    forum.refresh_from_db()
    assert (forum.stage, forum.closed_at) == ("after", None)


@pytest.mark.parametrize("name", ["start", "finish"])
def test_starting_and_finishing_are_the_organizers_alone(provider, facilitator, name):
    forum = published(provider, facilitator)

    with pytest.raises(NotYourPart) as refusal:
        getattr(steps, name)(forum, by=at(provider))

    assert refusal.value.rightful == "organizer"


def test_a_forum_is_seen_once_by_each_participant_and_by_nobody_else(provider, facilitator, agency):
    forum = make_forum(provider, facilitator)

    for actor in (at(provider), at(facilitator), organizer_of(forum)):
        assert list(visible(Forum, to=actor)) == [forum]
        assert shown(forum, to=actor).name == "Istanbul forum"
    for actor in (at(agency), actor_at(make_organisation("organizer"), "organizer"), steward(), patient_actor()):
        assert list(visible(Forum, to=actor)) == []


def test_meetings_and_wishes_are_seen_by_who_they_are_about_and_the_organizer(provider, facilitator, agency):
    forum = published(provider, facilitator, agency)

    assert len(queries.meetings_of(organizer_of(forum), forum.pk)) == 2
    assert len(queries.meetings_of(at(provider), forum.pk)) == 1
    own = Delegate.objects.get(organisation=provider)
    assert shown(own, to=organizer_of(forum)).wants == shown(own, to=at(provider)).wants == "Patients"
    assert shown(own, to=at(facilitator)).wants is HIDDEN


def test_every_participant_knows_which_organisations_come(provider, facilitator, agency):
    forum = make_forum(provider, facilitator)
    registered(forum, provider, facilitator)

    names = [(row.organisation, row.role) for row in queries.delegates_at(at(provider), forum.pk)]

    assert names == sorted([(provider.name, "provider"), (facilitator.name, "facilitator")])
    with pytest.raises(NotFound, match="no_such_forum"):
        queries.delegates_at(at(agency), forum.pk)


def hours(first, last):
    return steps.Stretch(NOON + timedelta(hours=first), NOON + timedelta(hours=last))


@pytest.mark.parametrize(
    ("sessions", "code"),
    [
        ([hours(0, 2), hours(1, 3)], "sessions_overlap"),
        ([hours(1, 1)], "session_ends_first"),
        ([hours(0, 5)], "session_outside_the_forum"),
        ([hours(-1, 1)], "session_outside_the_forum"),
    ],
)
def test_create_is_refused_when_its_sessions_cannot_be(sessions, code):
    with pytest.raises(Refused, match=code):
        make_forum(minutes=240, sessions=sessions)


def test_meetings_stand_at_the_tables_of_the_halls_and_never_at_lunch(provider, facilitator, agency):
    forum = make_forum(
        provider, facilitator, agency, minutes=240, slot_minutes=60,
        sessions=[hours(0, 1), hours(2, 3)], halls=[steps.Room(1, "Main hall"), steps.Room(1, "Garden")],
    )  # fmt: skip
    hospital, guide, marketer = registered(forum, provider, facilitator, agency)
    for pair in ((hospital, guide), (hospital, marketer), (guide, marketer)):
        agreed(forum, *pair)

    meetings = steps.publish_agendas(forum, by=organizer_of(forum))

    assert [each.begins_at for each in meetings] == [NOON, NOON + timedelta(hours=2), None]
