"""FHIR over HTTP: what a program gets, writes and is refused."""

import base64
import json

import pytest

from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Consent
from clearpath.parties.models import Membership
from clearpath.records import steps
from clearpath.records.check import Finding
from clearpath.records.models import Record, Resource
from clearpath.records.rest import writing
from clearpath.trust import log, vault
from tests.factories import NOON
from tests.records.rest import BUNDLES, Program, observation, open_journey, token_for
from tests.walk import PDF, walk_to

pytestmark = pytest.mark.django_db
IPS = (BUNDLES / "ips_example.json").read_bytes()


@pytest.fixture
def walk():
    return open_journey()


@pytest.fixture
def program(client, walk):
    return Program(client, token_for(walk.facilitator))


def told(answer):
    """Status, and the issue type of the OperationOutcome."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    return answer.status_code, body["issue"][0]["code"]


def statuses(bundle):
    return [each["resource"]["status"] for each in bundle.json()["entry"]]


# ---- One resource -------------------------------------------------------------------------------------------------


def test_a_resource_is_made_read_changed_and_remembered(program, walk):
    made = program.post("Observation", observation(walk))

    address = made["Location"].removesuffix("/_history/1")
    read = program.get(address)
    changed = program.put(address, read.json() | {"status": "amended"}, if_match='W/"1"')

    assert (made.status_code, made["ETag"], read["ETag"]) == (201, 'W/"1"', 'W/"1"')
    assert (changed.status_code, changed["ETag"], changed.json()["status"]) == (200, 'W/"2"', "amended")
    assert program.get(f"{address}/_history/1").json()["status"] == "final"
    assert statuses(program.get(f"{address}/_history")) == ["amended", "final"]
    found = program.get(f"Observation?patient={walk.journey.pk}&code=http://loinc.org|718-7")
    assert statuses(found) == ["amended"]


def test_what_was_sent_is_a_record_kept_as_it_was_sent(program, walk):
    body = json.dumps(observation(walk, valueQuantity={"value": 1})).replace('"value": 1', '"value":  1.50e0').encode()

    made = program.post("Observation", body)

    record = Record.objects.get()
    assert vault.open_sealed(bytes(record.sealed), about=record.pk) == body
    assert b"1.50e0" in made.content
    assert log.entries_of(walk.journey.pk).filter(step="records.add", decision="done").get().about_id == record.pk


def test_an_update_of_what_somebody_changed_meanwhile_is_refused_and_leaves_nothing(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    read = program.get(address).json()
    program.put(address, read | {"status": "amended"})

    late = program.put(address, read | {"status": "cancelled"}, if_match='W/"1"')

    assert told(late) == (412, "conflict")
    assert Record.objects.count() == 2
    assert program.get(address).json()["status"] == "amended"


def test_an_update_names_what_is_there(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    nobody = "01a214ff-eec5-7baf-ac6e-fd42d0b38053"

    assert told(program.put(address, observation(walk, id="other"))) == (400, "invalid")
    assert told(program.put(f"Observation/{nobody}", observation(walk, id=nobody))) == (404, "not-found")


@pytest.mark.parametrize(
    ("prefer", "body"),
    [("return=minimal", b""), ("return=OperationOutcome", b"OperationOutcome"), ("", b"Observation")],
)
def test_the_answer_to_a_write_is_what_was_preferred(program, walk, prefer, body):
    made = program.post("Observation", observation(walk), prefer=prefer)

    assert made.status_code == 201
    assert body in made.content
    assert bool(made.content) == bool(body)


def test_a_conditional_create_makes_one(program, walk):
    sent = observation(walk, identifier=[{"system": "urn:lab", "value": "17"}])
    only = "identifier=urn:lab|17"

    first = program.post("Observation", sent, if_none_exist=only)
    again = program.post("Observation", sent | {"status": "amended"}, if_none_exist=only)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again["Location"] == first["Location"]
    assert Record.objects.count() == 1


def test_a_conditional_create_among_several_is_refused(program, walk):
    for number in ("1", "2"):
        program.post("Observation", observation(walk, effectiveDateTime=f"2026-05-0{number}"))

    assert told(program.post("Observation", observation(walk), if_none_exist="code=718-7")) == (412, "multiple-matches")


def test_a_read_of_what_the_program_has_sends_nothing(program, walk):
    made = program.post("Observation", observation(walk))
    address = made["Location"].removesuffix("/_history/1")

    known = program.get(address, if_none_match='W/"1"')
    unchanged = program.get(address, if_modified_since=made["Last-Modified"])

    assert [(each.status_code, each.content) for each in (known, unchanged)] == [(304, b""), (304, b"")]
    assert program.get(address, if_none_match='W/"7"').status_code == 200


def test_the_bytes_of_a_record_are_a_binary(program, walk):
    record = steps.add(walk.journey, content=PDF, title="Letter", by=walk.patient)

    plain = program.get(f"Binary/{record.pk}")
    wrapped = program.get(f"Binary/{record.pk}", accept="application/fhir+json").json()
    [reference] = program.get(f"DocumentReference?patient={walk.journey.pk}").json()["entry"]

    assert (plain.content, plain["Content-Type"], plain["X-Content-Type-Options"]) == (
        PDF,
        "application/pdf",
        "nosniff",
    )
    assert (base64.b64decode(wrapped["data"]), wrapped["contentType"]) == (PDF, "application/pdf")
    assert reference["resource"]["content"][0]["attachment"]["url"] == f"Binary/{record.pk}"


def test_a_finding_that_makes_it_unsafe_refuses_and_another_is_told_on_request(program, walk, monkeypatch):
    small = Finding("warning", "binding", "Observation.code", "Not a code that is known.", 2)
    grave = Finding("error", "cardinality", "Observation.status", "It has no status.", 2)

    monkeypatch.setattr(writing, "check", lambda content: [small])
    accepted = program.post("Observation", observation(walk), prefer="return=OperationOutcome")
    monkeypatch.setattr(writing, "check", lambda content: [small, grave])
    refused = program.post("Observation", observation(walk, status="amended"))

    assert [each["details"]["text"] for each in accepted.json()["issue"]] == [small.says]
    assert refused.status_code == 422
    assert [(each["severity"], each.get("expression")) for each in refused.json()["issue"]] == [
        ("warning", ["Observation.code"]),
        ("error", ["Observation.status"]),
    ]
    assert Record.objects.count() == 1


# ---- What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "said"),
    [
        ("GET", "Observation/none", None, {}, (404, "not-found")),
        ("GET", "Starship/1", None, {}, (404, "not-supported")),
        ("GET", "Observation/1/2/3/4", None, {}, (404, "not-found")),
        ("GET", "Patient/1/$everything", None, {}, (404, "not-supported")),
        ("DELETE", "Observation/1", None, {}, (405, "not-supported")),
        ("PATCH", "Observation/1", None, {}, (405, "not-supported")),
        ("POST", "Patient", {"resourceType": "Patient"}, {}, (405, "not-supported")),
        ("GET", "Binary", None, {}, (405, "not-supported")),
        ("POST", "Observation", b"{", {}, (400, "structure")),
        ("POST", "Observation", b'{"a": NaN', {}, (400, "structure")),
        ("POST", "Observation", b"[" * 100_000, {}, (400, "structure")),
        ("POST", "Observation", {"resourceType": "Condition"}, {}, (400, "invalid")),
        ("POST", "Observation", {"resourceType": "Observation"}, {}, (422, "required")),
        ("POST", "Observation", b"<Observation/>", {"content_type": "application/fhir+xml"}, (415, "not-supported")),
        ("GET", "Observation", None, {"accept": "application/fhir+xml"}, (406, "not-supported")),
        ("GET", "Observation?_format=xml", None, {}, (406, "not-supported")),
        ("POST", "", {"resourceType": "Bundle", "type": "collection"}, {}, (400, "invalid")),
        ("GET", "", None, {}, (405, "not-supported")),
        ("GET", "AuditEvent", None, {}, (400, "required")),
    ],
)
def test_every_no_is_an_operation_outcome(program, method, path, body, headers, said):
    assert told(program.ask(method, path, body, **headers)) == said


def test_without_a_token_only_the_metadata_is_there(client, walk):
    stranger = Program(client)

    assert stranger.get("metadata").status_code == 200
    for path in ("Patient", f"Patient/{walk.journey.pk}", "Starship"):
        answer = stranger.get(path)
        assert told(answer) == (401, "login")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert told(Program(client, "made-up").get("Patient")) == (401, "login")


def test_a_step_that_is_somebody_elses_part_says_whose(client, walk):
    walk = walk_to("offers.make")
    doctor = Program(client, token_for(walk.doctor))

    answer = doctor.post("Observation", observation(walk))

    assert told(answer) == (403, "forbidden")
    [issue] = answer.json()["issue"]
    assert issue["details"]["coding"] == [{"system": "urn:clearpath:refusal", "code": "not_your_part"}]
    assert "Responsible: Patient (patient)" in issue["diagnostics"]
    assert log.entries_of(walk.journey.pk).last().reason == "not_your_part"


def test_the_same_bytes_twice_are_a_duplicate(program, walk):
    program.post("Observation", observation(walk))

    assert told(program.post("Observation", observation(walk))) == (409, "duplicate")


def test_a_head_and_options_say_what_get_would(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")

    head, options = program.ask("HEAD", address), program.ask("OPTIONS", address)

    assert (head.status_code, head["ETag"], head.content) == (200, 'W/"1"', b"")
    assert options.status_code == 204
    assert "Access-Control-Allow-Origin" not in options


# ---- Who sees what ------------------------------------------------------------------------------------------------


def test_what_is_not_theirs_is_not_there_and_the_patient_is_told_who_asked(client, walk):
    record = steps.add(walk.journey, content=IPS, by=walk.patient)
    condition = Resource.objects.filter(type="Condition").first()
    other = Program(client, token_for(open_journey().facilitator))

    for path in (f"Condition/{condition.key}", f"Patient/{walk.journey.pk}", f"Binary/{record.pk}"):
        assert told(other.get(path)) == (404, "not-found")
    assert other.get("Condition").json()["total"] == 0
    assert str(walk.journey.pk) not in other.get("Patient").content.decode()
    refused = log.entries_of(walk.journey.pk).filter(decision="refused", step="records.read_by_program")
    assert refused.count() == 3


def test_a_withdrawn_consent_ends_it_with_the_next_call(program, walk):
    address = program.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    consent = Consent.objects.get(recipient_key=walk.facilitator.organisation_id, data_class="clinical")

    journeys.withdraw_consent(walk.journey, consent, by=walk.patient)

    for path in (address, f"{address}/_history", f"{address}/_history/1", f"Patient/{walk.journey.pk}/$summary"):
        assert told(program.get(path)) == (404, "not-found")
    assert program.get("Observation").json()["total"] == 0
    assert [each["resource"]["status"] for each in program.get("Consent").json()["entry"]] == ["inactive"]


def test_each_reading_stands_in_the_log_of_its_journey(program, walk):
    made = program.post("Observation", observation(walk))
    address = made["Location"].removesuffix("/_history/1")

    for path in (address, f"{address}/_history/1", f"{address}/_history", "Observation", f"Patient/{walk.journey.pk}"):
        program.get(path)

    read, searched = "records.read_by_program", "records.search_by_program"
    assert [each.step for each in log.reads_of(walk.journey.pk).order_by("number")] == [
        read,
        read,
        read,
        searched,
        read,
    ]
    assert log.verify().problems == []


def test_a_program_ends_with_the_work_of_its_person(program, walk):
    assert program.get("Patient").status_code == 200

    Membership.objects.filter(person_id=walk.facilitator.person_id).update(until=NOON)

    assert told(program.get("Patient")) == (403, "forbidden")


def test_a_provider_without_consent_knows_the_name_and_no_finding(client):
    walk = walk_to("offers.make")
    steps.add(walk.journey, content=IPS, by=walk.patient)
    provider, doctor = (Program(client, token_for(each)) for each in (walk.provider, walk.doctor))

    [patient] = provider.get("Patient").json()["entry"]

    assert patient["resource"]["name"] == [{"text": "Amina Yusuf"}]
    assert "telecom" not in patient["resource"]
    assert provider.get("Condition").json()["total"] == 0
    assert doctor.get("Condition").json()["total"] == 2


def test_the_log_tells_each_program_of_its_own_doings(client, walk):
    steps.add(walk.journey, content=IPS, by=walk.patient)
    program = Program(client, token_for(walk.facilitator))
    program.get("Condition")

    found = program.get(f"AuditEvent?patient={walk.journey.pk}&action=R").json()["entry"]

    assert [each["resource"]["subtype"][0]["code"] for each in found] == ["records.search_by_program"]
    one = program.get(f"AuditEvent/{found[0]['resource']['id']}").json()
    assert one["entity"] == [{"what": {"reference": f"Patient/{walk.journey.pk}"}}]


# ---- Operations ---------------------------------------------------------------------------------------------------


def test_the_summary_is_the_newest_that_came(program, walk):
    assert told(program.get(f"Patient/{walk.journey.pk}/$summary")) == (404, "not-found")
    steps.add(walk.journey, content=IPS, by=walk.patient)

    assert program.get(f"Patient/{walk.journey.pk}/$summary").content == IPS
    assert log.reads_of(walk.journey.pk).first().step == "records.summary_by_program"


def test_the_summary_needs_the_scope_to_read_everything(client, walk):
    steps.add(walk.journey, content=IPS, by=walk.patient)
    narrow = Program(client, token_for(walk.facilitator, "system/Patient.r", "system/Composition.r"))

    assert told(narrow.get(f"Patient/{walk.journey.pk}/$summary")) == (403, "forbidden")
