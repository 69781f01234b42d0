"""A rule that changes later reopens what it touches: who is told, what waits, and how it goes on."""

import pytest

from clearpath.agreements import queries, steps
from clearpath.agreements.models import Fee, Reopening
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.turns.models import Notice, Seat, Task
from clearpath.turns.network import look_at
from clearpath.turns.sight import visible
from clearpath.turns.tasks import sweep
from tests.agreements.factories import (
    KOREAN_FEE,
    NETWORK,
    SERVICE_FEE,
    first,
    make_agreement,
    second,
    signed,
    the_law_becomes,
    with_terms,
)
from tests.agreements.test_pages import page_of, sign_in
from tests.factories import NOON, actor_at, make_organisation, steward

pytestmark = pytest.mark.django_db
CAP = {"cap_bps": {"clinic": 1_000}, "of": "total medical cost"}


def facts_of(agreement):
    agreement.refresh_from_db()
    return set(agreement.facts)


def test_nothing_is_reopened_while_the_law_stays(monkeypatch):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE))

    assert look_at(agreement.pk, at=NOON) == []

    assert "lawful" in facts_of(agreement)
    with pytest.raises(Refused, match="every_fee_is_lawful"):
        steps.reopen(agreement, by=NETWORK)


@pytest.mark.parametrize(
    ("verdict", "more", "became"),
    [("forbidden", {}, "forbidden"), ("capped", CAP, "over_cap"), ("unknown", {}, "unknown")],
)
def test_the_regular_look_finds_a_changed_rule_and_notes_where_the_answer_became_worse(
    monkeypatch, verdict, more, became
):
    agreement = signed(with_terms(make_agreement(), SERVICE_FEE, KOREAN_FEE))
    rule = the_law_becomes(monkeypatch, verdict, fee_type="brokerage", country="KR", **more)

    sweep({}, now=NOON)

    assert "lawful" not in facts_of(agreement)
    assert agreement.stage == "signed"
    [noted] = Reopening.objects.all()
    assert (noted.was, noted.was_rule) == ("lawful", "kr_attraction_commission")
    assert (noted.became, noted.became_rule, noted.reopened_at) == (became, rule.key, NOON)
    assert noted.fee.verdict == became
    sweep({}, now=NOON)
    assert Reopening.objects.count() == 1


def test_both_sides_and_the_steward_are_told_and_it_is_the_stewards_turn(monkeypatch):
    keeper = steward()
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    assert not Seat.objects.filter(subject=agreement, role="steward").exists()
    the_law_becomes(monkeypatch, "unknown", fee_type="brokerage", country="KR")

    look_at(agreement.pk, at=NOON)

    told = Notice.objects.filter(seat__subject=agreement, step="agreements.reopen")
    assert set(told.values_list("seat__organisation_id", flat=True)) == {
        agreement.first_id, agreement.second_id, keeper.organisation_id,
    }  # fmt: skip
    open_tasks = Task.objects.filter(subject=agreement, done_at=None).values_list("position", "step")
    assert list(open_tasks) == [("steward", "agreements.rule_on_fee")]


def test_nothing_is_offered_on_it_or_paid_until_the_steward_has_ruled(monkeypatch):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE))
    parties = [agreement.first_id, agreement.second_id]
    the_law_becomes(monkeypatch, "unknown", fee_type="brokerage", country="KR")
    look_at(agreement.pk, at=NOON)

    assert {row.verdict for row in queries.fees_in_force(parties)} == {"unknown"}
    assert queries.why_not_pay(queries.fees_in_force(parties), price_minor=1, currency="EUR") is not None

    steps.rule_on_fee(agreement, reason="Seen by counsel.", by=steward())

    assert [row.verdict for row in queries.fees_in_force(parties)] == ["ruled_lawful", "ruled_lawful"]
    assert queries.why_not_offer_on(parties) is None
    assert "lawful" in facts_of(agreement)
    assert look_at(agreement.pk, at=NOON) == []


def test_a_rule_that_becomes_milder_again_opens_it_without_a_ruling(monkeypatch):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    parties = [agreement.first_id, agreement.second_id]
    with monkeypatch.context() as changed:
        the_law_becomes(changed, "forbidden", fee_type="brokerage", country="KR")
        look_at(agreement.pk, at=NOON)
    assert [row.verdict for row in queries.fees_in_force(parties)] == ["unknown"]  # nobody has looked yet

    assert look_at(agreement.pk, at=NOON) == ["agreements.check_fees"]

    assert [row.verdict for row in queries.fees_in_force(parties)] == ["lawful"]


def test_nobody_rules_a_forbidden_fee_lawful_afterwards_but_either_side_can_end_it(monkeypatch):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    the_law_becomes(monkeypatch, "forbidden", fee_type="brokerage", country="KR")
    look_at(agreement.pk, at=NOON)

    with pytest.raises(Refused, match="fee_forbidden"):
        steps.rule_on_fee(agreement, reason="It was fine before.", by=steward())
    steps.end(agreement, reason="The law changed.", by=second(agreement))

    agreement.refresh_from_db()
    assert agreement.stage == "ended"


def test_a_ruling_ends_with_the_ignorance_on_which_it_rested(monkeypatch):
    agreement = signed(with_terms(make_agreement(), SERVICE_FEE))
    the_law_becomes(monkeypatch, "unknown", fee_type="service")

    assert look_at(agreement.pk, at=NOON) == ["agreements.reopen"]

    noted = Reopening.objects.get()
    assert (noted.was, noted.became) == ("ruled_lawful", "unknown")
    assert Fee.objects.get().ruled_lawful_because  # what was ruled stays written


def test_only_the_network_reopens():
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))

    for actor in (first(agreement), steward()):
        with pytest.raises(NotYourPart):
            steps.reopen(agreement, by=actor)


def test_the_page_says_that_it_waits_and_what_changed_and_strangers_see_nothing(monkeypatch, client):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    the_law_becomes(monkeypatch, "unknown", fee_type="brokerage", country="KR")
    look_at(agreement.pk, at=NOON)

    sign_in(client, second(agreement))
    page = page_of(client, agreement)

    assert "The law of a fee changed." in page
    assert "Lawful by a known rule, then: Not clear" in page
    assert "Act of today" in page
    assert 'href="https://example.org/new"' in page
    stranger = actor_at(make_organisation("provider"), "provider")
    assert not visible(Reopening, to=stranger).exists()
