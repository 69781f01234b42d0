"""What is found for which wish, in which order, page by page; and what the listings follow."""

from datetime import timedelta

import pytest

from clearpath.jobs.models import Job
from clearpath.offers.finding import bits, costs, index, rows, search
from clearpath.offers.finding.asking import understood
from clearpath.offers.finding.search import Wish, read_cursor
from clearpath.offers.models import Listing, Standing
from clearpath.offers.tasks import refresh_listings
from clearpath.parties.models import Evidence, Organisation
from tests.factories import NOON, make_organisation
from tests.offers.listed import TODAY, accredited, listed, make_service, outcomes, room

pytestmark = pytest.mark.django_db


def found(**wish) -> list:
    return [each.pk for each in search.found(Wish(**wish), today=TODAY).listings]


def test_words_find_services_of_their_procedure():
    knee = listed()
    listed(procedure="cataract")

    assert found(words="diz protezi") == found(words="kne replacement") == [knee.pk]


def test_words_that_nobody_understands_find_nothing():
    listed()

    assert found(words="xyzzy") == []


def test_a_part_of_the_body_narrows_what_words_ask_for():
    hair, liver = listed(procedure="hair_transplant"), listed(procedure="liver_transplant")

    assert set(found(words="transplant")) == {hair.pk, liver.pk}
    assert found(words="transplant", part="liver") == [liver.pk]
    assert found(part="hair") == [hair.pk]


def test_country_and_city_are_found_however_the_city_is_written():
    here = listed(city="İzmir")
    listed(city="Ankara")
    listed(country="DE", city="Izmir")

    assert found(country="TR", city="izmir") == found(country="TR", city="IZMIR") == [here.pk]


def test_budget_holds_treatment_nights_and_the_way():
    service = listed(price_to_minor=600_000, stay_nights=3, recovery_days=10)  # in TR, so 8 nights of 45
    total = 600_000 + 8 * 4_500 + costs.travel_minor("KW", "TR")

    assert found(home="KW", budget_minor=total) == [service.pk]
    assert found(home="KW", budget_minor=total - 1) == []
    assert found(home="KW", travellers=2, budget_minor=total) == []
    assert found(budget_minor=total - costs.travel_minor("KW", "TR")) == [service.pk]


def test_the_price_to_the_door_on_the_page_is_the_one_of_the_budget():
    service = listed()
    wish = Wish(home="KW", travellers=2)
    [listing] = search.found(wish, today=TODAY).listings

    total = rows.door_of(listing, wish).total

    assert found(home="KW", travellers=2, budget_minor=total) == [service.pk]
    assert found(home="KW", travellers=2, budget_minor=total - 1) == []


def test_what_the_way_costs_nobody_knows_is_not_within_a_budget():
    listed(country="MN", city="Ulaanbaatar")

    assert found(home="KW", budget_minor=10**9) == []
    assert len(found(home="KW")) == 1


def test_a_price_without_a_rate_is_found_and_never_within_a_budget():
    listed(currency="XAF")

    assert len(found(country="TR")) == 1
    assert found(budget_minor=10**12) == []


def test_dates_are_those_weeks_in_which_there_is_room():
    service = make_service()
    room(service, TODAY + timedelta(days=30))
    room(service, TODAY + timedelta(days=60), places=0)
    index.refresh([service.provider_id], at=NOON)
    day = timedelta(days=1)

    assert found(first_day=TODAY + 28 * day, last_day=TODAY + 31 * day) == [service.pk]
    assert found(first_day=TODAY + 29 * day) == [service.pk]
    assert found(last_day=TODAY + 10 * day) == found(first_day=TODAY + 50 * day, last_day=TODAY + 70 * day) == []


def test_languages_are_those_in_which_patients_are_spoken_to():
    service = listed(languages=["ar-KW", "tr"])

    assert (found(languages=("ar",)), found(languages=("de",))) == ([service.pk], [])


def test_an_accreditation_counts_while_it_is_checked_and_in_force():
    good, unchecked, ending = (
        make_organisation("provider"),
        make_organisation("provider"),
        make_organisation("provider"),
    )
    accredited(good, TODAY + timedelta(days=400))
    accredited(unchecked, TODAY + timedelta(days=400), checked=False)
    accredited(ending, TODAY + timedelta(days=1))
    services = [listed(each) for each in (good, unchecked, ending)]

    assert set(found(accredited=True)) == {services[0].pk, services[2].pk}
    assert [each.pk for each in search.found(Wish(accredited=True), today=TODAY + timedelta(days=1)).listings] == [
        services[0].pk
    ]


def test_better_outcomes_stand_first():
    good, bad = make_organisation("provider"), make_organisation("provider")
    outcomes(good, well=6)
    outcomes(bad, well=3, lost=3)
    services = [listed(good).pk, listed(bad).pk]

    assert found(words="knee replacement") == services


def test_pages_follow_one_another_without_a_gap_or_a_double():
    provider = make_organisation("provider")
    services = {make_service(provider).pk for _number in range(7)}
    index.refresh([provider.pk], at=NOON)

    seen, after = [], ""
    for _page in range(4):
        page = search.found(Wish(), today=TODAY, after=after, size=2)
        seen += [each.pk for each in page.listings]
        after = page.after

    assert (set(seen), len(seen), after) == (services, 7, "")
    assert seen == sorted(seen)


@pytest.mark.parametrize("text", ["", "nonsense", "1", "1.2", ".", "99.zz", "1.2.3", "٣.٤"])
def test_what_is_no_cursor_begins_at_the_beginning(text):
    service = listed()

    assert read_cursor(text) is None
    assert [each.pk for each in search.found(Wish(), today=TODAY, after=text).listings] == [service.pk]


def test_a_suspended_provider_is_not_shown_and_no_longer_listed():
    service = listed()
    Organisation.objects.filter(pk=service.provider_id).update(stage="suspended")

    assert found() == []
    assert index.refresh([service.provider_id], at=NOON) == Listing.objects.count() == Standing.objects.count() == 0


def test_what_is_retired_is_no_longer_listed():
    service = listed()
    other = listed(service.provider, procedure="cataract")
    service.retired_at = NOON
    service.save()
    other.site.retired_at = NOON
    other.site.save()

    assert index.refresh([service.provider_id], at=NOON) == 0
    assert found() == []


def test_refresh_leaves_other_providers_alone_and_may_be_repeated():
    one, other = listed(), listed()
    before = list(Listing.objects.filter(provider_id=other.provider_id).values())

    assert index.refresh([one.provider_id, one.provider_id], at=NOON) == 1
    assert list(Listing.objects.filter(provider_id=other.provider_id).values()) == before
    assert Listing.objects.count() == 2


def test_every_night_all_listings_are_made_anew():
    stale, new = listed(), make_service()
    Evidence.objects.filter(organisation_id=stale.provider_id).update(valid_to=TODAY + timedelta(days=20))

    refresh_listings({}, now=NOON)

    assert set(found()) == {stale.pk, new.pk}
    assert Listing.objects.get(service=stale).score < Listing.objects.get(service=new).score


def test_a_changed_directory_is_listed_by_a_job_and_nobody_elses():
    changed, _other = make_service(), make_service()

    index.refresh_later([changed.provider_id])
    job = Job.objects.get(kind="offers.refresh_listings")
    refresh_listings(job.payload, now=NOON)

    assert found() == [changed.pk]


def test_the_usual_figure_is_the_networks_own_where_it_knows_enough(monkeypatch):
    provider = make_organisation("provider")
    outcomes(provider, well=3, lost=1, waiting=2)
    assert index.usual_figures(NOON) == {}

    monkeypatch.setattr(index, "rule", lambda: index.Rule(1, "", 4, 1, {}))

    assert index.usual_figures(NOON) == {"": {"outcomes": 0.75}, "knee_replacement": {"outcomes": 0.75}}


@pytest.mark.parametrize("providers", [1, 4])
def test_a_page_takes_two_queries_however_much_it_shows(django_assert_num_queries, providers):
    for _number in range(providers):
        listed()

    with django_assert_num_queries(2):
        page = search.found(Wish(words="knee replacement", home="KW"), today=TODAY)
        shown = [rows.row_of(each, Wish(home="KW")) for each in page.listings]

    assert len(shown) == providers


def test_weeks_of_a_stretch_are_all_set_and_none_beside():
    day = timedelta(days=1)
    monday = TODAY - TODAY.weekday() * day

    assert bits.week_bits(monday, monday + 6 * day, today=monday) == bits.week_bit(monday)
    assert bits.week_bits(monday + 6 * day, monday + 7 * day, today=monday) == (
        bits.week_bit(monday) | bits.week_bit(monday + 7 * day)
    )
    assert bits.week_bits(monday - 9 * day, monday - 8 * day, today=monday) == 0
    assert bits.week_bits(monday, monday + 5_000 * day, today=monday).bit_count() == bits.WEEKS - 1


def test_languages_come_back_out_of_their_bits():
    assert bits.languages_of(bits.language_bits(["tr", "en-GB", "xx"])) == ["en", "tr"]
    assert len(set(bits.LANGUAGES)) == len(bits.LANGUAGES) <= 62


def test_the_procedures_found_are_those_of_the_listings():
    assert search.wanted_procedures(Wish(part="knee"), understood("transplant")) == []
