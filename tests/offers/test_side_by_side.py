"""The page of offers side by side, its paper, what a changed offer changes, and the refund table before the choice."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse

from clearpath.money import steps as money
from clearpath.money.forms import GiveBack
from clearpath.offers import queries, steps
from clearpath.offers.changes import Change, changes
from clearpath.offers.lines import Line, Plan, Promise, Refund
from clearpath.offers.side_by_side import side_by_side_for
from clearpath.parties.models import Person
from tests.factories import NOON
from tests.walk import IN_A_MONTH, make_offer, opine, walk_to

pytestmark = pytest.mark.django_db

START = NOON.date() + timedelta(days=40)
PLAN = Plan(
    surgeon="Dr. Can Demir", anaesthetist="Dr. Defne Aslan", starts_on=START, ends_on=START + timedelta(days=14),
    deposit_minor=100_000, complications_paid_by="provider", aftercare=(Promise(14, "By video"),),
    refunds=(
        Refund("patient", 30, 10_000), Refund("patient", 0, 5_000), Refund("provider", 0, 10_000),
        Refund("doctor", 0, 10_000),
    ),
)  # fmt: skip
LINES = (Line("Operation", 700_000, "treatment"), Line("Hotel", 90_000, "lodging", "excluded"))


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def whole_offer(walk, by=None, *, lines=LINES, currency="EUR", plan=PLAN):
    return steps.make(
        walk.journey, items=lines, currency=currency, stay_nights=4, valid_until=IN_A_MONTH, plan=plan,
        by=by or walk.provider,
    )  # fmt: skip


def three_offers():
    walk = walk_to("records.give_opinion", lanes=3)
    for _provider, doctor in [(walk.provider, walk.doctor), *walk.others]:
        opine(walk, doctor)
    (second, _doctor), (third, _other) = walk.others
    whole_offer(walk)
    whole_offer(walk, second, lines=(Line("All in", 40_000_000, "treatment"),), currency="TRY")
    whole_offer(walk, third, lines=(Line("Knee", 300_000, "treatment"),), currency="KWD", plan=Plan())
    return walk


def compare_page(walk):
    return reverse("offers:compare", args=[walk.journey.pk])


def test_offers_stand_side_by_side_in_one_currency_and_one_without_a_rate_stands_apart(client):
    walk = three_offers()

    page = sign_in(client, walk.patient).get(compare_page(walk)).content.decode()

    found = side_by_side_for(walk.patient, walk.journey)
    dear, cheap = found.comparison.offers
    assert (found.comparison.currency, [row.currency for row in found.apart]) == ("EUR", ["KWD"])
    assert (dear.price_minor, dear.cells["lodging"].extra.minor) == (700_000, 90_000)
    assert cheap.cells["lodging"].extra.minor == 90_000  # by what the other says, as many nights
    assert "EUR\u00a07,000.00" in page
    assert "1 TRY = " in page
    assert "KWD&nbsp;3,000" in page or "KWD" in page
    assert "it is a new offer: nothing happens without your new yes" in page
    assert "Dr. Can Demir" in page


def test_a_hospital_sees_no_other_offer_there_and_a_doctor_none(client):
    walk = three_offers()

    assert len(side_by_side_for(walk.provider, walk.journey).rows) == 1
    assert side_by_side_for(walk.doctor, walk.journey).rows == ()
    assert "No offer yet" in sign_in(client, walk.doctor).get(compare_page(walk)).content.decode()


def test_who_has_no_part_in_the_journey_finds_no_such_page(client):
    walk = three_offers()
    stranger = walk_to("records.add").patient

    assert sign_in(client, stranger).get(compare_page(walk)).status_code == 404


def test_the_currency_can_be_chosen_and_a_made_up_one_changes_nothing():
    walk = three_offers()

    assert side_by_side_for(walk.patient, walk.journey, currency="USD").comparison.currency == "USD"
    assert side_by_side_for(walk.patient, walk.journey, currency="<b>").comparison.currency == "EUR"


@pytest.mark.slow
def test_the_paper_is_a_download_in_the_language_asked_for(client):
    walk = three_offers()

    answer = sign_in(client, walk.patient).get(
        reverse("offers:compare_paper", args=[walk.journey.pk]), {"language": "ar"}
    )

    assert answer["Content-Disposition"] == f'attachment; filename="offers-{walk.journey.reference}.pdf"'
    assert pypdf.PdfReader(io.BytesIO(answer.content)).trailer["/Root"]["/Lang"] == "ar"


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_queries_for_any_number_of_offers(count, django_assert_num_queries):
    walk = walk_to("records.give_opinion", lanes=count)
    for provider, doctor in [(walk.provider, walk.doctor), *walk.others]:
        opine(walk, doctor)
        whole_offer(walk, provider)
    walk.look()

    with django_assert_num_queries(26):
        found = side_by_side_for(walk.patient, walk.journey)

    assert len(found.rows) == count


def test_the_panel_leads_to_the_comparison_and_names_the_way_out(client):
    walk = walk_to("offers.present")
    page = reverse("turns:subject", args=["journey", walk.journey.pk])

    told = sign_in(client, walk.patient).get(page).content.decode()
    own = sign_in(client, walk.provider).get(page).content.decode()

    assert (compare_page(walk) in told, compare_page(walk) in own) == (True, False)


# Changed offers, and what returns


def test_changes_are_the_lines_that_differ():
    bed, knee, cheaper = Line("Bed", 5, "stay"), Line("Knee", 9, "implant"), Line("Knee", 7, "implant")

    assert changes([bed, knee], [bed, cheaper, Line("Driver", 1)]) == (
        Change(knee, cheaper), Change(None, Line("Driver", 1)),
    )  # fmt: skip
    assert changes([bed, bed, knee], [bed]) == (Change(bed, None), Change(knee, None))
    assert changes([bed, knee], [knee, bed]) == ()


def test_a_revised_offer_says_what_changes_line_by_line(client):
    walk = walk_to("money.confirm_deposit")
    steps.revise(
        walk.journey, items=[("Operation", 800_000), ("Hospital stay", 170_000)], stay_nights=6,
        valid_until=IN_A_MONTH, why="A night more", by=walk.provider,
    )  # fmt: skip

    [new] = [row for row in queries.offer_rows_for(walk.patient, walk.journey) if row.is_open]
    page = sign_in(client, walk.patient).get(reverse("turns:subject", args=["journey", walk.journey.pk]))

    assert [(each.before.amount_minor, each.after.amount_minor) for each in new.changes] == [(150_000, 170_000)]
    assert "What changes, line by line" in page.content.decode()


def ended(how):
    """A journey with a deposit of 1,000 EUR held, whose offer has a refund table; it was left in this way."""
    walk = walk_to("offers.make")
    whole_offer(walk)
    steps.present(walk.journey, walk.offer, by=walk.facilitator)
    walk.look()
    steps.acknowledge_interests(walk.journey, by=walk.patient)
    steps.accept(walk.journey, walk.offer, by=walk.patient)
    money.sign_contract(walk.journey, wording="I sign.", language="en", by=walk.patient)
    money.confirm_deposit(walk.journey, amount_minor=100_000, by=walk.provider)
    if how == "provider":
        steps.cancel(walk.journey, reason="The surgeon is ill", by=walk.provider)
    walk.journey.refresh_from_db()
    return walk


def test_what_returns_is_proposed_by_the_table_and_by_who_cancelled():
    left, cancelled = ended("patient"), ended("provider")
    late = START - timedelta(days=2)

    def proposed(walk, on):
        return queries.refund_proposed(walk.journey, held_minor=100_000, on=on)

    assert proposed(left, START - timedelta(days=30)) == 100_000
    assert proposed(left, late) == 50_000
    assert proposed(cancelled, late) == 100_000


def test_the_form_of_the_refund_proposes_it():
    walk = ended("patient")
    late = replace(walk.provider, now=NOON + timedelta(days=38))

    form = GiveBack(actor=late, subject=walk.journey)

    assert (form.fields["amount"].initial, str(form.intro)) == (
        500, "So much returns by the refund table that stood in the offer.",
    )  # fmt: skip


def test_no_table_proposes_nothing():
    walk = walk_to("offers.make")
    make_offer(walk)

    assert queries.refund_proposed(walk.journey, held_minor=5, on=NOON.date()) is None
