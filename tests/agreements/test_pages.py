from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.agreements.models import Agreement
from clearpath.parties.models import Person
from tests.agreements.factories import KOREAN_FEE, SERVICE_FEE, first, make_agreement, second, signed, with_terms
from tests.factories import actor_at, make_organisation, steward

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(client, agreement):
    answer = client.get(reverse("turns:subject", args=["agreement", agreement.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_agreement_is_drafted_negotiated_and_signed_by_its_forms(client):
    provider, facilitator = make_organisation("provider"), make_organisation("facilitator")
    sign_in(client, actor_at(provider, "provider"))
    start = reverse("turns:start", args=["agreements.draft"])
    assert facilitator.name in client.get(start).content.decode()

    answer = client.post(start, {"title": "Knees", "second": f"{facilitator.pk}:facilitator", "key": uuid4().hex})
    agreement = Agreement.objects.get()
    propose = reverse("turns:take", args=["agreement", agreement.pk, "agreements.propose_terms"])
    assert client.get(propose).status_code == 200
    fee = {"type": "service", "payer": "second", "how_much": "300.50", "currency": "eur", "jurisdiction": "tr"}
    terms = {"text": "We work together.", "key": uuid4().hex} | {f"fee2_{name}": value for name, value in fee.items()}
    client.post(propose, terms)

    assert (answer.status_code, agreement.title, agreement.second_id) == (302, "Knees", facilitator.pk)
    fee = agreement.versions.get().fees.get()
    assert (fee.fee_type, fee.payer_id, fee.amount_minor, fee.currency, fee.jurisdiction) == (
        "service",
        facilitator.pk,
        30_050,
        "EUR",
        "TR",
    )


@pytest.mark.parametrize(
    ("how_much", "rate_bps"), [("12.5 %", 1_250), ("12,5%", 1_250), ("100 %", 10_000), ("0.01 %", 1)]
)
def test_a_share_is_read_as_people_write_it(client, how_much, rate_bps):
    agreement = make_agreement()
    sign_in(client, first(agreement))

    client.post(
        reverse("turns:take", args=["agreement", agreement.pk, "agreements.propose_terms"]),
        {
            "text": "Terms",
            "fee1_type": "brokerage",
            "fee1_payer": "first",
            "fee1_how_much": how_much,
            "fee1_currency": "EUR",
            "fee1_jurisdiction": "TR",
            "key": uuid4().hex,
        },
    )

    assert agreement.versions.get().fees.get().rate_bps == rate_bps


@pytest.mark.parametrize("how_much", ["much", "12.345 %", "-5", "", "1e9", "101 %", "10.005"])
def test_a_fee_that_cannot_be_read_is_shown_again_and_nothing_is_proposed(client, how_much):
    agreement = make_agreement()
    sign_in(client, first(agreement))

    answer = client.post(
        reverse("turns:take", args=["agreement", agreement.pk, "agreements.propose_terms"]),
        {
            "text": "Terms",
            "fee1_type": "service",
            "fee1_payer": "first",
            "fee1_how_much": how_much,
            "fee1_currency": "EUR",
            "fee1_jurisdiction": "TR",
            "key": uuid4().hex,
        },
    )

    assert answer.status_code == 422
    assert agreement.versions.count() == 0


def test_the_page_shows_each_fee_with_its_verdict_rule_source_and_date(client):
    agreement = with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE)
    sign_in(client, second(agreement))

    page = page_of(client, agreement)

    assert "Lawful by a known rule" in page
    assert "No rule is known" in page
    assert '<a href="http://www.koreabiomed.com/news/articleView.html?idxno=176"' in page
    assert "Notice of the Ministry of Health and Welfare" in page
    assert "The source was read on" in page
    assert "2026-11-23" in page
    assert "15\u00a0%" in page
    assert "30\u00a0%" in page
    assert "not legal advice" in page


def test_the_page_of_a_signed_agreement_names_the_ruling_and_both_signatures(client):
    agreement = signed(with_terms(make_agreement(), SERVICE_FEE))
    sign_in(client, steward())

    page = page_of(client, agreement)

    assert "Found lawful by the steward" in page
    assert "A service at its usual price." in page
    assert page.count("Signed") >= 2


def test_the_page_of_an_agreement_is_not_found_by_others(client):
    agreement = with_terms(make_agreement(), SERVICE_FEE)
    sign_in(client, actor_at(make_organisation("provider"), "provider"))

    assert client.get(reverse("turns:subject", args=["agreement", agreement.pk])).status_code == 404
