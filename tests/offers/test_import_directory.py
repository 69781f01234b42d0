"""`clearpath offers import-directory`: what it says, what it writes, how it ends."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from clearpath.offers.models import Service
from clearpath.offers.progress import Progress
from tests.factories import make_organisation
from tests.offers import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return make_organisation("provider", name="Harbour Clinic")


def ran(tmp_path, content, *options, name="harbour clinic"):
    """The exit code, standard output and standard error."""
    path = tmp_path / "directory.xlsx"
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("offers", "import-directory", str(path), "--organisation", name, *options, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def bad(count=3):
    rows = sheets.services(count)
    rows[2][7] = "much"
    return sheets.workbook(sites=sheets.SITES, services=rows)


def test_a_good_file_is_written_and_ends_well(tmp_path, provider):
    code, out, err = ran(tmp_path, sheets.whole(3))

    assert (code, Service.objects.filter(provider=provider).count()) == (0, 3)
    assert out.startswith("Written.")
    assert "writing: 100 %" in err


def test_the_same_file_again_is_no_failure(tmp_path, provider):
    ran(tmp_path, sheets.whole())
    code, out, _err = ran(tmp_path, sheets.whole())

    assert code == 0
    assert "stands in the directory already" in out


def test_wrong_rows_are_named_left_out_and_end_with_1(tmp_path, provider):
    code, out, _err = ran(tmp_path, bad())

    assert (code, Service.objects.count()) == (1, 2)
    assert "Services, row 3, Price from: Write a number without thousands separators" in out
    assert "(It says: much)" in out


def test_a_dry_run_writes_nothing(tmp_path, provider):
    code, out, _err = ran(tmp_path, bad(), "--dry-run", "--json")
    document = json.loads(out)

    assert (code, document["written"], Service.objects.count()) == (1, False, 0)
    assert document["counts"]["service"] == {"new": 2, "changed": 0, "retired": 0, "unchanged": 0}
    assert [(each["sheet"], each["row"], each["column"]) for each in document["wrong"]] == [
        ("Services", 3, "Price from")
    ]


def test_what_is_not_named_is_retired_only_where_it_is_said(tmp_path, provider):
    ran(tmp_path, sheets.whole(3))
    ran(tmp_path, sheets.workbook(sites=sheets.SITES, services=[*sheets.services(1), ["NEW", *sheets.KNEE[1:]]]))
    assert Service.objects.filter(retired_at=None).count() == 4

    ran(tmp_path, sheets.workbook(services=sheets.services(1)), "--retire-absent")

    assert Service.objects.filter(retired_at=None).count() == 1


@pytest.mark.parametrize(
    ("name", "says"), [("Nobody", "Nothing on this network is called"), ("Guides", "is no hospital or clinic")]
)
def test_a_name_that_is_no_provider_is_used_wrongly(tmp_path, provider, name, says):
    make_organisation("facilitator", name="Guides")

    with pytest.raises(CommandError, match=says) as wrong:
        ran(tmp_path, sheets.whole(), name=name)
    assert wrong.value.returncode == 2


def test_a_file_that_cannot_be_read_says_why(tmp_path, provider):
    with pytest.raises(CommandError, match="nothing in this file") as wrong:
        ran(tmp_path, b"")
    assert wrong.value.returncode == 1


def test_the_bar_is_redrawn_in_place_on_a_terminal():
    said = []
    bar = Progress(said.append, is_terminal=True)
    for done in (0, 1, 50, 50, 100):
        bar("reading", done, 100)
    bar("writing", 1, 2)
    bar.end()

    assert said[1] == "\rreading    [" + " " * 30 + "]   1 %  1 of 100"
    assert len(said) == 6
    assert said[-2].startswith("\n\rwriting    [###############")


def test_where_nobody_knows_of_how_much_it_counts():
    said = []
    lines = Progress(said.append, is_terminal=False)
    for done in range(500, 20_500, 500):
        lines("reading", done, 0)

    assert said == ["reading: 500\n", "reading: 10,000\n", "reading: 20,000\n"]
