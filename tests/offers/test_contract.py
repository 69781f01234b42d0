"""The contract between patient and hospital: written once when the patient chooses, printed for its two parties."""

import io
import json

import pytest
from django.urls import reverse
from pypdf import PdfReader

from clearpath.core.outcomes import NotFound, Refused
from clearpath.money.models import Contract
from clearpath.offers import steps, thanks
from clearpath.offers.contract.parts import digest_of, written
from clearpath.offers.contract.queries import contract_for
from clearpath.offers.models import Choice, Offer
from clearpath.parties.models import Person
from clearpath.trust import log
from tests.walk import IN_A_MONTH, choose, walk_to, with_offers

pytestmark = pytest.mark.django_db


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def part(choice, number):
    return json.loads(choice.contract)["parts"][number - 1]


def test_accept_writes_the_contract_and_the_log_has_its_fingerprint():
    walk = walk_to("offers.accept")

    offer = choose(walk)

    choice = Choice.objects.get()
    assert (choice.offer, choice.insurance, choice.language) == (offer, "own", "en")
    assert choice.contract_sha256 == digest_of(choice.contract)
    entry = log.entries_about(offer).last()
    content = {
        "offer": offer.pk, "total_minor": 950_000, "currency": "EUR", "insurance": "own",
        "contract": choice.contract_sha256,
    }  # fmt: skip
    assert entry.digest == log.digest_of(content, salt=entry.salt)


def test_the_contract_says_what_the_directive_and_the_trade_ask_for():
    walk = walk_to("offers.accept")
    Offer.objects.filter(pk=walk.offer.pk).update(
        refunds=[{"who": "doctor", "days_before": 0, "share_bps": 10_000}], complications_paid_by="provider",
        aftercare=[{"day": 7, "how": "Video call"}], deposit_minor=100_000,
    )  # fmt: skip

    choose(walk)

    choice = Choice.objects.get()
    assert [each["title"].split(". ")[0] for each in json.loads(choice.contract)["parts"]] == [
        str(n) for n in range(1, 13)
    ]
    assert part(choice, 3)["rows"] == [
        ["Operation", "EUR\u00a08,000.00"], ["Hospital stay", "EUR\u00a01,500.00"],
        ["Full price, taxes included", "EUR\u00a09,500.00"],
    ]  # fmt: skip
    assert part(choice, 4)["rows"] == [["Deposit", "EUR\u00a01,000.00"]]
    assert part(choice, 5)["rows"] == [
        ["The doctor advises against it, 0 days before admission or earlier", "100\u00a0%"]
    ]
    assert part(choice, 6)["rows"][0] == ["Who pays for treating complications", "The hospital"]
    assert part(choice, 7)["rows"] == [["Day 7 after discharge", "Video call"]]
    assert any("Licence" in label for label, _value in part(choice, 8)["rows"])
    assert part(choice, 12)["says"][0] == "This contract is made in: English. The version in that language decides."


def test_what_the_offer_does_not_say_the_contract_names():
    walk = walk_to("offers.accept")

    choose(walk)

    choice = Choice.objects.get()
    assert part(choice, 5)["says"] == ["The hospital gave no refund table. Ask for one before you sign."]
    assert part(choice, 6)["rows"][0][1] == "not said"


def test_accept_without_an_answer_about_insurance_is_refused_and_nothing_remains():
    walk = walk_to("offers.accept")

    with pytest.raises(Refused, match="insurance_answer_needed"):
        steps.accept(walk.journey, walk.offer, insurance="", by=walk.patient)

    assert (walk.offer.state, Choice.objects.count()) == ("sent", 0)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["", "tr", "ar"])
def test_the_contract_is_printed_for_its_two_parties(client, language):
    walk = walk_to("money.sign_contract")
    choice = Choice.objects.get()
    address = reverse("offers:contract", args=[walk.journey.pk])

    for party in (walk.patient, walk.provider):
        client.force_login(Person.objects.get(pk=party.person_id))
        answer = client.get(address, {"language": language} if language else {})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        text = words(answer.content)
        assert choice.contract_sha256 in text.replace(" ", "")
        assert "Amina Yusuf" in text
    reading = json.loads(
        written(walk.journey, choice.offer, insurance="own", language="tr", at=choice.chosen_at, made_in="en")
    )
    assert "İngilizce" in reading["parts"][11]["says"][0]  # the copy that is for reading names the one that decides
    if not language:
        assert "Full price, taxes included EUR 9,500.00" in text


def test_the_contract_is_nobody_else_s(client):
    walk = walk_to("money.sign_contract")

    for somebody in (walk.facilitator, walk.doctor):
        with pytest.raises(NotFound, match="no_such_contract"):
            contract_for(somebody, walk.journey)


def test_the_signature_keeps_the_fingerprint_of_the_contract():
    walk_to("money.confirm_deposit")

    assert Contract.objects.get().document_sha256 == Choice.objects.get().contract_sha256 != ""


def test_a_changed_offer_makes_a_new_contract_and_keeps_the_answer_about_insurance():
    walk = walk_to("money.confirm_deposit")
    revised = steps.revise(
        walk.journey, items=[("Operation", 990_000)], stay_nights=5, valid_until=IN_A_MONTH, why="A longer stem",
        by=walk.provider,
    )  # fmt: skip
    walk.look()
    steps.acknowledge_interests(walk.journey, by=walk.patient)

    steps.accept_revision(walk.journey, revised, by=walk.patient)

    assert list(Choice.objects.order_by("chosen_at", "pk").values_list("insurance", flat=True)) == ["own", "own"]
    assert (
        Choice.objects.get(offer=revised).contract_sha256 != Choice.objects.exclude(offer=revised).get().contract_sha256
    )


def test_where_nobody_was_asked_about_insurance_no_answer_is_made_up():
    walk = walk_to("money.confirm_deposit")
    Choice.objects.all().delete()  # an offer accepted before insurance was asked about
    revised = steps.revise(
        walk.journey, items=[("Operation", 990_000)], stay_nights=5, valid_until=IN_A_MONTH, why="A longer stem",
        by=walk.provider,
    )  # fmt: skip
    walk.look()
    steps.acknowledge_interests(walk.journey, by=walk.patient)

    steps.accept_revision(walk.journey, revised, by=walk.patient)

    choice = Choice.objects.get()
    assert choice.insurance == "not_asked"
    assert "You said" not in choice.contract


def test_who_was_not_chosen_reads_thanks_and_nothing_of_the_chosen_one(client):
    walk, (first, _second) = with_offers(2)
    other = walk.others[0][0]
    assert thanks.not_chosen_for(other) == []

    choose(walk, first)

    client.force_login(Person.objects.get(pk=other.person_id))
    page = client.get(reverse("offers:not_chosen")).content.decode()
    assert ("The patient chose another hospital" in page, "EUR&nbsp;7,500.00" in page) == (True, True)
    assert "9,500" not in page
    client.force_login(Person.objects.get(pk=walk.provider.person_id))
    assert "The patient chose another" not in client.get(reverse("offers:not_chosen")).content.decode()


@pytest.mark.parametrize(
    ("insurance", "words"), [("taken", "Help to find one"), ("refused", "I do not want insurance")]
)
def test_the_guide_reads_what_the_patient_said_about_insurance_and_no_contract(client, insurance, words):
    walk = walk_to("offers.accept")
    steps.accept(walk.journey, walk.offer, insurance=insurance, by=walk.patient)

    client.force_login(Person.objects.get(pk=walk.facilitator.person_id))
    page = client.get(reverse("turns:subject", args=["journey", walk.journey.pk])).content.decode()

    assert (words in page, reverse("offers:contract", args=[walk.journey.pk]) in page) == (True, False)
