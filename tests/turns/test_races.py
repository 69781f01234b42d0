"""Two people pressing at once: one takes effect, the other gets a clear answer, and nothing is half done.

These tests really run at the same time, in threads with connections of their own, on SQLite and on PostgreSQL
(`tools/with_postgres.sh pytest -m races`). Every thread rests after it has read a subject for the first time in its
transaction, so that whoever reads without a lock would read what the other one is about to change.
"""

import re
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from clearpath.aftercare import steps as aftercare
from clearpath.charter.whose_turn import turns
from clearpath.core.outcomes import Outcome
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Consent, Journey
from clearpath.marketing import steps as marketing
from clearpath.money import steps as money
from clearpath.money.models import Contract, Deposit
from clearpath.offers import steps as offers
from clearpath.offers.models import Disclosure, Offer
from clearpath.parties import founding
from clearpath.parties.models import Organisation, Person
from clearpath.records import steps as records
from clearpath.trust import log
from clearpath.turns import charters, stand
from clearpath.turns import steps as everywhere
from clearpath.turns.models import HandOff, Lane, Message, Seat, Task
from clearpath.turns.network import look_at
from tests.factories import (
    NOON,
    actor_at,
    make_journey,
    make_organisation,
    make_person,
    patient_actor,
    patient_of,
    seated,
)
from tests.walk import YESTERDAY, choose, compare, make_offer, walk_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races, pytest.mark.slow]

FIRST_LOOK = re.compile(r'SELECT .* FROM "(turns_subject|turns_taken|parties_person)"')
REST_SECONDS = 0.15


class Slowly:
    """Rests once in each transaction, after its first look at what others may be changing."""

    def __init__(self) -> None:
        self.rested = False

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not context["connection"].in_atomic_block:
            self.rested = False
        elif not self.rested and FIRST_LOOK.match(sql):
            self.rested = True
            time.sleep(REST_SECONDS)
        return result


def at_once(*calls):
    """What came of each call, all begun at the same moment: its result, or the code of its refusal."""
    start = threading.Barrier(len(calls))
    answers = [None] * len(calls)

    def run(number):
        try:
            connection.ensure_connection()
            with connection.execute_wrapper(Slowly()):
                start.wait(timeout=30)
                answers[number] = calls[number]()
        except Outcome as outcome:
            answers[number] = outcome.code
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    broken = [answer for answer in answers if isinstance(answer, Exception)]
    assert broken == [], "a race ended in something else than an answer"
    return answers


def codes_of(answers):
    """Done, or the code of the refusal; sorted, since nobody can say who comes first."""
    return sorted(answer if isinstance(answer, str) else "done" for answer in answers)


def page_of(row):
    """The row as somebody's page read it, before anybody pressed."""
    return type(row)._default_manager.get(pk=row.pk)


def assert_whole(subject):
    """The log verifies, and what is stored is exactly what the steps that were done add up to."""
    assert log.verify().problems == []
    entries = list(log.entries_of(subject.pk))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))

    now = stand.fresh(subject)
    tables, rules = charters.tables(now.charter), charters.rules_of(now.charter, now.kind)
    done = [entry.step for entry in entries if entry.decision == "done"]
    stage, facts = rules.first, set()
    for step in done:
        if step not in rules.steps:  # another kind's step that opened this subject
            continue
        effects = tables.effects(step, stand.bare(now))
        facts = (facts | effects.gives) - effects.drops
        stage = effects.to or stage
    lanes = list(Lane.objects.filter(subject_id=now.pk, ended_at=None).order_by("number"))
    consent = {"consent"} if Consent.objects.filter(journey_id=now.pk, withdrawn_at=None).exists() else set()
    assert (now.stage, set(now.facts), now.revision) == (stage, facts - {"consent"}, len(done))

    due = turns(tables, now.kind, now.stage, frozenset(now.facts) | consent, [frozenset(lane.facts) for lane in lanes])
    wanted = sorted((turn.step, turn.by, str(None if turn.lane is None else lanes[turn.lane].pk)) for turn in due)
    waiting = Task.objects.filter(subject_id=now.pk, done_at=None).values_list("step", "position", "lane_id")
    assert sorted((step, position, str(lane)) for step, position, lane in waiting) == wanted


def another_at(organisation_id, role):
    """A second person who works there."""
    person = make_person()
    founding.add_member(Organisation.objects.get(pk=organisation_id), person, role, at=NOON)
    return replace(actor_at(organisation_id, role), person_id=person.pk)


# The same step


def test_two_colleagues_take_the_same_step_at_once_and_one_of_them_does():
    journey = make_journey()
    one = seated(journey, "facilitator")
    other = another_at(one.organisation_id, "facilitator")
    journeys.answer_inquiry(journey, by=one)

    answers = at_once(lambda: journeys.open_journey(journey, by=one), lambda: journeys.open_journey(journey, by=other))

    assert codes_of(answers) == ["done", "wrong_stage"]
    assert [entry.decision for entry in log.entries_of(journey.pk)][-2:] == ["done", "refused"]
    assert_whole(journey)


def test_six_at_once_make_one_consent():
    journey = make_journey()
    facilitator, patient = seated(journey, "facilitator"), patient_of(journey)

    def agree():
        return journeys.give_consent(
            journey, recipient_key=facilitator.organisation_id, purpose="care", data_class="clinical",
            wording="I agree.", language="en", by=patient,
        )  # fmt: skip

    answers = at_once(*[agree] * 6)

    assert codes_of(answers) == ["consent_in_force"] * 5 + ["done"]
    assert Consent.objects.filter(journey=journey).count() == 1
    assert_whole(journey)


def test_one_consent_taken_back_twice_at_once_is_taken_back_once_while_another_holds():
    journey = make_journey()
    patient, keys = (
        patient_of(journey),
        [seated(journey, "facilitator").organisation_id, make_organisation("doctor").pk],
    )
    consent, _other = [
        journeys.give_consent(
            journey,
            recipient_key=key,
            purpose="care",
            data_class="clinical",
            wording="I agree.",
            language="en",
            by=patient,
        )
        for key in keys
    ]
    pages = page_of(consent), page_of(consent)

    answers = at_once(*[lambda page=page: journeys.withdraw_consent(journey, page, by=patient) for page in pages])

    assert codes_of(answers) == ["already_withdrawn", "done"]
    assert_whole(journey)


# The same request


def test_the_same_request_sent_twice_at_once_takes_effect_once():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")

    answers = at_once(*[lambda: journeys.answer_inquiry(journey, by=facilitator, key="request-1")] * 4)

    assert codes_of(answers) == ["already_done"] * 3 + ["done"]
    assert_whole(journey)


def test_the_same_request_that_begins_a_journey_sent_twice_at_once_begins_one():
    facilitator, patient = make_organisation("facilitator"), patient_actor()

    def start():
        return journeys.start(
            facilitator_id=facilitator.pk, patient_name="A", country="KW", procedure="B", by=patient, key="request-2"
        )

    answers = at_once(*[start] * 4)

    assert codes_of(answers) == ["already_done"] * 3 + ["done"]
    assert Journey.objects.count() == 1
    assert_whole(Journey.objects.get())


def test_the_same_request_key_of_two_people_takes_effect_for_each():
    facilitator = make_organisation("facilitator")
    people = [patient_actor(), patient_actor()]

    answers = at_once(
        *[
            lambda by=by: journeys.start(
                facilitator_id=facilitator.pk, patient_name="A", country="KW", procedure="B", by=by, key="1"
            )
            for by in people
        ]
    )

    assert codes_of(answers) == ["done", "done"]


# What excludes each other


def test_two_offers_accepted_at_once_leave_one():
    walk = walk_to("offers.make", lanes=2)
    [(other_provider, other_doctor)] = walk.others
    records.give_opinion(
        walk.journey,
        suitability="suitable",
        plan="A",
        risks="B",
        alternatives="C",
        stay_days=9,
        event="keyhole",
        surgeon="S",
        anaesthetist="A",
        by=other_doctor,
    )
    one, other = make_offer(walk), make_offer(walk, other_provider)
    offers.present(walk.journey, one, by=walk.facilitator)
    walk.look()
    offers.acknowledge_interests(walk.journey, by=walk.patient)
    compare(walk.at(YESTERDAY))

    answers = at_once(lambda: choose(walk, one), lambda: choose(walk, other))

    assert "done" in codes_of(answers)
    assert codes_of(answers) in (["done", "no_such_lane"], ["done", "wrong_stage"])
    states = list(Offer.objects.order_by("state").values_list("state", flat=True))
    assert states == ["accepted", "declined"]
    chosen = Offer.objects.get(state="accepted")
    [lane] = Lane.objects.filter(subject=walk.journey, ended_at=None)
    assert lane.pk == chosen.lane_id
    held = Seat.objects.filter(subject=walk.journey, lane__isnull=False, ended_at=None)
    assert {seat.lane_id for seat in held} == {lane.pk}
    assert_whole(walk.journey)


def test_an_offer_accepted_and_withdrawn_at_once_is_one_of_the_two():
    walk = walk_to("offers.accept")
    offer = walk.offer
    pages = page_of(offer), page_of(offer)

    answers = at_once(
        lambda: choose(walk, pages[0]),
        lambda: offers.withdraw(walk.journey, pages[1], reason="No room.", by=walk.provider),
    )

    accepted = not isinstance(answers[0], str)
    offer.refresh_from_db()
    walk.journey.refresh_from_db()
    assert (offer.state, walk.journey.stage) == (("accepted", "preparation") if accepted else ("withdrawn", "decision"))
    assert answers[1 if accepted else 0] == ("wrong_stage" if accepted else "missing_facts")
    assert_whole(walk.journey)


def test_nobody_is_treated_after_the_consent_was_withdrawn_at_the_same_moment():
    walk = walk_to("records.treat")
    consent = Consent.objects.get(recipient_key=walk.doctor.organisation_id, data_class="clinical")

    answers = at_once(
        lambda: records.treat(walk.journey, text="Knee replaced", treated_on=NOON.date(), by=walk.doctor),
        lambda: journeys.withdraw_consent(walk.journey, consent, by=walk.patient),
    )

    order = [entry.step for entry in log.entries_of(walk.journey.pk) if entry.decision == "done"][-2:]
    if isinstance(answers[0], str):
        assert (answers[0], order[-1]) == ("missing_facts", "journeys.withdraw_consent")
    else:
        assert order == ["records.treat", "journeys.withdraw_consent"]
    assert_whole(walk.journey)


def test_a_changed_price_and_a_signature_at_once_never_sign_a_price_that_was_not_accepted():
    walk = walk_to("money.sign_contract")

    at_once(
        lambda: money.sign_contract(walk.journey, wording="I sign.", language="en", by=walk.patient),
        lambda: offers.revise(
            walk.journey, items=[("Operation", 990_000)], stay_nights=5, valid_until=NOON + timedelta(days=20),
            why="A longer stem.", by=walk.provider,
        ),
    )  # fmt: skip

    assert "contract_signed" not in walk.facts()
    signed = Contract.objects.filter(journey_id=walk.journey.pk).values_list("total_minor", flat=True)
    assert set(signed) <= {950_000}
    assert_whole(walk.journey)


def test_deposits_confirmed_at_once_never_hold_more_than_the_price():
    walk = walk_to("money.confirm_deposit")

    answers = at_once(*[lambda: money.confirm_deposit(walk.journey, amount_minor=600_000, by=walk.provider)] * 3)

    assert codes_of(answers) == ["deposit_above_price", "deposit_above_price", "done"]
    assert sum(Deposit.objects.values_list("amount_minor", flat=True)) == 600_000
    assert_whole(walk.journey)


def test_leaving_and_closing_at_once_is_one_of_the_two():
    walk = walk_to("aftercare.close")

    answers = at_once(
        lambda: aftercare.close(walk.journey, by=walk.facilitator),
        lambda: journeys.withdraw(walk.journey, by=walk.patient),
    )

    walk.journey.refresh_from_db()
    closed = not isinstance(answers[0], str)
    assert walk.journey.stage == ("closed" if closed else "ending")
    assert answers[1 if closed else 0] == ("closed" if closed else "wrong_stage")
    assert_whole(walk.journey)


# Seats and hand-offs


def test_a_seat_accepted_by_two_colleagues_at_once_is_taken_once():
    journey = make_journey()
    new = make_organisation("facilitator")
    seat = journeys.change_facilitator(journey, facilitator_id=new.pk, by=patient_of(journey))
    one = actor_at(new, "facilitator")
    other = another_at(new.pk, "facilitator")
    pages = page_of(seat), page_of(seat)

    answers = at_once(
        lambda: everywhere.accept_seat(journey, pages[0], by=one),
        lambda: everywhere.accept_seat(journey, pages[1], by=other),
    )

    assert len([answer for answer in answers if not isinstance(answer, str)]) == 1
    assert set(codes_of(answers)) <= {"done", "seat_not_offered", "not_seated"}
    assert held_by(journey, "facilitator") == [new.pk]
    assert_whole(journey)


def test_a_seat_offered_to_two_and_accepted_by_both_at_once_is_held_by_one():
    journey = make_journey()
    new = [make_organisation("facilitator"), make_organisation("facilitator")]
    seats = [journeys.change_facilitator(journey, facilitator_id=each.pk, by=patient_of(journey)) for each in new]

    people = [actor_at(each, "facilitator") for each in new]
    at_once(
        *[
            lambda seat=seat, by=by: everywhere.accept_seat(journey, seat, by=by)
            for seat, by in zip(seats, people, strict=True)
        ]
    )

    holders = held_by(journey, "facilitator")
    assert len(holders) == 1
    assert holders[0] in {each.pk for each in new}
    assert_whole(journey)


def test_a_seat_accepted_and_declined_at_once_is_one_of_the_two():
    journey = make_journey()
    new = make_organisation("facilitator")
    seat = journeys.change_facilitator(journey, facilitator_id=new.pk, by=patient_of(journey))
    former = seated(journey, "facilitator").organisation_id
    one, other = actor_at(new, "facilitator"), another_at(new.pk, "facilitator")
    pages = page_of(seat), page_of(seat)

    answers = at_once(
        lambda: everywhere.accept_seat(journey, pages[0], by=one),
        lambda: everywhere.decline_seat(journey, pages[1], reason="We are full.", by=other),
    )

    assert codes_of(answers).count("done") == 1
    accepted = not isinstance(answers[0], str)
    assert held_by(journey, "facilitator") == [new.pk if accepted else former]
    seat.refresh_from_db()
    assert (seat.ended_at is None) is accepted
    assert_whole(journey)


def held_by(subject, position):
    held = Seat.objects.filter(subject_id=subject.pk, position=position, held_since__isnull=False, ended_at=None)
    return list(held.values_list("organisation_id", flat=True))


def test_a_hand_off_accepted_and_withdrawn_at_once_is_one_of_the_two():
    walk = walk_to("records.give_opinion")
    handed = everywhere.hand_off(walk.journey, task="records.give_opinion", by=walk.facilitator)
    one, other = page_of(handed), page_of(handed)

    answers = at_once(
        lambda: everywhere.answer_hand_off(walk.journey, one, answer="accepted", by=walk.doctor),
        lambda: everywhere.answer_hand_off(walk.journey, other, answer="withdrawn", by=walk.facilitator),
    )

    assert codes_of(answers) == ["done", "hand_off_not_open"]
    state = HandOff.objects.get(pk=handed.pk).state
    assert state == ("withdrawn" if isinstance(answers[0], str) else "accepted")
    assert_whole(walk.journey)


# A page that is no longer true


def test_a_step_on_a_stale_page_is_refused_and_changes_nothing():
    walk = walk_to("offers.accept")
    stale_journey, stale_offer = Journey.objects.get(pk=walk.journey.pk), walk.offer
    offers.withdraw(walk.journey, walk.offer, reason="No room.", by=walk.provider)

    answers = at_once(lambda: offers.accept(stale_journey, stale_offer, insurance="own", by=walk.patient))

    assert answers == ["missing_facts"]
    assert (stale_offer.state, Offer.objects.get().state) == ("sent", "withdrawn")
    assert_whole(walk.journey)


def test_somebody_who_lost_the_seat_at_the_same_moment_does_not_act_in_it_afterwards():
    journey = make_journey()
    former = seated(journey, "facilitator")
    new = make_organisation("facilitator")
    seat = journeys.change_facilitator(journey, facilitator_id=new.pk, by=patient_of(journey))

    answers = at_once(
        lambda: everywhere.accept_seat(journey, seat, by=actor_at(new, "facilitator")),
        lambda: journeys.answer_inquiry(journey, by=former),
    )

    order = [entry.step for entry in log.entries_of(journey.pk) if entry.decision == "done"]
    if isinstance(answers[1], str):
        assert (answers[1], order[-1]) == ("not_seated", "turns.accept_seat")
    else:
        assert order[-2:] == ["journeys.answer_inquiry", "turns.accept_seat"]
    assert_whole(journey)


# What does not exclude each other


def test_two_lanes_work_at_once_and_both_take_effect():
    walk = walk_to("records.give_opinion", lanes=2)
    doctors = [walk.doctor, walk.others[0][1]]

    answers = at_once(
        *[
            lambda by=by: records.give_opinion(
                walk.journey,
                suitability="suitable",
                plan="A",
                risks="B",
                alternatives="C",
                stay_days=9,
                event="keyhole",
                surgeon="S",
                anaesthetist="A",
                by=by,
            )
            for by in doctors
        ]
    )

    assert codes_of(answers) == ["done", "done"]
    assert [lane.facts for lane in Lane.objects.order_by("number")] == [["opinion_given"], ["opinion_given"]]
    assert_whole(walk.journey)


def test_six_messages_at_once_all_arrive_and_the_chain_has_no_gap():
    journey = make_journey()

    answers = at_once(
        *[
            lambda number=number: everywhere.write(
                journey, topic="anything", text=f"Message {number}", by=patient_of(journey)
            )
            for number in range(6)
        ]
    )

    assert codes_of(answers) == ["done"] * 6
    assert Message.objects.count() == 6
    assert_whole(journey)


def test_refusals_at_once_are_all_in_the_log():
    journey = make_journey()
    stranger = actor_at(make_organisation("facilitator"), "facilitator")

    answers = at_once(*[lambda: journeys.answer_inquiry(journey, by=stranger)] * 5)

    assert codes_of(answers) == ["not_seated"] * 5
    assert [entry.decision for entry in log.entries_of(journey.pk)] == ["done"] + ["refused"] * 5
    assert_whole(journey)


# The network


def test_the_network_looked_at_by_two_workers_at_once_takes_its_step_once():
    walk = walk_to("offers.disclose_interests")

    answers = at_once(*[lambda: look_at(walk.journey.pk, at=NOON)] * 3)

    assert sorted(answers) == [[], [], ["offers.disclose_interests"]]
    assert Disclosure.objects.count() == 1
    assert_whole(walk.journey)


# Where there is no subject yet


def test_two_leads_of_one_new_address_taken_at_once_are_two_journeys_of_one_person():
    guide, agency, doctor = make_organisation("facilitator"), make_organisation("agency"), make_organisation("doctor")
    by_guide, by_agency = actor_at(guide, "facilitator"), actor_at(agency, "agency")
    campaign = marketing.publish_brief(
        name="Knees", services="Knees", agency_id=agency.pk, doctor_id=doctor.pk, by=by_guide
    )
    marketing.propose_campaign(campaign, plan="Films.", by=by_agency)
    marketing.accept_campaign(campaign, by=by_guide)

    def lead():
        made = marketing.record_lead(
            campaign_id=campaign.pk, name="Amina", asks="My knee", country="KW", language="ar",
            consent_wording="You may call me.", consent_language="en", consented_at=NOON, email="new@example.org",
            by=by_agency,
        )  # fmt: skip
        return marketing.hand_over_lead(made, facilitator_id=guide.pk, by=by_agency)

    leads = [lead(), lead()]

    answers = at_once(*[lambda each=each: marketing.take_lead(each, by=by_guide) for each in leads])

    assert codes_of(answers) == ["done", "done"]
    person = Person.objects.get(email="new@example.org")
    assert {journey.about_id for journey in Journey.objects.all()} == {person.pk}
    for each in leads:
        assert_whole(each)
