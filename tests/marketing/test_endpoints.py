import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from clearpath.marketing import once, steps
from clearpath.marketing.models import ApiAnswer, Lead, Touch
from clearpath.records import clients
from clearpath.records.models import Token
from clearpath.records.rest.access import digest
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.factories import make_campaign, make_creative
from tests.marketing.test_incoming import ROW

pytestmark = pytest.mark.django_db

ALL = ("api/touches.c", "api/leads.cr")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


class Program:
    """A program of an organisation with a token."""

    def __init__(self, client, organisation_id, role="agency", scopes=ALL):
        self.client = client
        registered, _secret = clients.register(organisation_id, role, name="Tool", scopes=list(scopes), at=NOON)
        self.token = uuid4().hex
        Token.objects.create(
            sha256=digest(self.token), client=registered, scopes=" ".join(scopes), made_at=NOON,
            expires_at=NOON + timedelta(minutes=15),
        )  # fmt: skip

    def post(self, path, body, key=None):
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": uuid4().hex if key is None else key}
        text = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(f"/api/v1/{path}", text, content_type="application/json", headers=headers)

    def get(self, path):
        return self.client.get(f"/api/v1/{path}", headers={"authorization": f"Bearer {self.token}"})


def touch_of(campaign, **more):
    return {"token": str(uuid4()), "campaign": str(campaign.pk), "channel": "search", "country": "KW",
            "day": "2026-06-01"} | more  # fmt: skip


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def program(client, campaign):
    return Program(client, campaign.agency_id)


def test_touches_are_kept_in_a_batch(program, campaign):
    sent = [touch_of(campaign), touch_of(campaign, channel="social", country="")]

    answer = program.post("touches", {"touches": sent})

    assert (answer.status_code, answer.json()) == (201, {"accepted": 2})
    kept = Touch.objects.order_by("pk").values_list("token", "channel", "country")
    assert [(str(token), *rest) for token, *rest in kept] == [
        (sent[0]["token"], "search", "KW"),
        (sent[1]["token"], "social", ""),
    ]


def test_a_repeated_request_takes_effect_once_and_is_answered_alike(program, campaign):
    body = {"touches": [touch_of(campaign)]}

    answers = [program.post("touches", body, key="one") for _time in range(2)]

    assert [each.json() for each in answers] == [{"accepted": 1}] * 2
    assert Touch.objects.count() == 1
    other = program.post("touches", {"touches": [touch_of(campaign)]}, key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert once.forget(now=NOON + once.KEPT) == 1
    assert ApiAnswer.objects.count() == 0


def test_a_request_without_a_key_is_refused(program, campaign):
    answer = program.post("touches", {"touches": [touch_of(campaign)]}, key="")

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")


@pytest.mark.parametrize(
    "change",
    [
        {"token": "layla.canary@example.org"},
        {"token": "00000000-0000-1000-8000-000000000000"},
        {"country": "Kuwait"},
        {"day": "yesterday"},
        {"ip": "203.0.113.7"},
        {"user_agent": "canary"},
    ],
)
def test_a_touch_that_could_name_somebody_is_not_kept_nor_repeated_in_the_answer(program, campaign, change):
    answer = program.post("touches", {"touches": [touch_of(campaign), touch_of(campaign, **change)]})

    told = answer.json()
    assert (answer.status_code, answer["Content-Type"], told["code"]) == (
        422, "application/problem+json", "not_well_formed",
    )  # fmt: skip
    assert told["errors"][0]["where"].startswith("touches.1.")
    assert "canary" not in answer.content.decode()
    assert Touch.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "Layla 96555501234"}, "no_such_channel"),
        ({"day": "2026-06-03"}, "day_ahead"),
        ({"campaign": str(uuid4())}, "no_such_campaign"),
        ({"creative": str(uuid4())}, "no_such_creative"),
    ],
)
def test_a_batch_with_a_wrong_touch_keeps_nothing(program, campaign, change, code):
    answer = program.post("touches", {"touches": [touch_of(campaign), touch_of(campaign) | change]})

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert (Touch.objects.count(), ApiAnswer.objects.count()) == (0, 0)


def test_touches_may_name_an_advertisement_of_the_campaign(program, campaign):
    creative = make_creative(campaign)

    assert program.post("touches", {"touches": [touch_of(campaign, creative=str(creative.pk))]}).status_code == 201
    assert Touch.objects.get().creative_id == creative.pk


def test_touches_are_for_the_agency_of_the_campaign(client, campaign):
    body = {"touches": [touch_of(campaign)]}

    other = Program(client, make_organisation("agency").pk).post("touches", body)
    provider = Program(client, campaign.client_id, "provider").post("touches", body)

    assert (other.status_code, other.json()["code"]) == (409, "no_such_campaign")
    assert (provider.status_code, provider.json()["responsible"]) == (403, "agency")


def test_a_token_is_needed_and_only_for_what_it_is_for(client, campaign):
    without = client.post("/api/v1/touches", "{}", content_type="application/json")
    reader = Program(client, campaign.agency_id, scopes=["system/*.cruds"])
    answer = reader.post("touches", {"touches": [touch_of(campaign)]})

    assert (without.status_code, without.json()["status"]) == (401, 401)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_leads_are_judged_line_by_line_and_the_good_ones_handed_over(program, campaign):
    make_organisation("facilitator")

    answer = program.post("leads", {"campaign": str(campaign.pk), "leads": [ROW, ROW | {"consent_wording": ""}]})

    told = answer.json()
    lead = Lead.objects.get()
    assert (answer.status_code, told["taken"], lead.stage) == (201, 1, "with_facilitator")
    assert told["leads"][0] == {"number": 0, "outcome": "taken", "token": str(lead.token), "errors": []}
    assert told["leads"][1] == {
        "number": 1, "outcome": "refused", "token": "",
        "errors": [{"field": "consent_wording", "code": "no_consent",
                    "says": "Give the exact words to which this person agreed."}],
    }  # fmt: skip


def test_where_no_lead_is_good_nothing_is_done_and_it_is_said(program, campaign):
    answer = program.post("leads", {"campaign": str(campaign.pk), "leads": [ROW | {"consented_at": "noon"}]})

    assert (answer.status_code, answer.json()["taken"], Lead.objects.count()) == (422, 0, 0)


def test_leads_sent_twice_under_another_key_are_taken_once(program, campaign):
    make_organisation("facilitator")
    body = {"campaign": str(campaign.pk), "leads": [ROW]}

    outcomes = [program.post("leads", body).json()["leads"][0]["outcome"] for _time in range(2)]

    assert (outcomes, Lead.objects.count()) == (["taken", "already_there"], 1)


def test_leads_of_a_campaign_of_others_are_not_found(client, campaign):
    stranger = Program(client, make_organisation("agency").pk)

    assert stranger.post("leads", {"campaign": str(campaign.pk), "leads": [ROW]}).status_code == 404


def test_a_provider_records_no_leads_and_is_told_whose_part_it_is(client, campaign):
    answer = Program(client, campaign.client_id, "provider").post(
        "leads", {"campaign": str(campaign.pk), "leads": [ROW]}
    )

    assert answer.json()["leads"][0]["errors"][0]["code"] == "not_your_part"
    assert Lead.objects.count() == 0


def test_an_agency_learns_of_its_tokens_only_whether_they_were_answered(program, campaign):
    facilitator = make_organisation("facilitator")
    program.post(
        "leads", {"campaign": str(campaign.pk), "leads": [ROW, ROW | {"name": "Noor", "email": "n@example.org"}]}
    )
    taken = Lead.objects.first()
    steps.take_lead(taken, by=actor_at(facilitator, "facilitator"))

    answer = program.get("leads").json()

    assert answer["next"] is None
    assert sorted(answer["leads"], key=lambda each: each["token"]) == sorted(
        (
            {
                "token": str(lead.token),
                "campaign": str(campaign.pk),
                "channel": "social",
                "answered": lead.pk == taken.pk,
            }
            for lead in Lead.objects.all()
        ),
        key=lambda each: each["token"],
    )
    assert program.get("leads?after=nonsense").status_code == 400


def test_nonsense_is_answered_with_a_problem(program):
    answer = program.post("touches", "{not json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_interface_is_described(client):
    described = client.get("/api/v1/openapi.json").json()

    assert {"/api/v1/touches", "/api/v1/leads"} <= set(described["paths"])
    assert described["paths"]["/api/v1/leads"]["post"]["operationId"] == "marketing.record_lead"
