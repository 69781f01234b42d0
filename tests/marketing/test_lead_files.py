import json
from datetime import UTC
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from clearpath.core.sheets import read_sheet
from clearpath.marketing import lead_files
from clearpath.marketing.incoming.judging import Defaults, judge
from clearpath.marketing.incoming.taking import take_in
from clearpath.marketing.models import Lead, LeadFile
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.bad_rows import HEADINGS, file_of, quoted
from tests.marketing.factories import agency_of, client_of, make_campaign
from tests.marketing.test_incoming import ROW
from tests.marketing.test_pages import sign_in

pytestmark = pytest.mark.django_db


def content(*changes):
    return "\n".join([quoted(HEADINGS), *(quoted({**ROW, **each}.values()) for each in changes)]).encode()


TWO_GOOD = content({}, {"name": "Noor Canary", "email": "noor@example.org", "phone": ""}, {"consent_wording": ""})


@pytest.fixture
def running(settings):
    settings.JOBS_INLINE = True
    campaign = make_campaign()
    make_organisation("facilitator")
    return campaign


def sent(client, campaign, data=TWO_GOOD, **fields):
    url = reverse("marketing:send_leads", args=[campaign.pk])
    assert client.get(url).status_code == 200
    return client.post(url, {"file": SimpleUploadedFile("leads.csv", data), "time_zone": "UTC"} | fields)


def test_a_file_is_looked_at_then_its_good_lines_are_taken_in(client, running, django_capture_on_commit_callbacks):
    sign_in(client, agency_of(running))

    page = client.get(sent(client, running)["Location"])
    assert "Take in 2 leads" in page.content.decode()
    assert "Give the exact words to which this person agreed." in page.content.decode()
    assert Lead.objects.count() == 0
    file = LeadFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("marketing:take_in_leads", args=[file.pk]))

    leads = Lead.objects.order_by("pk")
    assert [(lead.name, lead.stage) for lead in leads] == [
        ("Layla Haddad", "with_facilitator"),
        ("Noor Canary", "with_facilitator"),
    ]
    file.refresh_from_db()
    assert (file.taken, file.there, file.bad_lines, file.sealed) == (2, 0, 1, None)


def test_what_waits_is_sealed_and_names_nobody_in_the_database(client, running):
    sign_in(client, agency_of(running))
    sent(client, running)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM marketing_leadfile")
        [row] = cursor.fetchall()
    stored = [
        bytes(each).decode(errors="replace") if isinstance(each, bytes | memoryview) else str(each) for each in row
    ]
    assert [word for word in ("Layla", "Noor") if word in "".join(stored)] == []


def test_a_file_is_the_agencys_alone(client, running):
    sign_in(client, agency_of(running))
    url = sent(client, running)["Location"]

    for actor in (client_of(running), actor_at(make_organisation("agency"), "agency")):
        sign_in(client, actor)
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", ["client", "stranger"])
def test_only_the_agency_of_a_campaign_sends_its_leads(client, running, role):
    sign_in(client, client_of(running) if role == "client" else actor_at(make_organisation("agency"), "agency"))

    answer = client.get(reverse("marketing:send_leads", args=[running.pk]))

    assert answer.status_code == (409 if role == "client" else 404)


def test_what_is_no_table_is_said_beside_the_file(client, running):
    sign_in(client, agency_of(running))

    answer = sent(client, running, b"PK broken")

    assert (answer.status_code, LeadFile.objects.count()) == (422, 0)
    assert "This Excel file cannot be read" in answer.content.decode()


def test_a_file_that_nobody_took_in_is_forgotten_after_a_day(client, running):
    by = agency_of(running)
    file = lead_files.look_at(running.pk, TWO_GOOD, lead_files.Given("leads.csv"), by=by)

    assert lead_files.sweep(now=NOON) == 0
    assert lead_files.sweep(now=NOON + lead_files.KEPT) == 1
    file.refresh_from_db()
    assert file.sealed is None


def run(*words):
    out, err = StringIO(), StringIO()
    try:
        call_command("marketing", "import-leads", *words, stdout=out, stderr=err)
        code = 0
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def test_the_command_takes_good_lines_once_and_tells_the_bad_one(running, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(TWO_GOOD)

    code, out, _err = run(str(path), str(running.pk), "--json")
    told = json.loads(out)
    assert (code, told["good"], told["bad"]) == (1, 2, 1)
    assert [each["outcome"] for each in told["lines"]] == ["taken", "taken"]
    assert {each["token"] for each in told["lines"]} == {str(lead.token) for lead in Lead.objects.all()}
    assert told["faults"][0] | {"says": ""} == {
        "line": 4,
        "column": "consent_wording",
        "code": "no_consent",
        "says": "",
    }

    again = json.loads(run(str(path), str(running.pk), "--json")[1])
    assert [each["outcome"] for each in again["lines"]] == ["already_there", "already_there"]
    assert Lead.objects.count() == 2


def test_the_preview_takes_nothing_in(running, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(content({}))

    assert run(str(path), running.name, "--preview")[:2] == (0, "1 good lines, 0 bad ones\n")
    assert Lead.objects.count() == 0


def test_what_the_command_cannot_read_is_said_in_a_sentence(running, tmp_path):
    path = tmp_path / "leads.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")

    code, _out, err = run(str(path), str(running.pk))

    assert (code, "Save it as .xlsx or as CSV" in err) == (1, True)
    with pytest.raises(CommandError, match="No campaign is called"):
        run(str(path), "Hips")
    with pytest.raises(CommandError, match="cannot be read"):
        run(str(tmp_path / "none.csv"), str(running.pk))


def test_a_lead_that_nobody_can_answer_stays_with_the_agency_and_is_told(tmp_path):
    campaign = make_campaign()
    path = tmp_path / "leads.csv"
    path.write_bytes(content({}))

    code, out, _err = run(str(path), str(campaign.pk), "--json")

    [line] = json.loads(out)["lines"]
    assert (code, line["outcome"], line["code"]) == (1, "refused", "nobody_to_answer")
    assert Lead.objects.get().stage == "new"


@pytest.mark.slow
def test_good_lines_between_bad_ones_become_leads(running):
    made = file_of(7, bad=400, good=12)

    found = judge(read_sheet(made.content), Defaults(zone=UTC), now=NOON)
    answers = list(take_in(found.people, campaign_id=running.pk, by=agency_of(running)))

    assert [each.outcome for each in answers] == ["taken"] * 12
    assert sorted(lead.name for lead in Lead.objects.all()) == sorted(made.good)
