"""Who earns what from an offer: amounts that add up, unknown told as unknown, and what was shown is kept."""

from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.core.outcomes import Refused
from clearpath.money.policies import fee_minor as settled_minor
from clearpath.offers import statements, steps
from clearpath.offers.earnings.amounts import fee_minor
from clearpath.offers.earnings.flows import Fee, earnings_of
from clearpath.offers.earnings.picture import picture
from clearpath.offers.earnings.queries import earnings_for
from clearpath.offers.earnings.telling import lines_of
from clearpath.offers.models import Acknowledgement, Interest, Offer
from clearpath.parties.models import Organisation
from clearpath.trust import log
from tests.agreements.factories import SERVICE_FEE, make_agreement, signed, the_law_becomes, with_terms
from tests.walk import make_offer, walk_to

HOSPITAL, GUIDE, AGENCY, DOCTOR = (UUID(int=number) for number in range(1, 5))
NAMES = {HOSPITAL: "Kestane", GUIDE: "Blue Strait", AGENCY: "Bright", DOCTOR: "Knees"}


def fee(payer=HOSPITAL, payee=GUIDE, *, rate=None, amount=None, cap=None, currency="EUR", **details):
    return Fee(payer, payee, "service", rate, amount, cap, currency, **{"verdict": "lawful"} | details)


def earned(*fees, total=910_000, expected=()):
    return earnings_of(provider_id=HOSPITAL, total_minor=total, currency="EUR", fees=fees, expected=expected)


def amounts(earnings):
    return [(flow.payer_id, flow.payee_id, flow.amount_minor, flow.currency) for flow in earnings.flows]


def test_a_share_a_fixed_fee_and_a_cap():
    found = earned(fee(rate=800), fee(GUIDE, AGENCY, amount=10_000), fee(payee=DOCTOR, rate=5_000, cap=100_000))

    assert amounts(found) == [
        (HOSPITAL, GUIDE, 72_800, "EUR"), (GUIDE, AGENCY, 10_000, "EUR"), (HOSPITAL, DOCTOR, 100_000, "EUR"),
    ]  # fmt: skip
    assert found.stays == {HOSPITAL: 737_200, GUIDE: 62_800, AGENCY: 10_000, DOCTOR: 100_000}
    assert found.of_hundred == {HOSPITAL: 81, GUIDE: 7, AGENCY: 1, DOCTOR: 11}


def test_what_is_not_on_file_is_unknown_and_never_nothing():
    found = earned(fee(rate=800), expected=[(HOSPITAL, GUIDE), (HOSPITAL, DOCTOR)])

    assert [(flow.payee_id, flow.amount_minor) for flow in found.unknown] == [(DOCTOR, None)]
    text = [line.text for line in lines_of(found, NAMES) if line.is_unknown]
    assert text == ["Unknown: whether Kestane pays Knees. No agreement between them is on file."]


def test_what_stays_is_not_reckoned_over_two_currencies_or_below_zero():
    assert earned(fee(amount=5_000, currency="USD")).stays == {}
    assert earned(fee(amount=999_999)).of_hundred == {}
    assert earned(fee(GUIDE, AGENCY, amount=1)).stays == {}  # the guide pays what nobody is known to have given it


def test_a_cap_in_another_currency_is_told_and_not_reckoned():
    found = earned(fee(rate=800, cap=10, currency="USD"))

    assert amounts(found) == [(HOSPITAL, GUIDE, 72_800, "EUR")]
    assert "at most USD\u00a00.10" in lines_of(found, NAMES)[1].text


def test_one_sentence_an_amount_with_what_is_known_of_its_lawfulness():
    found = lines_of(earned(fee(rate=800, verdict="forbidden")), NAMES)

    assert [line.text for line in found] == [
        "You pay Kestane EUR\u00a09,100.00.",
        "Kestane pays Blue Strait EUR\u00a0728.00, for a service: 8\u00a0% of the price.",
        "EUR\u00a08,372.00 stays with Kestane.",
        "Of every 100 EUR, as far as is known: Kestane: 92; Blue Strait: 8.",
    ]
    assert [(line.verdict, line.tone) for line in found if line.verdict] == [("Forbidden", "bad")]


money = st.integers(0, 10**12)


@given(total=st.integers(1, 10**12), rates=st.lists(st.integers(0, 3_000), max_size=3))
def test_what_stays_with_everybody_adds_up_to_the_price_and_of_a_hundred_to_a_hundred(total, rates):
    found = earned(*(fee(payee=UUID(int=9 + n), rate=rate) for n, rate in enumerate(rates)), total=total)

    if found.stays:
        assert sum(found.stays.values()) == total
        assert sum(found.of_hundred.values()) == 100


def test_a_share_of_something_else_is_told_and_its_amount_unknown():
    found = earned(fee(rate=800, is_of_price=False))

    assert amounts(found) == [(HOSPITAL, GUIDE, None, "EUR")]
    assert (found.stays, found.of_hundred) == ({}, {})
    assert "8\u00a0% of something that is not in this offer" in lines_of(found, NAMES)[1].text


def test_what_is_told_is_reckoned_as_what_is_settled():
    assert fee_minor is settled_minor


@pytest.mark.parametrize("rtl", [False, True])
def test_the_picture_is_an_image_with_words_and_mirrors(rtl):
    found = earned(fee(rate=800), fee(GUIDE, AGENCY, amount=10_000), expected=[(HOSPITAL, DOCTOR)])

    svg = ElementTree.fromstring(picture(found, NAMES | {DOCTOR: "<Knees> & Co"}, says="All of it.", rtl=rtl))

    assert (svg.get("role"), svg.get("aria-label"), svg.get("direction")) == (
        "img",
        "All of it.",
        "rtl" if rtl else "ltr",
    )
    texts = [each.text for each in svg.iter("text")]
    assert texts == [
        "You", "EUR\u00a09,100.00", "Kestane", "EUR\u00a0728.00", "Blue Strait", "EUR\u00a0100.00", "Bright", "unknown",
        "<Knees> & Co",
    ]  # fmt: skip
    starts = {float(each.get("x")) for each in svg.iter("rect")}
    assert (starts == {0.5}) == rtl  # boxes stand in from the start of a line, which is on the right then
    assert len([path for path in svg.iter("path") if path.get("stroke-dasharray")]) == 1


def agreed(walk, **terms):
    provider = Organisation.objects.get(pk=walk.provider.organisation_id)
    facilitator = Organisation.objects.get(pk=walk.facilitator.organisation_id)
    return signed(with_terms(make_agreement(provider=provider, facilitator=facilitator), SERVICE_FEE | terms))


@pytest.mark.django_db
def test_the_patient_alone_reads_the_amounts_of_each_offer():
    walk = walk_to("offers.disclose_interests")
    agreed(walk, amount_minor=None, rate_bps=800)
    walk.look()

    [found] = earnings_for(walk.patient, walk.journey)

    texts = [line.text for line in found.lines]
    assert any(
        "(hospital) pays" in text and "EUR\u00a0760.00, for a service: 8\u00a0% of the price" in text for text in texts
    )
    assert any("Unknown: whether" in text and "(doctor)" in text for text in texts)
    assert found.svg.startswith("<svg")
    for somebody in (walk.facilitator, walk.provider, walk.doctor):
        assert earnings_for(somebody, walk.journey) == []


@pytest.mark.django_db
def test_acknowledging_keeps_what_was_shown_word_for_word():
    walk = walk_to("offers.disclose_interests")
    agreed(walk, amount_minor=None, rate_bps=800)
    walk.look()
    stands = statements.statement_on(walk.journey, language="en", at=walk.patient.now)

    steps.acknowledge_interests(walk.journey, read=statements.digest_of(stands), by=walk.patient)

    kept = Acknowledgement.objects.get()
    assert (kept.shown, kept.language) == (stands, "en")
    assert "8\u00a0% of the price, for a service" in stands
    assert "EUR\u00a0760.00" in stands
    entry = log.entries_of(walk.journey.pk).last()
    content = {"disclosure": kept.disclosure_id, "shown": stands, "language": "en"}
    assert entry.digest == log.digest_of(content, salt=entry.salt)


@pytest.mark.django_db
def test_who_read_something_else_than_what_stands_now_reads_it_again():
    walk = walk_to("offers.disclose_interests")
    before = statements.digest_of(statements.statement_on(walk.journey, language="en", at=walk.patient.now))
    agreed(walk)
    walk.look()

    with pytest.raises(Refused, match="told_anew"):
        steps.acknowledge_interests(walk.journey, read=before, by=walk.patient)

    assert Acknowledgement.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"rate_bps": 900}, {"cap_minor": 99_999}])
def test_a_changed_amount_reopens_what_was_told(change):
    walk = walk_to("offers.disclose_interests")
    agreed(walk, amount_minor=None, rate_bps=800, cap_minor=50_000)
    walk.look()
    steps.acknowledge_interests(walk.journey, by=walk.patient)
    assert Interest.objects.get().cap_minor == 50_000
    agreed(walk, **({"amount_minor": None, "rate_bps": 800, "cap_minor": 50_000} | change))

    assert walk.look() == ["offers.reopen_interests", "offers.disclose_interests"]

    assert "interests_acknowledged" not in walk.facts()


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", ["forbidden", "unknown"])
def test_no_offer_is_built_on_a_fee_that_is_not_allowed(monkeypatch, verdict):
    walk = walk_to("offers.make")
    agreed(walk)
    with monkeypatch.context() as other_law:
        the_law_becomes(other_law, verdict, fee_type="service")

        with pytest.raises(Refused, match=r"fee_forbidden|fee_of_unknown_law") as refusal:
            make_offer(walk)

    assert "Act of today" in str(refusal.value.objection.message)
    assert Offer.objects.count() == 0
    assert make_offer(walk).state == "sent"
