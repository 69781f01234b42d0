"""A guest's own pages by a secret address: agenda, calendar, answers, wishes, moves and ratings."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from clearpath import jobs
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import during_steps, guests, steps
from clearpath.forums.badges import code_of
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.during_policies import is_rated_until
from clearpath.forums.models import Delegate, GuestLink, Held, Meeting, NextStep, Rating
from clearpath.forums.repairs import Trouble
from clearpath.forums.report import report_for
from clearpath.forums.told_once import digest_of
from clearpath.trust import log
from clearpath.turns.charters import is_time_for
from clearpath.turns.models import Notice
from tests.factories import NOON
from tests.forums.delegate_sheet import as_csv
from tests.forums.during import BEGUN, now_at, organizer_now, party
from tests.forums.factories import at, make_forum, organizer_of, registered
from tests.forums.test_pages import sign_in

pytestmark = pytest.mark.django_db
ADA = {"organisation": "House of Ada", "trade": "facilitator", "person": "Ada", "email": "ada@house.example"}


def guest_of(forum, **said):
    lines = judged_for(forum, as_csv([ADA | said])).delegates
    steps.import_delegates(forum, lines, by=organizer_of(forum))
    return forum.delegates.get(guest_organisation=(ADA | said)["organisation"])


@pytest.fixture
def met(db, time_machine):
    """A forum that runs, in which a hospital of the network meets a guest at noon."""
    time_machine.move_to(BEGUN, tick=False)
    hospital = party("provider")
    forum = make_forum(hospital, minutes=20)
    [delegate] = registered(forum, hospital)
    guest = guest_of(forum)
    secret = steps.give_link(forum, guest, by=organizer_of(forum))
    steps.answer_meeting(forum, guest, answer="yes", by=at(hospital))
    return SimpleNamespace(forum=forum, hospital=hospital, delegate=delegate, guest=guest, secret=secret)


def url(name, *args):
    return reverse(f"forums:{name}", args=args)


def begin(met, client):
    client.post(url("guest_people", met.secret), {"other": met.delegate.pk, "answer": "yes"})
    steps.publish_agendas(met.forum, by=organizer_of(met.forum))
    steps.start(met.forum, by=organizer_of(met.forum))
    return Meeting.objects.exclude(begins_at=None).get()


def rate(met, client, meeting, **said):
    return client.post(url("guest_rate", met.secret, meeting.pk), {"worth_it": "yes", "next_step": "none"} | said)


def test_a_guest_accepts_a_meeting_and_finds_it_in_agenda_and_calendar(client, met):
    page = client.get(url("guest_people", met.secret)).content.decode()
    assert "asks to meet you" in page

    meeting = begin(met, client)

    assert (meeting.state, meeting.begins_at) == ("accepted", NOON)
    [entry] = [each for each in log.entries_of(met.forum.pk) if each.step == "forums.answer_meeting_by_link"]
    assert (entry.role, entry.person_id, entry.decision) == ("facilitator", None, "done")
    agenda = client.get(url("guest", met.secret))
    assert met.hospital.name in agenda.content.decode()
    assert "Was it worth it?" in agenda.content.decode()
    assert (agenda["Referrer-Policy"], agenda["X-Robots-Tag"]) == ("same-origin", "noindex")
    file = client.get(url("guest_calendar", met.secret))
    assert (file["Content-Type"].split(";")[0], file.content.count(b"BEGIN:VEVENT")) == ("text/calendar", 1)


def test_a_guest_has_a_badge_that_checks_in_and_a_floor_with_their_own_table(client, met):
    assert "badge.pdf" not in client.get(url("guest", met.secret)).content.decode()

    begin(met, client)

    page = client.get(url("guest", met.secret)).content.decode()
    assert all(url(name, met.secret) in page for name in ("guest_paper", "guest_floor"))
    pdf, picture = (client.get(url(name, met.secret)) for name in ("guest_paper", "guest_floor"))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf.content)).pages)
    assert all(each in text for each in ("Ada", "House of Ada", met.hospital.name))
    assert (picture["Content-Type"], "12:00" in picture.content.decode()) == ("image/svg+xml", True)
    assert all(each["Referrer-Policy"] == "same-origin" for each in (pdf, picture))

    sign_in(client, organizer_of(met.forum))
    scanned = url("badge", code_of(met.guest.pk))
    assert "Check in" in client.get(scanned).content.decode()
    client.post(scanned)
    assert "Here today" in client.get(scanned).content.decode()
    assert met.forum.check_ins.get().delegate == met.guest


def test_two_guests_who_both_want_a_next_step_read_it_each_on_their_own_page(client, met):
    bea = guest_of(met.forum, organisation="House of Bea", person="Bea", email="bea@house.example", trade="provider")
    hers = steps.give_link(met.forum, bea, by=organizer_of(met.forum))
    client.post(url("guest_people", met.secret), {"other": bea.pk, "answer": "yes"})
    client.post(url("guest_people", hers), {"other": met.guest.pk, "answer": "yes"})
    steps.publish_agendas(met.forum, by=organizer_of(met.forum))
    steps.start(met.forum, by=organizer_of(met.forum))
    meeting = Meeting.objects.exclude(begins_at=None).get()

    said = {"worth_it": "yes", "next_step": "dated", "what": "Sign", "due_on": "2026-07-10"}
    client.post(url("guest_rate", met.secret, meeting.pk), said)
    assert "What you agreed" not in client.get(url("guest", hers)).content.decode()
    client.post(url("guest_rate", hers, meeting.pk), said | {"what": "Send prices", "due_on": "2026-07-12"})

    for secret, other in ((met.secret, "House of Bea"), (hers, "House of Ada")):
        agreed = client.get(url("guest", secret)).content.decode().split('id="agreed-title"')[1].split("</section>")[0]
        assert all(each in agreed for each in ("Sign", "Send prices", "2026-07-12", other))


def test_a_guest_rates_in_private_and_the_meeting_counts_as_kept(client, met):
    meeting = begin(met, client)
    asked = client.get(url("guest_rate", met.secret, meeting.pk)).content.decode()
    assert ("it stands in both agendas" in asked, "a task for both" in asked) == (True, False)

    answer = rate(met, client, meeting)

    assert (answer.status_code, Held.objects.get().state) == (302, "kept")
    rating = Rating.objects.get()
    assert (rating.delegate, rating.worth_it) == (met.guest, True)
    assert list(log.entries_of(met.forum.pk))[-1].step == "forums.rate_by_link"


@pytest.mark.parametrize("guest_first", [True, False])
def test_what_both_want_stands_in_both_agendas_and_is_counted_without_a_connection(client, met, guest_first):
    meeting = begin(met, client)
    said = {"next_step": "dated", "what": "Send the price list", "due_on": "2026-07-10"}

    def hospital_rates():
        during_steps.rate(
            met.forum, meeting, worth_it=True, next_step="later", shares_contact=True, by=now_at(met.hospital)
        )

    if not guest_first:
        hospital_rates()
    assert rate(met, client, meeting, shares_contact="on", **said).status_code == 302
    if guest_first:
        hospital_rates()

    theirs = client.get(url("guest", met.secret)).content.decode()
    agreed = theirs.split('id="agreed-title"')[1].split("</section>")[0]
    assert all(each in agreed for each in ("Send the price list", met.hospital.name, "2026-07-10"))
    sign_in(client, at(met.hospital))
    ours = client.get(url("agenda", met.forum.pk)).content.decode()
    for page in (theirs, ours):
        assert "Send the price list" in page
    assert "ada@house.example" in ours
    assert NextStep.objects.count() == 0
    report = report_for(organizer_now(met.forum), met.forum)
    assert (report.guest_meetings, report.guest_next_steps, report.all.connections) == (1, 1, 0)
    assert report.left_out == ()
    sign_in(client, organizer_of(met.forum))
    page = client.get(url("report", met.forum.pk)).content.decode()
    assert "not in connections, since nothing of theirs happens on the network" in page


def test_a_guest_rates_after_the_forum_was_finished_and_not_for_ever(client, met, time_machine):
    meeting = begin(met, client)
    steps.finish(met.forum, by=organizer_of(met.forum))

    time_machine.move_to(is_rated_until(met.forum.ends_at), tick=False)
    assert rate(met, client, meeting).status_code == 422
    time_machine.move_to(is_rated_until(met.forum.ends_at) - timedelta(seconds=1), tick=False)
    assert rate(met, client, meeting).status_code == 302


def test_a_guest_says_whom_they_wish_to_meet(client, met):
    said = {f"rank_{met.delegate.pk}": "1", "least": "1"}

    assert client.post(url("guest_wishes", met.secret), said).status_code == 302

    met.guest.refresh_from_db()
    assert [(wish.other, wish.rank) for wish in met.guest.wishes.all()] == [(met.delegate, 1)]
    assert met.guest.least == 1
    page = client.get(url("guest_wishes", met.secret)).content.decode()
    assert str(met.delegate.pk) in page
    assert str(met.guest.pk) not in page


def test_a_guest_is_not_told_that_both_want_it_where_one_wish_is_enough(client, met):
    client.post(url("guest_people", met.secret), {"other": met.delegate.pk, "answer": "yes"})
    assert "Both want it" in client.get(url("guest_people", met.secret)).content.decode()

    type(met.forum).objects.filter(pk=met.forum.pk).update(acceptance="automatic")
    page = client.get(url("guest_people", met.secret)).content.decode()
    assert ("Both want it" in page, "once the other side says yes" in page) == (False, False)
    assert "A wish of one is enough" in page


def test_a_guest_answers_a_change_of_their_agenda_and_the_organizer_is_told(client, met):
    plan = met.forum.plans.create(kind="repair", asked_at=NOON, done_at=NOON, status="optimal")
    move = plan.moves.create(delegate=met.guest, because="Table 1 broke.")
    other = plan.moves.create(delegate=met.delegate, because="Table 2 broke.")
    type(met.forum).objects.filter(pk=met.forum.pk).update(stage="published")

    assert "Table 1 broke." in client.get(url("guest", met.secret)).content.decode()
    client.post(url("guest_move", met.secret, move.pk), {"answer": "no"})

    move.refresh_from_db()
    assert move.says == "no"
    assert Notice.objects.filter(step="forums.answer_move_by_link", seat__role="organizer").count() == 1
    assert client.post(url("guest_move", met.secret, other.pk), {"answer": "no"}).status_code == 404


def fall_ill(met, delegate, reason="The hospital's plane is late."):
    """Somebody is away from noon on; their agendas are repaired."""
    by = organizer_of(met.forum)
    steps.repair_agendas(met.forum, Trouble(NOON, (delegate.pk,)), reason=reason, by=by)
    steps.apply_repair(met.forum, by=by)


def test_a_guest_who_loses_a_meeting_by_a_repair_reads_it_with_the_reason_and_so_does_the_member(client, met):
    begin(met, client)
    page = client.get(url("guest", met.secret)).content.decode()
    assert "These meetings do not take place" not in page

    fall_ill(met, met.delegate)

    page = client.get(url("guest", met.secret)).content.decode()
    sign_in(client, at(met.hospital))
    of_member = client.get(url("agenda", met.forum.pk)).content.decode()
    for text, other in ((page, met.hospital.name), (of_member, "House of Ada")):
        assert text.count("These meetings do not take place") == 1
        assert "plane is late." in text
        assert other in text.split("These meetings do not take place")[1]
        assert "as soon as the organizer has published" not in text
        assert "You have no meetings in this agenda." in text


def test_a_guest_whose_agenda_a_repair_changed_gets_one_mail_that_says_what_and_why(client, met):
    begin(met, client)
    fall_ill(met, met.guest, "Ada is ill.")

    jobs.run_due(strict=True)

    [sent] = mail.outbox
    assert sent.to == ["ada@house.example"]
    assert "Ada is ill." in sent.body
    assert f"- {met.hospital.name}: It does not take place" in sent.body


def test_no_mail_goes_to_guests_without_address_or_whose_agenda_stays(client, met):
    guest_of(met.forum, organisation="House of Bea", person="Bea", email="bea@house.example")
    begin(met, client)
    Delegate.objects.filter(pk=met.guest.pk).update(guest_email="")
    fall_ill(met, met.delegate)

    jobs.run_due(strict=True)

    assert mail.outbox == []


def test_an_address_is_kept_as_a_digest_and_a_new_one_ends_the_old(client, met):
    assert GuestLink.objects.get().digest == digest_of(met.secret)

    new = steps.give_link(met.forum, met.guest, by=organizer_of(met.forum))

    for name in ("guest", "guest_calendar", "guest_paper", "guest_floor", "guest_people", "guest_wishes"):
        assert client.get(url(name, met.secret)).status_code == 404
        assert client.get(url(name, new)).status_code == 200
    assert client.post(url("guest_people", met.secret), {"other": met.delegate.pk, "answer": "no"}).status_code == 404


def test_a_guest_reaches_nobody_elses_meetings(client, met):
    meeting = begin(met, client)
    other = guest_of(met.forum, organisation="House of Bea", person="Bea", email="bea@house.example")
    theirs = steps.give_link(met.forum, other, by=organizer_of(met.forum))

    assert client.get(url("guest_rate", theirs, meeting.pk)).status_code == 404
    assert client.post(url("guest_rate", theirs, meeting.pk), {"worth_it": "yes"}).status_code == 404
    assert met.hospital.name not in client.get(url("guest", theirs)).content.decode()
    assert Rating.objects.count() == 0


def test_nothing_is_answered_any_more_when_the_forum_is_over(client, met):
    begin(met, client)
    steps.finish(met.forum, by=organizer_of(met.forum))

    client.post(url("guest_people", met.secret), {"other": met.delegate.pk, "answer": "no"})

    assert Meeting.objects.get().state == "accepted"
    assert is_time_for(guests.guest_behind(met.secret).forum, "forums.answer_meeting") is False


def test_only_a_guest_gets_an_address_and_only_from_the_organizer(met):
    with pytest.raises(Refused, match="not_a_guest"):
        steps.give_link(met.forum, met.delegate, by=organizer_of(met.forum))
    with pytest.raises(NotYourPart):
        steps.give_link(met.forum, met.guest, by=at(met.hospital))


def test_the_organizer_makes_an_address_that_is_shown_once_and_mailed(client, met):
    sign_in(client, organizer_of(met.forum))
    forum_page = reverse("turns:subject", args=["forum", met.forum.pk])
    assert "An address is in use." in client.get(forum_page).content.decode()

    client.post(url("give_link", met.forum.pk, met.guest.pk))

    shown, again = (client.get(forum_page).content.decode() for _time in range(2))
    assert "/forums/guest/" in shown
    assert "/forums/guest/" not in again
    [sent] = mail.outbox
    assert (sent.to, "/forums/guest/" in sent.body) == (["ada@house.example"], True)
    assert sent.body.split()[-1] in shown


def given_to_all(client, met):
    """The guest who has an address keeps it; Bea gets hers, and Cem, who has no e-mail."""
    for name, email in (("Bea", "bea@house.example"), ("=Cem", "")):
        guest_of(met.forum, organisation=f"House of {name}", person=name, email=email)
    sign_in(client, organizer_of(met.forum))
    return client.post(url("give_links", met.forum.pk))


def test_every_guest_without_an_address_gets_theirs_by_mail_or_in_a_file(client, met):
    answer = given_to_all(client, met)
    page = client.get(reverse("turns:subject", args=["forum", met.forum.pk])).content.decode()

    assert client.get(url("guest", met.secret)).status_code == 200
    assert [sent.to for sent in mail.outbox] == [["bea@house.example"]]
    [heads, cem] = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert (heads, cem[:3]) == (["name", "organisation", "email", "address"], ["'=Cem", "House of =Cem", ""])
    for address in (cem[3], mail.outbox[0].body.split()[-1]):
        assert client.get(address).status_code == 200
    assert ("1 address was mailed." in page, url("give_links", met.forum.pk) in page) == (True, False)
    done = [entry for entry in log.entries_of(met.forum.pk) if entry.step == "forums.give_link"]
    assert [entry.decision for entry in done] == ["done"] * 3


def test_without_a_mail_server_every_new_address_is_in_the_file_and_none_is_said_to_be_mailed(client, met, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    answer = given_to_all(client, met)
    page = client.post(url("give_link", met.forum.pk, met.guest.pk), follow=True).content.decode()

    assert answer.content.count(b"/forums/guest/") == 2
    assert "It could not be mailed. Pass it on yourself." in page
    assert "mailed to them" not in page
    assert "mailed." not in page.replace("It could not be mailed.", "")


def test_only_who_runs_the_forum_gives_addresses_to_all(client, met):
    guest_of(met.forum, organisation="House of Bea", person="Bea", email="bea@house.example")
    sign_in(client, at(met.hospital))

    assert client.post(url("give_links", met.forum.pk)).status_code == 403
    assert GuestLink.objects.count() == 1


def test_the_generic_form_gives_an_address_too(client, met):
    sign_in(client, organizer_of(met.forum))
    take = reverse("turns:take", args=["forum", met.forum.pk, "forums.give_link"])

    page = client.post(take, {"delegate": met.guest.pk}, follow=True).content.decode()

    assert "/forums/guest/" in page
