"""How a program gets a token, and how it ends."""

import base64
import json
import logging
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from clearpath.records import clients
from clearpath.records.models import Client, Token
from clearpath.trust import log
from tests.factories import NOON
from tests.records.rest import Program, open_journey
from tests.records.test_rest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    return open_journey()


@pytest.fixture
def registered(walk):
    return clients.register(
        walk.facilitator.organisation_id, "facilitator", name="Desk", scopes=["system/*.rs"], at=NOON
    )


def basic(key, secret):
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}


def ask(client, key, secret, **form):
    return client.post("/oauth/token", {"grant_type": "client_credentials", **form}, **basic(key, secret))


def run(*arguments):
    out, told_aside = StringIO(), StringIO()
    try:
        call_command("records", *arguments, stdout=out, stderr=told_aside)
    except SystemExit as ended:
        return ended.code, out.getvalue(), told_aside.getvalue().strip()
    return 0, out.getvalue(), told_aside.getvalue()


def test_a_program_gets_a_token_that_opens_what_its_scopes_say(client, registered):
    key, secret = registered[0].pk, registered[1]

    answer = ask(client, key, secret)

    token = answer.json()
    assert (answer.status_code, token["token_type"], token["expires_in"]) == (200, "Bearer", 900)
    assert token["scope"] == "system/*.rs"
    assert answer["Cache-Control"] == "no-store"
    program = Program(client, token["access_token"])
    assert program.get("Patient").json()["total"] == 1
    assert told(program.post("Observation", {"resourceType": "Observation"})) == (403, "forbidden")


def test_a_program_may_say_who_it_is_in_the_body_and_ask_for_less(client, registered):
    form = {"client_id": registered[0].pk, "client_secret": registered[1], "scope": "system/Patient.rs"}

    answer = client.post("/oauth/token", {"grant_type": "client_credentials", **form})

    assert answer.json()["scope"] == "system/Patient.rs"
    assert told(Program(client, answer.json()["access_token"]).get("Observation")) == (403, "forbidden")


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ({"scope": "system/*.cruds"}, "invalid_scope", 400),
        ({"scope": "openid"}, "invalid_scope", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": ""}, "invalid_request", 400),
    ],
)
def test_what_it_may_not_ask_for_is_refused(client, registered, form, error, status):
    answer = ask(client, registered[0].pk, registered[1], **form)

    assert (answer.json()["error"], answer.status_code) == (error, status)
    assert Token.objects.count() == 0


def test_whoever_is_not_known_is_told_nothing_more(client, registered):
    nobody = "01a214ff-eec5-7baf-ac6e-fd42d0b38053"

    answers = [
        ask(client, registered[0].pk, "wrong"),
        ask(client, registered[0].pk, ""),
        ask(client, nobody, registered[1]),
        ask(client, "nonsense", "x"),
        client.post("/oauth/token", {"grant_type": "client_credentials"}),
        client.post("/oauth/token", {"grant_type": "client_credentials"}, HTTP_AUTHORIZATION="Basic ???"),
    ]

    assert [(each.status_code, each.json()) for each in answers] == [(401, {"error": "invalid_client"})] * 6


def test_only_a_post_gets_a_token(client):
    assert client.get("/oauth/token").status_code == 405


def test_who_guesses_secrets_is_shut_out_and_others_are_not(client, registered):
    other = clients.register(registered[0].organisation_id, "facilitator", name="Two", scopes=["system/*.rs"], at=NOON)

    for _ in range(10):
        ask(client, registered[0].pk, "wrong")

    assert ask(client, registered[0].pk, registered[1]).status_code == 429
    assert ask(client, other[0].pk, other[1]).status_code == 200


def test_a_token_ends_after_a_quarter_of_an_hour(client, registered):
    start = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        program = Program(client, ask(client, registered[0].pk, registered[1]).json()["access_token"])

    with time_machine.travel(start + timedelta(seconds=899), tick=False):
        assert program.get("Patient").status_code == 200
    with time_machine.travel(start + timedelta(seconds=900), tick=False):
        assert told(program.get("Patient")) == (401, "login")


def test_a_revoked_token_is_worth_nothing_and_only_its_own_client_revokes_it(client, registered):
    key, secret = registered[0].pk, registered[1]
    other = clients.register(registered[0].organisation_id, "facilitator", name="Two", scopes=["system/*.rs"], at=NOON)
    token = ask(client, key, secret).json()["access_token"]
    program = Program(client, token)

    client.post("/oauth/revoke", {"token": token}, **basic(other[0].pk, other[1]))
    assert program.get("Patient").status_code == 200
    assert client.post("/oauth/revoke", {"token": token}, **basic(key, secret)).status_code == 200
    assert told(program.get("Patient")) == (401, "login")


def test_neither_secret_nor_token_is_kept_or_written_down(client, registered, caplog):
    with caplog.at_level(logging.DEBUG):
        token = ask(client, registered[0].pk, registered[1]).json()["access_token"]
        Program(client, token).get("Patient")

    kept = str([*Client.objects.values(), *Token.objects.values()])
    # The loggers of the product as they are set, not as this test turned the root up.
    assert logging.getLogger("oauthlib").getEffectiveLevel() == logging.WARNING
    for word in (registered[1], token):
        assert word not in kept
        assert word not in caplog.text


def test_where_things_are_is_told_without_a_token(client):
    smart = client.get("/fhir/R4/.well-known/smart-configuration").json()
    server = client.get("/.well-known/oauth-authorization-server").json()

    assert smart["token_endpoint"] == server["token_endpoint"] == "http://testserver/oauth/token"
    assert "client_credentials" in smart["grant_types_supported"]
    assert "permission-v2" in smart["capabilities"]


# ---- The command line ---------------------------------------------------------------------------------------------


def test_add_client_prints_a_secret_that_works_and_the_organisation_remembers(client, walk):
    organisation = str(walk.facilitator.organisation_id)

    code, out, _aside = run("add-client", organisation, "facilitator", "--scope", "system/*.rs", "--json")

    found = json.loads(out)
    assert code == 0
    assert ask(client, found["client_id"], found["client_secret"]).status_code == 200
    entry = log.entries_of(walk.facilitator.organisation_id).last()
    assert (entry.step, str(entry.about_id)) == ("records.add_client", found["client_id"])


def test_add_client_says_what_is_wrong(walk):
    organisation = str(walk.facilitator.organisation_id)

    assert run("add-client", organisation, "doctor")[0::2] == (1, "Nobody like that works there in this role.")
    code, _out, aside = run("add-client", organisation, "facilitator", "--scope", "everything")
    assert (code, "is not a scope" in aside) == (1, True)
    with pytest.raises(CommandError, match="no organisation called 'Nowhere'"):
        run("add-client", "Nowhere", "facilitator")
    assert Client.objects.count() == 0


def test_clients_are_listed_and_shut_out(client, registered):
    key, secret = str(registered[0].pk), registered[1]
    token = ask(client, key, secret).json()["access_token"]
    assert [each["id"] for each in json.loads(run("clients", "--json")[1])] == [key]

    assert run("revoke-client", key)[0] == 0

    assert ask(client, key, secret).status_code == 401
    assert told(Program(client, token).get("Patient")) == (401, "login")
    assert json.loads(run("clients", "--json")[1]) == []
    assert json.loads(run("clients", "--all", "--json")[1])[0]["revoked_at"]
    assert run("revoke-client", "01a214ff-eec5-7baf-ac6e-fd42d0b38053")[0] == 1
    with pytest.raises(CommandError, match="no client_id"):
        run("revoke-client", "x")
