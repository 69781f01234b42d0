"""Who shares records by a link, what is refused, and what stays when it is."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.urls import reverse

from clearpath.aftercare import steps as aftercare
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.parties.models import Person
from clearpath.records import bearers, link_queries, steps
from clearpath.records.link_forms import Share
from clearpath.records.models import Link
from clearpath.records.sharing import files_of
from clearpath.trust import log, vault
from clearpath.turns import steps as everywhere
from tests.factories import NOON, later, make_person, patient_actor
from tests.records.sharing import PASSCODE, SUMMARY, journey_with_summary, share
from tests.walk import PDF, consent_to, walk_to

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_share_keeps_what_was_there_sealed_and_the_passcode_hashed():
    walk = journey_with_summary()

    link = steps.share(walk.journey, lasts=A_DAY, passcode=PASSCODE, label=" For Dr. Weber ", by=walk.patient)

    link.refresh_from_db()
    assert b"resourceType" not in bytes(link.kept)
    assert json.loads(vault.open_sealed(bytes(link.kept), about=link.pk))["resourceType"] == "Bundle"
    assert link.passcode.startswith("scrypt$")
    assert check_password(PASSCODE, link.passcode)
    assert (link.label, link.expires_at, link.flags) == ("For Dr. Weber", NOON + A_DAY, "P")
    entry = log.entries_of(walk.journey.pk).last()
    assert (entry.step, entry.about_id) == ("records.share", link.pk)


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"label": "x" * 81}, "link_label_too_long"),
        ({"passcode": "12345"}, "passcode_too_short"),
        ({"passcode": PASSCODE, "single_file": True}, "single_file_with_passcode"),
        ({"lasts": timedelta(0)}, "link_lasts_too_long"),
        ({"lasts": timedelta(days=367)}, "link_lasts_too_long"),
        ({"with_summary": False}, "nothing_to_share"),
    ],
)
def test_share_is_refused_and_leaves_nothing(choices, code):
    walk = journey_with_summary()

    with pytest.raises(Refused, match=code):
        steps.share(walk.journey, **{"lasts": A_DAY, "by": walk.patient} | choices)

    assert not Link.objects.exists()
    assert log.entries_of(walk.journey.pk).last().reason == code


def test_a_single_file_link_takes_one_file():
    walk = journey_with_summary()
    record = walk.journey.records.first()

    with pytest.raises(Refused, match="single_file_takes_one"):
        steps.share(walk.journey, lasts=A_DAY, single_file=True, record_ids=[record.pk], by=walk.patient)
    link = steps.share(
        walk.journey, lasts=A_DAY, single_file=True, with_summary=False, record_ids=[record.pk], by=walk.patient
    )

    assert link.flags == "U"
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.filter(pk=link.pk).update(passcode="x")


@pytest.mark.parametrize("role", ["facilitator", "provider", "doctor"])
def test_only_the_patient_shares_and_stops(role):
    walk = walk_to("records.give_opinion")
    steps.add(walk.journey, content=SUMMARY, by=walk.patient)
    link, _payload = share(walk)

    with pytest.raises(NotYourPart) as refusal:
        steps.share(walk.journey, lasts=A_DAY, by=getattr(walk, role))
    with pytest.raises(NotYourPart):
        steps.stop_sharing(walk.journey, link, by=getattr(walk, role))

    assert refusal.value.rightful == "patient"
    assert Link.objects.get().stopped_at is None


def test_a_record_of_another_journey_is_not_shared():
    walk, other = journey_with_summary(), journey_with_summary()

    with pytest.raises(NotFound, match="no_such_record"):
        steps.share(walk.journey, lasts=A_DAY, record_ids=[other.journey.records.first().pk], by=walk.patient)
    link, _payload = share(other)
    with pytest.raises(NotFound):
        steps.stop_sharing(walk.journey, link, by=walk.patient)


def test_a_link_is_stopped_once_and_nothing_of_it_can_be_opened():
    walk = journey_with_summary()
    link, _payload = share(walk)
    handle = link.handle

    steps.stop_sharing(walk.journey, link, by=walk.patient)

    with pytest.raises(Refused, match="link_has_ended"):
        steps.stop_sharing(walk.journey, link, by=walk.patient)
    with pytest.raises(NotFound):
        bearers.link_at(handle, at=NOON)
    link.refresh_from_db()
    assert (link.key, link.handle, bytes(link.kept)) == ("", "", b"")
    with pytest.raises(NotFound):
        link_queries.written_out(link, root="https://x.example")


def test_a_closed_journey_takes_no_new_link_and_what_was_handed_out_can_be_taken_back(client):
    walk = walk_to("aftercare.close")
    steps.add(walk.journey, content=SUMMARY, by=walk.patient)
    link, _payload = share(walk)
    aftercare.close(walk.journey, by=walk.facilitator)
    client.force_login(Person.objects.get(pk=walk.patient.person_id))

    with pytest.raises(NotYourPart):
        steps.share(walk.journey, lasts=A_DAY, by=walk.patient)
    with pytest.raises(NotYourPart):
        steps.stop_sharing(walk.journey, link, by=walk.patient)
    with time_machine.travel(NOON + A_DAY, tick=False):
        answer = client.post(reverse("records:stop_link", args=[link.pk]))

    assert answer.status_code == 302
    link.refresh_from_db()
    assert (link.stopped_at, link.key) == (NOON + A_DAY, "")
    entry = log.entries_of(walk.journey.pk).last()
    assert (entry.step, entry.decision, entry.person_id) == ("records.stop_sharing", "done", walk.patient.person_id)


def test_whom_the_patient_appointed_shares_for_them_and_nobody_else_sees_the_link():
    walk = journey_with_summary("records.give_opinion")
    relative = make_person("Sister")
    everywhere.appoint(walk.journey, person_id=relative.pk, wording="Everything.", by=walk.patient)
    acting = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=walk.patient.person_id)

    link = steps.share(walk.journey, lasts=A_DAY, by=acting)

    assert [row.id for row in link_queries.own_links(acting, walk.journey)] == [link.pk]
    assert [row.id for row in link_queries.own_links(walk.patient, walk.journey)] == [link.pk]
    for stranger in (walk.facilitator, walk.doctor, walk.provider, patient_actor()):
        assert link_queries.own_links(stranger, walk.journey) == []
        with pytest.raises(NotFound):
            link_queries.link_for(stranger, link.pk)


def test_what_a_doctor_wrote_back_is_seen_by_who_may_see_the_records():
    walk = journey_with_summary("records.give_opinion")
    link, _payload = share(walk)
    bearers.answer_link(link, kind="question", name="Dr. W", text="Which cement?", reach="w@example.org", now=NOON)

    assert [row.text for row in link_queries.answers_for(walk.patient, walk.journey)] == ["Which cement?"]
    assert [row.reach for row in link_queries.answers_for(walk.doctor, walk.journey)] == ["w@example.org"]
    assert link_queries.answers_for(walk.facilitator, walk.journey) == []
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    assert len(link_queries.answers_for(walk.facilitator, walk.journey)) == 1


def test_the_form_brings_the_usual_choices_so_that_a_press_is_enough():
    walk = journey_with_summary()

    form = Share(actor=walk.patient, subject=walk.journey)
    chosen = {name: field.initial for name, field in form.fields.items() if field.initial}
    sent = Share(chosen, actor=walk.patient, subject=walk.journey)

    assert sent.is_valid(), sent.errors
    things, details = sent.arguments()
    link = steps.share(walk.journey, *things, by=walk.patient, **details)
    assert (link.flags, link.with_summary, link.expires_at) == ("P", True, NOON + timedelta(days=30))


def test_the_page_of_a_link_says_who_opened_it_and_no_longer_shows_an_ended_one(client):
    walk = journey_with_summary()
    link, _payload = share(walk, passcode=PASSCODE, label="For Dr. Weber")
    bearers.open_link(link, bearers.Bearer("Dr. Weber", NOON), PASSCODE)
    client.force_login(Person.objects.get(pk=walk.patient.person_id))

    with time_machine.travel(NOON + A_DAY, tick=False):
        open_page = client.get(reverse("records:link", args=[link.pk])).content.decode()
        picture = client.get(reverse("records:link_qr", args=[link.pk]))
        journey_page = client.get(reverse("turns:subject", args=["journey", walk.journey.pk])).content.decode()
    steps.stop_sharing(walk.journey, link, by=later(walk.patient, NOON + A_DAY))
    with time_machine.travel(NOON + A_DAY, tick=False):
        ended = client.get(reverse("records:link", args=[link.pk])).content.decode()
        gone = client.get(reverse("records:link_qr", args=[link.pk]))

    assert "<bdi>Dr. Weber</bdi>" in open_page
    looks = journey_page.partition('id="looks"')[2].partition("</section>")[0]
    assert "Opened a link to the health records" in looks
    assert "Dr. Weber" in looks
    assert "shlink:/" in open_page
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"style=" not in picture.content
    assert "shlink:/" not in ended
    assert gone.status_code == 404


def test_an_address_that_is_too_long_for_a_link_is_said_to_be(client, settings):
    settings.LINK_URL = "https://" + "a" * 73 + ".example"
    walk = journey_with_summary()
    link, _payload = share(walk)
    client.force_login(Person.objects.get(pk=walk.patient.person_id))

    with time_machine.travel(NOON + A_DAY, tick=False):
        answer = client.get(reverse("records:link", args=[link.pk]))

    assert answer.status_code == 409
    assert "CLEARPATH_LINK_URL" in answer.content.decode()


def test_what_was_erased_is_left_out_of_a_link():
    walk = journey_with_summary()
    record = walk.journey.records.get(media_type="application/pdf")
    link, _payload = share(walk, with_summary=True, record_ids=[record.pk])
    assert len(files_of(link, at=NOON)) == 2
    vault.erase(record.pk)
    assert list(files_of(link, at=NOON)) == ["summary"]
    assert PDF not in files_of(link, at=NOON)["summary"].content
