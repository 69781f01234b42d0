import json
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearpath.core.faults import UnreadableSheet
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import steps
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.models import Absence, Delegate, Forum, Topic, Wish
from clearpath.parties.models import Person
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.factories import NOON, make_organisation
from tests.forums.delegate_sheet import COLUMNS, as_csv, as_excel, delegate_rows
from tests.forums.factories import at, make_forum, organizer_of
from tests.forums.test_pages import sign_in

pytestmark = pytest.mark.django_db


def line(**cells):
    return {"organisation": "House", "trade": "provider", "person": "Ada", "email": "ada@house.example"} | cells


def judged(forum, *rows):
    return judged_for(forum, as_csv(rows))


def bring(forum, *rows):
    return steps.import_delegates(forum, judged(forum, *rows).delegates, by=organizer_of(forum))


def codes(found):
    return [(fault.line, fault.column, fault.code) for fault in found.faults]


@pytest.mark.parametrize("write", [as_excel, as_csv])
def test_120_delegates_come_in_from_one_file_with_what_they_offer_want_and_wish(write):
    forum, rows = make_forum(), delegate_rows(120)

    found = judged_for(forum, write(rows))
    imported = steps.import_delegates(forum, found.delegates, by=organizer_of(forum))

    assert found.faults == imported.faults == []
    assert (imported.taken, imported.guests, Delegate.objects.count()) == (120, 120, 120)
    wished = sum(len(row["wishes"].split("; ")) for row in rows)
    refused = sum(bool(row["not"]) for row in rows)
    assert Wish.objects.filter(rank__isnull=False).count() == wished
    assert Wish.objects.filter(rank=None).count() == refused > 0
    first = Delegate.objects.order_by("pk").first()
    dearest = first.wishes.get(rank=1)
    assert dearest.other.guest_organisation == rows[0]["wishes"].split("; ")[0]


def test_a_line_that_names_an_organisation_of_the_network_invites_it_and_finds_its_person():
    hospital, other = make_organisation("provider", name="Bosphorus"), make_organisation("facilitator")
    member = Person.objects.get(memberships__organisation=hospital)
    forum = make_forum()

    bring(
        forum,
        line(organisation="bosphorus", email=member.email.upper()),
        line(organisation=other.name, trade="Facilitator", person="Somebody new", email="new@example.org"),
    )

    known, new = Delegate.objects.order_by("pk")
    assert (known.organisation, known.person, known.guest_name, known.guest_email) == (hospital, member, "", "")
    assert (new.organisation, new.person, new.guest_name) == (other, None, "Somebody new")
    assert [each.pk for each in visible(type(forum), to=at(hospital))] == [forum.pk]


def test_a_register_number_finds_an_organisation_whatever_it_is_called():
    hospital = make_organisation("provider")
    type(hospital).objects.filter(pk=hospital.pk).update(register_number="HRB 7")
    forum = make_forum()

    rows = [line(registration="HRB 7")]
    found = judged_for(forum, as_csv(rows, [*rows[0]]))
    steps.import_delegates(forum, found.delegates, by=organizer_of(forum))

    assert Delegate.objects.get().organisation == hospital


def test_an_organisation_of_the_network_that_does_not_hold_the_trade_is_told_and_the_others_are_taken():
    hospital = make_organisation("provider")
    forum = make_forum()

    imported = bring(forum, line(organisation=hospital.name, trade="agency"), line(email="bo@house.example"))

    assert imported.taken == 1
    assert [(fault.line, fault.column) for fault in imported.faults] == [(2, "organisation")]


def test_the_same_file_again_takes_nobody_twice():
    forum = make_forum()
    rows = [*delegate_rows(4, wishes=1), line(email="", person="Without Address")]
    bring(forum, *rows)

    again = bring(forum, *rows)

    assert (again.taken, again.there, Delegate.objects.count()) == (0, 5, 5)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"organisation": ""}, ("organisation", "organisation_needed")),
        ({"trade": "baker"}, ("trade", "no_such_trade")),
        ({"email": "nobody"}, ("email", "no_email")),
        ({"person": "", "email": ""}, ("person", "nobody")),
        ({"least": "two"}, ("least", "no_count")),
        ({"most": "1001"}, ("most", "no_count")),
        ({"least": "3", "most": "2"}, ("most", "fewer_than_least")),
        ({"arrives": "tomorrow"}, ("arrives", "no_moment")),
        ({"leaves": "2026-05-01"}, ("leaves", "never_there")),
        ({"arrives": "2026-06-01 12:40", "leaves": "2026-06-01 12:20"}, ("leaves", "never_there")),
        ({"languages": "Klingon"}, ("languages", "not_known")),
        ({"countries": "Atlantis"}, ("countries", "not_known")),
        ({"person": "x" * 121}, ("person", "too_long")),
    ],
)
def test_a_bad_line_is_told_with_its_column_and_the_good_one_is_kept(cells, fault):
    forum = make_forum()

    found = judged(forum, line(**cells), line(person="Bo", email="bo@house.example"))

    assert codes(found) == [(2, *fault)]
    assert [each.person for each in found.delegates] == ["Bo"]


def test_a_person_who_stands_twice_is_told_with_the_first_line():
    found = judged(make_forum(), line(), line(organisation="Other"))

    assert codes(found) == [(3, "email", "said_twice")]
    assert "Line 2" in str(found.faults[0].says)


def test_a_wish_for_nobody_is_told_and_the_line_is_taken_without_it():
    found = judged(make_forum(), line(wishes="Nobody; Other"), line(organisation="Other", email="o@other.example"))

    assert codes(found) == [(2, "wishes", "nobody_called_so")]
    assert [each.wishes for each in found.delegates] == [[3], []]


def test_a_file_without_a_needed_column_says_which():
    found = judged_for(make_forum(), b"organisation,person\nHouse,Ada\n")

    assert codes(found) == [(1, "trade", "column_missing")]


def test_words_of_the_vocabulary_become_interests_whatever_the_language_and_other_words_stay_text():
    forum = make_forum()

    bring(
        forum,
        line(
            offers="Ortopedi: 120; knee replacement; good coffee", wants="patients", countries="KW", languages="Arabic"
        ),
    )

    delegate = Delegate.objects.get()
    said = set(Topic.objects.values_list("side", "kind", "code", "yearly_volume"))
    assert said == {
        ("offers", "speciality", "orthopaedics", 120),
        ("offers", "procedure", "knee_replacement", None),
        ("offers", "language", "ar", None),
        ("wants", "service", "patient_guidance", None),
        ("wants", "country", "KW", None),
    }
    assert "good coffee" in delegate.offers


def test_who_arrives_late_or_leaves_early_is_away_then():
    forum = make_forum(minutes=120)

    bring(forum, line(arrives="2026-06-01 12:30", leaves="2026-06-01 13:30"))

    away = list(Absence.objects.order_by("begins_at").values_list("begins_at", "ends_at"))
    minute = timedelta(minutes=1)
    assert away == [(NOON, NOON + 30 * minute), (NOON + 90 * minute, forum.ends_at)]


def test_what_names_a_guest_is_sealed_and_shown_to_the_organizer_alone():
    hospital = make_organisation("provider")
    forum = make_forum(hospital)
    bring(forum, line(person="Canary Person", email="canary@house.example"))
    delegate = Delegate.objects.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT guest_name, guest_email FROM forums_delegate")
        assert "canary" not in str(cursor.fetchone()).casefold()
    assert shown(delegate, to=organizer_of(forum)).guest_name == "Canary Person"
    assert shown(delegate, to=at(hospital)).guest_name is HIDDEN


def test_import_is_the_organizers_alone_and_refused_without_anybody():
    hospital = make_organisation("provider")
    forum = make_forum(hospital)

    with pytest.raises(NotYourPart) as refusal:
        steps.import_delegates(forum, judged(forum, line()).delegates, by=at(hospital))
    assert refusal.value.rightful == "organizer"
    with pytest.raises(Refused, match="nobody_to_bring_in"):
        steps.import_delegates(forum, [], by=organizer_of(forum))


def upload(client, forum, content):
    sign_in(client, organizer_of(forum))
    url = reverse("turns:take", args=["forum", forum.pk, "forums.import_delegates"])
    assert client.get(url).status_code == 200
    return client.post(url, {"file": SimpleUploadedFile("delegates.csv", content), "key": uuid4().hex}, follow=True)


def test_the_page_takes_the_good_lines_and_says_what_is_wrong_with_the_others(client):
    forum = make_forum()

    page = upload(client, forum, as_csv([line(), line(trade="baker")])).content.decode()

    assert page.count("<div>1 delegate was taken.</div>") == 1
    warning = page.partition("cp-said-warning")[2].partition("</ul>")[0]
    assert warning.count("<li>") == 1
    assert "<li>Line 3, trade: Write one of these" in warning
    assert 'type="file"' in page
    assert forum.delegates.get().guest_organisation.startswith("House")


@pytest.mark.parametrize("content", [b"organisation,trade\n", b"PK\x03\x04broken", b"\x00\xff\xfe", b"person\nAda\n"])
def test_a_file_of_which_nothing_can_be_taken_is_said_to_be_so(client, content):
    answer = upload(client, make_forum(), content)

    assert answer.status_code == 422
    assert Delegate.objects.count() == 0


CELLS = st.dictionaries(st.sampled_from([*COLUMNS, "registration"]), st.text(max_size=30) | st.sampled_from(
    ["2026-06-01 12:30", "0001-01-01", "9999-12-31T23:59:59", "٣", "1e9", "a@b.example", "provider", "House; House"]
))  # fmt: skip


SETUP = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # a busy machine is no fault of ours


@settings(max_examples=60, deadline=None, suppress_health_check=SETUP)
@given(rows=st.lists(CELLS, max_size=6), noise=st.binary(max_size=200))
def test_whatever_a_file_holds_it_is_judged_and_what_is_good_is_taken(rows, noise):
    forum = Forum.objects.first() or make_forum()
    with suppress(UnreadableSheet):
        judged_for(forum, noise)
    found = judged_for(forum, as_csv([line(email="first@house.example"), *rows]))

    imported = steps.import_delegates(forum, found.delegates, by=organizer_of(forum))

    assert imported.taken + imported.there + len(imported.faults) == len(found.delegates) >= 1


def run_command(*arguments):
    out, error, code = StringIO(), StringIO(), 0
    try:
        call_command("forums", "import-delegates", *arguments, stdout=out, stderr=error)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), error.getvalue()


def test_the_command_takes_the_good_lines_and_ends_with_1_when_a_line_was_left_out(tmp_path):
    forum = make_forum(name="Winter forum")
    file = tmp_path / "delegates.xlsx"
    file.write_bytes(as_excel([line(), line(trade="baker")]))

    code, looked, _error = run_command(str(file), "winter forum", "--preview", "--json")
    assert (code, Delegate.objects.count(), json.loads(looked)["good"]) == (1, 0, 1)
    code, said, _error = run_command(str(file), str(forum.pk), "--json")

    document = json.loads(said)
    assert (code, document["taken"], document["guests"]) == (1, 1, 1)
    assert [(each["line"], each["column"]) for each in document["faults"]] == [(3, "trade")]


def test_the_command_for_a_forum_that_there_is_not_ends_with_2(tmp_path):
    with pytest.raises(CommandError, match="No forum") as refusal:
        call_command("forums", "import-delegates", str(tmp_path / "x.csv"), "Nowhere")

    assert refusal.value.returncode == 2
