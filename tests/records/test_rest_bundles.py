"""Transactions, all of it or nothing, and batches."""

import json

import pytest

from clearpath.records.models import Record, Resource
from tests.records.rest import Program, observation, open_journey, token_for
from tests.records.test_rest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    return open_journey()


@pytest.fixture
def program(client, walk):
    return Program(client, token_for(walk.facilitator))


NOBODY = "01a214ff-eec5-7baf-ac6e-fd42d0b38053"


def entry(method, url, resource=None, full_url="", **request):
    found = {"request": {"method": method, "url": url, **request}}
    if full_url:
        found["fullUrl"] = full_url
    if resource:
        found["resource"] = resource
    return found


def bundle(kind, *entries):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def practitioner(**members):
    return {"resourceType": "Practitioner", "name": [{"family": "Weber"}], **members}


def statuses(answer):
    return [each["response"]["status"] for each in answer.json()["entry"]]


def test_a_transaction_makes_everything_and_its_references_lead_on(program, walk):
    performed = observation(walk, performer=[{"reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"}])

    answer = program.post(
        "",
        bundle(
            "transaction",
            entry("POST", "Observation", performed),
            entry("POST", "Practitioner", practitioner(), "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"),
            entry("GET", f"Observation?patient={walk.journey.pk}"),
        ),
    )

    assert (answer.status_code, answer.json()["type"]) == (200, "transaction-response"), answer.content
    assert statuses(answer) == ["201", "201", "200"]
    made, doctor, found = answer.json()["entry"]
    reference = program.get(made["response"]["location"]).json()["performer"][0]["reference"]
    assert doctor["response"]["location"].endswith(f"{reference}/_history/1")
    assert program.get(reference).json()["name"] == [{"family": "Weber"}]
    assert found["resource"]["total"] == 1
    assert Record.objects.count() == 1


def test_a_transaction_changes_what_is_there(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    key = address.rpartition("/")[2]
    changed = program.get(address).json() | {"status": "amended"}

    answer = program.post("", bundle("transaction", entry("PUT", f"Observation/{key}", changed, ifMatch='W/"1"')))

    assert statuses(answer) == ["200"]
    assert answer.json()["entry"][0]["response"]["etag"] == 'W/"2"'
    assert program.get(address).json()["status"] == "amended"


def test_a_transaction_finds_what_is_there_already(program, walk):
    only = {"identifier": [{"system": "urn:doctors", "value": "7"}]}
    first = program.post(
        "", bundle("transaction", entry("POST", "Observation", observation(walk)),
                   entry("POST", "Practitioner", practitioner(**only)))
    )  # fmt: skip
    known = first.json()["entry"][1]["response"]["location"].removesuffix("/_history/1")
    again = entry("POST", "Practitioner", practitioner(**only), "urn:uuid:1", ifNoneExist="identifier=urn:doctors|7")
    performed = observation(walk, valueString="new", performer=[{"reference": "urn:uuid:1"}])

    answer = program.post("", bundle("transaction", again, entry("POST", "Observation", performed)))

    assert statuses(answer) == ["200", "201"]
    reference = program.get(answer.json()["entry"][1]["response"]["location"]).json()["performer"][0]["reference"]
    assert known.endswith(reference)
    assert Resource.objects.filter(type="Practitioner").count() == 1


def test_a_transaction_that_makes_nothing_new_adds_no_record(program, walk):
    program.post("Observation", observation(walk, identifier=[{"system": "urn:lab", "value": "1"}]))

    sent = entry("POST", "Observation", observation(walk, valueString="x"), ifNoneExist="identifier=urn:lab|1")
    answer = program.post("", bundle("transaction", sent))

    assert statuses(answer) == ["200"]
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda walk: entry("DELETE", "Observation/1"), (405, "not-supported")),
        (lambda walk: entry("POST", "Patient", {"resourceType": "Patient"}), (405, "not-supported")),
        (lambda walk: entry("PUT", "Observation?identifier=1", observation(walk)), (405, "not-supported")),
        (lambda walk: entry("POST", "Condition", observation(walk)), (400, "invalid")),
        (lambda walk: entry("GET", "Starship/1"), (404, "not-found")),
        (lambda walk: {"resource": observation(walk)}, (400, "invalid")),
        (lambda walk: entry("PUT", f"Observation/{NOBODY}", observation(walk)), (404, "not-found")),
        (lambda walk: entry("POST", "Observation", observation(open_journey())), (422, "business-rule")),
    ],
)  # fmt: skip
def test_one_entry_that_cannot_be_leaves_nothing_of_a_transaction(program, walk, wrong, said):
    answer = program.post("", bundle("transaction", entry("POST", "Observation", observation(walk)), wrong(walk)))

    assert told(answer) == said
    if said[0] != 404 or "GET" not in str(wrong(walk)):
        assert Resource.objects.filter(type="Observation").count() == 0


def test_a_conflict_leaves_nothing_of_a_transaction(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    read = program.get(address).json()
    program.put(address, read | {"status": "amended"})
    key = address.rpartition("/")[2]

    answer = program.post(
        "",
        bundle(
            "transaction",
            entry("POST", "Observation", observation(walk, valueString="new")),
            entry("PUT", f"Observation/{key}", read, ifMatch='W/"1"'),
        ),
    )

    assert told(answer) == (412, "conflict")
    assert program.get("Observation").json()["total"] == 1


def test_a_transaction_needs_the_scopes_of_its_entries(client, walk):
    narrow = Program(client, token_for(walk.facilitator, "system/Observation.c", "system/*.rs"))
    both = bundle(
        "transaction", entry("POST", "Observation", observation(walk)), entry("POST", "Practitioner", practitioner())
    )

    answer = narrow.post("", both)

    assert told(answer) == (403, "forbidden")
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert Record.objects.count() == 0


def test_a_batch_answers_each_entry_by_itself(program, walk):
    body = json.dumps(
        bundle(
            "batch",
            entry("POST", "Observation", observation(walk, valueQuantity={"value": 1})),
            entry("GET", "Observation/none"),
            entry("GET", f"Patient/{walk.journey.pk}"),
            entry("DELETE", "Observation/1"),
        )
    ).replace('"value": 1', '"value": 1.10')

    answer = program.post("", body.encode())

    assert (answer.status_code, answer.json()["type"]) == (200, "batch-response")
    assert statuses(answer) == ["201", "404", "200", "405"]
    assert answer.json()["entry"][1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert b'"value": 1.10' in program.get(answer.json()["entry"][0]["response"]["location"]).content


def test_a_bundle_without_entries_is_answered(program):
    assert program.post("", {"resourceType": "Bundle", "type": "batch"}).json()["type"] == "batch-response"
    assert program.post("", bundle("transaction")).json() == {"resourceType": "Bundle", "type": "transaction-response"}
