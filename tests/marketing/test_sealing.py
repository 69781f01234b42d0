"""From the hand-over on an agency reaches nothing that names a person, and nothing that tells what came of one."""

import json
import logging
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clearpath.jobs.models import Job
from clearpath.marketing import steps
from clearpath.marketing.models import Lead
from clearpath.parties.models import Person
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.bad_rows import HEADINGS, quoted
from tests.marketing.factories import agency_of, make_campaign
from tests.marketing.test_endpoints import Program
from tests.marketing.test_incoming import ROW
from tests.marketing.test_landing import make_link, stamp_of, visited
from tests.marketing.test_pages import sign_in
from tests.stories.test_least_sight import addresses, everything_seen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CANARY = ("Canarybird", "canarybird", "5550 9876", "55509876", "canaryquestion", "canaryreason")
PERSON = {"name": "Layla Canarybird", "email": "layla.canarybird@example.org", "phone": "+965 5550 9876",
          "asks": "canaryquestion"}  # fmt: skip


def named_in(text):
    return [word for word in CANARY if word in text]


def leads_by_every_way(client, campaign, program):
    """One each by hand, by file, by program and by landing page; and a file with a broken line of the same person."""
    steps.record_lead(campaign_id=campaign.pk, by=agency_of(campaign), channel="telephone", **PERSON, country="KW",
                      language="ar", consent_wording="Call me.", consent_language="en", consented_at=NOON)  # fmt: skip
    sign_in(client, agency_of(campaign))
    for change in ({}, {"consent_wording": ""}):
        content = "\n".join([quoted(HEADINGS), quoted({**ROW, **PERSON, **change}.values())]).encode()
        file = SimpleUploadedFile("leads.csv", content)
        answer = client.post(reverse("marketing:send_leads", args=[campaign.pk]), {"file": file, "time_zone": "UTC"})
        if not change:
            client.post(answer["Location"] + "take-in")
    told = program.post("leads", {"campaign": str(campaign.pk), "leads": [ROW | PERSON | {"key": "a1"}]})
    client.logout()
    page, url = visited(client, make_link(campaign))
    client.post(url, PERSON | {"country": "KW", "agreed": "on", "website": "", "stamp": stamp_of(page)})
    return told.content.decode()


def test_nothing_that_an_agency_reaches_names_whom_it_brought(
    client, settings, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    settings.JOBS_INLINE = True
    with time_machine.travel(NOON, tick=False):
        campaign, facilitator = make_campaign(), make_organisation("facilitator")
        program = Program(client, campaign.agency_id)
        with django_capture_on_commit_callbacks(execute=True):
            answered = leads_by_every_way(client, campaign, program)
        steps.hand_over_lead(Lead.objects.get(stage="new"), by=agency_of(campaign))
        leads = list(Lead.objects.filter(stage="with_facilitator"))
        assert len(leads) == 4
        by = actor_at(facilitator, "facilitator")
        assert named_in(everything_at(client, by, leads)) != []  # the search finds what is there
        journey = steps.take_lead(leads[1], by=by)
        steps.reject_lead(leads[2], reason="canaryreason", by=by)
        subjects = [campaign, journey, *leads]

        agency = agency_of(campaign)
        sign_in(client, agency)
        leaks = []
        for url in addresses(SimpleNamespace(subjects=subjects)):
            leaks += [f"{word} at {url}" for word in named_in(everything_seen(client, url))]
        pages = [reverse("marketing:answering"), "/notices", "/"]
        leaks += [f"{word} at {url}" for url in pages for word in named_in(everything_seen(client, url))]

        assert leaks == []
        assert named_in(answered) == []
        assert named_in(program.get("leads").content.decode()) == []
        assert named_in(caplog.text) == []
        assert named_in(json.dumps(list(Job.objects.values_list("payload", flat=True)))) == []
        assert named_in("".join(each.body + each.subject for each in mail.outbox if agency_writes(each, agency))) == []


def everything_at(client, actor, leads):
    sign_in(client, actor)
    return "".join(everything_seen(client, reverse("turns:subject", args=["lead", lead.pk])) for lead in leads)


def agency_writes(message, agency):
    return Person.objects.get(pk=agency.person_id).email in message.to


def test_a_journey_and_a_closed_lead_look_alike_to_their_agency(client):
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    by = actor_at(facilitator, "facilitator")
    taken, rejected = (
        steps.record_lead(
            campaign_id=campaign.pk, by=agency_of(campaign), channel="social", country="KW", language="ar",
            consent_wording="Call me.", consent_language="en", consented_at=NOON,
            **{**PERSON, "email": f"{number}@example.org", "phone": ""},
        )
        for number in range(2)
    )  # fmt: skip
    for lead in (taken, rejected):
        steps.hand_over_lead(lead, by=agency_of(campaign))
    steps.take_lead(taken, by=by)
    steps.reject_lead(rejected, reason="No.", by=by)
    sign_in(client, agency_of(campaign))

    pages = []
    for lead in (taken, rejected):
        page = client.get(reverse("turns:subject", args=["lead", lead.pk])).content.decode()
        for own in (str(lead.pk), str(lead.token), str(lead.token)[:8], str(lead.pk)[-6:].upper()):
            page = page.replace(own, "")
        pages.append(without_keys(page))

    assert pages[0] == pages[1]


def without_keys(page):
    return re.sub(r'(nonce|value|csrf[^=]*)="[^"]*"|"X-CSRFToken": "[^"]*"', "", page)
