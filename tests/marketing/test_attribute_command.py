"""`clearpath marketing attribute`, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command

from clearpath.marketing.attribution import MODELS
from clearpath.marketing.command_line import attribute as act

HEADER = "path,total,converted,value\n"
BRYL = HEADER + "C1>C2>C3,1,1,300\nC1,1,0,0\nC2>C3,1,0,0\n"


@pytest.fixture
def attribute(capsys, tmp_path):
    def attribute(content, *options):
        """Exit code, standard output and standard error."""
        file = tmp_path / "paths.csv"
        file.write_text(content, encoding="utf-8")
        code = 0
        try:
            call_command("marketing", "attribute", str(file), *options)
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return attribute


def test_attribute_as_json_has_every_model_with_its_sentence_and_its_credits(attribute):
    code, out, err = attribute(BRYL, "--json")

    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list(found["models"]) == list(MODELS)
    assert found["models"]["markov"]["credits"] == {"C1": 60, "C2": 120, "C3": 120}
    assert found["models"]["shapley"]["credits"] == {"C1": 100, "C2": 100, "C3": 100}
    assert all(sum(each["credits"].values()) == found["value"] == 300 for each in found["models"].values())
    assert all(each["assumes"].startswith("Assumes that") for each in found["models"].values())
    assert found["rows"] == {"read": 3, "kept": 3, "refused": 0}


def test_attribute_shows_the_models_beside_each_other_and_what_each_assumes(attribute):
    code, out, _err = attribute(BRYL, "--model", "first,time-decay", "--half-life", "0.5")

    lines = out.splitlines()
    assert code == 0
    assert [line.split() for line in lines[:5]] == [
        ["first", "time_decay"],
        ["C1", "300", "14"],
        ["C2", "0", "57"],
        ["C3", "0", "229"],
        ["together", "300", "300"],
    ]
    assert lines[6].startswith("First touch: Assumes that only the first touch counts")


def test_attribute_names_bad_rows_keeps_the_good_ones_and_says_no(attribute):
    content = BRYL + "C1,x,0,0\nC1>,1,0,0\n"

    code, out, err = attribute(content)

    assert code == 1
    assert "row 5, total: “x” is no whole number of 0 or more" in err
    assert "row 6, path: A channel has no name." in err
    assert "2 of 5 rows were left out." in err
    assert out == attribute(BRYL)[1]

    code, out, err = attribute(content, "--json")

    assert (code, err) == (1, "")
    assert [(each["row"], each["column"]) for each in json.loads(out)["problems"]] == [(5, "total"), (6, "path")]


def test_attribute_gives_an_interval_where_few_converted(attribute):
    _code, out, _err = attribute(BRYL, "--json")
    few = json.loads(out)["models"]["markov"]
    _code, out, _err = attribute(HEADER + "a>b,5000,1000,7\n", "--json")
    many = json.loads(out)["models"]["markov"]

    assert all(low <= few["credits"][channel] <= high for channel, (low, high) in few["interval"].items())
    assert many["interval"] is None


def test_attribute_divides_conversions_where_nothing_has_a_value(attribute):
    content = HEADER + "a>b,10,4,0\n"

    code, out, err = attribute(content, "--model", "linear")
    assert (code, out.splitlines()[1].split()) == (0, ["a", "0"])
    assert "With --of converted the conversions are divided instead." in err

    code, out, err = attribute(content, "--model", "linear", "--of", "converted")
    assert (code, err, out.splitlines()[1].split()) == (0, "", ["a", "2"])


def test_attribute_of_a_file_without_a_good_row_says_no(attribute):
    code, _out, err = attribute(HEADER)

    assert (code, err.strip()) == (1, "There is no row that can be used.")
    assert attribute(HEADER, "--json")[0] == 1


def test_attribute_says_how_far_it_is(attribute, monkeypatch):
    monkeypatch.setattr(act, "STEP", 2)

    _code, _out, err = attribute(HEADER + "a,1000,1000,1\n" * 3, "--json")

    assert err == "3 rows read\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "best"], "'best' is no model: write all, or some of first, last, linear"),
        (["--half-life", "0"], "'0' is no half-life"),
        (["--half-life", "nan"], "'nan' is no half-life"),
        (["--of", "joy"], "invalid choice: 'joy'"),
    ],
)
def test_attribute_used_wrongly_says_how_to(attribute, options, says):
    with pytest.raises(CommandError, match=says):
        attribute(BRYL, *options)


def test_attribute_names_a_file_that_cannot_be_read(attribute, tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read") as unread:
        call_command("marketing", "attribute", str(tmp_path / "nowhere.csv"))
    with pytest.raises(CommandError, match="first line must be path,total,converted,value") as no_header:
        attribute("C1,1,1,1\n")

    assert (unread.value.returncode, no_header.value.returncode) == (2, 2)
