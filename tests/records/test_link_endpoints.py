"""Links as software outside opens them: manifest, files, passcodes, and what is said when something is wrong."""

import base64
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from clearpath.aftercare import steps as aftercare
from clearpath.records import steps
from clearpath.records.models import Link, LinkAnswer, LinkOpening
from clearpath.trust import log
from clearpath.turns import history
from clearpath.turns.models import Notice
from tests.factories import NOON
from tests.records.sharing import PASSCODE, ROOT, SUMMARY, journey_with_summary, opened, post, share
from tests.walk import PDF, walk_to

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _soon():
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.fixture
def outside():
    """A client that keeps CSRF as a real one does: nothing here may need a token."""
    return Client(enforce_csrf_checks=True)


def test_a_manifest_hands_out_the_summary_encrypted_with_the_key_of_the_link(outside):
    link, payload = share(journey_with_summary(), passcode=PASSCODE)

    answer = post(outside, payload.url, passcode=PASSCODE)
    [file] = answer.json()["files"]

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert opened(file["embedded"], payload).content == SUMMARY
    assert (file["contentType"], file["fhirVersion"], file["status"]) == ("application/fhir+json", "4.0.1", "finalized")
    assert payload.flags == "P"
    assert payload.exp == int(link.expires_at.timestamp()) == int(NOON.timestamp()) + 30 * 86_400


def test_the_address_has_256_bits_and_at_most_128_characters():
    _link, payload = share(journey_with_summary())

    handle = payload.url.rpartition("/")[2]
    assert len(handle) == 43  # 32 bytes in base64url
    assert len(payload.url) <= 128
    assert Link.objects.filter(handle_hash=handle).count() == 0


def test_each_encryption_has_an_iv_of_its_own(outside):
    _link, payload = share(journey_with_summary())

    tokens = [post(outside, payload.url).json()["files"][0]["embedded"] for _each in range(3)]

    assert len({token.split(".")[2] for token in tokens}) == 3


@pytest.mark.parametrize("wrong", [{"recipient": ""}, {"recipient": None}, {"recipient": 3}, {"recipient": "\u202e"}])
def test_who_does_not_say_who_they_are_opens_nothing(outside, wrong):
    _link, payload = share(journey_with_summary())

    answer = post(outside, payload.url, **wrong)

    assert (answer.status_code, answer.json()["code"]) == (400, "recipient_needed")
    assert not LinkOpening.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b"[" * 20_000, b'{"recipient": "x", "embeddedLengthMax": "9"}']
)
def test_a_malformed_request_is_a_problem_and_never_a_traceback(outside, body):
    _link, payload = share(journey_with_summary())

    answer = outside.post(payload.url.removeprefix(ROOT), body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_passcode_says_how_many_are_left_and_the_last_one_ends_the_link(outside):
    walk = journey_with_summary()
    _link, payload = share(walk, passcode=PASSCODE)

    left = [post(outside, payload.url, passcode="000000") for _each in range(10)]

    assert [answer.status_code for answer in left] == [401] * 10
    assert [answer.json()["remainingAttempts"] for answer in left] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert left[0]["Content-Type"] == "application/json"
    assert post(outside, payload.url, passcode=PASSCODE).status_code == 404
    assert Notice.objects.filter(step="records.lock_link", seat__role="patient").count() == 1


def test_wrong_passcodes_are_counted_over_the_whole_life_of_a_link(outside):
    _link, payload = share(journey_with_summary(), passcode=PASSCODE)

    for _each in range(3):
        post(outside, payload.url, passcode="000000")
    assert post(outside, payload.url, passcode=PASSCODE).status_code == 200

    assert post(outside, payload.url, passcode="000000").json()["remainingAttempts"] == 6


def test_who_sends_no_passcode_has_not_tried_one(outside):
    _link, payload = share(journey_with_summary(), passcode=PASSCODE)

    answers = [post(outside, payload.url) for _each in range(12)]

    assert {(answer.status_code, answer.json()["remainingAttempts"]) for answer in answers} == {(401, 10)}


def test_an_ended_link_is_not_there(outside):
    walk = journey_with_summary()
    _link, payload = share(walk, lasts=timedelta(minutes=5))
    other, stopped = share(walk)
    steps.stop_sharing(walk.journey, other, by=walk.patient)

    assert post(outside, payload.url).status_code == 404
    assert post(outside, stopped.url).status_code == 404
    assert post(outside, f"{ROOT}/shl/{'A' * 43}").status_code == 404
    other.refresh_from_db()
    assert (other.handle, other.key, bytes(other.kept)) == ("", "", b"")


def test_a_link_still_opens_when_its_journey_is_closed(outside):
    walk = walk_to("aftercare.close")
    steps.add(walk.journey, content=SUMMARY, confirmed=True, by=walk.patient)
    _link, payload = share(walk, with_summary=True, long_term=True)
    aftercare.close(walk.journey, by=walk.facilitator)

    assert post(outside, payload.url).status_code == 200
    walk.journey.refresh_from_db()
    assert walk.journey.closed_at is not None


@pytest.mark.parametrize(("spare", "way"), [(0, "embedded"), (-1, "location")])
def test_a_file_is_embedded_up_to_the_length_that_was_asked_for(outside, spare, way):
    _link, payload = share(journey_with_summary())
    length = len(post(outside, payload.url).json()["files"][0]["embedded"])

    [file] = post(outside, payload.url, embeddedLengthMax=length + spare).json()["files"]

    assert {"embedded", "location"} & set(file) == {way}


def test_a_location_is_read_as_jose_for_half_an_hour(outside):
    _link, payload = share(journey_with_summary())
    [file] = post(outside, payload.url, embeddedLengthMax=0).json()["files"]
    where = file["location"].removeprefix(ROOT)

    answer = outside.get(where)

    assert answer["Content-Type"] == "application/jose"
    assert opened(answer.content.decode(), payload).content == SUMMARY
    with time_machine.travel(SOON + timedelta(minutes=30, seconds=1), tick=False):
        assert outside.get(where).status_code == 404


def test_a_location_opens_nothing_but_its_file_and_ends_with_its_link(outside):
    walk = journey_with_summary()
    link, payload = share(walk)
    manifest = post(outside, payload.url, embeddedLengthMax=0).json()
    ticket = manifest["files"][0]["location"].rpartition("/")[2]

    assert outside.post(f"/shl/answer/{ticket}", "{}", content_type="application/json").status_code == 404
    assert outside.get(f"/shl/file/{manifest['_answer'].rpartition('/')[2]}").status_code == 404
    assert outside.get(f"/shl/file/{ticket[:-1]}").status_code == 404
    steps.stop_sharing(walk.journey, link, by=walk.patient)
    assert outside.get(f"/shl/file/{ticket}").status_code == 404


def test_a_single_file_is_fetched_by_who_says_who_they_are(outside):
    walk = journey_with_summary()
    _link, payload = share(walk, single_file=True)
    where = payload.url.removeprefix(ROOT)

    answer = outside.get(where, {"recipient": "Clinic Software"})

    assert payload.flags == "U"
    assert answer["Content-Type"] == "application/jose"
    assert opened(answer.content.decode(), payload).content == SUMMARY
    assert LinkOpening.objects.get().recipient == "Clinic Software"
    assert outside.get(where).status_code == 400
    assert post(outside, payload.url).status_code == 405


def test_a_manifest_is_not_for_the_address_line_of_a_browser(outside):
    _link, payload = share(journey_with_summary())

    assert outside.get(payload.url.removeprefix(ROOT)).status_code == 405


def test_browser_viewers_of_any_origin_may_ask_and_nothing_is_kept(outside):
    _link, payload = share(journey_with_summary(), passcode=PASSCODE)
    where = payload.url.removeprefix(ROOT)

    preflight = outside.options(where, HTTP_ORIGIN="https://viewer.example", HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")
    answers = [preflight, post(outside, payload.url, passcode=PASSCODE), post(outside, payload.url, passcode="0"),
               post(outside, f"{ROOT}/shl/nothing"), outside.get("/shl/file/x")]  # fmt: skip

    assert preflight.status_code == 204
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "content-type" in preflight["Access-Control-Allow-Headers"].lower()
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies
    assert "Access-Control-Allow-Origin" not in outside.get("/shl/view")


def test_a_link_with_a_passcode_hides_whether_it_is_there_from_nobody_without_its_address(outside):
    answer = post(outside, f"{ROOT}/shl/{'B' * 43}", passcode="1")

    assert answer.json() == {
        "type": "about:blank", "status": 404, "code": "link_has_ended",
        "title": "This link is not there, or it has ended. Ask the patient for a new one.",
    }  # fmt: skip


def test_whoever_opens_too_often_is_asked_to_wait(outside, settings):
    settings.LINK_OPENINGS_A_MINUTE = 2
    _link, payload = share(journey_with_summary())

    answers = [post(outside, payload.url) for _each in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    with time_machine.travel(SOON + timedelta(minutes=2), tick=False):
        assert post(outside, payload.url).status_code == 200


def test_a_chosen_pdf_travels_as_fhir(outside):
    walk = journey_with_summary()
    pdf = walk.journey.records.get(media_type="application/pdf")
    _link, payload = share(walk, record_ids=[pdf.pk])

    [file] = post(outside, payload.url).json()["files"]
    bundle = json.loads(opened(file["embedded"], payload).content)

    reference, binary = (entry["resource"] for entry in bundle["entry"])
    assert reference["content"][0]["attachment"]["url"] == bundle["entry"][1]["fullUrl"]
    assert reference["content"][0]["attachment"]["title"] == "Letter"
    assert (binary["resourceType"], binary["contentType"]) == ("Binary", "application/pdf")
    assert base64.b64decode(binary["data"]) == PDF


def test_a_long_term_link_shows_what_is_newest_and_another_what_was_there(outside):
    walk = journey_with_summary()
    _link, then = share(walk, with_summary=True, record_ids=[])
    _link, newest = share(walk, with_summary=True, record_ids=[], long_term=True)

    def content(payload):
        [file] = post(outside, payload.url).json()["files"]
        return opened(file["embedded"], payload).content, file["status"]

    before = content(then), content(newest)
    with time_machine.travel(SOON + timedelta(seconds=1), tick=False):  # keys sort by the time they were made
        steps.add(walk.journey, content=SUMMARY + b"\n", confirmed=True, by=walk.patient)
        after = content(then), content(newest)

    assert before[0] == after[0]
    assert before[1][0] != after[1][0]
    assert (before[0][1], before[1][1]) == ("finalized", "can-change")


def test_the_patient_sees_each_opening_as_who_opened_it_said(outside):
    walk = journey_with_summary()
    _link, payload = share(walk, passcode=PASSCODE)

    post(outside, payload.url, recipient="Dr.  Weber\nBerlin", passcode=PASSCODE)
    post(outside, payload.url, recipient="Mallory", passcode="000000")

    [looked] = history.who_looked(walk.patient, walk.journey)
    assert (looked.step, looked.role, looked.person_id) == ("records.open_link", "home_doctor", None)
    assert looked.said_name == "Dr. Weber Berlin"
    refused = log.entries_of(walk.journey.pk).last()
    assert (refused.decision, refused.reason) == ("refused", "wrong_passcode")
    assert log.verify().problems == []


def test_neither_key_nor_passcode_stands_anywhere_in_the_clear(outside, caplog):
    walk = journey_with_summary()
    link, payload = share(walk, passcode=PASSCODE)
    with caplog.at_level("DEBUG"):
        post(outside, payload.url, passcode=PASSCODE)
        post(outside, payload.url, passcode="wrong-one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_link")
        stored = repr([bytes(each) if isinstance(each, memoryview) else each for each in cursor.fetchone()])

    for secret in (link.key, PASSCODE, link.handle):
        assert secret not in stored
    assert link.key not in caplog.text
    assert repr(payload) == "Payload(flags='P')"


def test_a_doctor_without_an_account_writes_back(outside):
    walk = walk_to("records.give_opinion")
    steps.add(walk.journey, content=SUMMARY, confirmed=True, by=walk.patient)
    _link, payload = share(walk)
    where = post(outside, payload.url).json()["_answer"]

    received = post(outside, where, kind="received", name="Dr. Weber")
    asked = post(outside, where, kind="question", name="Dr. Weber", text="Which cement?", reach="weber@example.org")

    assert (received.status_code, asked.status_code) == (201, 201)
    assert {each.text for each in LinkAnswer.objects.all()} == {"", "Which cement?"}
    told = set(Notice.objects.filter(step="records.ask_by_link").values_list("seat__role", flat=True))
    assert told == {"patient", "facilitator", "doctor"}
    assert log.entries_of(walk.journey.pk).last().step == "records.ask_by_link"
    assert log.verify().problems == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "received", "name": " "}, 409),
        ({"kind": "question", "name": "W", "text": "Why?"}, 409),
        ({"kind": "praise", "name": "W"}, 409),
        ({"kind": "received", "name": "W" * 5_000}, 409),
        ({"kind": "received", "name": ["W"]}, 400),
    ],
)
def test_an_answer_that_says_nothing_is_refused_and_leaves_nothing(outside, said, status):
    walk = journey_with_summary()
    _link, payload = share(walk)
    where = post(outside, payload.url).json()["_answer"]

    assert post(outside, where, **said).status_code == status
    assert not LinkAnswer.objects.exists()


def test_answers_come_to_an_end(outside):
    walk = journey_with_summary()
    _link, payload = share(walk)
    where = post(outside, payload.url).json()["_answer"]

    statuses = [post(outside, where, kind="received", name="W").status_code for _each in range(21)]

    assert statuses == [201] * 20 + [409]
