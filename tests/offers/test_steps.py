"""What the steps about offers change, whom they refuse, and what they leave in the log."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.offers import queries, steps
from clearpath.offers.lines import Line, Plan, Promise, Refund
from clearpath.offers.models import (
    Admission,
    AskedAgain,
    Disclosure,
    Offer,
    RequestDeclined,
    Service,
    Site,
    TreatmentPackage,
)
from clearpath.records import steps as records
from clearpath.trust import log
from tests.factories import NOON, later
from tests.walk import IN_A_MONTH, choose, make_offer, opine, walk_to, with_offers

pytestmark = pytest.mark.django_db

TERMS = {"items": [("Operation", 700_000)], "stay_nights": 4, "valid_until": IN_A_MONTH}


def stage_of(walk):
    walk.journey.refresh_from_db()
    return walk.journey.stage


def two_offers():
    walk, (first, second) = with_offers(2)
    return walk, first, second


def test_make_sums_the_items_and_records_the_price():
    walk = walk_to("offers.make")

    offer = make_offer(walk)

    assert (offer.total_minor, offer.currency, offer.state) == (950_000, "EUR", "sent")
    assert [(item.number, item.label, item.amount_minor) for item in offer.items.order_by("number")] == [
        (1, "Operation", 800_000),
        (2, "Hospital stay", 150_000),
    ]
    entry = log.entries_about(offer).get()

    def line(label, amount):
        standing = {"kind": "other", "standing": "included", "tax_bps": 0, "maker": ""}
        return {"label": label, "amount_minor": amount} | standing

    content = {
        "items": [line("Operation", 800_000), line("Hospital stay", 150_000)], "total_minor": 950_000,
        "currency": "EUR", "stay_nights": 5, "valid_until": IN_A_MONTH, "includes": "", "excludes": "",
    }  # fmt: skip
    unsaid = asdict(Plan()) | {"refunds": [], "aftercare": []}
    assert (entry.step, entry.person_id) == ("offers.make", walk.provider.person_id)
    assert entry.digest == log.digest_of(content | unsaid, salt=entry.salt)


def test_make_again_replaces_the_offer_that_waited():
    walk = walk_to("offers.make")
    first = make_offer(walk)

    second = make_offer(walk, amount=700_000)

    first.refresh_from_db()
    assert (first.state, first.ended_at, second.state) == ("superseded", NOON, "sent")


def test_make_keeps_a_whole_offer_and_only_what_is_included_is_the_price():
    walk = walk_to("offers.make")
    plan = Plan(
        surgeon="Dr. Can Demir", anaesthetist="Dr. Defne Aslan", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 20),
        deposit_minor=100_000, refunds=[Refund(who, 0, 10_000) for who in ("patient", "provider", "doctor")],
        complications_paid_by="insurance", complications_note="For two years", aftercare=[Promise(14, "By video")],
    )  # fmt: skip
    items = [
        Line("Operation", 700_000, "treatment"), Line("Knee", 120_000, "implant", tax_bps=800, maker="Zimmer"),
        Line("Flat", 60_000, "lodging", "optional"), ("Pick-up", 0),
    ]  # fmt: skip

    offer = steps.make(
        walk.journey, items=items, currency="EUR", stay_nights=5, valid_until=IN_A_MONTH, plan=plan, by=walk.provider
    )

    [row] = queries.offer_rows_for(walk.patient, walk.journey)
    assert (row.total_minor, offer.items.count()) == (820_000, 4)
    assert [item.line for item in row.items] == [*items[:3], Line("Pick-up", 0)]
    assert (row.plan.surgeon, row.plan.deposit_minor, row.plan.aftercare) == (
        "Dr. Can Demir", 100_000, (Promise(14, "By video"),),
    )  # fmt: skip
    assert row.plan.refunds == tuple(plan.refunds)


def test_make_at_the_site_or_from_the_package_of_another_hospital_is_refused():
    walk = walk_to("offers.make", lanes=2)
    site = Site.objects.create(provider_id=walk.others[0][0].organisation_id, reference="1", name="Main", city="Izmir")
    service = Service.objects.create(
        provider_id=site.provider_id, site=site, reference="1", procedure="knee_replacement", title="Knee",
        stay_nights=5, recovery_days=10, price_from_minor=1, price_to_minor=2, currency="EUR", priced_on=NOON.date(),
    )  # fmt: skip
    package = TreatmentPackage.objects.create(service=service, reference="1", title="Knee", currency="EUR")

    for plan, code in ((Plan(site_id=site.pk), "not_your_site"), (Plan(package_id=package.pk), "not_your_package")):
        with pytest.raises(Refused, match=code):
            make_offer(walk, plan=plan)

    assert not Offer.objects.exists()


def test_make_is_refused_where_the_doctor_advised_against():
    walk = walk_to("offers.make")
    records.advise_against(walk.journey, reason="The heart is too weak", by=walk.doctor)

    with pytest.raises(NotYourPart) as refusal:
        make_offer(walk)

    assert "not advised_against" in refusal.value.missing


def test_a_new_price_is_a_new_offer_and_what_was_sent_stays_as_it_was():
    walk = walk_to("offers.make")
    first = make_offer(walk)
    sent = {
        "offer": Offer.objects.values("total_minor", "currency", "stay_nights", "valid_until", "made_at").get(),
        "items": list(first.items.order_by("number").values("number", "label", "amount_minor")),
    }

    second = make_offer(walk, amount=700_000)

    again = {
        "offer": Offer.objects.values(*sent["offer"]).get(pk=first.pk),
        "items": list(first.items.order_by("number").values("number", "label", "amount_minor")),
    }
    assert (second.pk == first.pk, second.total_minor, again) == (False, 850_000, sent)


def test_make_needs_an_opinion_on_the_own_lane():
    walk = walk_to("records.give_opinion", lanes=2)
    provider, _doctor = walk.others[0]
    opine(walk)

    with pytest.raises(NotYourPart) as refusal:
        make_offer(walk, provider)

    assert refusal.value.missing == ("opinion_given",)


def test_make_with_a_deadline_under_a_day_is_refused_and_changes_nothing():
    walk = walk_to("offers.make")
    first = make_offer(walk)

    with pytest.raises(Refused, match="validity_too_short"):
        make_offer(walk, valid_until=NOON + timedelta(hours=23))

    first.refresh_from_db()
    assert first.state == "sent"


def test_withdraw_and_decline_are_for_the_own_lane():
    walk, first, second = two_offers()

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.withdraw(walk.journey, second, reason="Too cheap", by=walk.provider)
    with pytest.raises(Refused, match="reason_needed"):
        steps.withdraw(walk.journey, first, reason="", by=walk.provider)
    gone = steps.withdraw(walk.journey, first, reason="No bed in June", by=walk.provider)

    assert (gone.state, gone.why_ended) == ("withdrawn", "No bed in June")
    declined = steps.decline_request(walk.journey, reason="No bed this year", by=walk.provider)
    assert (declined.provider_id, RequestDeclined.objects.count()) == (walk.provider.organisation_id, 1)
    with pytest.raises(NotYourPart) as refusal:
        make_offer(walk)
    assert refusal.value.missing == ("not lane_closed",)


def test_present_lays_an_offer_before_the_patient():
    walk = walk_to("offers.present")

    with pytest.raises(Refused, match="offer_expired"):
        steps.present(walk.journey, walk.offer, by=later(walk.facilitator, IN_A_MONTH))
    with pytest.raises(NotYourPart):
        steps.present(walk.journey, walk.offer, by=walk.provider)
    assert stage_of(walk) == "review"
    offer = steps.present(walk.journey, walk.offer, by=walk.facilitator)

    assert (stage_of(walk), offer.presented_at) == ("decision", NOON)


def test_accept_is_for_the_patient_alone_and_the_others_are_thanked():
    walk, first, second = two_offers()
    for somebody in (walk.facilitator, walk.provider, walk.doctor):
        with pytest.raises(NotYourPart, match="not_your_part"):
            choose(walk, first, by=somebody)

    accepted = choose(walk, first)

    second.refresh_from_db()
    assert (accepted.state, accepted.accepted_at, second.state) == ("accepted", NOON, "declined")
    assert (stage_of(walk), walk.journey.lanes.filter(ended_at=None).get()) == ("preparation", walk.lane)


def test_accept_at_the_moment_it_expires_is_refused_and_leaves_no_trace_but_the_refusal():
    walk, first, _second = two_offers()

    with pytest.raises(Refused, match="offer_expired"):
        choose(walk, first, by=later(walk.patient, IN_A_MONTH))

    first.refresh_from_db()
    assert (first.state, stage_of(walk)) == ("sent", "decision")
    last = log.entries_of(walk.journey.pk).last()
    assert (last.decision, last.reason) == ("refused", "offer_expired")


def test_accept_waits_until_it_is_known_who_earns_what():
    walk = walk_to("offers.acknowledge_interests")

    with pytest.raises(NotYourPart) as refusal:
        choose(walk)

    assert refusal.value.missing == ("interests_acknowledged",)


def test_accept_an_offer_of_another_journey_is_not_found():
    walk, _first, _second = two_offers()
    other = walk_to("offers.present")

    with pytest.raises(NotFound):
        choose(walk, other.offer)


def test_ask_again_reaches_every_hospital_that_is_still_asked():
    walk, first, second = two_offers()

    steps.ask_again(walk.journey, wish="Without the hotel, please", by=walk.patient)

    assert set(AskedAgain.objects.values_list("provider_id", "wish")) == {
        (first.provider_id, "Without the hotel, please"),
        (second.provider_id, "Without the hotel, please"),
    }
    assert stage_of(walk) == "review"


def test_revise_needs_a_new_yes_after_being_told_anew():
    walk = walk_to("money.confirm_deposit")
    old = walk.offer

    changed = steps.revise(walk.journey, why="The implant costs more", by=walk.provider, **TERMS)

    old.refresh_from_db()
    assert (old.state, changed.state, changed.revises, changed.currency) == ("superseded", "sent", old, "EUR")
    assert not {"offer_accepted", "contract_signed", "interests_disclosed"} & walk.facts()
    with pytest.raises(NotYourPart):
        steps.accept_revision(walk.journey, changed, by=walk.patient)
    assert walk.look() == ["offers.disclose_interests"]
    steps.acknowledge_interests(walk.journey, by=walk.patient)
    with pytest.raises(Refused, match="not_a_changed_offer"):
        steps.accept_revision(walk.journey, old, by=walk.patient)
    steps.accept_revision(walk.journey, changed, by=walk.patient)

    assert "offer_accepted" in walk.facts()
    assert Disclosure.objects.count() == 2


def test_revise_and_cancel_need_a_reason():
    walk = walk_to("money.confirm_deposit")

    with pytest.raises(Refused, match="reason_needed"):
        steps.revise(walk.journey, why=" ", by=walk.provider, **TERMS)
    with pytest.raises(Refused, match="reason_needed"):
        steps.cancel(walk.journey, reason=" ", by=walk.provider)

    assert walk.offer.state == "accepted"


def test_cancel_ends_the_offer_and_puts_things_in_order():
    walk = walk_to("offers.admit")

    [gone] = steps.cancel(walk.journey, reason="The surgeon is ill", by=walk.provider)

    assert (gone.state, gone.why_ended, stage_of(walk)) == ("withdrawn", "The surgeon is ill", "ending")


def test_admit_notes_when_and_is_for_the_hospital():
    walk = walk_to("offers.admit")

    with pytest.raises(NotYourPart):
        steps.admit(walk.journey, by=walk.facilitator)
    steps.admit(walk.journey, hospital_number="H-17", by=walk.provider)

    assert Admission.objects.values_list("admitted_at", "hospital_number").get() == (NOON, "H-17")


def test_only_one_offer_of_a_journey_can_be_accepted():
    walk, first, second = two_offers()
    choose(walk, first)

    with pytest.raises((NotYourPart, NotFound)):
        choose(walk, second)

    assert Offer.objects.filter(state="accepted").count() == 1
