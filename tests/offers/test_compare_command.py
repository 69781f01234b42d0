"""`clearpath offers compare`: what it says of a file of offers, how it ends, and the paper; without a database."""

import contextlib
import copy
import io
import json
import subprocess
import sys
from datetime import date

import orjson
import pypdf
import pytest
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from clearpath.core.acts import acts_in
from clearpath.offers.comparing import compare
from clearpath.offers.comparing.printed import printed
from clearpath.offers.comparing.reading import NotJSONError, read
from clearpath.offers.lines import Kind, Standing

TODAY = date(2026, 10, 30)
KNEE = {
    "name": "Kestane Hospital", "currency": "EUR", "total_minor": 850_000, "valid_until": "2026-12-31",
    "stay_nights": 5, "surgeon": "Dr. Can Demir",
    "lines": [
        {"label": "Operation", "kind": "treatment", "amount_minor": 700_000},
        {"label": "Oxford knee", "kind": "implant", "maker": "Zimmer Biomet", "amount_minor": 150_000},
        {"label": "Hotel", "kind": "lodging", "standing": "excluded", "amount_minor": 72_000},
    ],
}  # fmt: skip
PALM = {
    "name": "مستشفى النخيل", "currency": "USD", "valid_until": "2026-12-20",
    "lines": [{"label": "Knee", "kind": "treatment", "amount_minor": 900_000}],
}  # fmt: skip
GOOD = {"currency": "EUR", "on": "2026-10-30", "offers": [KNEE, PALM]}


def changed(*path_and_value):
    *path, last, value = path_and_value
    document = copy.deepcopy(GOOD)
    place = document
    for part in path:
        place = place[part]
    place[last] = value
    return document


def found_in(document):
    return read(orjson.dumps(document), today=TODAY).findings


def compared(tmp_path, document, **options):
    """The exit code, standard output and standard error."""
    path = tmp_path / "offers.json"
    path.write_bytes(document if isinstance(document, bytes) else orjson.dumps(document))
    out, err = [], []
    asked = {"file": path, "currency": "", "on": None, "pdf": None, "language": "en", "json": False, **options}
    code = acts_in("clearpath.offers.command_line")["compare"].run(asked, out.append, err.append)
    return code, "\n".join(out), "".join(err)


def test_a_good_file_is_compared_in_one_basket_with_totals_and_what_is_missing(tmp_path):
    code, out, _err = compared(tmp_path, GOOD, json=True)

    told = json.loads(out)
    knee, palm = told["offers"]
    assert (code, told["currency"], told["rates"][0]["on"], told["findings"]) == (0, "EUR", "2026-10-30", [])
    assert knee["lines"].keys() == palm["lines"].keys() == set(told["basket"])
    assert (knee["price_minor"], knee["total_to_the_door_minor"]) == (850_000, 922_000)
    assert palm["missing"] == [
        "stay", "implant", "interpreter", "transfer", "lodging", "complication_cover", "follow_up",
    ]  # fmt: skip
    assert palm["lines"]["implant"] == {
        "how": "missing", "labels": [], "amount_minor": 0, "usually_minor": 150_000,
        "says": {"by": "others", "offers": 1, "as_of": ""},
    }  # fmt: skip
    assert (palm["is_at_least"], "interpreter" in palm["unknown"]) == (True, True)


@pytest.mark.parametrize(
    ("document", "code", "place", "says"),
    [
        (
            changed("offers", 1, "currency", "XXQ"), "no_such_currency", (2, None, "/offers/1/currency"),
            "Offer 2 (مستشفى النخيل): the European Central Bank has no rate for XXQ on 2026-10-30. It has: AED",
        ),
        (
            changed("offers", 1, "currency", "euro"), "no_such_currency", (2, None, "/offers/1/currency"),
            "Offer 2 (مستشفى النخيل): 'euro' is no currency. Write three capital letters, such as EUR.",
        ),
        (
            changed("offers", 0, "lines", 1, "amount_minor", -5), "price_negative",
            (1, 2, "/offers/0/lines/1/amount_minor"),
            "Offer 1 (Kestane Hospital), line 2 (Oxford knee): `amount_minor` is -5. A price is zero or more.",
        ),
        (
            changed("offers", 0, "total_minor", 850_001), "does_not_add_up", (1, None, "/offers/0/total_minor"),
            "Offer 1 (Kestane Hospital): the lines do not add up: what is included (lines 1, 2) adds up to "
            "EUR 8,500.00, and the price is EUR 8,500.01.",
        ),
        (
            changed("offers", 1, "valid_until", "2026-10-29"), "offer_expired", (2, None, "/offers/1/valid_until"),
            "Offer 2 (مستشفى النخيل): it was valid until 2026-10-29 and has expired. Ask for a new one.",
        ),
        (
            changed("offers", 0, "lines", 0, "kind", "surgery"), "not_an_offer", (1, 1, "/offers/0/lines/0/kind"),
            "Offer 1 (Kestane Hospital), line 1 (Operation): `kind`: \"surgery\" is not one of",
        ),
        (
            changed("offers", 0, "outcomes", {"treated": 3, "well": 4}), "more_than_treated",
            (1, None, "/offers/0/outcomes"), "Offer 1 (Kestane Hospital): more patients are counted than were treated.",
        ),
        (changed("currency", "XXQ"), "no_such_currency", (None, None, "/currency"), "Offers cannot"),
        ({"offers": []}, "not_an_offer", (None, None, "/offers"), "`offers`: [] has less than 1 item."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_offer_and_line(document, code, place, says):
    finding = found_in(document)[0]

    assert (finding.code, (finding.offer, finding.line, finding.at)) == (code, place)
    assert finding.says.startswith(says)


def test_every_fault_of_a_file_is_told_at_once():
    document = changed("offers", 1, "valid_until", "2026-10-29")
    document["offers"][0] |= {"total_minor": 1}
    document["offers"][1]["lines"][0]["amount_minor"] = -1

    assert [each.code for each in found_in(document)] == ["does_not_add_up", "offer_expired", "price_negative"]


def test_an_offer_is_valid_on_its_last_day():
    assert not found_in(changed("offers", 1, "valid_until", "2026-10-30"))


def test_a_file_with_a_fault_ends_with_1_and_compares_nothing(tmp_path):
    code, out, err = compared(tmp_path, changed("offers", 0, "total_minor", 1))
    json_code, json_out, _err = compared(tmp_path, changed("offers", 0, "total_minor", 1), json=True)

    assert (code, out, "the lines do not add up" in err) == (1, "", True)
    assert (json_code, list(json.loads(json_out)), json.loads(json_out)["findings"][0]["offer"]) == (1, ["findings"], 1)


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b"[" * 2000])
def test_what_is_no_json_is_used_wrongly(tmp_path, content):
    with pytest.raises(CommandError) as wrong:
        compared(tmp_path, content)

    assert (wrong.value.returncode, "is no JSON" in str(wrong.value)) == (2, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.sampled_from([0, 1, "offers", "lines", "currency", "amount_minor", "name"]), max_size=4), JSON)
def test_no_document_breaks_the_reading(path, value):
    document = copy.deepcopy(GOOD)
    try:
        changed_document = document
        for part in path[:-1]:
            changed_document = changed_document[part]
        if path:
            changed_document[path[-1]] = value
        else:
            document = value
    except (KeyError, IndexError, TypeError):
        document = value

    found = read(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS), today=TODAY)

    assert found.findings or compare(found.offers, currency=found.currency, on=found.on)


@given(st.binary(max_size=40))
def test_no_bytes_break_the_reading(content):
    with contextlib.suppress(NotJSONError):
        assert read(content, today=TODAY).findings


def test_the_schema_knows_every_kind_and_standing():
    from clearpath.offers.comparing.reading import SCHEMA

    line = json.loads(SCHEMA.read_text())["$defs"]["line"]["properties"]

    assert (line["kind"]["enum"], line["standing"]["enum"]) == (Kind.values, Standing.values)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Offers side by side"), ("tr", "Kestane Hospital"), ("ar", "العلاج")]
)
def test_the_paper_says_it_in_the_patients_language(language, words):
    found = read(orjson.dumps(GOOD), today=TODAY)
    comparison = compare(found.offers, currency=found.currency, on=found.on)

    reader = pypdf.PdfReader(io.BytesIO(printed(comparison, language=language)))

    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == language
    for said in (words, "Kestane Hospital", "Zimmer Biomet", "EUR\u00a08,500.00" if language != "tr" else "8.500,00"):
        assert "".join(said.split()) in "".join(text.split()), said


@pytest.mark.slow
def test_what_hospitals_wrote_is_never_read_as_code():
    hostile = '#panic("read") *bold* $x$ <label> // none'
    found = read(orjson.dumps(changed("offers", 0, "surgeon", hostile)), today=TODAY)

    pdf = printed(compare(found.offers, currency="EUR", on=found.on), language="en")

    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
    assert "".join(hostile.split()) in text


@pytest.mark.slow
def test_it_runs_where_there_is_no_database(tmp_path):
    path = tmp_path / "offers.json"
    path.write_bytes(orjson.dumps(GOOD))
    nowhere = {"CLEARPATH_DATABASE_URL": f"sqlite:///{tmp_path}/none/nothing.sqlite3", "PATH": ""}
    command = [sys.executable, "-m", "clearpath.config.manage", "offers", "compare", str(path), "--json"]

    done = subprocess.run([*command, "--pdf", str(tmp_path / "out.pdf")], env=nowhere, capture_output=True, check=False)

    assert (done.returncode, len(json.loads(done.stdout)["offers"])) == (0, 2), done.stderr
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
