"""An agency finds patients and never holds one: from a brief to treated patients, in a real browser.

The visitors come by the agency's link in Turkish and in Arabic. What names them is searched for in everything that
the agency can reach: every page and file, its programs' answers, e-mails, and the log of the process.
"""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clearpath import jobs
from clearpath.agreements import steps as agreements
from clearpath.agreements.models import Agreement
from clearpath.config.demo import walk
from clearpath.jobs.models import Job
from clearpath.journeys import steps as journey_steps
from clearpath.journeys.models import Journey
from clearpath.marketing import steps
from clearpath.marketing.models import Campaign, Creative, Lead, TrackedLink
from clearpath.parties.models import Person
from clearpath.turns.charters import charter
from tests.agreements.factories import COMPLETE, signed
from tests.factories import actor_at, make_organisation, patient_of, steward
from tests.marketing.test_endpoints import Program
from tests.records.loopback import elsewhere
from tests.stories.people import PHONE, time_passes
from tests.stories.test_least_sight import addresses, everything_seen, sign_in
from tests.stories.test_one_journey import in_days

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

VISITORS = {
    "tr": {"name": "Derya Canarybird", "phone": "+90 532 555 98 76", "email": "derya.canarybird@example.org"},
    "ar": {"name": "Layla Canarybird", "phone": "+965 5550 9876", "email": "layla.canarybird@example.org"},
}
CANARY = ("anarybird", "5329876", "555 98 76", "5559876", "5550 9876", "55509876", "canaryquestion", "canaryreason")
SUMMARY = b'{"resourceType": "Bundle", "type": "document", "entry": []}'


def named_in(text):
    return [word for word in CANARY if word in text]


@pytest.fixture
def network():
    made = {
        name: make_organisation(role, name=f"{name.title()} House")
        for name, role in (("agency", "agency"), ("guide", "facilitator"), ("desk", "provider"), ("surgeon", "doctor"))
    }
    steward()
    return made


def test_an_agency_finds_patients_and_never_holds_one(story, network, tools, client, caplog, monkeypatch, settings):
    caplog.set_level(logging.DEBUG)
    for name, organisation in network.items():
        role = {"guide": "facilitator", "desk": "provider", "surgeon": "doctor"}.get(name, name)
        story.joins(name, actor_at(organisation, role))

    agreement = they_agree_what_is_paid(network)
    campaign = the_agency_answers_a_brief(story, network, agreement)
    creative = its_advertisement_is_checked(story, campaign)
    link = it_makes_a_link(story, campaign, creative)
    settings.LINK_LOOPBACK = True
    its_tools_listen(story, tools.url)
    for language, person in VISITORS.items():
        a_visitor_asks(story, link, language, person)
    more_visitors_ask(story, link)
    journeys = the_guide_answers(story, network)
    half_of_them_are_treated(network, journeys)
    the_agency_sees_what_it_brought(story, campaign, monkeypatch)
    its_tools_hear_averages(tools)
    nothing_names_them(story, network, client, caplog, campaign, journeys)
    assert story.said == []


@pytest.fixture
def tools():
    with elsewhere({("POST", "/hook"): (204, "text/plain", b"")}) as found:
        yield found


def they_agree_what_is_paid(network):
    desk = actor_at(network["desk"], "provider")
    agreement = agreements.draft(
        title="Finding patients", second_id=network["agency"].pk, second_role="agency", by=desk
    )
    fees = [
        {"fee_type": "marketing", "payer": "first", "jurisdiction": "TR", "currency": "EUR", "amount_minor": amount,
         "per": per}
        for per, amount in (("lead", 5_000), ("treated", 40_000), ("month", 100_000))
    ]  # fmt: skip
    agreements.propose_terms(agreement, text="The agency finds patients.", fees=fees, by=desk, **COMPLETE)
    agreement.refresh_from_db()
    return signed(agreement)


def the_agency_answers_a_brief(story, network, agreement):
    story.as_("desk").take(
        "marketing.publish_brief",
        name="Walk again", agency_id=network["agency"].pk, doctor_id=network["surgeon"].pk, services="Knee replacement",
        countries="TR, KW", languages="tr, ar",
    )  # fmt: skip
    campaign = Campaign.objects.get()
    with story.elsewhere(campaign):
        story.as_("agency").take("marketing.propose_campaign", plan="Search and social, in Turkish and Arabic.")
        story.as_("desk").take("marketing.accept_campaign", agreement_id=agreement.pk)
        assert campaign.stage == "running"
    return campaign


def its_advertisement_is_checked(story, campaign):
    story.as_("agency").take(
        "marketing.submit_creative",
        campaign_id=campaign.pk, title="Diz protezi", text="A new knee, with four nights in hospital.",
        landing_page="https://walk.example", first_day=in_days(0), last_day=in_days(90), countries="TR, KW",
        languages="tr, ar",
    )  # fmt: skip
    creative = Creative.objects.get()
    with story.elsewhere(creative):
        story.as_("agency").refused("marketing.run_creative", status=403)  # nothing runs unchecked
        story.as_("surgeon").take("marketing.check_claims")
        story.as_("desk").take("marketing.approve_creative")
        story.as_("agency").take("marketing.run_creative")
        assert creative.stage == "running"
    return creative


def it_makes_a_link(story, campaign, creative):
    story.as_("agency").goto(reverse("marketing:make_link", args=[campaign.pk]))
    story.page.fill("[name=channel]", "social")
    story.page.select_option("[name=creative_id]", str(creative.pk))
    story.page.click("main form button.btn-primary")
    story.page.wait_for_selector("#links")
    return TrackedLink.objects.get()


def its_tools_listen(story, url):
    story.as_("agency").goto(reverse("marketing:webhook"))
    story.page.fill("[name=url]", f"{url}/hook")
    story.page.click("main form button.btn-primary")
    story.page.wait_for_selector("#secret-title")
    reads_well(story, reverse("marketing:webhook"))


def its_tools_hear_averages(tools):
    said = [json.loads(body) for _method, _path, body in tools.asked]
    told = [each for message in said for each in message["data"]["conversions"]]
    assert {str(each) for each in Lead.objects.values_list("token", flat=True)} == {each["token"] for each in told}
    assert {(each["stage"], each["share"]) for each in told} == {("journey", 0.6667), ("treated", 0.3333)}
    assert named_in(json.dumps(said)) == []


def a_visitor_asks(story, link, language, person):
    context = story.browser.new_context(viewport=PHONE, locale=language)
    page = context.new_page()
    page.set_default_timeout(60_000)
    elsewhere = []
    page.on("request", lambda asked: asked.url.startswith(story.url) or elsewhere.append(asked.url))
    page.goto(story.url + reverse("marketing:landing", args=[link.code]))
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == {"ar": "rtl"}.get(language, "ltr")
    for name, value in person.items():
        page.fill(f"#id_{name}", value)
    page.fill("#id_asks", "canaryquestion")
    page.select_option("#id_country", {"tr": "TR", "ar": "KW"}[language])
    page.check("#id_agreed")
    page.check("#id_measured")
    page.click("button")
    page.wait_for_selector("h1")
    assert (page.locator("form").count(), context.cookies(), elsewhere) == (0, [], [])
    context.close()


def more_visitors_ask(story, link):
    """So many that what became of them may be told: thrice the charter's smallest group."""
    smallest = charter(Campaign.objects.get().charter).smallest_group
    context = story.browser.new_context(base_url=story.url)
    for number in range(3 * smallest - len(VISITORS)):
        page = context.request.get(story.url + reverse("marketing:landing", args=[link.code]))
        stamp = page.text().partition('name="stamp" value="')[2].partition('"')[0]
        answer = context.request.post(
            page.url,
            form={
                "name": f"Person Canarybird {number}", "email": f"canarybird{number}@example.org",
                "phone": f"+96555{number:02}9876", "country": "KW", "asks": "canaryquestion", "agreed": "on",
                "measured": "on", "website": "", "stamp": stamp,
            },
        )  # fmt: skip
        assert answer.status == 200, answer.text()
    context.close()
    assert set(Lead.objects.values_list("stage", flat=True)) == {"with_facilitator"}


def the_guide_answers(story, network):
    """Two of three become journeys; the two who came in the browser are taken in the browser."""
    leads = list(Lead.objects.order_by("pk"))
    guide = replace(actor_at(network["guide"], "facilitator"), now=timezone.now())
    named = [lead for lead in leads if lead.name in {person["name"] for person in VISITORS.values()}]
    assert [lead.language for lead in named] == list(VISITORS)
    for lead in named:
        with story.elsewhere(lead):
            story.as_("guide").take("marketing.take_lead", procedure="Knee replacement")
    others = [lead for lead in leads if lead not in named]
    taken = others[: 2 * len(leads) // 3 - len(named)]
    for lead in taken:
        steps.take_lead(lead, procedure="Knee replacement", by=guide)
    for lead in others[len(taken) :]:
        steps.reject_lead(lead, reason="canaryreason", by=guide)
    journeys = list(Journey.objects.order_by("pk"))
    assert len(journeys) == 2 * len(leads) // 3
    assert {str(each.source_reference) for each in journeys} == {str(lead.token) for lead in [*named, *taken]}
    return journeys


def half_of_them_are_treated(network, journeys):
    """The two from the browser among them; the others leave before anything is done."""

    def pair(name, role):
        return network[name].pk, actor_at(network[name], role).person_id

    for journey in journeys[: len(journeys) // 2]:
        hours = count(1)
        case = walk.Case(
            name=journey.patient_name, country=journey.country, language=journey.language,
            procedure="Knee replacement", patient=journey.about_id, facilitator=pair("guide", "facilitator"),
            providers=[pair("desk", "provider")], doctors=[pair("surgeon", "doctor")], summary=SUMMARY,
            clock=lambda hours=hours: timezone.now() + timedelta(hours=30 * next(hours)), price_minor=1_000_000,
            begin=lambda _case, journey=journey: journey,
        )  # fmt: skip
        walk.go(case, "treated")
        assert "treated" in case.journey.facts
    for journey in journeys[len(journeys) // 2 :]:
        guide, patient = (
            replace(who, now=timezone.now()) for who in (actor_at(network["guide"], "facilitator"), patient_of(journey))
        )
        journey_steps.answer_inquiry(journey, how="telephone", by=guide)
        journey_steps.open_journey(journey, by=guide)
        journey_steps.withdraw(journey, reason="I stay at home.", by=patient)
        journey_steps.close_untreated(journey, by=guide)
    assert Journey.objects.filter(closed_at=None).count() == len(journeys) // 2


def the_agency_sees_what_it_brought(story, campaign, monkeypatch):
    story.as_("agency").goto(reverse("marketing:funnel", args=[campaign.pk]))
    assert "not enough yet" in story.text()
    time_passes(monkeypatch, timedelta(days=1))
    jobs.run_due(strict=True)

    story.goto(reverse("marketing:funnel", args=[campaign.pk]))
    assert "20 of 30" in story.text()
    assert "10 of 20" in story.text()
    story.goto(reverse("marketing:attribution", args=[campaign.pk]) + "?of=treated")
    assert "10 people are divided" in story.text()
    story.goto(reverse("marketing:earnings"))
    for amount in ("1,000.00", "4,000.00"):
        assert amount in story.text()
    assert story.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    pages = [
        reverse(f"marketing:{name}", args=[campaign.pk])
        for name in ("funnel", "attribution", "send_touches", "conversions")
    ]
    reads_well(story, *pages, reverse("marketing:earnings"))
    story.as_("desk").goto(reverse("marketing:earnings"))
    assert "4,000.00" in story.text()
    reads_well(story, reverse("marketing:brief", args=[campaign.pk]), reverse("marketing:earnings"))


def reads_well(story, *pages):
    """For a screen reader, and on a phone without moving sideways."""
    story.page.set_viewport_size(PHONE)
    for address in pages:
        story.goto(address)
        found = Axe().run(story.page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert story.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address


def nothing_names_them(story, network, client, caplog, campaign, journeys):
    agency = actor_at(network["agency"], "agency")
    subjects = [campaign, *Creative.objects.all(), *Lead.objects.all()[:3], *journeys[:2], *Agreement.objects.all()]
    sign_in(client, actor_at(network["guide"], "facilitator"))
    lead = reverse("turns:subject", args=["lead", Lead.objects.order_by("pk").first().pk])
    assert named_in(everything_seen(client, lead)) != []  # the search finds what is there
    client.logout()

    sign_in(client, agency)
    urls = addresses(SimpleNamespace(subjects=subjects))
    leaks = [f"{word} at {url}" for url in urls for word in named_in(everything_seen(client, url))]
    assert leaks == []
    program = Program(client, network["agency"].pk)
    assert named_in(program.get("leads").content.decode()) == []
    assert named_in(caplog.text) == []
    assert named_in(json.dumps(list(Job.objects.values_list("payload", flat=True)), default=str)) == []
    address = Person.objects.get(pk=agency.person_id).email
    assert named_in("".join(each.subject + each.body for each in mail.outbox if address in each.to)) == []
    for name in ("agency",):
        story.as_(name).at_subject(campaign)
        assert named_in(story.page.content()) == []
