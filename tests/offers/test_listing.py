"""A provider's directory from a file: read, laid against what stands, written, handed out."""

from datetime import date

import pytest

from clearpath.core.outcomes import Refused
from clearpath.offers import steps
from clearpath.offers.directory.handing_out import comma_separated, workbook
from clearpath.offers.directory.kinds import KINDS
from clearpath.offers.directory.plan import plan_of
from clearpath.offers.directory.reading import read
from clearpath.offers.directory.standing import entries_of, keys_of
from clearpath.offers.models import Capacity, Practitioner, Service, Site, TreatmentPackage
from tests.factories import actor_at, make_organisation
from tests.offers import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return make_organisation("provider")


def laid(provider, content, **options):
    found = read(content, stands=lambda kind: keys_of(provider.pk, kind), **options)
    assert not found.wrong, found.wrong
    return found.entries


def update(provider, content, **options):
    return steps.update_directory(
        provider, changes=laid(provider, content), by=actor_at(provider, "provider"), **options
    )


def test_update_directory_writes_every_kind(provider):
    plan = update(provider, sheets.whole())

    assert {kind: counts["new"] for kind, counts in plan.counts().items()} == dict.fromkeys(
        ("site", "doctor", "service", "package", "capacity"), 1
    )
    service = Service.objects.get(provider=provider)
    assert (service.procedure, service.price_from_minor, service.price_to_minor) == (
        "knee_replacement",
        800_000,
        950_050,
    )
    assert service.site == Site.objects.get(airport="IST")
    assert service.priced_on == date(2026, 5, 1)
    assert Practitioner.objects.get().licence_ends_on == date(2028, 1, 1)  # the day after the last
    assert Capacity.objects.get().week == date(2026, 6, 1)
    terms = TreatmentPackage.objects.get(service=service).terms
    assert [line["amount_minor"] for line in terms["lines"]] == [800_000, 150_050, 0]
    assert terms["lines"][0]["tax_bps"] == 800
    assert terms["refunds"][1] == {"who": "patient", "days_before": 7, "share_bps": 5000}
    assert terms["aftercare"] == [{"day": 7, "how": "video call"}]
    assert terms["deposit_minor"] == 100_000


def test_the_same_file_again_changes_nothing_and_says_so(provider):
    update(provider, sheets.whole())

    with pytest.raises(Refused, match="nothing_to_change"):
        update(provider, sheets.whole())


def test_what_is_handed_out_is_read_back_the_same(provider):
    update(provider, sheets.whole(3))

    found = read(workbook(provider.pk), stands=lambda kind: keys_of(provider.pk, kind))
    plan = plan_of(provider.pk, found, retire_absent=True)

    assert found.wrong == []
    assert plan.changes == []
    assert plan.unchanged["service"] == 3


@pytest.mark.parametrize("kind", ["site", "doctor", "service", "capacity"])
def test_a_csv_of_one_kind_is_read_back_the_same(provider, kind):
    update(provider, sheets.whole())

    found = read(comma_separated(provider.pk, KINDS[kind]), stands=lambda kind: keys_of(provider.pk, kind))

    assert list(found.entries) == [kind]
    assert plan_of(provider.pk, found, retire_absent=False).changes == []


def test_a_change_names_the_fields_that_differ_and_keeps_the_row(provider):
    update(provider, sheets.whole())
    before = Service.objects.get()
    rows = sheets.services()
    rows[1] = [*sheets.KNEE[:8], 9000, *sheets.KNEE[9:]]

    plan = update(provider, sheets.workbook(services=rows))

    [change] = plan.changes
    assert (change.what, change.before, change.after) == ("changed", {"price_to": 950_050}, {"price_to": 900_000})
    after = Service.objects.get()
    assert (after.pk, after.price_to_minor) == (before.pk, 900_000)


def test_a_column_that_the_file_lacks_stays_as_it_is(provider):
    update(provider, sheets.workbook(sites=[[*sheets.SITES[0], "Address"], [*sheets.SITES[1], "Harbour 1"]]))
    update(provider, sheets.workbook(sites=[sheets.SITES[0], ["MAIN", "New name", "TR", "Istanbul", "IST"]]))

    assert (Site.objects.get().name, Site.objects.get().address) == ("New name", "Harbour 1")


def test_what_a_whole_file_does_not_name_is_no_longer_shown_and_never_deleted(provider):
    update(provider, sheets.whole(3))
    plan = update(provider, sheets.workbook(services=sheets.services(1)), retire={"service"})

    assert plan.counts()["service"] == {"new": 0, "changed": 0, "retired": 2, "unchanged": 1}
    assert Service.objects.count() == 3
    assert Service.objects.filter(retired_at=None).count() == 1

    update(provider, sheets.workbook(services=sheets.services(2)))
    assert {key: values["is_shown"] for (key,), values in entries_of(provider.pk, "service").items()} == {
        "KNEE": True,
        "S1": True,  # who names it anew means it to be seen
        "S2": False,
    }


def test_a_row_is_retired_and_shown_again_by_its_column(provider):
    head, row = sheets.SITES
    update(provider, sheets.workbook(sites=[[*head, "Shown (yes or no)"], [*row, "no"]]))
    assert Site.objects.get().retired_at is not None

    update(provider, sheets.workbook(sites=[[*head, "Shown (yes or no)"], [*row, "yes"]]))
    assert Site.objects.get().retired_at is None


def test_update_directory_is_for_providers_alone():
    facilitator = make_organisation("facilitator")

    with pytest.raises(Refused, match="not_a_provider"):
        steps.update_directory(
            facilitator, changes=read(sheets.whole()).entries, by=actor_at(facilitator, "facilitator")
        )
    assert Site.objects.count() == 0


def test_nobody_changes_the_directory_of_another(provider):
    other = make_organisation("provider")

    with pytest.raises(Refused):
        steps.update_directory(provider, changes=read(sheets.whole()).entries, by=actor_at(other, "provider"))
    assert Site.objects.count() == 0


def test_update_directory_leaves_nothing_when_it_fails(provider, monkeypatch):
    monkeypatch.setattr("clearpath.offers.steps.listing.remember", lambda **_content: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        update(provider, sheets.whole())
    assert Site.objects.count() == 0


def test_two_providers_may_use_the_same_references(provider):
    other = make_organisation("provider")
    update(provider, sheets.whole())
    update(other, sheets.whole())

    assert Service.objects.count() == 2
