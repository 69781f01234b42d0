"""Somebody else's link: what it leads to comes in, and nobody uses us to reach what is not theirs."""

import json
import socket
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clearpath.core.outgoing import Outgoing
from clearpath.parties.models import Person
from clearpath.records.links import LinkError, Payload, encode, encrypt
from clearpath.records.links.fetching import Fetcher
from clearpath.records.links.jwe import LARGEST_TOKEN
from clearpath.records.models import Record
from clearpath.records.receiving import receive_link
from clearpath.trust import log, vault
from tests.records.loopback import as_json, elsewhere
from tests.records.sharing import SUMMARY
from tests.walk import walk_to

VECTORS = Path(__file__).parent / "shl"
KEY = bytes(range(32))
FHIR = "application/fhir+json"
PATIENT = b'{"resourceType": "Patient", "id": "1"}'


def token(content=SUMMARY, content_type=FHIR):
    return encrypt(content, key=KEY, content_type=content_type)


def link_to(url, **said):
    return encode(Payload(url, KEY, **said))


def of_martha():
    """The journey of the patient whom the published summaries are about."""
    walk = walk_to("records.add")
    walk.journey.patient_name = "Martha DeLarosa"
    walk.journey.save(update_fields=["patient_name"])
    return walk


@pytest.fixture
def server(settings):
    settings.LINK_LOOPBACK = True
    with elsewhere() as found:
        yield found


@pytest.mark.django_db
def test_every_file_of_a_manifest_is_added_as_it_was_encrypted(server):
    walk = of_martha()
    files = [
        {"contentType": FHIR, "embedded": token()},
        {"contentType": FHIR, "location": f"{server.url}/file"},
        {"contentType": "application/smart-api-access", "embedded": token(b"{}", "application/smart-api-access")},
    ]
    server.answers = {
        ("POST", "/m"): (200, "application/json", as_json({"files": files})),
        ("GET", "/file"): (200, "application/jose", token(PATIENT).encode()),
    }

    came = receive_link(
        walk.journey, link_to(f"{server.url}/m", flags="LP", label="From Kuwait"), passcode="1", by=walk.patient
    )

    records = list(Record.objects.order_by("pk"))
    assert (came.added, came.refused) == (2, [])
    assert {vault.open_sealed(bytes(each.sealed), about=each.pk) for each in records} == {SUMMARY, PATIENT}
    assert {(each.title, each.received_from) for each in records} == {("From Kuwait", "127.0.0.1")}
    method, path, body = server.asked[0]
    asked = json.loads(body)
    assert (method, path, asked["recipient"], asked["passcode"]) == ("POST", "/m", "Clearpath, for the patient", "1")
    assert not any(link_key in str(server.asked) for link_key in (KEY.hex(), "AAECAwQ"))


@pytest.mark.django_db
def test_a_single_file_is_fetched_with_who_asks(server):
    walk = of_martha()
    server.answers = {("GET", "/u"): (200, "application/jose", token().encode())}

    came = receive_link(walk.journey, link_to(f"{server.url}/u?x=1", flags="U"), by=walk.patient)

    assert came.added == 1
    assert server.asked[0][1] == "/u?x=1&recipient=Clearpath%2C+for+the+patient"


@pytest.mark.django_db
def test_the_same_file_once_more_is_said_and_not_added_twice(server):
    walk = of_martha()
    server.answers = {("GET", "/u"): (200, "application/jose", token().encode())}
    for _each in range(2):
        came = receive_link(walk.journey, link_to(f"{server.url}/u", flags="U"), by=walk.patient)

    assert (came.added, came.refused) == (0, ["This very file is already there."])
    assert Record.objects.count() == 1


@pytest.mark.django_db
def test_a_published_link_without_a_content_type_comes_in_without_a_network(client):
    walk = of_martha()
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    sent = {
        "link": (VECTORS / "IPS_IG-bundle-01-shl.txt").read_text(),
        "file": SimpleUploadedFile("x", (VECTORS / "IPS_IG-bundle-01-enc.txt").read_bytes()),
    }

    answer = client.post(reverse("records:receive_link", args=[walk.journey.pk]), sent, follow=True)

    record = Record.objects.get()
    assert (record.media_type, record.size, record.title) == (FHIR, 60_973, "Demo SHL for IPS_IG-bundle-01")
    assert "1 file came in." in answer.content.decode()


@pytest.mark.django_db
def test_what_is_wrong_with_a_link_is_said_in_the_form_and_what_was_typed_is_kept(client, server):
    walk = of_martha()
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    server.answers = {("POST", "/m"): (401, "application/json", b'{"remainingAttempts": 2}')}
    link = link_to(f"{server.url}/m", flags="P")

    answer = client.post(reverse("records:receive_link", args=[walk.journey.pk]), {"link": link, "passcode": "2"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The passcode is wrong." in page
    assert link in page
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_it_is_the_part_of_who_may_add_records(client, server):
    walk = of_martha()
    client.force_login(Person.objects.get(pk=walk.facilitator.person_id))

    answer = client.post(reverse("records:receive_link", args=[walk.journey.pk]), {"link": link_to(f"{server.url}/m")})

    seen = client.get(reverse("records:receive_link", args=[walk.journey.pk]))

    assert (answer.status_code, seen.status_code) == (403, 403)
    assert server.asked == []
    refused = log.entries_of(walk.journey.pk).filter(decision="refused")
    assert [entry.step for entry in refused] == ["records.add"]  # the try, and not the look


ANSWERS = {
    "link_ended": (404, b""),
    "link_asked_too_often": (429, b""),
    "link_answers_with_an_error": (500, b""),
    "link_redirects": (302, b"/elsewhere"),
    "manifest_malformed": (200, b'{"files": {}}'),
    "manifest_empty": (200, b'{"files": []}'),
    "file_not_encrypted": (200, b'{"files": [{"embedded": "x"}]}'),
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ANSWERS)
def test_what_the_other_side_does_wrong_is_told_apart(server, code):
    walk = of_martha()
    status, body = ANSWERS[code]
    server.answers = {("POST", "/m"): (status, "application/json", body)}

    with pytest.raises(LinkError, match=f"^{code}$"):
        receive_link(walk.journey, link_to(f"{server.url}/m"), by=walk.patient)
    assert not Record.objects.exists()
    assert len(server.asked) == 1


@pytest.mark.django_db
def test_an_ended_link_and_a_missing_passcode_are_not_even_asked(server):
    walk = of_martha()

    with pytest.raises(LinkError, match="link_expired"):
        receive_link(walk.journey, link_to(f"{server.url}/m", exp=1_000), by=walk.patient)
    with pytest.raises(LinkError, match="passcode_missing"):
        receive_link(walk.journey, link_to(f"{server.url}/m", flags="P"), by=walk.patient)
    assert server.asked == []


NOT_ALLOWED = [
    "http://example.org/m", "ftp://example.org/m", "https://127.0.0.1/m", "https://[::1]/m", "https://10.0.0.1/m",
    "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/m", "https://[fd00::1]/m", "https://0.0.0.0/m",
    "https://user:word@example.org/m", "https://100.64.0.1/m", "https://[2002:7f00:1::]/m", "https:///m", "file:///etc/x",
    "https://example.org/a b", "https://localhost/m", "https://[64:ff9b::7f00:1]/m", "https://224.0.0.1/m",
    "https://example.org:99999/m", "https://[bad/m", "https://2130706433/m",
]  # fmt: skip


@pytest.mark.parametrize("url", NOT_ALLOWED)
def test_an_address_that_is_not_public_or_not_https_is_never_connected_to(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("connected"))

    with pytest.raises(LinkError, match=r"link_address_not_allowed|link_unreachable"):
        Fetcher().get(url)


def test_a_name_with_one_private_address_among_public_ones_is_not_connected_to(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)

    with pytest.raises(LinkError, match="link_address_not_allowed"):
        Fetcher().get("https://rebinding.example/m")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 443))])
    connected = []

    def connect(address, *_a):
        connected.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(LinkError, match="link_unreachable"):
        Fetcher().get("https://public.example/m")
    assert connected == [("93.184.216.34", 443)]


def test_an_endless_answer_is_cut_off(server):
    server.answers = {("GET", "/big"): (200, "application/jose", b"x" * 100_000)}

    with pytest.raises(LinkError, match="file_too_large"):
        Fetcher(Outgoing(1_000, loopback=True)).get(f"{server.url}/big")


def test_who_answers_too_slowly_is_not_waited_for(server):
    with pytest.raises(LinkError, match="link_too_slow"):
        Fetcher(Outgoing(LARGEST_TOKEN, loopback=True, until=0)).get(f"{server.url}/x")
