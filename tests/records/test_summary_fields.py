"""One entry of a record, field by field."""

import json

import pytest

from clearpath.records.summary.fields import opened, raw_of
from clearpath.records.summary.resources import parsed


def fields_of(resource):
    content = json.dumps(resource).encode()
    return {each.name: each.value for each in opened(parsed(content), content, 0).fields}


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"code": {"text": "Gout"}}, {"Code": "Gout"}),
        (
            {"code": {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Haemoglobin"}]}},
            {"Code": "Haemoglobin (LOINC 718-7)"},
        ),
        ({"valueQuantity": {"value": 7, "unit": "mmol/L", "comparator": "<"}}, {"Value quantity": "<7 mmol/L"}),
        ({"subject": {"reference": "Patient/1", "display": "Anna"}}, {"Subject": "Anna · Patient/1"}),
        ({"name": [{"given": ["Anna"], "family": "Bell"}]}, {"Name": "Anna Bell"}),
        ({"period": {"start": "2026-01-01"}}, {"Period": "2026-01-01 - …"}),
        ({"active": False}, {"Active": "false"}),
        ({"a": {"b": {"c": "deep"}}}, {"A › B › C": "deep"}),
        ({"total": {"value": 10, "currency": "EUR"}}, {"Total": "10 EUR"}),
        ({"note": [{"text": "rest"}]}, {"Note": "rest"}),
        (
            {"dateCriterion": [{"code": {"coding": [{"code": "30980-7"}]}, "value": "2026-01-01"}]},
            {"Date criterion › Code": "30980-7", "Date criterion › Value": "2026-01-01"},
        ),
    ],
)
def test_each_type_is_told_in_one_piece(sent, fields):
    assert fields_of({"resourceType": "Basic", **sent}) == fields


def test_a_reference_within_the_record_says_which_entry_it_opens():
    resources = [
        {"resourceType": "Observation", "subject": {"reference": "Patient/1"}},
        {"resourceType": "Patient", "id": "1"},
    ]
    content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()

    [field] = opened(parsed(content), content, 0).fields
    assert (field.name, field.entry) == ("Subject", 1)


@pytest.mark.parametrize("number", ["1.50", "1E2", "-0.0", "12345678901234567890.123456789"])
def test_raw_data_keeps_numbers_as_they_were_sent(number):
    content = f'{{"resourceType": "Observation", "valueDecimal": {number}, "x": {number}}}'.encode()

    assert raw_of(content, 0).count(f": {number}") == 2


def test_what_is_too_deep_is_cut_and_does_not_raise():
    content = b'{"resourceType": "Basic", "a": ' + b'{"a": ' * 900 + b"1" + b"}" * 900 + b"}"
    root = parsed(content)

    assert root is None or opened(root, content, 0).fields == ()
