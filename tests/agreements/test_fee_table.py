"""The file of fee rules has the form that its schema says, and a wrong one is told what is wrong."""

import json
from datetime import date
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from clearpath.agreements import fee_table
from clearpath.agreements.command_line.fee_rules import as_page
from clearpath.agreements.fee_table import FeeTableError, read
from clearpath.agreements.models import Fee
from clearpath.charter.document import default_charter

PAGE = Path(__file__).parents[2] / "docs/reference/fee-rules.md"
GOOD = {
    "key": "xx_one", "jurisdiction": "XX", "payer": ["provider"], "payee": ["facilitator"], "fee_types": ["brokerage"],
    "verdict": "forbidden", "says": "No.", "consequence": "Void.", "rule": "A law", "read_on": "2026-11-23",
    "sources": ["https://example.org/law"],
}  # fmt: skip


def written(*rows):
    return yaml.safe_dump({"rules": list(rows)})


def test_the_shipped_table_has_the_form_of_the_shipped_schema():
    folder = resources.files("clearpath.agreements").joinpath("data")
    table = yaml.load(folder.joinpath("fee_rules.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    for row in table["rules"]:
        row["cap_bps"] = {kind: int(cap) for kind, cap in row.get("cap_bps", {}).items()}
        if not row["cap_bps"]:
            del row["cap_bps"]
    schema = json.loads(folder.joinpath("fee_rules.schema.json").read_text(encoding="utf-8"))

    jsonschema_rs.validator_for(schema, validate_formats=True).validate(table)


def test_every_rule_has_words_that_the_network_knows_and_was_read():
    roles = set(default_charter().roles)
    keys = [rule.key for rule in fee_table.rules()]
    assert len(set(keys)) == len(keys) > 0
    for rule in fee_table.rules():
        assert rule.read_on <= date.today()  # noqa: DTZ011
        assert set(rule.payer) | set(rule.payee) <= roles
        assert set(rule.fee_types) <= set(Fee.Type.values)
        assert set(rule.cap_bps) | set(rule.when.get("institution", ())) <= set(Fee.Institution.values)


def test_the_schema_knows_the_same_words_as_the_tables():
    defined = fee_table.schema()["$defs"]
    assert defined["institution"]["enum"] == list(Fee.Institution.values)
    assert defined["rule"]["properties"]["fee_types"]["items"]["enum"] == list(Fee.Type.values)
    when = defined["rule"]["properties"]["when"]["properties"]
    assert when["care_paid_by"]["items"]["enum"] == list(Fee.CarePaidBy.values)
    assert [*when["bundled"]["items"]["enum"]] == [*Fee.Bundled.values, "brokerage"]


def test_the_page_of_the_reference_is_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == as_page(fee_table.rules())


def test_a_good_file_is_read_with_its_days_and_conditions():
    [rule] = read(written(GOOD | {"when": {"bundled": ["visa"]}, "since": date(2026, 1, 2)}), name="mine.yaml")

    assert (rule.key, rule.since, rule.read_on) == ("xx_one", date(2026, 1, 2), date(2026, 11, 23))
    assert rule.when == {"bundled": ("visa",)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"verdict": "lawful"}, "rule xx_one/verdict"),
        ({"verdict": "capped"}, "rule xx_one: "),
        ({"cap_bps": {"clinic": 100}}, "rule xx_one"),
        ({"verdict": "capped", "of": "cost", "cap_bps": {"spa": 100}}, "spa"),
        ({"verdict": "capped", "of": "cost", "cap_bps": {"clinic": 10_001}}, "10001"),
        ({"payer": []}, "rule xx_one/payer"),
        ({"payee": ["broker"]}, "broker"),
        ({"fee_types": ["gift"]}, "gift"),
        ({"when": {"weekday": ["monday"]}}, "weekday"),
        ({"when": {"bundled": ["car"]}}, "car"),
        ({"jurisdiction": "Germany"}, "Germany"),
        ({"read_on": "yesterday"}, "yesterday"),
        ({"read_on": "2026-02-30"}, "2026-02-30"),
        ({"sources": []}, "rule xx_one/sources"),
        ({"sources": ["a book"]}, "a book"),
        ({"says": ""}, "rule xx_one/says"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_row_of_another_form_is_named_with_what_is_wrong(change, says):
    with pytest.raises(FeeTableError) as error:
        read(written(GOOD | change), name="mine.yaml")

    assert str(error.value).startswith("mine.yaml: rule xx_one")
    assert says in str(error.value)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_row_without_something_that_every_rule_has_is_named(name):
    with pytest.raises(FeeTableError, match=name):
        read(written({key: value for key, value in GOOD.items() if key != name}), name="mine.yaml")


def test_every_mistake_is_told_at_once():
    with pytest.raises(FeeTableError) as error:
        read(written(GOOD | {"payer": []}, GOOD | {"says": ""}), name="mine.yaml")

    assert len(str(error.value).splitlines()) == 3  # two rows, and the same key twice


@pytest.mark.parametrize(
    "text",
    ["",  "[]", "rules", "rules: []", "rules: [1]", "rules: {a: 1}", "a: [", "\x00",
     b"\xff\xfe\xfa", "- " * 2000, "{" * 3000,
     "a: 2026-13-45"],
)  # fmt: skip
def test_what_is_no_table_at_all_is_told_so(text):
    with pytest.raises(FeeTableError, match=r"mine\.yaml"):
        read(text, name="mine.yaml")


def test_a_file_too_large_for_a_table_is_not_read():
    with pytest.raises(FeeTableError, match="too much"):
        read("#" * 1_000_001, name="mine.yaml")
