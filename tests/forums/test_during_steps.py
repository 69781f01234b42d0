from datetime import date, timedelta

import pytest

from clearpath import jobs
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import during_steps as steps
from clearpath.forums import steps as forums
from clearpath.forums.during_policies import is_rated_until
from clearpath.forums.models import Held, NextStep, Rating
from clearpath.trust import log
from clearpath.turns.models import Notice, Task
from clearpath.turns.network import look_at
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.factories import NOON
from tests.forums.during import BEGUN, check_in, colleague_of, now_at, organizer_now, party, running
from tests.forums.factories import organizer_of

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 10)


@pytest.fixture
def four(db):
    return [party(role) for role in ("provider", "facilitator", "agency", "provider")]


def the_meeting(forum):
    return forum.meetings.exclude(begins_at=None).get()


def test_check_in_notes_the_day_at_the_forum_once(four):
    forum = running((0, 1), organisations=four)
    [delegate] = forum.delegates.filter(organisation=four[0])

    kept = steps.check_in(forum, delegate, by=organizer_now(forum))

    assert (kept.day, kept.at) == (NOON.date(), BEGUN)
    with pytest.raises(Refused, match="already_here"):
        steps.check_in(forum, delegate, by=organizer_now(forum))


def test_check_in_is_the_organizers_alone(four):
    forum = running((0, 1), organisations=four)

    with pytest.raises(NotYourPart) as refusal:
        steps.check_in(forum, forum.delegates.first(), by=now_at(four[0]))

    assert refusal.value.rightful == "organizer"


@pytest.mark.parametrize("state", ["kept", "late"])
def test_record_meeting_keeps_how_it_went_and_when_it_was(four, state):
    forum = running((0, 1), organisations=four)
    meeting = the_meeting(forum)

    held = steps.record_meeting(forum, meeting, state=state, by=now_at(four[1]))

    assert (held.state, held.begins_at, held.table, held.absent) == (state, NOON, 1, None)
    assert list(log.entries_of(forum.pk))[-1].step == "forums.record_meeting"


def test_record_meeting_is_refused_too_early_for_others_twice_and_in_other_words(four):
    forum = running((0, 1), organisations=four)
    meeting = the_meeting(forum)

    for by, state, code in (
        (now_at(four[0], NOON - timedelta(minutes=1)), "kept", "not_begun"),
        (now_at(four[2]), "kept", "not_your_meeting"),
        (now_at(four[0]), "splendid", "no_such_state"),
    ):
        with pytest.raises(Refused, match=code):
            steps.record_meeting(forum, meeting, state=state, by=by)
    stranger = forum.delegates.get(organisation=four[3])
    with pytest.raises(Refused, match="not_one_of_the_two"):
        steps.record_meeting(forum, meeting, state="missed", absent=stranger, by=now_at(four[0]))
    assert Held.objects.count() == 0
    steps.record_meeting(forum, meeting, state="late", by=now_at(four[0]))
    with pytest.raises(Refused, match="already_recorded"):
        steps.record_meeting(forum, meeting, state="kept", by=now_at(four[1]))
    assert steps.record_meeting(forum, meeting, state="kept", by=organizer_now(forum)).state == "kept"


def test_a_missed_meeting_gives_its_place_to_who_sits_alone_and_somebody_free_and_tells_both(four):
    forum = running((0, 1), (2, 3), (0, 2), organisations=four, minutes=20)
    check_in(forum, four[0], four[2], four[3])
    meeting = the_meeting(forum)
    Notice.objects.all().delete()
    absent = forum.delegates.get(organisation=four[1])

    steps.record_meeting(forum, meeting, state="missed", absent=absent, by=organizer_now(forum))

    now = the_meeting(forum)
    assert {now.first.organisation, now.second.organisation} == {four[0], four[2]}
    assert (now.begins_at, now.table) == (NOON, 1)
    told = Notice.objects.filter(step=steps.STOOD_IN).values_list("seat__organisation", flat=True)
    assert set(told) == {four[0].pk, four[2].pk}


def test_a_missed_meeting_keeps_its_place_when_nobody_can_stand_in(four):
    forum = running((0, 1), (2, 3), organisations=four)
    check_in(forum, four[0], four[2])
    meeting = the_meeting(forum)

    held = steps.record_meeting(forum, meeting, state="missed", by=organizer_now(forum))

    assert the_meeting(forum) == meeting
    assert held.state == "missed"


def rated(forum, organisation, **said):
    return steps.rate(
        forum, the_meeting(forum), worth_it=said.pop("worth_it", True), by=said.pop("by", now_at(organisation)), **said
    )


def test_rate_keeps_what_one_says_and_says_that_the_meeting_was_kept(four):
    forum = running((0, 1), organisations=four)

    rating = rated(forum, four[0], worth_it=False)

    assert (rating.worth_it, rating.next_step, rating.delegate.organisation) == (False, "none", four[0])
    assert Held.objects.get().state == "kept"
    again = rated(forum, four[0], worth_it=True)
    assert (again.pk, again.worth_it) == (rating.pk, True)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"next_step": "perhaps"}, "no_such_answer"),
        ({"next_step": "dated", "what": "Contract"}, "day_needed"),
        ({"next_step": "dated", "due_on": JULY}, "day_needed"),
        ({"next_step": "dated", "what": "Contract", "due_on": date(2026, 5, 31)}, "day_is_past"),
    ],
)
def test_rate_is_refused_without_a_whole_answer(four, said, code):
    forum = running((0, 1), organisations=four)

    with pytest.raises(Refused, match=code):
        rated(forum, four[0], **said)

    assert Rating.objects.count() == 0


def test_rate_is_refused_to_others_before_it_begins_and_when_it_was_missed(four):
    forum = running((0, 1), organisations=four)

    for by in (now_at(four[2]), organizer_now(forum)):
        with pytest.raises(Refused, match="not_your_meeting"):
            rated(forum, four[0], by=by)
    with pytest.raises(Refused, match="not_begun"):
        rated(forum, four[0], by=now_at(four[0], NOON - timedelta(minutes=1)))
    steps.record_meeting(forum, the_meeting(forum), state="missed", by=organizer_now(forum))
    with pytest.raises(Refused, match="did_not_take_place"):
        rated(forum, four[0])


def test_a_next_step_that_both_want_is_a_task_for_both_on_the_later_day(four):
    forum = running((0, 1), organisations=four)
    rated(forum, four[0], next_step="dated", what="Draft the contract", due_on=JULY)
    assert NextStep.objects.count() == 0

    rated(forum, four[1], next_step="dated", what="Visit the hospital", due_on=date(2026, 7, 1))

    [found] = NextStep.objects.all()
    assert (found.title, found.due_on, found.stage) == ("Draft the contract · Visit the hospital", JULY, "agreed")
    tasks = Task.objects.filter(subject=found, done_at=None).order_by("step")
    assert [(each.step, each.due_at.date()) for each in tasks] == [
        ("forums.do_first", JULY),
        ("forums.do_second", JULY),
    ]


@pytest.mark.parametrize(
    ("one", "other", "count"), [("none", "dated", 0), ("later", "later", 0), ("later", "dated", 1)]
)
def test_a_next_step_begins_only_where_both_want_one_and_a_day_is_named(four, one, other, count):
    forum = running((0, 1), organisations=four)
    day = {"what": "Contract", "due_on": JULY}

    for organisation, said in ((four[0], one), (four[1], other)):
        rated(forum, organisation, next_step=said, **(day if said == "dated" else {}))

    assert NextStep.objects.count() == count


def agreed_next_step(forum, four):
    for each in four[:2]:
        rated(forum, each, next_step="dated", what="Contract", due_on=JULY)
    return NextStep.objects.get()


def test_a_next_step_is_over_when_both_have_done_it(four):
    forum = running((0, 1), organisations=four)
    found = agreed_next_step(forum, four)
    sides = {each.organisation_id: each.position for each in found.seats.all()}
    take = {"first": steps.do_first, "second": steps.do_second}

    take[sides[four[0].pk]](found, by=now_at(four[0]))
    jobs.run_due(strict=True)
    found.refresh_from_db()
    assert found.stage == "agreed"
    take[sides[four[1].pk]](found, by=now_at(four[1]))
    jobs.run_due(strict=True)

    found.refresh_from_db()
    assert found.stage == "over"
    assert found.done_at is not None


def test_a_next_step_is_given_up_with_a_reason_that_the_other_reads(four):
    forum = running((0, 1), organisations=four)
    found = agreed_next_step(forum, four)

    with pytest.raises(Refused, match="reason_needed"):
        steps.drop_next_step(found, reason=" ", by=now_at(four[0]))
    steps.drop_next_step(found, reason="We have no beds.", by=now_at(four[0]))

    found.refresh_from_db()
    assert (found.stage, found.done_at) == ("over", None)
    assert shown(found, to=now_at(four[1])).dropped_because == "We have no beds."


def test_what_one_says_in_private_is_seen_by_nobody_else_and_a_next_step_by_both(four):
    forum = running((0, 1), organisations=four)
    found = agreed_next_step(forum, four)

    mine = Rating.objects.get(delegate__organisation=four[0])
    assert shown(mine, to=now_at(four[0])).worth_it is True
    for actor in (now_at(four[1]), now_at(four[2]), organizer_of(forum)):
        assert mine not in visible(Rating, to=actor)
        assert shown(mine, to=actor).worth_it is HIDDEN
    for actor in (now_at(four[0]), now_at(four[1])):
        assert list(visible(NextStep, to=actor)) == [found]
    for actor in (now_at(four[2]), organizer_of(forum)):
        assert list(visible(NextStep, to=actor)) == []


def test_a_meeting_of_which_nobody_spoke_took_place_if_both_were_checked_in(four):
    forum = running((0, 1), (2, 3), organisations=four, tables=2)
    check_in(forum, four[0], four[1], four[2])

    forums.finish(forum, by=organizer_now(forum))

    held = Held.objects.get()
    assert (held.state, held.begins_at) == ("kept", NOON)
    assert {held.meeting.first.organisation, held.meeting.second.organisation} == {four[0], four[1]}


def test_what_one_says_in_private_is_hidden_from_a_colleague_who_is_a_delegate_too(four):
    forum = running((0, 1), organisations=four)
    rated(forum, four[0], what="Only for me", next_step="dated", due_on=JULY)
    colleague = colleague_of(four[0])
    forums.register(forum, offers="Knees", wants="Patients", by=colleague)

    mine = Rating.objects.get()

    assert shown(mine, to=now_at(four[0])).what == "Only for me"
    assert list(visible(Rating, to=colleague)) == []
    assert shown(mine, to=colleague).what is HIDDEN


def test_a_meeting_is_rated_for_some_days_after_the_forum_was_finished(four):
    forum = running((0, 1), organisations=four)
    forums.finish(forum, by=organizer_of(forum))
    end = is_rated_until(forum.ends_at)

    kept = rated(forum, four[0], by=now_at(four[0], end - timedelta(seconds=1)))

    assert kept.worth_it is True
    with pytest.raises(Refused, match="too_late_to_rate"):
        rated(forum, four[1], by=now_at(four[1], end))


def test_a_forum_closes_by_itself_when_nothing_is_rated_any_more(four):
    forum = running((0, 1), organisations=four)
    forums.finish(forum, by=organizer_of(forum))
    end = is_rated_until(forum.ends_at)

    assert look_at(forum.pk, at=end - timedelta(seconds=1)) == []
    assert look_at(forum.pk, at=end) == ["forums.close"]

    forum.refresh_from_db()
    assert (forum.stage, forum.closed_at) == ("over", end)
    with pytest.raises(NotYourPart, match="closed"):
        rated(forum, four[0])
