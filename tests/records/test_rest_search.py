"""Searches over FHIR: what each parameter finds, page by page, and what comes along."""

import json

import pytest

from clearpath.records import steps
from clearpath.records.index import fill
from clearpath.records.models import Term
from clearpath.trust import log
from tests.records.rest import BUNDLES, Program, observation, open_journey, token_for
from tests.records.test_rest import told

pytestmark = pytest.mark.django_db
IPS = (BUNDLES / "ips_example.json").read_bytes()
LAB = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}


@pytest.fixture
def walk():
    return open_journey()


@pytest.fixture
def program(client, walk):
    return Program(client, token_for(walk.facilitator))


def bundle_of(*resources):
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": each} for number, each in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def many(walk, count):
    return bundle_of(*(observation(walk, valueString=str(number)) for number in range(count)))


def values(bundle):
    return [each["resource"]["valueString"] for each in bundle.get("entry", []) if each["search"]["mode"] == "match"]


def link(bundle, relation):
    return next((each["url"] for each in bundle["link"] if each["relation"] == relation), "")


@pytest.fixture
def three(walk):
    """Observations `a`, `b` and `c`, each other than the rest in one thing."""
    period = observation(walk, valueString="c", effectivePeriod={"start": "2026-04-01", "end": "2026-05-20"})
    del period["effectiveDateTime"]
    resources = [
        observation(walk, valueString="a", effectiveDateTime="2026-05-04T23:30:00+03:00", category=[LAB]),
        observation(walk, valueString="b", effectiveDateTime="2026-06", status="preliminary"),
        period
        | {
            "code": {"coding": [{"code": "local"}]},
            "identifier": [{"system": "urn:lab", "value": "17"}],
            "performer": [{"reference": "urn:uuid:3"}],
        },
        {"resourceType": "Practitioner", "name": [{"family": "Öztürk", "given": ["Ayşe Nur"]}]},
    ]
    steps.add(walk.journey, content=bundle_of(*resources), by=walk.patient)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("code=718-7", "ab"),
        ("code=http://loinc.org|718-7", "ab"),
        ("code=http://other.org|718-7", ""),
        ("code=|local", "c"),
        ("code=|718-7", ""),
        ("code=718-7,local", "abc"),
        ("code=718-7&code=local", ""),
        ("status=preliminary", "b"),
        ("category=laboratory", "a"),
        ("identifier=urn:lab|17", "c"),
        ("identifier=urn:lab|", "c"),
        ("identifier=17", "c"),
        ("date=2026-05-04", "a"),
        ("date=eq2026-05", "a"),
        ("date=2026", "abc"),
        ("date=ne2026-06", "ac"),
        ("date=ge2026-05-20", "bc"),
        ("date=gt2026-05-20", "b"),
        ("date=le2026-04-01", "c"),
        ("date=lt2026-04-01", ""),
        ("date=lt2026-05-04", "c"),
        ("date=ge2026-05-01&date=le2026-05-31", "ac"),
        ("date=sa2026-05-20", "b"),
        ("date=eb2026-05-20", "a"),
        ("_lastUpdated=2026-06-01", "abc"),
        ("_lastUpdated=gt2026-06-01", ""),
        ("_lastUpdated=ge2026-06-01T12:00:00Z", "abc"),
        ("_lastUpdated=lt2026-06-01T12:00:00Z", ""),
        ("patient={patient}", "abc"),
        ("subject=Patient/{patient}", "abc"),
        ("subject:Patient={patient}", "abc"),
        ("patient=http://testserver/fhir/R4/Patient/{patient}", "abc"),
        ("patient=01a214ff-eec5-7baf-ac6e-fd42d0b38053", ""),
        ("patient=nonsense", ""),
        ("_id=nonsense", ""),
        ("status=", "abc"),
    ],
)
def test_a_parameter_finds(program, walk, query, found):
    answer = program.get(f"Observation?_sort=_lastUpdated&{query.format(patient=walk.journey.pk)}").json()

    assert "".join(values(answer)) == found
    assert answer["total"] == len(found)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"), [("_sort=date", "cab"), ("_sort=-date", "bca"), ("_sort=-_lastUpdated", "cba")]
)
def test_a_search_is_sorted(program, query, found):
    assert "".join(values(program.get(f"Observation?{query}").json())) == found


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("query", "total"), [("ozt", 1), ("ayse", 1), ("nur", 1), ("OZTURK", 1), ("turk", 0)])
def test_a_name_is_found_by_how_its_words_begin(program, query, total):
    assert program.get(f"Practitioner?name={query}").json()["total"] == total


@pytest.mark.usefixtures("three")
def test_a_search_can_be_sent_in_a_body(program):
    form = "application/x-www-form-urlencoded"

    found = program.ask("POST", "Observation/_search", b"status=preliminary", content_type=form).json()

    assert values(found) == ["b"]
    assert link(found, "self").endswith("/Observation?status=preliminary")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=amina", 1),
        ("name=YUS", 1),
        ("name=mina", 0),
        ("family=yusuf", 1),
        ("_id={patient}", 1),
        ("birthdate=2000", 0),
    ],
)
def test_a_patient_is_found_by_name(program, walk, query, found):
    assert program.get(f"Patient?{query.format(patient=walk.journey.pk)}").json()["total"] == found


def test_a_patient_is_found_by_the_reference_of_the_journey(program, walk):
    found = program.get(f"Patient?identifier=urn:clearpath:journey|{walk.journey.reference}").json()

    assert [each["resource"]["id"] for each in found["entry"]] == [str(walk.journey.pk)]


# ---- Pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["_lastUpdated", "-_lastUpdated", "date", "-date"])
def test_pages_lead_to_everything_once(program, walk, sort):
    steps.add(walk.journey, content=many(walk, 7), by=walk.patient)

    page = program.get(f"Observation?_sort={sort}&_count=3&status=final").json()
    seen = values(page)
    while link(page, "next"):
        page = program.get(link(page, "next")).json()
        seen += values(page)

    assert sorted(seen) == [str(number) for number in range(7)]
    assert page["total"] == 7


def test_pages_of_what_is_made_lead_to_everything_once(client):
    walk = open_journey()
    program = Program(client, token_for(walk.facilitator))

    page = program.get(f"AuditEvent?patient={walk.journey.pk}&_count=2").json()
    total, seen = page["total"], [each["resource"]["id"] for each in page["entry"]]
    while link(page, "next"):
        page = program.get(link(page, "next")).json()
        seen += [each["resource"]["id"] for each in page["entry"]]

    assert (len(seen), len(set(seen))) == (total, total)
    assert total > 4


def test_what_is_added_in_between_moves_no_page(program, walk):
    steps.add(walk.journey, content=many(walk, 4), by=walk.patient)
    first = program.get("Observation?_count=2").json()
    program.post("Observation", observation(walk, valueString="new"))

    second = program.get(link(first, "next")).json()

    assert sorted(values(first) + values(second)) == ["0", "1", "2", "3"]


def test_a_cursor_is_opaque_and_of_one_program_alone(client, program, walk):
    steps.add(walk.journey, content=many(walk, 3), by=walk.patient)
    address = link(program.get("Observation?_count=1&code=718-7").json(), "next")
    other = Program(client, token_for(walk.facilitator))

    assert "718" not in address
    assert program.get(address).status_code == 200
    assert told(other.get(address)) == (400, "invalid")
    assert told(program.get(address[:-4] + "AAAA")) == (400, "invalid")
    assert told(program.get("Observation?_cursor=1")) == (400, "invalid")


# ---- What comes along, and what is left out -------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_what_is_referred_to_comes_along(program, walk):
    found = program.get("Observation?code=local&_include=Observation:performer&_include=Observation:patient").json()

    assert [(each["resource"]["resourceType"], each["search"]["mode"]) for each in found["entry"]] == [
        ("Observation", "match"),
        ("Practitioner", "include"),
        ("Patient", "include"),
    ]
    address = found["entry"][0]["resource"]["performer"][0]["reference"]
    assert program.get(address).json()["name"][0]["family"] == "Öztürk"


@pytest.mark.usefixtures("three")
def test_what_refers_to_it_comes_along(program, walk):
    by_patient = program.get("Patient?_revinclude=Observation:patient").json()
    by_key = program.get("Practitioner?_revinclude=Observation:performer").json()
    of_record = program.get("DocumentReference?_revinclude=Provenance:target").json()

    assert [each["search"]["mode"] for each in by_patient["entry"]] == ["match", "include", "include", "include"]
    assert [each["resource"]["resourceType"] for each in by_key["entry"]] == ["Practitioner", "Observation"]
    assert [each["resource"]["resourceType"] for each in of_record["entry"]] == ["DocumentReference", "Provenance"]


@pytest.mark.usefixtures("three")
def test_what_the_scopes_hide_does_not_come_along(client, walk):
    narrow = Program(client, token_for(walk.facilitator, "system/Observation.rs"))

    found = narrow.get("Observation?code=local&_include=Observation:performer").json()

    assert [each["resource"]["resourceType"] for each in found["entry"]] == ["Observation"]


@pytest.mark.usefixtures("three")
def test_only_the_number_or_only_some_elements(program):
    counted = program.get("Observation?_summary=count").json()
    short = program.get("Observation?code=local&_elements=status").json()["entry"][0]["resource"]

    assert (counted["total"], "entry" in counted) == (3, False)
    assert program.get("Observation?_count=0").json().get("entry") is None
    assert set(short) == {"resourceType", "id", "meta", "status"}
    assert short["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert "total" not in program.get("Observation?_total=none").json()


def test_an_unknown_parameter_is_named_or_refused(program):
    lenient = program.get("Observation?colour=blue&status=final").json()

    assert link(lenient, "self").endswith("?status=final")
    [told_so] = lenient["entry"]
    assert (told_so["search"]["mode"], "colour" in json.dumps(told_so["resource"])) == ("outcome", True)
    assert told(program.get("Observation?colour=blue", prefer="handling=strict")) == (400, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "code:in=http://x", "status:not=final", "date=yesterday", "date=2026-13", "_lastUpdated=soon", "_count=-1",
        "_include=Observation", "_include=Observation:status", "_include=Patient:name", "_include:iterate=a:b",
        "_revinclude=Observation:status", "patient:Device=1", "_id:not=1", "_lastUpdated=9999",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(program, walk, query):
    program.post("Observation", observation(walk))

    assert told(program.get(f"Observation?{query}")) == (400, "invalid")


# ---- At rest, and what it costs -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_nothing_clinical_stands_in_the_clear():
    from django.db import connection

    with connection.cursor() as cursor:
        rows = []
        for table in ("records_resource", "records_term"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += [value for row in cursor.fetchall() for value in row]
    said = b" ".join(bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in rows)

    assert Term.objects.count() > 20
    for word in (b"718-7", b"final", b"local", b"urn:lab", "Öztürk".encode(), b"ozt"):
        assert word not in said


@pytest.mark.parametrize("journeys", [1, 3])
def test_a_search_takes_the_same_queries_for_any_number_of_results(client, journeys, django_assert_max_num_queries):
    walk = open_journey()
    program = Program(client, token_for(walk.facilitator))
    for other in [walk] + [open_journey(facilitator=walk.facilitator.organisation_id) for _ in range(journeys - 1)]:
        steps.add(other.journey, content=many(other, 20 // journeys + 1), by=other.patient)
    program.get("Observation?_count=1")  # what is asked once for a process

    with django_assert_max_num_queries(QUERIES) as asked:
        found = program.get("Observation?code=718-7&_count=20").json()

    assert len(found["entry"]) == 20
    assert len(asked) == QUERIES, [each["sql"][:90] for each in asked]


QUERIES = 15  # who calls 4, charter 2, log 5, the page, how many, its keys, and the lock


@pytest.mark.parametrize("count", [1, 250])
def test_a_bundle_is_indexed_in_the_same_statements_however_large(walk, count, django_assert_num_queries):
    record = steps.add(walk.journey, content=b"%PDF-1.7", by=walk.patient)
    record.resources.all().delete()
    record.media_type = "application/fhir+json"
    content = many(walk, count)

    with django_assert_num_queries(3):  # the key, the resources, the terms
        rows = fill.index_record(record, content, at=record.received_at)

    assert len(rows) == count + 2


def test_a_search_of_many_journeys_leaves_one_entry_on_each(client):
    walk = open_journey()
    other = open_journey(facilitator=walk.facilitator.organisation_id)
    for each in (walk, other):
        steps.add(each.journey, content=many(each, 2), by=each.patient)

    Program(client, token_for(walk.facilitator)).get("Observation")

    for each in (walk, other):
        [entry] = log.reads_of(each.journey.pk)
        assert (entry.step, entry.about_id) == ("records.search_by_program", each.journey.pk)
    assert log.verify().problems == []
