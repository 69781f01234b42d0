"""Taking files apart: every resource, to the last digit, with references that lead somewhere."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from clearpath.records import steps
from clearpath.records.index import fill
from clearpath.records.index.json_text import members, objects, with_members
from clearpath.records.index.offered import OFFERED
from clearpath.records.index.terms import days_from, terms_of
from clearpath.records.models import Record, Resource, Term
from clearpath.records.rest import queries
from clearpath.trust import vault
from tests.records.rest import Program, open_journey, token_for
from tests.walk import walk_to

BUNDLES = sorted((Path(__file__).parent / "bundles").glob("*.json"))
SHARED = Path(__file__).parents[3] / "shared/data/ips"
REAL = sorted(SHARED.glob("*.json")) if SHARED.is_dir() else []

text = st.text(max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(text, inside, max_size=3),
    max_leaves=8,
)
unhurried = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])


def served(type_name=""):
    rows = Resource.objects.exclude(type__in=["DocumentReference", "Provenance"])
    return queries.served(list(rows.filter(type=type_name) if type_name else rows))


# ---- Pieces of JSON -----------------------------------------------------------------------------------------------


@unhurried
@given(st.dictionaries(text, json_values, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_members_are_found_where_they_stand(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    found, end = members(text)

    assert end == len(text)
    assert {name: each.value for name, each in found.items()} == value
    assert {name: json.loads(text[each.value_start : each.end]) for name, each in found.items()} == value
    assert json.loads(with_members(text, found, {})) == value


@unhurried
@given(st.lists(json_values, max_size=5))
def test_the_objects_of_a_list_are_found(values):
    text = json.dumps(values)

    found = [text[start:end] for _inside, start, end in objects(text, 0)]

    assert [json.loads(each) for each in found] == [each for each in values if isinstance(each, dict)]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,}', '{"a" 1}', '{"a":NaN}', "{1:2}"]
)
def test_what_is_no_object_is_no_object(text):
    with pytest.raises(ValueError):
        members(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-05-04", date(2026, 5, 4), date(2026, 5, 4)),
        ("2026-05-04T23:59:00+03:00", date(2026, 5, 4), date(2026, 5, 4)),
    ],
)
def test_a_date_means_days(text, first, last):
    assert days_from(text) == (first, last)


@pytest.mark.parametrize("text", ["", "x", "20260504", "2026-13", "2026-02-30", "0000", "9999-12x"])
def test_what_is_no_date_means_no_day(text):
    assert days_from(text) is None


def test_the_last_month_that_there_is_ends():
    assert days_from("9999-12") == (date(9999, 12, 1), date(9999, 12, 31))


@unhurried
@given(
    st.sampled_from(sorted(OFFERED)),
    st.dictionaries(st.sampled_from(["code", "status", "subject", "name", "identifier", "category"]), json_values),
)
def test_no_resource_however_odd_breaks_the_index(type_name, resource):
    assert isinstance(terms_of(type_name, OFFERED[type_name], resource), set)


# ---- Whole files --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_everything_in_a_bundle_is_there_once_as_it_was_sent(path):
    walk = walk_to("records.add")
    content = path.read_bytes()
    sent = [each["resource"] for each in json.loads(content, parse_float=str)["entry"]]
    steps.add(walk.journey, content=content, by=walk.patient)

    got = [json.loads(each.text, parse_float=str) for each in served()]

    wanted = [each for each in sent if each["resourceType"] in OFFERED]
    assert [bare(each) for each in got] == [bare(each) for each in wanted]


def bare(resource):
    """Without what is ours: id, meta, and where references lead."""
    kept = {name: value for name, value in resource.items() if name not in {"id", "meta", "resourceType"}}
    return resource["resourceType"], re.sub(r'"reference": "[^"#][^"]*"', '"reference": ""', json.dumps(kept))


@pytest.mark.django_db
def test_decimals_keep_every_digit():
    walk = walk_to("records.add")
    content = (
        b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Observation", '
        b'"valueQuantity": {"value": 1.500e+2}, "component": [{"valueQuantity": {"value": 0.10000000000000000001}}]}}]}'
    )
    steps.add(walk.journey, content=content, by=walk.patient)

    [found] = served()

    assert '{"value": 1.500e+2}' in found.text
    assert "0.10000000000000000001" in found.text


@pytest.mark.django_db
def test_references_inside_a_file_lead_to_what_they_name():
    walk = walk_to("records.add")
    urn, url = "urn:uuid:6d1a1b9e-2c7b-4b0e-8f1f-0d8c5c6d7e8f", "https://lab.example/fhir/Organization/9"
    entries = [
        {"fullUrl": "https://lab.example/fhir/Patient/1", "resource": {"resourceType": "Patient", "id": "1"}},
        {"fullUrl": urn, "resource": {"resourceType": "Practitioner"}},
        {"fullUrl": url, "resource": {"resourceType": "Organization", "id": "9"}},
        {
            "resource": {
                "resourceType": "Observation",
                "subject": {"reference": "Patient/1"},
                "performer": [
                    {"reference": urn}, {"reference": url}, {"reference": "Organization/9"}, {"reference": "#here"},
                    {"reference": "Organization/9/_history/2"}, {"reference": "https://other.example/fhir/Patient/1"},
                ],
                "note": [{"text": 'says \\"reference\\": \\"Patient/1\\" and no more'}],
            }
        },
    ]  # fmt: skip
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    steps.add(walk.journey, content=content, by=walk.patient)

    [observation] = [json.loads(each.text) for each in served("Observation")]
    [practitioner] = served("Practitioner")
    [organisation] = served("Organization")

    lab = f"Organization/{organisation.key}"
    assert observation["subject"] == {"reference": f"Patient/{walk.journey.pk}"}
    assert [each["reference"] for each in observation["performer"]] == [
        f"Practitioner/{practitioner.key}", lab, lab, "#here", lab, "https://other.example/fhir/Patient/1",
    ]  # fmt: skip
    assert observation["note"] == entries[3]["resource"]["note"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b'{"resourceType": "Bundle", "entry": 7}',
        b'{"resourceType": "Bundle", "entry": [1, {}, {"resource": 5}, {"resource": {}}]}',
        b'{"resourceType": "Observation", "x": NaN}',
        b'{"resourceType": "Observation", "code": {"text": "\\ud800"}}',
    ],
)
def test_what_cannot_be_taken_apart_is_a_record_still(content):
    walk = walk_to("records.add")

    record = steps.add(walk.journey, content=content, by=walk.patient)

    assert {"DocumentReference", "Provenance"} <= set(record.resources.values_list("type", flat=True))
    assert len(served()) <= 1


@pytest.mark.django_db
def test_records_from_before_the_index_are_indexed_by_command(client):
    walk = open_journey()
    record = steps.add(walk.journey, content=BUNDLES[0].read_bytes(), by=walk.patient)
    before = set(Resource.objects.values_list("type", "since"))
    Resource.objects.all().delete()

    out = StringIO()
    call_command("records", "index", "--missing", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"records": 1}
    assert set(Resource.objects.values_list("type", "since")) == before
    assert Program(client, token_for(walk.facilitator)).get(f"DocumentReference/{record.pk}").status_code == 200


@pytest.mark.django_db
def test_after_a_new_secret_the_terms_are_made_anew_and_keys_stay(client, settings):
    walk = open_journey()
    steps.add(walk.journey, content=BUNDLES[0].read_bytes(), by=walk.patient)
    keys, terms = set(Resource.objects.values_list("key", flat=True)), set(Term.objects.values_list("value", flat=True))
    program = Program(client, token_for(walk.facilitator))
    query = f"Condition?patient={walk.journey.pk}&clinical-status=active"
    found = program.get(query).json()["total"]

    settings.VAULT_KEY = f"another-secret {settings.VAULT_KEY}"
    between = program.get(query).json()["total"]
    call_command("records", "index", stdout=StringIO())

    assert (between, program.get(query).json()["total"]) == (found, found)
    assert set(Resource.objects.values_list("key", flat=True)) == keys
    assert not terms & set(Term.objects.values_list("value", flat=True))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(not REAL, reason="the real bundles are not here")
def test_every_resource_of_the_real_bundles_is_there_as_it_was_sent():
    walk = walk_to("records.add")
    missing = []
    for path in REAL:
        content = path.read_bytes()
        root = json.loads(content, parse_float=str)
        if root.get("resourceType") != "Bundle":
            continue
        sent = [each["resource"] for each in root.get("entry", []) if each.get("resource")]
        record = Record.objects.create(
            journey=walk.journey, media_type="application/fhir+json", size=1, sha256=path.name[:64], sealed=b"",
            received_at=walk.patient.now, added_by_id=walk.patient.person_id, added_as="patient",
        )  # fmt: skip
        vault.seal(b"", about=record.pk)
        fill.index_record(record, content, at=walk.patient.now)
        rows = list(record.resources.exclude(type__in=["DocumentReference", "Provenance"]).order_by("pk"))
        got = [bare(json.loads(each.text, parse_float=str)) for each in queries.served(rows)]
        own = {"DocumentReference", "Provenance"}
        wanted = [bare(each) for each in sent if each["resourceType"] in OFFERED and each["resourceType"] not in own]
        if got != wanted:
            missing.append((path.name, len(got), len(wanted)))

    assert missing == []
