"""What an agency's tools are told by token, and why it tells nothing of the person behind it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Reader
from standardwebhooks import WebhookVerificationError

from clearpath import jobs
from clearpath.jobs.models import Job
from clearpath.journeys.models import Journey
from clearpath.marketing import conversions, results, webhooks
from clearpath.marketing.batches import Released
from clearpath.marketing.models import Lead, Result, Webhook
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.factories import agency_of, client_of, make_campaign
from tests.marketing.test_landing import PERSON, make_link, stamp_of, visited
from tests.marketing.test_pages import sign_in
from tests.marketing.test_results import SMALLEST, answered, paid_campaign
from tests.records.loopback import elsewhere

pytestmark = pytest.mark.django_db
AGREED = {"measuring_wording": "You may be told averages."}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def treated(leads, count):
    """The first so many of these were treated, all of them have left."""
    tokens = [lead.token for lead in leads]
    Journey.objects.filter(source_reference__in=tokens).update(closed_at=NOON)
    Journey.objects.filter(source_reference__in=tokens[:count]).update(facts=["treated"])


def told(campaign):
    return [(each.token, each.stage, each.share_bps) for each in conversions.told_of(campaign)]


def test_everybody_in_a_cell_is_told_of_with_the_same_average_whatever_became_of_them():
    campaign = make_campaign()
    leads = answered(campaign, make_organisation("facilitator"), yes=3 * SMALLEST, no=SMALLEST, **AGREED)
    treated(leads, 2 * SMALLEST)
    results.note_results(now=NOON)

    assert conversions.note_conversions(now=NOON) == 2 * len(leads)
    assert conversions.note_conversions(now=NOON) == 0

    assert {(stage, share) for _token, stage, share in told(campaign)} == {("journey", 7_500), ("treated", 5_000)}
    for stage in ("journey", "treated"):
        assert {token for token, each, _share in told(campaign) if each == stage} == {lead.token for lead in leads}


def test_nothing_is_told_before_a_batch_is_complete_and_nothing_of_who_did_not_agree():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    agreed = answered(campaign, facilitator, yes=SMALLEST, no=SMALLEST - 1, **AGREED)
    results.note_results(now=NOON)
    assert conversions.note_conversions(now=NOON) == 0

    silent = answered(campaign, facilitator, yes=0, no=1)
    results.note_results(now=NOON)
    conversions.note_conversions(now=NOON)

    assert {token for token, _stage, _share in told(campaign)} == {lead.token for lead in agreed}
    assert silent[0].token not in {token for token, _stage, _share in told(campaign)}


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=3))
def test_shares_follow_from_released_figures_alone(figures):
    released = {stage: Released(*each) for stage, each in zip(Result.Stage.values, figures, strict=False)}

    shares = conversions.shares_of(released)

    expected = Fraction(1)
    for stage, (yes, no) in zip(Result.Stage.values, figures, strict=False):
        expected *= Fraction(yes, yes + no)
        assert shares.pop(stage) == expected
    assert shares == {}


def test_values_are_that_share_of_what_the_agency_is_paid():
    campaign = paid_campaign({"amount_minor": 5_000, "per": "lead"})
    answered(campaign, make_organisation("facilitator"), yes=SMALLEST, no=SMALLEST, **AGREED)
    results.note_results(now=NOON)

    conversions.note_conversions(now=NOON)

    assert {(each.value_minor, each.currency) for each in conversions.told_of(campaign)} == {(2_500, "EUR")}


# On the landing page


@pytest.mark.parametrize("ticked", [True, False])
def test_only_who_ticks_the_second_box_is_told_of(client, ticked):
    make_organisation("facilitator")
    page, url = visited(client, make_link())
    assert 'name="measured" id="id_measured">' in page.content.decode()  # nobody ticked it for them

    box = {"measured": "on"} if ticked else {}
    answer = client.post(url, PERSON | {"stamp": stamp_of(page)} | box)

    assert answer.status_code == 200
    wording = Lead.objects.get().measuring_wording
    assert bool(wording) is ticked
    assert wording in page.content.decode()  # word for word what stood there


# Files


@pytest.fixture
def brought():
    campaign = paid_campaign({"amount_minor": 5_000, "per": "lead"})
    leads = answered(campaign, make_organisation("facilitator"), yes=SMALLEST, no=SMALLEST, **AGREED)
    results.note_results(now=NOON)
    conversions.note_conversions(now=NOON)
    return campaign, {str(lead.token) for lead in leads}


def test_the_file_for_google_is_the_one_that_it_takes(client, brought):
    campaign, tokens = brought
    sign_in(client, agency_of(campaign))

    answer = client.get(reverse("marketing:conversion_file", args=[campaign.pk, "google"]))

    first, *rows = csv.reader(io.StringIO(answer.content.decode()))
    assert first == ["Parameters:TimeZone=+0000"]
    header, *lines = rows
    assert header == ["Google Click ID", "Conversion Name", "Conversion Time", "Conversion Value",
                      "Conversion Currency", "Ad User Data", "Ad Personalization"]  # fmt: skip
    assert {line[0] for line in lines} == tokens
    same = ["Clearpath journey", f"{NOON:%Y-%m-%d} 12:00:00", "25.00", "EUR", "Granted", "Denied"]
    assert all(line[1:] == same for line in lines)


def test_the_file_for_meta_is_offline_events_with_the_token_and_nothing_else_of_anybody(client, brought):
    campaign, tokens = brought
    sign_in(client, agency_of(campaign))

    events = client.get(reverse("marketing:conversion_file", args=[campaign.pk, "meta"])).json()["data"]

    assert {key for each in events for key in each["user_data"]} == {"external_id"}
    assert {each["user_data"]["external_id"][0] for each in events} == tokens
    assert {each["action_source"] for each in events} == {"physical_store"}
    assert {(each["custom_data"]["value"], each["custom_data"]["currency"]) for each in events} == {(25.0, "EUR")}
    assert len({each["event_id"] for each in events}) == len(events)


def test_files_can_begin_at_a_day(client, brought):
    campaign, _tokens = brought
    sign_in(client, agency_of(campaign))
    url = reverse("marketing:conversion_file", args=[campaign.pk, "meta"])

    assert client.get(url, {"since": (NOON + timedelta(days=1)).date().isoformat()}).json() == {"data": []}
    assert client.get(url, {"since": NOON.date().isoformat()}).json()["data"]


@pytest.mark.parametrize("who", ["client", "facilitator", "another agency"])
def test_nobody_else_has_these_files(client, brought, who):
    campaign, _tokens = brought
    others = {"client": client_of(campaign), "facilitator": actor_at(make_organisation("facilitator"), "facilitator"),
              "another agency": actor_at(make_organisation("agency"), "agency")}  # fmt: skip
    sign_in(client, others[who])

    for url in (reverse("marketing:conversions", args=[campaign.pk]),
                reverse("marketing:conversion_file", args=[campaign.pk, "google"])):  # fmt: skip
        assert client.get(url).status_code == 404


def test_the_page_counts_what_was_told(client, brought):
    campaign, tokens = brought
    sign_in(client, agency_of(campaign))

    page = client.get(reverse("marketing:conversions", args=[campaign.pk])).content.decode()

    assert f">{len(tokens)}</td>" in page
    assert not any(token in page for token in tokens)


# The webhook


@pytest.fixture
def server(settings):
    settings.LINK_LOOPBACK = True
    with elsewhere({("POST", "/hook"): (204, "text/plain", b"")}) as found:
        yield found


def hooked(client, agency, url):
    """The secret of the webhook that an agency makes by its page."""
    sign_in(client, agency)
    answer = client.post(reverse("marketing:webhook"), {"url": url})
    assert answer.status_code == 200, answer.content.decode()
    return next(word for word in answer.context["secret"].split())


def sent(server):
    return [(headers, body) for _method, _path, body, headers in server.heard]


def test_what_is_released_is_sent_once_and_signed_so_that_the_reference_reader_takes_it(client, brought, server):
    campaign, tokens = brought
    secret = hooked(client, agency_of(campaign), f"{server.url}/hook")

    webhooks.queue(now=NOON)
    webhooks.queue(now=NOON)
    jobs.run_due(now=NOON, strict=True)

    [(headers, body)] = sent(server)
    said = Reader(secret).verify(body, headers)
    assert said["type"] == "conversions.released"
    assert {each["token"] for each in said["data"]["conversions"]} == tokens
    assert {
        (each["stage"], each["share"], each["value"], each["currency"]) for each in said["data"]["conversions"]
    } == {("journey", 0.5, "25.00", "EUR")}
    with pytest.raises(WebhookVerificationError):
        Reader(webhooks.new_secret()).verify(body, headers)


def test_a_message_that_is_not_taken_comes_again_with_the_same_name(client, brought, server):
    campaign, _tokens = brought
    hooked(client, agency_of(campaign), f"{server.url}/hook")
    server.answers = {("POST", "/hook"): (500, "text/plain", b"")}
    webhooks.queue(now=NOON)
    jobs.run_due(now=NOON)
    assert Webhook.objects.get().answered == "500"

    server.answers = {("POST", "/hook"): (200, "text/plain", b"")}
    jobs.run_due(now=NOON + timedelta(minutes=5), strict=True)

    first, second = (headers["webhook-id"] for headers, _body in sent(server))
    assert first == second
    assert Job.objects.filter(kind="marketing.tell_webhook", done_at=None).count() == 0


def test_who_answers_that_it_is_gone_is_left_alone(client, brought, server):
    campaign, _tokens = brought
    hooked(client, agency_of(campaign), f"{server.url}/hook")
    server.answers = {("POST", "/hook"): (410, "text/plain", b"")}
    webhooks.queue(now=NOON)

    jobs.run_due(now=NOON, strict=True)

    assert Webhook.objects.count() == 0


def test_a_test_message_tells_whether_it_was_taken(client, brought, server):
    campaign, _tokens = brought
    secret = hooked(client, agency_of(campaign), f"{server.url}/hook")

    page = client.post(reverse("marketing:webhook"), {"do": "test"}, follow=True).content.decode()

    assert "Your server took the test message." in page
    [(headers, body)] = sent(server)
    assert Reader(secret).verify(body, headers)["type"] == "webhook.test"
    assert secret not in page  # it was shown once


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "http://example.org/x", "https://10.0.0.1/", "nonsense", ""])
def test_an_address_inside_or_without_https_is_refused_with_a_sentence(client, brought, url):
    campaign, _tokens = brought
    sign_in(client, agency_of(campaign))

    answer = client.post(reverse("marketing:webhook"), {"url": url})

    assert answer.status_code == 422
    assert Webhook.objects.count() == 0


def test_only_an_agency_has_a_webhook_and_ends_it(client, brought, server):
    campaign, _tokens = brought
    hooked(client, agency_of(campaign), f"{server.url}/hook")
    client.post(reverse("marketing:webhook"), {"do": "end"})
    assert Webhook.objects.count() == 0

    sign_in(client, client_of(campaign))
    assert client.get(reverse("marketing:webhook")).status_code == 404


def test_the_signature_is_that_of_the_specification():
    """Source: the example of the Standard Webhooks specification, 1.0."""
    headers = webhooks.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1_614_265_330, UTC), b'{"test": 2432232314}',
    )  # fmt: skip

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
