from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import during_steps, steps
from clearpath.forums.contacts import contacts_of
from clearpath.forums.models import Absence, Delegate, Meeting, Move, Plan
from clearpath.forums.repairs import Trouble
from clearpath.turns import steps as turns
from clearpath.turns.models import Notice
from clearpath.turns.sight import visible
from tests.factories import NOON, later, make_organisation
from tests.forums.during import now_at, organizer_now, running
from tests.forums.factories import agreed, at, make_forum, organizer_of, registered
from tests.forums.test_pages import page_of, sign_in
from tests.forums.test_plan import full_forum

pytestmark = pytest.mark.django_db
SLOT = timedelta(minutes=20)


def published(forum):
    steps.publish_agendas(forum, by=organizer_of(forum))
    forum.refresh_from_db()
    return forum


@pytest.fixture
def two(db):
    """Two who meet at noon at one of two tables; the hospital will be late."""
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests, tables=2)
    agreed(forum, *registered(forum, *guests))
    return published(forum), guests


def broken_table(forum):
    meeting = Meeting.objects.get(begins_at__isnull=False)
    return Trouble(NOON, broken=((meeting.hall_id, meeting.table),))


def late_hospital(forum):
    return Trouble(NOON, (Delegate.objects.get(forum=forum, role="provider").pk,), NOON + SLOT)


def repair(forum, trouble, reason="The plane is late."):
    return steps.repair_agendas(forum, trouble, reason=reason, by=organizer_of(forum))


def test_three_fall_ill_at_noon_and_few_others_are_moved():
    forum = published(full_forum(minutes=240))
    noon = forum.begins_at + 6 * SLOT
    ill = list(Delegate.objects.order_by("pk").values_list("pk", flat=True)[:3])
    before = dict(Meeting.objects.filter(begins_at__isnull=False).values_list("pk", "begins_at"))

    plan = repair(forum, Trouble(noon, tuple(ill)), "Three are ill.")
    assert dict(Meeting.objects.filter(begins_at__isnull=False).values_list("pk", "begins_at")) == before
    steps.apply_repair(forum, by=organizer_of(forum))

    assert plan.moves.count() <= plan.asks["others"] / 10
    assert plan.score == plan.bound  # no more agendas than in any plan
    of_ill = Meeting.objects.filter(begins_at__gte=noon)
    assert not (of_ill.filter(first__in=ill) | of_ill.filter(second__in=ill)).exists()
    assert set(Absence.objects.values_list("delegate", "begins_at", "ends_at")) == {
        (key, noon, forum.ends_at) for key in ill
    }
    lost = {pk for pk in before if Meeting.objects.get(pk=pk).begins_at is None}
    assert len(lost) == len(plan.asks["lost"]) > 0
    assert {each.changed_because for each in Meeting.objects.filter(pk__in=lost)} == {"Three are ill."}
    morning = [pk for pk, begins_at in before.items() if begins_at < noon]
    assert all(Meeting.objects.get(pk=pk).begins_at == before[pk] for pk in morning)


def test_a_broken_table_is_changed_for_another_at_the_same_time_and_nobody_needs_to_be_asked(two):
    forum, _guests = two

    plan = repair(forum, broken_table(forum), "A table broke.")
    steps.apply_repair(forum, by=organizer_of(forum))

    meeting = Meeting.objects.get()
    assert (plan.moves.count(), meeting.table, meeting.begins_at) == (0, 2, NOON)
    assert meeting.changed_because == "A table broke."


def test_who_would_be_moved_is_told_and_says_yes_before_it_is_out(two):
    forum, (provider, facilitator) = two
    Notice.objects.all().delete()

    repair(forum, late_hospital(forum))

    assert "facilitator" in set(Notice.objects.values_list("seat__role", flat=True))
    [move] = visible(Move, to=at(facilitator))
    assert visible(Move, to=at(provider)).count() == visible(Plan, to=at(facilitator)).count() == 0
    steps.answer_move(forum, move, answer="yes", by=at(facilitator))
    steps.apply_repair(forum, by=organizer_of(forum))
    meeting = Meeting.objects.get()
    assert (meeting.begins_at, meeting.changed_because) == (NOON + SLOT, "The plane is late.")


def test_who_says_no_holds_the_repair_up_and_the_next_one_does_not_move_them(two):
    forum, (_provider, facilitator) = two
    by = organizer_of(forum)
    repair(forum, late_hospital(forum))
    steps.answer_move(forum, visible(Move, to=at(facilitator)).get(), answer="no", by=at(facilitator))

    with pytest.raises(Refused, match="said_no"):
        steps.apply_repair(forum, by=by)
    again = repair(forum, late_hospital(forum))
    steps.apply_repair(forum, by=by)

    assert again.moves.count() == 0
    assert Meeting.objects.get().begins_at is None


def test_who_wants_to_be_asked_must_answer_before_it_is_out(two):
    forum, (_provider, facilitator) = two
    steps.wish(forum, ranks={}, asks_before_moving=True, by=at(facilitator))
    repair(forum, late_hospital(forum))

    with pytest.raises(Refused, match="waits_for_answer"):
        steps.apply_repair(forum, by=organizer_of(forum))


def test_a_newcomer_gets_a_meeting_and_nobody_else_meets_at_another_time(two):
    forum, (_provider, facilitator) = two
    delegate = newcomer(forum)
    agreed(forum, delegate, Delegate.objects.get(organisation=facilitator))

    plan = repair(forum, late_hospital(forum))
    steps.apply_repair(forum, by=organizer_of(forum))

    assert [set(each[:2]) for each in plan.asks["added"]] == [{delegate.organisation.name, facilitator.name}]
    assert Meeting.objects.filter(Q(first=delegate) | Q(second=delegate), begins_at__isnull=False).exists()


def newcomer(forum):
    """An agency that registers once the agendas are out."""
    new = make_organisation("agency")
    seat = turns.offer_seat(forum, position="agency", role="agency", organisation_id=new.pk, by=organizer_of(forum))
    turns.accept_seat(forum, seat, by=at(new))
    return steps.register(forum, offers="Leads", wants="Hips", by=later(at(new), NOON + SLOT / 2))


def test_a_newcomer_alone_is_a_reason_for_a_repair(two):
    forum, (_provider, facilitator) = two
    delegate = newcomer(forum)
    agreed(forum, delegate, Delegate.objects.get(organisation=facilitator))
    before = place(Meeting.objects.get(begins_at=NOON))

    repair(forum, Trouble(NOON), "Somebody came late.")
    steps.apply_repair(forum, by=organizer_of(forum))

    assert Meeting.objects.filter(Q(first=delegate) | Q(second=delegate)).get().begins_at == NOON + SLOT
    assert place(Meeting.objects.get(begins_at=NOON)) == before


def test_a_newcomer_whom_nobody_wants_to_meet_is_no_reason(two):
    forum, _guests = two
    newcomer(forum)

    with pytest.raises(Refused, match="nothing_happened"):
        repair(forum, Trouble(NOON), "Somebody came late.")

    assert not Plan.objects.filter(kind="repair").exists()


def test_a_repair_is_refused_when_agendas_changed_meanwhile(two):
    forum, (_provider, _facilitator) = two
    by = organizer_of(forum)
    repair(forum, broken_table(forum))
    steps.repair(forum, Meeting.objects.get(), begins_at=NOON + SLOT, reason="Late.", by=by)

    with pytest.raises(Refused, match="agendas_changed"):
        steps.apply_repair(forum, by=by)


def test_repairs_are_refused_without_reason_trouble_or_slot_and_when_there_is_none(two):
    forum, _guests = two
    somebody = Delegate.objects.first().pk

    for trouble, reason, code in (
        (Trouble(NOON, (somebody,)), " ", "reason_needed"),
        (Trouble(NOON), "Ill.", "nothing_happened"),
        (Trouble(NOON, (uuid4(),)), "Ill.", "nobody_called_so"),
        (Trouble(NOON + SLOT / 2, (somebody,)), "Ill.", "no_such_slot"),
    ):
        with pytest.raises(Refused, match=code):
            repair(forum, trouble, reason)
    with pytest.raises(Refused, match="no_repair"):
        steps.apply_repair(forum, by=organizer_of(forum))


def test_a_change_is_answered_by_whom_it_is_about_while_it_is_open(two):
    forum, (provider, facilitator) = two
    repair(forum, late_hospital(forum))
    move = visible(Move, to=at(facilitator)).get()

    with pytest.raises(Refused, match="not_your_agenda"):
        steps.answer_move(forum, move, answer="no", by=at(provider))
    with pytest.raises(Refused, match="no_such_answer"):
        steps.answer_move(forum, move, answer="perhaps", by=at(facilitator))
    steps.apply_repair(forum, by=organizer_of(forum))
    with pytest.raises(Refused, match="move_is_over"):
        steps.answer_move(forum, move, answer="no", by=at(facilitator))


def test_the_card_of_a_repair_has_its_button_or_says_what_is_in_the_way(client, two, time_machine):
    forum, (_provider, facilitator) = two
    time_machine.move_to(NOON, tick=False)
    steps.wish(forum, ranks={}, asks_before_moving=True, by=at(facilitator))
    repair(forum, late_hospital(forum))
    sign_in(client, organizer_of(forum))
    button = (
        f'<a class="btn btn-primary" href="{reverse("turns:take", args=["forum", forum.pk, "forums.apply_repair"])}"'
    )

    before = page_of(client, forum)
    steps.answer_move(forum, Move.objects.get(delegate__organisation=facilitator), answer="yes", by=at(facilitator))
    answered = page_of(client, forum)
    steps.apply_repair(forum, by=organizer_of(forum))

    assert (before.count(button), "has not answered yet" in before) == (0, True)
    assert (answered.count(button), "has not answered yet" in answered) == (1, False)
    assert button not in page_of(client, forum)


def test_repairing_is_the_organizers_alone(two):
    forum, (provider, _facilitator) = two

    for take in (
        lambda: steps.repair_agendas(forum, broken_table(forum), reason="Broken.", by=at(provider)),
        lambda: steps.apply_repair(forum, by=at(provider)),
    ):
        with pytest.raises(NotYourPart) as refusal:
            take()
        assert refusal.value.rightful == "organizer"


def test_a_repair_goes_from_form_to_agenda_by_its_pages(client, two, time_machine):
    forum, (provider, facilitator) = two
    time_machine.move_to(NOON, tick=False)
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.repair_agendas"])
    assert provider.name in client.get(url).content.decode()
    late = late_hospital(forum)
    answer = client.post(url, {
        "from_at": NOON.isoformat(), "away": [str(late.away[0])], "until": late.until.isoformat(),
        "reason": "The plane is late.", "key": uuid4().hex,
    })  # fmt: skip
    assert answer.status_code == 302
    page = page_of(client, forum)
    assert "1 of the 1 others meets at another time (100.0 %)." in page
    assert "Nothing changes before" in page

    sign_in(client, at(facilitator))
    assert "at 12:00 would be at 12:20" in page_of(client, forum)
    move = visible(Move, to=at(facilitator)).get()
    url = reverse("turns:take", args=["forum", forum.pk, "forums.answer_move"])
    assert str(move.pk) in client.get(url).content.decode()
    client.post(url, {"move": str(move.pk), "answer": "yes", "key": uuid4().hex})
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.apply_repair"])
    client.post(url, {"key": uuid4().hex})

    assert Meeting.objects.get().begins_at == NOON + SLOT
    sign_in(client, at(provider))
    assert "The plane is late." in page_of(client, forum)


TEN_PAST = NOON + SLOT / 2


@pytest.fixture
def met(db):
    """A hospital and a guide met at noon, rated it and shared contacts; the hospital meets an agency at 12:20."""
    houses = [make_organisation(role) for role in ("provider", "facilitator", "agency")]
    forum = running((0, 1), (0, 2), organisations=houses, minutes=60)
    has_been, to_come = Meeting.objects.order_by("begins_at")
    for delegate in (has_been.first, has_been.second):
        by = now_at(delegate.organisation, TEN_PAST)
        during_steps.rate(forum, has_been, worth_it=True, shares_contact=True, by=by)
    return forum, Delegate.objects.get(organisation=houses[0]), has_been, to_come


def place(meeting):
    now = Meeting.objects.get(pk=meeting.pk)
    return now.begins_at, now.hall_id, now.table, now.changed_because


def test_what_has_been_stays_though_the_form_says_from_then_on(met):
    forum, hospital, has_been, to_come = met
    before = place(has_been)

    steps.repair_agendas(forum, Trouble(NOON, (hospital.pk,)), reason="Ill.", by=organizer_now(forum, TEN_PAST))
    steps.apply_repair(forum, by=organizer_now(forum, TEN_PAST))

    assert place(has_been) == before
    assert place(to_come) == (None, None, None, "Ill.")
    assert (has_been.ratings.count(), set(contacts_of(hospital))) == (2, {has_been.pk})
    assert Absence.objects.get().begins_at == TEN_PAST


def test_a_meeting_of_which_somebody_said_how_it_went_stays_where_it_was_moved_to(met):
    forum, hospital, has_been, _to_come = met
    steps.repair(forum, has_been, begins_at=NOON + 2 * SLOT, reason="Wrong slot.", by=organizer_of(forum))
    before = place(has_been)

    steps.repair_agendas(forum, Trouble(NOON, (hospital.pk,)), reason="Ill.", by=organizer_now(forum, TEN_PAST))
    steps.apply_repair(forum, by=organizer_now(forum, TEN_PAST))

    assert place(has_been) == before


def test_a_meeting_that_began_while_the_repair_waited_stays(met):
    forum, hospital, _has_been, to_come = met
    before = place(to_come)
    steps.repair_agendas(forum, Trouble(NOON, (hospital.pk,)), reason="Ill.", by=organizer_now(forum, TEN_PAST))

    steps.apply_repair(forum, by=organizer_now(forum, NOON + SLOT * 1.5))

    assert place(to_come) == before


def test_a_repair_that_would_bring_a_meeting_into_the_past_is_worked_out_again(two):
    forum, _guests = two
    steps.repair(forum, Meeting.objects.get(), begins_at=NOON + 2 * SLOT, reason="Late.", by=organizer_of(forum))
    facilitator = Delegate.objects.get(forum=forum, role="facilitator").pk
    Absence.objects.create(delegate_id=facilitator, begins_at=NOON + 2 * SLOT, ends_at=forum.ends_at)
    repair(forum, Trouble(NOON, (facilitator,), NOON))

    assert Plan.objects.filter(kind="repair").get().asks["moved"]
    with pytest.raises(Refused, match="agendas_changed"):
        steps.apply_repair(forum, by=organizer_now(forum, NOON + SLOT * 1.5))


def test_the_form_of_a_repair_begins_with_the_slot_that_begins_next(client, met, time_machine):
    forum, *_rest = met
    time_machine.move_to(TEN_PAST, tick=False)
    sign_in(client, organizer_of(forum))

    page = client.get(reverse("turns:take", args=["forum", forum.pk, "forums.repair_agendas"])).content.decode()

    assert f'<option value="{(NOON + SLOT).isoformat()}" selected>' in page
