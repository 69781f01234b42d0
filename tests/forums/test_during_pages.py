import io
from datetime import date, timedelta

import pytest
from django.db.models import Q
from django.urls import reverse
from pypdf import PdfReader

from clearpath.forums import badges, during_steps
from clearpath.forums.connections import BINDING
from clearpath.forums.models import CheckIn, Feed, NextStep, Rating
from clearpath.parties.models import Person
from tests.factories import NOON
from tests.forums.during import check_in, now_at, organizer_now, party, running
from tests.forums.factories import at, organizer_of
from tests.forums.test_pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(db):
    return [party(role) for role in ("provider", "facilitator", "agency", "provider")]


@pytest.fixture
def forum(four, time_machine):
    time_machine.move_to(NOON + timedelta(minutes=5), tick=False)
    return running((0, 1), (2, 3), organisations=four, tables=2)


def get(client, name, *args, status=200):
    answer = client.get(reverse(f"forums:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def test_an_agenda_says_with_whom_where_and_what_is_now(client, forum, four):
    sign_in(client, at(four[0]))

    page = get(client, "agenda", forum.pk).content.decode()

    assert four[1].name in page
    assert "Table 1" in page
    assert four[2].name not in page
    assert 'data-when="now">' in page
    assert 'data-when="next" hidden>' in page
    assert "Was it worth it?" in page


def test_who_is_no_delegate_has_no_agenda(client, forum):
    sign_in(client, organizer_of(forum))

    get(client, "agenda", forum.pk, status=404)


def test_the_worker_is_ours_and_may_keep_only_what_lies_below_forums(client):
    answer = get(client, "agenda_worker")

    assert answer["Content-Type"] == "text/javascript"
    assert answer["Service-Worker-Allowed"] == "/forums/"


def test_signing_out_clears_what_the_device_kept(client, four):
    sign_in(client, at(four[0]))

    answer = client.post(reverse("account_logout"))

    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"storage"')
    assert "_auth_user_id" not in client.session


def test_the_calendar_file_holds_my_meetings_alone(client, forum, four):
    sign_in(client, at(four[0]))

    file = get(client, "agenda_file", forum.pk)

    assert file["Content-Type"].startswith("text/calendar")
    assert file.content.count(b"BEGIN:VEVENT") == 1
    assert four[1].name.encode() in file.content


def test_a_feed_works_without_signing_in_until_it_is_ended_or_replaced(client, forum, four):
    sign_in(client, at(four[0]))
    client.post(reverse("forums:new_feed", args=[forum.pk]))
    page = get(client, "agenda", forum.pk).content.decode()
    first = page.partition("/forums/feed/")[2].partition(".ics")[0]
    assert first
    assert first not in get(client, "agenda", forum.pk).content.decode()  # told once
    assert first not in str(Feed.objects.values_list("digest", flat=True))

    client.logout()
    assert four[1].name.encode() in get(client, "feed", first).content
    sign_in(client, at(four[0]))
    client.post(reverse("forums:new_feed", args=[forum.pk]))
    get(client, "feed", first, status=404)
    client.post(reverse("forums:end_feed", args=[forum.pk]))
    assert Feed.objects.count() == 0


def test_badge_and_agenda_are_one_sheet_whose_code_checks_in(client, forum, four):
    sign_in(client, at(four[0]))

    pdf = get(client, "agenda_paper", forum.pk)

    [page] = PdfReader(io.BytesIO(pdf.content)).pages
    text = page.extract_text()
    assert four[0].name in text
    assert four[1].name in text


def test_a_scanned_badge_checks_in_with_one_button_for_the_organizer_alone(client, forum, four):
    delegate = forum.delegates.get(organisation=four[0])
    code = badges.code_of(delegate.pk)
    sign_in(client, at(four[1]))
    get(client, "badge", code, status=404)

    sign_in(client, organizer_of(forum))
    assert "Check in" in get(client, "badge", code).content.decode()
    assert CheckIn.objects.count() == 0  # looking is not checking in
    client.post(reverse("forums:badge", args=[code]))

    assert CheckIn.objects.get().delegate == delegate
    assert "Here today" in get(client, "badge", code).content.decode()
    get(client, "badge", code[:-1] + ("A" if code[-1] != "A" else "B"), status=404)


def test_the_board_says_who_is_late_alone_and_free(client, forum, four):
    check_in(forum, four[0], four[2], four[3])
    sign_in(client, organizer_of(forum))

    page = get(client, "board", forum.pk).content.decode()

    assert "Late:" in page
    late = page.partition("Late:")[2].partition("</td>")[0]
    assert [each.name in late for each in four] == [False, True, False, False]
    assert "Both are here" in page
    sign_in(client, at(four[0]))
    get(client, "board", forum.pk, status=404)


@pytest.mark.parametrize("count", [1, 2])
def test_the_board_takes_the_same_queries_for_any_number_of_meetings(
    client, four, count, time_machine, django_assert_num_queries
):
    time_machine.move_to(NOON + timedelta(minutes=5), tick=False)
    forum = running(*[(0, 1), (2, 3)][:count], organisations=four, tables=2)
    sign_in(client, organizer_of(forum))

    with django_assert_num_queries(20):
        get(client, "board", forum.pk)


def test_the_floor_shows_a_delegate_their_own_tables_and_the_organizer_who_sits_where(client, forum, four):
    sign_in(client, at(four[0]))
    mine = get(client, "floor", forum.pk)
    assert mine["Content-Type"] == "image/svg+xml"
    assert "12:00" in mine.content.decode()
    assert not any(each.name[:15] in mine.content.decode() for each in four)

    sign_in(client, organizer_of(forum))
    assert all(each.name[:15] in get(client, "floor", forum.pk).content.decode() for each in four)


def rate(client, forum, organisation, **said):
    sign_in(client, at(organisation))
    meeting = forum.meetings.get(Q(first__organisation=organisation) | Q(second__organisation=organisation))
    url = reverse("forums:rate", args=[forum.pk, meeting.pk])
    assert client.get(url + "?worth_it=yes").content.decode().count("checked") == 1
    return client.post(url, said)


def test_two_taps_rate_a_meeting_and_a_next_step_of_both_stands_on_their_desks(client, forum, four):
    answer = rate(client, forum, four[0], worth_it="yes", next_step="dated", what="Contract", due_on="")
    assert answer.status_code == 422
    assert Rating.objects.count() == 0

    answer = rate(client, forum, four[0], worth_it="yes", next_step="dated", what="Contract", due_on="2026-07-10")
    assert answer.status_code == 302
    rate(client, forum, four[1], worth_it="yes", next_step="later")

    [found] = NextStep.objects.all()
    assert found.due_on == date(2026, 7, 10)
    desk = client.get("/").content.decode()
    assert f"/next_step/{found.pk}/do/forums.do_" in desk
    assert "Contract" in client.get(reverse("turns:subject", args=["next_step", found.pk])).content.decode()


def test_contact_is_shown_once_both_agree_and_is_in_no_file(client, forum, four):
    email = Person.objects.get(pk=at(four[0]).person_id).email
    rate(client, forum, four[0], worth_it="yes", next_step="none", shares_contact="on")
    rate(client, forum, four[1], worth_it="yes", next_step="none")
    assert email not in get(client, "agenda", forum.pk).content.decode()

    rate(client, forum, four[1], worth_it="yes", next_step="none", shares_contact="on")

    assert email in get(client, "agenda", forum.pk).content.decode()
    assert email.encode() not in get(client, "agenda_file", forum.pk).content
    sign_in(client, organizer_of(forum))
    for name in ("board", "report", "report_file"):
        assert email.encode() not in get(client, name, forum.pk).content


def test_the_steps_forms_take_what_their_pages_send(client, forum, four):
    sign_in(client, organizer_of(forum))
    take = lambda name: reverse("turns:take", args=["forum", forum.pk, name])  # noqa: E731
    meeting = forum.meetings.filter(begins_at=NOON).first()
    delegate = forum.delegates.first()

    assert client.post(take("forums.check_in"), {"delegate": delegate.pk, "key": "a"}).status_code == 302
    said = {"meeting": meeting.pk, "state": "late", "absent": "", "key": "b"}
    assert client.post(take("forums.record_meeting"), said).status_code == 302

    meeting.refresh_from_db()
    assert meeting.held.state == "late"


def test_what_is_said_in_private_reaches_no_page_of_anybody_else(client, forum, four):
    meeting = forum.meetings.get(begins_at=NOON, first__organisation__in=four[:2])
    during_steps.rate(
        forum, meeting, worth_it=False, next_step="dated", what="canaryprivate", due_on=date(2026, 7, 1),
        by=now_at(four[0]),
    )  # fmt: skip

    for actor in (at(four[1]), at(four[2]), organizer_of(forum)):
        sign_in(client, actor)
        urls = [reverse("turns:subject", args=["forum", forum.pk]), "/", reverse("turns:notices")]
        names = ("board", "report", "report_file") if actor.role == "organizer" else ("agenda", "agenda_file")
        urls += [reverse(f"forums:{name}", args=[forum.pk]) for name in names]
        urls += [reverse("forums:rate", args=[forum.pk, meeting.pk])] if actor == at(four[1]) else []
        for url in urls:
            assert "canaryprivate" not in client.get(url).content.decode(), url
    sign_in(client, at(four[0]))
    assert "canaryprivate" in client.get(reverse("forums:rate", args=[forum.pk, meeting.pk])).content.decode()


def test_the_report_is_the_organizers_alone_and_leads_with_connections_and_ends_with_attendance(client, forum, four):
    check_in(forum, four[0])
    sign_in(client, at(four[0]))
    get(client, "report", forum.pk, status=404)
    sign_in(client, organizer_of(forum))

    page = get(client, "report", forum.pk).content.decode()

    heads = ("Connections for each delegate", "Meetings that took place", "Attendance</h2>")
    assert sorted(heads, key=page.index) == list(heads)
    assert "1 of 4" in page.partition("Attendance</h2>")[2]
    for head in ("30 days", "365 days", "So far"):  # on a phone each figure says of how many days it is
        assert page.count(f'<td data-label="{head}">') == len(BINDING)
    rows = get(client, "report_file", forum.pk).content.decode().strip().split("\r\n")
    assert rows[1].startswith("connections_per_delegate")
    assert rows[-1].startswith("share,attendance,1,4,25")
    assert get(client, "report_paper", forum.pk).content.startswith(b"%PDF")


def test_the_board_is_renewed_in_part(client, forum):
    sign_in(client, organizer_now(forum))

    answer = client.get(reverse("forums:board", args=[forum.pk]), headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
