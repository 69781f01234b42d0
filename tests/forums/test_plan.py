from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from clearpath import jobs
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import planned, steps
from clearpath.forums.as_problem import DEAREST, MUTUAL, YES, names_for, problem_of, worth_of
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.models import Delegate, Meeting, Plan
from clearpath.forums.planned import how_good
from clearpath.forums.planning.sentences import TEXTS, say
from clearpath.forums.wish_form import Wishes
from clearpath.turns.sight import visible
from tests.factories import NOON, later, make_organisation
from tests.forums.delegate_sheet import as_excel, delegate_rows
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.forums.test_pages import page_of, sign_in

pytestmark = pytest.mark.django_db


def full_forum(count=24, *, wishes=5, **more):
    """Delegates from a file; four tables, six slots."""
    details = {
        "minutes": 120,
        "halls": [steps.Room(3, "Main hall"), steps.Room(1, "Garden")],
        "acceptance": "automatic",
    }
    forum = make_forum(**(details | more))
    found = judged_for(forum, as_excel(delegate_rows(count, wishes=wishes)))
    steps.import_delegates(forum, found.delegates, by=organizer_of(forum))
    return forum


@pytest.fixture
def three(db):
    guests = [make_organisation(role) for role in ("provider", "facilitator", "agency")]
    return make_forum(*guests), guests


def test_a_wish_is_kept_with_its_rank_and_said_again_it_replaces_what_was_said(three):
    forum, (provider, facilitator, agency) = three
    hospital, guide, marketer = registered(forum, provider, facilitator, agency)
    by = at(provider)

    steps.wish(forum, ranks={guide.pk: 1, marketer.pk: None}, least=1, most=3, by=by)
    steps.wish(forum, ranks={marketer.pk: 2}, most=2, asks_before_moving=True, by=by)

    hospital.refresh_from_db()
    assert list(hospital.wishes.values_list("other", "rank")) == [(marketer.pk, 2)]
    assert (hospital.least, hospital.most, hospital.asks_before_moving) == (0, 2, True)


def test_wishes_are_refused_for_who_is_not_registered_for_oneself_and_for_impossible_numbers(three):
    forum, (provider, facilitator, _agency) = three
    [guide] = registered(forum, facilitator)

    with pytest.raises(Refused, match="not_a_delegate"):
        steps.wish(forum, ranks={guide.pk: 1}, by=at(provider))
    with pytest.raises(Refused, match="nobody_called_so"):
        steps.wish(forum, ranks={guide.pk: 1}, by=at(facilitator))
    with pytest.raises(Refused, match="fewer_than_least"):
        steps.wish(forum, ranks={}, least=3, most=2, by=at(facilitator))
    with pytest.raises(Refused, match="absence_ends_first"):
        steps.wish(forum, ranks={}, away=[(NOON, NOON)], by=at(facilitator))


def test_nobody_but_the_organizer_and_oneself_learns_of_a_wish(three):
    forum, (provider, facilitator, agency) = three
    hospital, guide, _marketer = registered(forum, provider, facilitator, agency)
    steps.wish(forum, ranks={guide.pk: None}, by=at(provider))
    wish = type(hospital.wishes.get())

    seen = {name: visible(wish, to=actor).count() for name, actor in (
        ("own", at(provider)), ("other", at(facilitator)), ("third", at(agency)), ("organizer", organizer_of(forum)),
    )}  # fmt: skip

    assert seen == {"own": 1, "other": 0, "third": 0, "organizer": 1}


@pytest.mark.parametrize(
    ("rule", "mine", "theirs", "worth"),
    [
        ("both", 1, 1, 2 * DEAREST + MUTUAL),
        ("both", 1, "yes", DEAREST + YES + MUTUAL),
        ("both", 1, "", None),
        ("automatic", 1, "", DEAREST),
        ("automatic", 3, "", DEAREST - 2),
        ("automatic", 1, None, None),
        ("automatic", 1, "no", None),
        ("automatic", "", "", None),
    ],
)
def test_what_a_meeting_is_worth_follows_from_both_sides_and_a_no_ends_it(rule, mine, theirs, worth):
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests, acceptance=rule)
    delegates = registered(forum, *guests)
    for me, other, says in zip(guests, reversed(delegates), (mine, theirs), strict=True):
        if says in {"yes", "no"}:
            steps.answer_meeting(forum, other, answer=says, by=at(me))
        elif says != "":
            steps.wish(forum, ranks={other.pk: says}, by=at(me))

    assert list(worth_of(forum).values()) == ([] if worth is None else [worth])


def test_a_forum_becomes_a_problem_with_its_halls_slots_and_who_is_there_when():
    forum = full_forum(
        halls=[steps.Room(3, "Main hall", 4), steps.Room(1, "Garden", 2), steps.Room(1, "Video", is_online=True)]
    )
    late = Delegate.objects.order_by("pk").first()
    late.absences.create(begins_at=NOON, ends_at=forum.begins_at + (forum.ends_at - forum.begins_at) / 2)

    problem, keys = problem_of(forum, names_for(forum))

    assert [(hall.id, hall.tables, hall.minutes_to) for hall in problem.halls] == [
        ("Main hall", 3, (0, 4, 0)),
        ("Garden", 1, (4, 0, 0)),
        ("Video", 12, (0, 0, 0)),
    ]
    assert len(problem.slots) == 6
    assert problem.free[keys.number_of()[late.pk]].tolist() == [False] * 3 + [True] * 3
    assert (problem.first < problem.second).all()
    assert problem.value.min() >= 1


def plan_of(forum):
    return steps.plan(forum, by=organizer_of(forum))


def check_plan(forum, plan):
    """Nobody in two places, no table twice, nobody while away, nobody who was refused, no more than they may."""
    worth = worth_of(forum)
    problem, keys = problem_of(forum, names_for(forum))
    number = keys.number_of()
    where, who, count = set(), set(), np.zeros(len(number), int)
    score = 0
    for first, second, begins_at, hall, table in plan.meetings:
        pair = tuple(type(forum.pk)(key) for key in (first, second))
        score += worth[pair]
        assert (begins_at, hall, table) not in where
        where.add((begins_at, hall, table))
        slot = [time.isoformat() for time in keys.times].index(begins_at)
        for key in pair:
            assert (key, slot) not in who
            assert problem.free[number[key], slot]
            who.add((key, slot))
            count[number[key]] += 1
        assert 1 <= table <= problem.halls[[str(each) for each in keys.halls].index(hall)].tables
    assert (count <= problem.most).all()
    assert score == plan.score <= plan.bound


def test_a_plan_holds_every_rule_and_says_how_good_it_is():
    forum = full_forum()

    plan = plan_of(forum)

    check_plan(forum, plan)
    assert len(plan.meetings) > 0
    assert "best possible" in how_good(plan)


def test_nobody_sees_a_plan_before_it_is_published_and_then_everybody_their_own():
    hospital = make_organisation("provider", name="House 000")
    forum = full_forum()
    plan = plan_of(forum)
    assert Meeting.objects.count() == 0
    assert visible(Plan, to=at(hospital)).count() == 0

    steps.publish_agendas(forum, by=organizer_of(forum))

    assert Meeting.objects.filter(begins_at__isnull=False).count() == len(plan.meetings)
    assert {each.state for each in Meeting.objects.all()} == {"accepted"}
    own = visible(Meeting, to=at(hospital))
    assert (
        0
        < own.count()
        == Meeting.objects.filter(first__organisation=hospital).count()
        + Meeting.objects.filter(second__organisation=hospital).count()
    )


def test_who_says_no_between_plan_and_publication_is_left_out():
    hospital = make_organisation("provider", name="House 000")
    forum = full_forum()
    me = Delegate.objects.get(organisation=hospital)
    type(me).objects.filter(pk=me.pk).update(person=at(hospital).person_id)
    plan = plan_of(forum)
    [first, second, *_rest] = next(each for each in plan.meetings if str(me.pk) in each[:2])
    other = Delegate.objects.get(pk=second if first == str(me.pk) else first)

    steps.answer_meeting(forum, other, answer="no", by=at(hospital))
    steps.publish_agendas(forum, by=organizer_of(forum))

    assert Meeting.objects.filter(begins_at__isnull=False).count() == len(plan.meetings) - 1
    assert not Meeting.objects.filter(begins_at__isnull=False, first__in=[me, other], second__in=[me, other]).exists()


def test_publishing_again_plans_anew_and_keeps_each_pair_once():
    forum = full_forum()
    by = organizer_of(forum)
    steps.publish_agendas(forum, by=by)
    before = Meeting.objects.count()

    steps.publish_agendas(forum, by=by)

    assert Meeting.objects.count() == before
    assert Plan.objects.filter(published_at__isnull=False).count() == 2


def times_now(forum):
    return set(forum.meetings.exclude(begins_at=None).values_list("begins_at", flat=True))


def test_a_plan_made_while_the_forum_has_begun_uses_only_slots_that_begin_later():
    forum = full_forum()
    late = later(organizer_of(forum), NOON + timedelta(minutes=49))

    plan = steps.plan(forum, by=late)
    steps.publish_agendas(forum, by=late)

    assert plan.status in {"optimal", "feasible"}
    assert times_now(forum) == {NOON + timedelta(minutes=minutes) for minutes in (60, 80, 100)}


def test_a_plan_that_is_published_once_it_is_late_is_made_anew():
    forum = full_forum()
    steps.plan(forum, by=organizer_of(forum))

    steps.publish_agendas(forum, by=later(organizer_of(forum), NOON + timedelta(minutes=1)))

    assert min(times_now(forum)) == NOON + timedelta(minutes=20)


def test_a_plan_after_the_last_slot_began_has_no_meetings():
    forum = full_forum()

    steps.publish_agendas(forum, by=later(organizer_of(forum), forum.ends_at))

    assert times_now(forum) == set()


def test_published_anew_what_has_been_stays_and_nobody_meets_the_same_twice():
    forum = full_forum()
    steps.publish_agendas(forum, by=organizer_of(forum))
    late = NOON + timedelta(minutes=30)
    before = {each.pk: each.begins_at for each in forum.meetings.filter(begins_at__lt=late)}

    steps.publish_agendas(forum, by=later(organizer_of(forum), late))

    assert {each.pk: each.begins_at for each in forum.meetings.filter(begins_at__lt=late)} == before
    assert max(times_now(forum)) > late


def test_a_plan_is_the_organizers_alone_and_refused_when_nobody_could_meet(three):
    forum, (provider, *_others) = three

    with pytest.raises(NotYourPart) as refusal:
        steps.plan(forum, by=at(provider))
    assert refusal.value.rightful == "organizer"
    with pytest.raises(Refused, match="nobody_could_meet"):
        plan_of(forum)


def test_a_large_forum_is_planned_by_the_worker(monkeypatch):
    monkeypatch.setattr(planned, "AT_ONCE", 10)
    forum = full_forum()

    plan = plan_of(forum)
    assert (plan.done_at, plan.meetings) == (None, [])
    assert planned.to_publish(forum, at=NOON) is None
    jobs.run_due(now=NOON)

    plan.refresh_from_db()
    assert plan.done_at == NOON
    check_plan(forum, plan)


def test_the_organizers_page_says_how_good_the_plan_is_and_who_has_too_few_meetings(client):
    forum = full_forum(minutes=20)
    plan_of(forum)
    sign_in(client, organizer_of(forum))

    page = page_of(client, forum)

    assert "best possible" in page
    assert "delegates have fewer meetings than they should" in page
    assert "no table is free" in page


def test_what_the_planner_said_is_read_in_the_readers_language_also_where_it_was_kept_as_text(client, monkeypatch):
    forum = full_forum(minutes=20)
    plan = plan_of(forum)
    assert {why[0] for _name, _has, _least, why in plan.asks["left_out"]} <= set(TEXTS)
    plan.status, plan.says = "impossible", ["A and B must meet.", say("all_exclude")]
    plan.save()
    monkeypatch.setattr("clearpath.forums.planning.sentences.gettext", lambda text: f"çeviri: {text}")
    sign_in(client, organizer_of(forum))

    page = page_of(client, forum)

    assert '<p dir="auto">A and B must meet.</p>' in page
    assert "çeviri: The meetings exclude each other" in page


def test_the_organizers_page_shows_supply_and_demand_beside_the_places(client):
    forum = full_forum()
    steps.limit(forum, places={"provider": 40}, shares=[], by=organizer_of(forum))
    sign_in(client, organizer_of(forum))

    page = page_of(client, forum)

    assert "Places per trade" in page
    assert "Orthopaedics" in page


def test_quotas_are_held_and_refused_when_they_have_no_room():
    forum = full_forum()
    by = organizer_of(forum)
    with pytest.raises(Refused, match="quota_without_room"):
        steps.limit(forum, places={}, shares=[steps.Share("provider", "agency", 2, 1)], by=by)
    with pytest.raises(Refused, match="quota_twice"):
        steps.limit(forum, places={}, shares=[steps.Share("provider", "agency", 0, 1)] * 2, by=by)

    steps.limit(forum, places={}, shares=[steps.Share("provider", "facilitator", 0, 1)], by=by)
    plan = plan_of(forum)

    trades = {str(key): role for key, role in Delegate.objects.values_list("pk", "role")}
    met = [
        each
        for each in plan.meetings
        for one, other in (each[:2], each[1::-1])
        if (trades[one], trades[other]) == ("provider", "facilitator")
    ]
    hospitals = [one if trades[one] == "provider" else other for one, other, *_rest in met]
    assert len(hospitals) == len(set(hospitals)) > 0


def test_a_quota_that_nothing_can_fill_is_said_to_be_so_and_nothing_is_published(client):
    forum = full_forum()
    by = organizer_of(forum)
    steps.limit(forum, places={}, shares=[steps.Share("provider", "agency", 6, 6)], by=by)

    plan = plan_of(forum)

    assert plan.status in {"impossible", "unknown"}  # proved, or not in this time
    assert plan.meetings == []
    with pytest.raises(Refused, match="no_plan"):
        steps.publish_agendas(forum, by=by)
    sign_in(client, by)
    assert "No plan was found that keeps all that must be." in page_of(client, forum)


def test_publish_agendas_is_refused_where_no_two_could_meet():
    forum = make_forum()

    with pytest.raises(Refused, match="nobody_could_meet"):
        steps.publish_agendas(forum, by=organizer_of(forum))

    forum.refresh_from_db()
    assert (forum.stage, forum.agendas_published_at) == ("planning", None)


def test_a_trade_whose_places_are_taken_cannot_register(three):
    forum, (provider, *_others) = three
    steps.limit(forum, places={"provider": 0}, shares=[], by=organizer_of(forum))

    with pytest.raises(Refused, match="no_place_left"):
        registered(forum, provider)


def test_the_wish_page_shows_why_somebody_is_suggested_and_keeps_what_is_chosen(client, three):
    forum, (provider, facilitator, agency) = three
    steps.register(forum, offers="orthopaedics", wants="patients", by=at(provider))
    guide = steps.register(forum, offers="patients", wants="orthopaedics", by=at(facilitator))
    [marketer] = registered(forum, agency)
    sign_in(client, at(provider))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.wish"])

    page = client.get(url).content.decode()
    assert "they look for what you offer: Orthopaedics" in page
    assert page.index(f"rank_{guide.pk}") < page.index(f"rank_{marketer.pk}")
    client.post(url, {
        f"rank_{guide.pk}": "1", f"rank_{marketer.pk}": "no", "least": "1", "most": "",
        "away_from": "2026-06-01T12:00", "away_until": "2026-06-01T12:20", "key": "k",
    })  # fmt: skip

    me = Delegate.objects.get(organisation=provider)
    assert dict(me.wishes.values_list("other", "rank")) == {guide.pk: 1, marketer.pk: None}
    assert me.absences.get().begins_at == NOON
    assert 'value="no" selected' in client.get(url).content.decode()


def test_others_are_told_what_fits_them_in_the_shared_words_and_never_in_ones_own(client, three):
    forum, (provider, facilitator, agency) = three
    steps.register(forum, offers="orthopaedics", wants="patients", by=at(provider))
    steps.register(forum, offers="patients", wants="orthopaedics, canarywords", by=at(facilitator))
    wish, answer, register = (
        reverse("turns:take", args=["forum", forum.pk, f"forums.{step}"])
        for step in ("wish", "answer_meeting", "register")
    )

    sign_in(client, at(provider))
    page = client.get(wish).content.decode()
    assert "they look for what you offer: Orthopaedics" in page
    assert "canarywords" not in page + client.get(answer).content.decode() + page_of(client, forum)
    sign_in(client, at(facilitator))
    assert "canarywords" in page_of(client, forum)  # their own
    sign_in(client, at(agency))
    assert "Whom you fit is told why, in words of the list that all share" in client.get(register).content.decode()


def test_a_rank_is_given_once_and_the_last_one_as_often_as_one_likes(three):
    forum, (provider, facilitator, agency) = three
    _hospital, guide, marketer = registered(forum, provider, facilitator, agency)
    names = [f"rank_{each.pk}" for each in (guide, marketer)]

    def form_of(rank):
        return Wishes({"least": 0} | dict.fromkeys(names, rank), actor=at(provider), subject=forum)

    assert set(form_of("2").errors) == set(names)
    assert [form_of(rank).errors for rank in ("10", "no", "")] == [{}, {}, {}]


def test_fewer_places_than_come_already_are_set_and_said(client, three):
    forum, (provider, *_others) = three
    registered(forum, provider)
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.limit"])

    page = client.post(url, {"place_provider": 0, "key": "few"}, follow=True).content.decode()
    assert "More come already than there are places: Hospital" in page
    page = client.post(url, {"place_provider": 1, "key": "enough"}, follow=True).content.decode()
    assert "More come already" not in page


def test_where_one_wish_is_enough_no_page_says_that_both_want_it(client):
    provider, facilitator = guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests, acceptance="automatic")
    hospital, _guide = registered(forum, provider, facilitator)
    steps.wish(forum, ranks={hospital.pk: 1}, by=at(facilitator))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.answer_meeting"])
    sign_in(client, at(provider))
    asked = client.get(url).content.decode()
    assert ("A wish of one is enough" in asked, "once the other side says yes" in asked) == (True, False)

    steps.answer_meeting(forum, hospital, answer="yes", by=at(facilitator))
    assert "Yes, by the forum&#x27;s rule" in page_of(client, forum)
    steps.publish_agendas(forum, by=organizer_of(forum))
    sign_in(client, organizer_of(forum))
    page = page_of(client, forum)
    assert ("Yes, by the forum&#x27;s rule" in page, "Both want it" in page) == (True, False)


@pytest.mark.slow
def test_120_delegates_are_planned_while_the_organizer_waits():
    forum = full_forum(120, wishes=8, halls=[steps.Room(20)], minutes=240)

    plan = plan_of(forum)

    check_plan(forum, plan)
    assert plan.score / plan.bound > 0.9


def test_agreed_meetings_still_get_their_times(three):
    forum, (provider, facilitator, _agency) = three
    agreed(forum, *registered(forum, provider, facilitator))

    [meeting] = steps.publish_agendas(forum, by=organizer_of(forum))

    assert meeting.begins_at is not None
