from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import steps
from clearpath.forums.models import Absence, Delegate, Meeting, Move, Plan
from clearpath.forums.repairs import Trouble
from clearpath.turns.models import Notice
from clearpath.turns.sight import visible
from tests.factories import NOON, make_organisation
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
    """Two who meet at noon at one of two tables."""
    guests = [make_organisation(role) for role in ("provider", "facilitator")]
    forum = make_forum(*guests, tables=2)
    agreed(forum, *registered(forum, *guests))
    return published(forum), guests


def broken_table(forum):
    meeting = Meeting.objects.get(begins_at__isnull=False)
    return Trouble(NOON, broken=((meeting.hall_id, meeting.table),))


def repair(forum, trouble, reason="A table broke."):
    return steps.repair_agendas(forum, trouble, reason=reason, by=organizer_of(forum))


def test_three_fall_ill_at_noon_and_few_others_are_moved():
    forum = published(full_forum(minutes=240))
    noon = forum.begins_at + 6 * SLOT
    ill = list(Delegate.objects.order_by("pk").values_list("pk", flat=True)[:3])
    before = dict(Meeting.objects.filter(begins_at__isnull=False).values_list("pk", "begins_at"))

    plan = repair(forum, Trouble(noon, tuple(ill)), "Three are ill.")
    assert dict(Meeting.objects.filter(begins_at__isnull=False).values_list("pk", "begins_at")) == before
    steps.apply_repair(forum, by=organizer_of(forum))

    assert plan.score <= plan.asks["others"] / 10
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


def test_who_would_be_moved_is_told_and_says_yes_before_it_is_out(two):
    forum, (provider, _facilitator) = two
    Notice.objects.all().delete()

    plan = repair(forum, broken_table(forum))

    assert set(Notice.objects.values_list("seat__role", flat=True)) >= {"provider", "facilitator"}
    [move] = visible(Move, to=at(provider))
    assert visible(Plan, to=at(provider)).count() == 0
    steps.answer_move(forum, move, answer="yes", by=at(provider))
    steps.apply_repair(forum, by=organizer_of(forum))
    meeting = Meeting.objects.get()
    assert (plan.score, meeting.table, meeting.begins_at, meeting.changed_because) == (2, 2, NOON, "A table broke.")


def test_who_says_no_holds_the_repair_up_and_the_next_one_does_not_move_them(two):
    forum, (provider, _facilitator) = two
    by = organizer_of(forum)
    trouble = broken_table(forum)
    repair(forum, trouble)
    steps.answer_move(forum, visible(Move, to=at(provider)).get(), answer="no", by=at(provider))

    with pytest.raises(Refused, match="said_no"):
        steps.apply_repair(forum, by=by)
    again = repair(forum, trouble)
    steps.apply_repair(forum, by=by)

    assert again.score == 0
    assert Meeting.objects.get().begins_at is None  # the table is broken, and they stay where they are


def test_who_wants_to_be_asked_must_answer_before_it_is_out(two):
    forum, (provider, _facilitator) = two
    steps.wish(forum, ranks={}, asks_before_moving=True, by=at(provider))
    repair(forum, broken_table(forum))

    with pytest.raises(Refused, match="waits_for_answer"):
        steps.apply_repair(forum, by=organizer_of(forum))


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
    repair(forum, broken_table(forum))
    move = visible(Move, to=at(provider)).get()

    with pytest.raises(Refused, match="not_your_agenda"):
        steps.answer_move(forum, move, answer="no", by=at(facilitator))
    with pytest.raises(Refused, match="no_such_answer"):
        steps.answer_move(forum, move, answer="perhaps", by=at(provider))
    steps.apply_repair(forum, by=organizer_of(forum))
    with pytest.raises(Refused, match="move_is_over"):
        steps.answer_move(forum, move, answer="no", by=at(provider))


def test_repairing_is_the_organizers_alone(two):
    forum, (provider, _facilitator) = two

    for take in (
        lambda: steps.repair_agendas(forum, broken_table(forum), reason="Broken.", by=at(provider)),
        lambda: steps.apply_repair(forum, by=at(provider)),
    ):
        with pytest.raises(NotYourPart) as refusal:
            take()
        assert refusal.value.rightful == "organizer"


def test_a_repair_goes_from_form_to_agenda_by_its_pages(client, two):
    forum, (provider, _facilitator) = two
    meeting = Meeting.objects.get()
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.repair_agendas"])
    assert provider.name in client.get(url).content.decode()
    answer = client.post(url, {
        "from_at": NOON.isoformat(), "broken": [f"{meeting.hall_id}:{meeting.table}"], "reason": "A table broke.",
        "key": uuid4().hex,
    })  # fmt: skip
    assert answer.status_code == 302
    page = page_of(client, forum)
    assert "2 of the 2 others are moved (100.0 %)." in page
    assert "Nothing changes before" in page

    sign_in(client, at(provider))
    assert "would be at 12:00, table 2" in page_of(client, forum)
    move = visible(Move, to=at(provider)).get()
    url = reverse("turns:take", args=["forum", forum.pk, "forums.answer_move"])
    assert str(move.pk) in client.get(url).content.decode()
    client.post(url, {"move": str(move.pk), "answer": "yes", "key": uuid4().hex})
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.apply_repair"])
    client.post(url, {"key": uuid4().hex})

    meeting.refresh_from_db()
    assert meeting.table == 2
    sign_in(client, at(provider))
    assert "A table broke." in page_of(client, forum)
