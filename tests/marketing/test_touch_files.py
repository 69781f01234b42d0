"""Touches from files: the good lines are kept, the others told, and no column is read in which a name could stand."""

import json
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clearpath.core.faults import UnreadableSheet
from clearpath.core.sheets import read_sheet
from clearpath.marketing.incoming.touches import judge_touches
from clearpath.marketing.models import Touch
from tests.factories import NOON
from tests.marketing.factories import agency_of, make_campaign
from tests.marketing.test_pages import sign_in

TOKEN = "0f8fad5b-d9cb-469f-a165-70867728950e"
CAMPAIGN = uuid4()


def judged(text):
    return judge_touches(read_sheet(text.encode() if isinstance(text, str) else text), campaign_id=CAMPAIGN, now=NOON)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("x,search,KW,2026-05-04", "token", "no_such_token"),
        ("0f8fad5b-d9cb-169f-a165-70867728950e,search,KW,2026-05-04", "token", "no_such_token"),  # by time: version 1
        (f"{TOKEN},layla@example.org,KW,2026-05-04", "channel", "no_such_channel"),
        (f"{TOKEN},,KW,2026-05-04", "channel", "no_such_channel"),
        (f"{TOKEN},search,Kuwait,2026-05-04", "country", "no_such_country"),
        (f"{TOKEN},search,KW,4 May", "day", "no_such_day"),
        (f"{TOKEN},search,KW,2026-06-03", "day", "day_ahead"),
    ],
)
def test_a_bad_line_is_told_with_its_column_and_takes_no_other_with_it(line, column, code):
    found = judged(f"token,channel,country,day\n{TOKEN},search,KW,2026-05-04\n{line}\n{TOKEN},Social,kw,2026-05-04\n")

    assert [(fault.line, fault.column, fault.code) for fault in found.faults] == [(3, column, code)]
    assert [(touch.channel, touch.country) for touch in found.good] == [("search", "KW"), ("social", "KW")]


def test_utm_columns_name_the_channel():
    found = judged(f"token,utm_source,utm_medium,day\n{TOKEN},,cpc,2026-05-04\n{TOKEN},Newsletter,mail,2026-05-04\n")

    assert [touch.channel for touch in found.good] == ["cpc", "newsletter"]


def test_a_column_in_which_a_name_could_stand_is_refused_whole():
    found = judged(f"token,channel,day,email\n{TOKEN},search,2026-05-04,layla@example.org\n")

    assert found.good == []
    assert [(fault.column, fault.code) for fault in found.faults] == [("email", "no_such_column")]


@given(st.one_of(st.text(max_size=400).map(str.encode), st.binary(max_size=400)))
def test_no_file_breaks_the_reader(content):
    try:
        found = judged(content)
    except UnreadableSheet:
        return
    assert all(str(fault.says) for fault in found.faults)


@pytest.mark.django_db
def test_excel_comes_in_on_the_page_and_what_is_left_out_is_shown(client):
    campaign = make_campaign()
    book = openpyxl.Workbook()
    for row in (["token", "channel", "country", "day"], [TOKEN, "search", "KW", "2026-05-04"],
                [TOKEN, "=1+1", "KW", "2026-05-04"]):  # fmt: skip
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    sign_in(client, agency_of(campaign))
    url = reverse("marketing:send_touches", args=[campaign.pk])

    page = client.post(url, {"file": SimpleUploadedFile("touches.xlsx", content.getvalue())}).content.decode()

    assert "1 touch was kept." in page
    assert "These lines were left out" in page
    assert Touch.objects.values_list("channel", "country").get() == ("search", "KW")
    assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_the_command_keeps_good_lines_and_ends_with_one_for_the_others(tmp_path, capsys):
    campaign = make_campaign()
    file = tmp_path / "touches.csv"
    file.write_text(f"token,channel,day\n{TOKEN},search,2026-05-04\nx,search,2026-05-04\n")

    with pytest.raises(SystemExit) as ended:
        call_command("marketing", "import-touches", str(file), campaign.name, "--json")

    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["good"], told["kept"], told["faults"][0]["line"]) == (1, 1, 1, 3)
    assert Touch.objects.count() == 1
