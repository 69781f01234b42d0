"""What became of leads is told so that it speaks of no one: each rule with the attack that it stops."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clearpath.agreements import steps as agreements
from clearpath.agreements.models import Terms
from clearpath.core.outcomes import NotFound
from clearpath.journeys.models import Journey
from clearpath.marketing import earnings, funnel, results, steps
from clearpath.marketing.attribution import MODELS
from clearpath.marketing.batches import Released
from clearpath.marketing.models import Campaign, Result, Touch
from tests.agreements.factories import COMPLETE, signed, the_law_becomes
from tests.factories import NOON, actor_at, later, make_organisation
from tests.marketing.factories import agency_of, client_of, handed_over, make_brief, make_campaign, make_lead
from tests.marketing.test_pages import sign_in

pytestmark = pytest.mark.django_db
SMALLEST = 10
NUMBERS = count()
MARKETING_FEE = {"fee_type": "marketing", "payer": "first", "jurisdiction": "TR", "currency": "EUR"}


def ended(campaign, facilitator, *, taken, channel="social", country="KW", at=NOON, **more):
    """A lead that was answered; its only touch says the country."""
    number = next(NUMBERS)
    lead = make_lead(campaign, email=f"{number}@example.org", phone="", channel=channel, **more)
    Touch.objects.create(token=lead.token, campaign=campaign, channel=channel, country=country, day=NOON.date())
    handed_over(lead, facilitator)
    by = later(actor_at(facilitator, "facilitator"), at)
    if taken:
        steps.take_lead(lead, by=by)
    else:
        steps.reject_lead(lead, reason="No.", by=by)
    return lead


def answered(campaign, facilitator, yes, no, **more):
    return [ended(campaign, facilitator, taken=each, **more) for each in [True] * yes + [False] * no]


def test_results_are_told_once_a_batch_of_each_answer_is_complete():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=SMALLEST, no=SMALLEST - 1)
    assert results.note_results(now=NOON) == 2 * SMALLEST - 1
    assert results.released_of(campaign, "journey") == Released()

    answered(campaign, facilitator, yes=0, no=1)
    assert results.note_results(now=NOON) == 1
    assert results.note_results(now=NOON) == 0

    assert results.released_of(campaign, "journey") == Released(SMALLEST, SMALLEST)


def test_a_journey_counts_as_treated_at_once_and_as_a_good_outcome_when_it_is_closed():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    treated, left, open_still = answered(campaign, facilitator, yes=3, no=0)
    journeys = {each.source_reference: each for each in Journey.objects.all()}
    Journey.objects.filter(pk=journeys[treated.token].pk).update(facts=["treated"])
    Journey.objects.filter(pk=journeys[left.token].pk).update(closed_at=NOON)

    results.note_results(now=NOON)
    assert set(Result.objects.exclude(stage="journey").values_list("lead_id", "stage", "is_yes")) == {
        (treated.pk, "treated", True), (left.pk, "treated", False),
    }  # fmt: skip
    Journey.objects.filter(pk=journeys[treated.token].pk).update(closed_at=NOON)
    results.note_results(now=NOON)

    assert list(Result.objects.filter(stage="good_outcome").values_list("lead_id", "is_yes")) == [(treated.pk, False)]
    assert not Result.objects.filter(lead=open_still).exclude(stage="journey").exists()


def test_touches_sent_after_a_result_was_noted_change_nothing():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    lead = ended(campaign, facilitator, taken=True)
    Touch.objects.create(token=lead.token, campaign=campaign, channel="search", country="SA",
                         day=NOON.date() - timedelta(days=91))  # fmt: skip
    results.note_results(now=NOON)

    Touch.objects.create(token=lead.token, campaign=campaign, channel="video", country="SA", day=NOON.date())
    results.note_results(now=NOON)

    assert Result.objects.values_list("path", "country").get() == ("social", "KW")


# The attacks


CELLS = [results.Cell(path, country) for path in ("social", "search>social", "search") for country in ("KW", "SA")]
EVENTS = st.lists(st.tuples(st.sampled_from(CELLS), st.booleans()), max_size=250)


@given(EVENTS, st.integers(2, 6))
def test_no_difference_between_figures_speaks_of_fewer_than_a_batch(events, smallest):
    """The attack: after each answer take all figures, by channel, by country and of the whole, and subtract."""
    answers = [(cell, "journey", yes) for cell, yes in events]
    before = everything_told([], smallest)
    for length in range(1, len(answers) + 1):
        now = everything_told(answers[:length], smallest)
        for by, parts in now.items():
            assert sum(part.yes for part in parts.values()) == now[""][""].yes, by
            for name, part in parts.items():
                was = before[by].get(name, Released())
                assert part == was or min(part.yes - was.yes, part.no - was.no) >= smallest
        before = now


def everything_told(answers, smallest):
    told = results.told_of(answers, smallest_group=smallest)
    found = {}
    for by, of in funnel.BY.items():
        names = {of(cell) for cell in told} | ({""} if not by else set())
        found[by] = {
            name: results.total([each for cell, each in told.items() if of(cell) == name], "journey") for name in names
        }
    return found


@given(EVENTS, st.integers(2, 6))
def test_the_moment_of_a_release_speaks_of_many_answers_of_its_cell(events, smallest):
    """The attack: watch after which answer a figure changes. It changes after a multiple of the group alone."""
    seen = dict.fromkeys(CELLS, 0)
    before: dict = {}
    for length, (cell, _yes) in enumerate(events, start=1):
        seen[cell] += 1
        answers = [(each, "journey", yes) for each, yes in events[:length]]
        now = results.told_of(answers, smallest_group=smallest)
        assert now == before or seen[cell] % smallest == 0
        before = now


def test_a_batch_of_ones_own_inventions_but_one_still_needs_ten_of_each_answer_from_a_person():
    """What stays possible, said in the docs: whoever invents nineteen leads learns of the twentieth, and is seen."""
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=0, no=19)  # inventions are closed: nobody answers
    results.note_results(now=NOON)
    ended(campaign, facilitator, taken=True)
    results.note_results(now=NOON)

    assert results.released_of(campaign, "journey") == Released()


# Pages


def test_the_funnel_shows_the_agency_its_own_and_the_rest_in_batches(client):
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=SMALLEST, no=SMALLEST)
    results.note_results(now=NOON)

    [whole] = funnel.funnels_for(agency_of(campaign), campaign, "")
    assert [(step.count, step.of) for step in whole.steps] == [
        (20, None), (20, None), (20, None), (10, 20), (None, None), (None, None),
    ]  # fmt: skip
    for actor in (agency_of(campaign), client_of(campaign)):
        sign_in(client, actor)
        for by in ("", "?by=channel", "?by=country", "?by=nonsense"):
            page = client.get(reverse("marketing:funnel", args=[campaign.pk]) + by).content.decode()
            assert "10 of 20" in page
            assert "not enough yet" in page


def test_a_client_is_told_of_leads_only_where_there_are_many():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=1, no=1)

    [whole] = funnel.funnels_for(client_of(campaign), campaign, "")

    assert [step.count for step in whole.steps] == [2, None, None, None, None, None]


def test_a_client_cannot_subtract_one_channel_from_the_whole():
    """The attack: eleven by one channel and one by another; the one follows from twelve less eleven."""
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=0, no=11)
    answered(campaign, facilitator, yes=0, no=1, channel="search")

    told = funnel.funnels_for(client_of(campaign), campaign, "channel")

    assert [each.steps[1].count for each in told] == [None, None]
    [whole] = funnel.funnels_for(client_of(campaign), campaign, "")
    assert [step.count for step in whole.steps[1:3]] == [12, 12]


def test_a_client_cannot_subtract_those_who_were_answered_from_those_who_asked():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=0, no=SMALLEST)
    handed_over(make_lead(campaign), facilitator)

    [whole] = funnel.funnels_for(client_of(campaign), campaign, "")

    assert [step.count for step in whole.steps[1:3]] == [11, None]


def test_attribution_divides_what_was_released_and_nothing_else(client):
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    answered(campaign, facilitator, yes=SMALLEST, no=SMALLEST)
    answered(campaign, facilitator, yes=1, no=1, channel="search")
    results.note_results(now=NOON)

    whole, models = funnel.divided_for(campaign, "journey")

    assert whole == SMALLEST
    assert {share.channel for model in models for share in model.shares} == {"social"}
    assert {sum(share.credit for share in model.shares) for model in models} == {float(SMALLEST)}
    assert len(models) == 7
    sign_in(client, agency_of(campaign))
    page = client.get(reverse("marketing:attribution", args=[campaign.pk])).content.decode()
    assert "10 people are divided" in page
    assert (
        "Not enough yet"
        in client.get(reverse("marketing:attribution", args=[campaign.pk]) + "?of=treated").content.decode()
    )


def test_nobody_else_opens_these_pages(client):
    campaign = make_campaign()
    for role in ("agency", "provider", "facilitator", "doctor", "organizer"):
        stranger = actor_at(make_organisation(role), role)
        with pytest.raises(NotFound):
            funnel.campaign_of_theirs(stranger, campaign.pk)
        sign_in(client, stranger)
        assert client.get(reverse("marketing:funnel", args=[campaign.pk])).status_code == 404
        assert "Knees" not in client.get(reverse("marketing:earnings")).content.decode()


# Earnings


def test_an_agreement_may_say_for_how_long_touches_count():
    campaign = paid_campaign({"amount_minor": 5_000, "per": "lead"}, attribution_days=30)
    lead = make_lead(campaign, channel="social")
    for days, channel in ((31, "video"), (30, "search")):
        Touch.objects.create(token=lead.token, campaign=campaign, channel=channel, country="KW",
                             day=NOON.date() - timedelta(days=days))  # fmt: skip

    assert results.cells_of([lead])[lead.pk].path == "search>social"


def test_the_model_that_is_agreed_comes_first_and_says_so():
    campaign = paid_campaign({"amount_minor": 5_000, "per": "lead"}, attribution="markov")
    answered(campaign, make_organisation("facilitator"), yes=SMALLEST, no=SMALLEST)
    results.note_results(now=NOON)

    _whole, [first, *others] = funnel.divided_for(campaign, "journey")

    assert (str(first.name), first.is_agreed) == ("Markov", True)
    assert not any(each.is_agreed for each in others)


def test_every_model_can_be_agreed_and_no_other():
    assert set(Terms.Attribution.values) == set(MODELS)


def paid_campaign(*fees, **said):
    """A running campaign under a signed agreement with these marketing fees."""
    campaign = make_brief()
    agency, client = agency_of(campaign), client_of(campaign)
    agreement = agreements.draft(title="Marketing", second_id=campaign.agency_id, second_role="agency", by=client)
    agreements.propose_terms(
        agreement, text="The agency finds patients.", by=client, **COMPLETE, **said,
        fees=[MARKETING_FEE | fee for fee in fees],
    )  # fmt: skip
    agreement.refresh_from_db()
    signed(agreement)
    steps.propose_campaign(campaign, plan="Search.", by=agency)
    steps.accept_campaign(campaign, agreement_id=agreement.pk, by=client)
    return Campaign.objects.get(pk=campaign.pk)


def test_earnings_count_months_and_whole_batches_and_say_why(client):
    campaign = paid_campaign({"amount_minor": 5_000, "per": "lead"}, {"amount_minor": 50_000, "per": "month"},
                             {"amount_minor": 90_000, "per": "treated"})  # fmt: skip
    facilitator = make_organisation("facilitator")
    answered(campaign, facilitator, yes=SMALLEST, no=SMALLEST)
    agency = agency_of(campaign)
    assert {line.per: line.count for line in earnings.lines_for(agency)} == {"lead": None, "month": 1, "treated": None}
    results.note_results(now=NOON)

    lines = earnings.lines_for(later(agency, NOON + timedelta(days=31)))

    assert {line.per: (line.count, line.total_minor) for line in lines} == {
        "lead": (10, 50_000), "month": (2, 100_000), "treated": (None, None),
    }  # fmt: skip
    assert earnings.totals(lines) == {"EUR": 150_000}
    for actor in (agency, client_of(campaign)):
        sign_in(client, actor)
        page = client.get(reverse("marketing:earnings")).content.decode()
        assert "waits for its batch" in page
        assert "500.00" in page
        rows = client.get(reverse("marketing:earnings_file")).content.decode().splitlines()
        assert len(rows) == 4


def test_a_fee_that_became_unlawful_is_held_back(monkeypatch):
    campaign = paid_campaign({"amount_minor": 50_000, "per": "month"})
    new = the_law_becomes(monkeypatch, "forbidden", fee_type="marketing")
    monkeypatch.setattr("clearpath.agreements.lawful.rules", lambda: (replace(new, payee=("agency",)),))

    [line] = earnings.lines_for(agency_of(campaign))

    assert (line.count, line.is_owed) == (1, False)
    assert "forbidden" in str(line.held_because)


def test_a_campaign_without_an_agreement_earns_nothing():
    campaign = make_campaign()

    assert earnings.lines_for(agency_of(campaign)) == []
