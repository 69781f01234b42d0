"""The directory as FHIR R4 and back."""

import json
from datetime import date

import pytest

from clearpath.offers import steps
from clearpath.offers.directory import fhir
from clearpath.offers.directory.bringing_in import read_any
from clearpath.offers.directory.fhir_bundle import bundle
from clearpath.offers.directory.plan import plan_of
from clearpath.offers.directory.sheets import Unreadable
from clearpath.records.check import check
from tests.factories import actor_at, make_organisation
from tests.offers import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return make_organisation("provider", name="Harbour Clinic")


def listed(provider):
    by = actor_at(provider, "provider")
    site = [[*sheets.SITES[0], "Address", "Distance to the airport (km)"], [*sheets.SITES[1], "Harbour 1", 41]]
    content = sheets.workbook(sites=site, doctors=sheets.DOCTORS, services=sheets.services(2))
    steps.update_directory(provider, changes=read_any(content, provider.pk).entries, by=by)
    return bundle(provider.pk)


def errors(content):
    return [(each.path, each.says) for each in check(content, gates=(1, 2)) if each.severity == "error"]


def test_the_bundle_is_valid_fhir_r4(provider):
    content = listed(provider)

    assert errors(content) == []
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(content)["entry"]]
    assert kinds == [
        "Organization", "Location", "Practitioner", "PractitionerRole", "HealthcareService", "HealthcareService",
    ]  # fmt: skip


def test_a_broken_bundle_is_seen_to_be_broken(provider):
    content = listed(provider).replace(b'"status": "active"', b'"status": "open"')

    assert [path for path, _says in errors(content)] == ["Bundle.entry[1].resource.status"]


def test_what_goes_out_comes_back_the_same(provider):
    content = listed(provider)

    reading = read_any(content, provider.pk)
    plan = plan_of(provider.pk, reading, retire_absent=True)

    assert reading.wrong == []
    assert plan.changes == []
    assert plan.unchanged == {"site": 1, "doctor": 1, "service": 2}
    assert reading.notes == ["The organisation itself is not changed by a file."]


def test_another_provider_takes_a_bundle_over_by_the_same_preview(provider):
    other = make_organisation("provider")

    plan = plan_of(other.pk, read_any(listed(provider), other.pk), retire_absent=False)

    assert {change.what for change in plan.changes} == {"new"}
    [doctor] = [change.whole for change in plan.changes if change.kind == "doctor"]
    assert doctor["specialities"] == ["Orthopaedics", "Sports medicine"]
    assert doctor["licence_ends_on"] == date(2028, 1, 1)
    assert [change.whole["price_to"] for change in plan.changes if change.kind == "service"] == [950_050, 950_050]


def test_a_bundle_of_others_misses_what_fhir_does_not_know_and_says_what_is_lost(provider):
    foreign = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {
                "resourceType": "Location", "id": "l1", "name": "Main", "telecom": [{"system": "phone", "value": "1"}],
                "address": {"city": "Izmir", "country": "TR", "postalCode": "35000"},
            }},
            {"resource": {
                "resourceType": "HealthcareService", "id": "s1", "name": "Hips",
                "type": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-9-cm", "code": "81.51"}]}],
                "location": [{"reference": "Location/l1"}], "appointmentRequired": True,
            }},
            {"resource": {"resourceType": "Endpoint", "id": "e1"}},
        ],
    }  # fmt: skip

    reading = read_any(json.dumps(foreign).encode(), provider.pk)

    assert list(reading.entries["site"]) == [("l1",)]
    [service] = reading.wrong
    assert {wrong.column for wrong in service.wrong} == {
        "stay_nights", "recovery_days", "languages", "price_from", "price_to", "currency", "priced_on",
    }  # fmt: skip
    assert service.cells["site"] == "l1"
    told = "\n".join(reading.notes)
    assert "address.postalCode, telecom.system, telecom.value" in told
    assert "appointmentRequired" in told
    assert "1 resources of kind Endpoint" in told

    fixed = {"stay_nights": "4", "recovery_days": "14", "languages": "tr", "price_from": "1", "price_to": "2"}
    fixed |= {"currency": "EUR", "priced_on": "2026-05-01"}
    again = read_any(
        json.dumps(foreign).encode(), provider.pk, repairs={f"service:2:{name}": text for name, text in fixed.items()}
    )
    assert again.wrong == []
    assert again.entries["service"]["s1",]["procedure"] == "hip_replacement"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"{", "not JSON"), (b'{"resourceType": "Patient"}', "no FHIR bundle"), (b'{"a": 1}', "no FHIR bundle")],
)
def test_what_is_no_bundle_says_so(provider, content, says):
    with pytest.raises(Unreadable, match=says):
        read_any(content, provider.pk)


ODD = [
    None,
    7,
    [7],
    [{"resource": 7}],
    [{"resource": {"resourceType": "Location", "address": 7, "name": {}, "identifier": "x", "extension": [7]}}],
    [{"resource": {"resourceType": "HealthcareService", "location": 3, "type": "x", "communication": {"coding": 5}}}],
    [{"resource": {"resourceType": "PractitionerRole", "practitioner": [], "specialty": [{"coding": "x"}]}}],
    [{"resource": {"resourceType": ["x"], "id": {}}}],
]


@pytest.mark.parametrize("entry", ODD)
def test_no_shape_of_a_bundle_breaks_the_reading(provider, entry):
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}).encode()

    assert read_any(content, provider.pk).count == 0


def test_an_absent_airport_is_no_extension():
    provider = fhir.Listed(make_organisation("provider").pk, "Harbour Clinic", "TR", "")
    site = {"reference": "M", "name": "Main", "country": "TR", "city": "Izmir", "is_shown": False}

    found = fhir.site_to_fhir(provider, site)

    assert "extension" not in found
    assert found["status"] == "inactive"
