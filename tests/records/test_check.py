"""The three gates: what each finds, where, and in which words."""

import json
from pathlib import Path

import pytest

from clearpath.records.check import Finding, check

BUNDLES = Path(__file__).parent / "bundles"
PATIENT = {
    "resourceType": "Patient",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Ada</div>'},
    "name": [{"family": "Byron", "given": ["Ada"]}],
    "birthDate": "1815-12-10",
}


def found_in(resource, **options):
    """Rule and path of every finding that is no note."""
    content = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return [(each.rule, each.path) for each in check(content, **options) if each.severity != "information"]


@pytest.mark.parametrize("name", ["ips_example", "no_information"])
def test_the_summaries_that_hl7_publishes_have_no_defect(name):
    assert found_in((BUNDLES / f"{name}.json").read_bytes(), profile="ips") == []


def test_a_patient_without_defect_has_none():
    assert check(json.dumps(PATIENT).encode()) == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json"),
        (b"not json", "json"),
        (b"\xff\xfe", "json"),
        (b'{"resourceType": "Patient", "multipleBirthInteger": NaN}', "json"),
        (b"[]", "json"),
        (b'"Patient"', "json"),
        (b"{}", "resource-type"),
        (b'{"resourceType": "Potion"}', "resource-type"),
        (b'{"resourceType": ["Patient"]}', "resource-type"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "depth"),
        (b"[" * 100_000, "json"),
        (b"[[]," * 400_000 + b"[]]", "size"),
    ],
)
def test_what_is_no_fhir_is_one_finding_and_no_exception(content, rule):
    assert [(each.severity, each.rule, each.gate) for each in check(content)] == [("error", rule, 1)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"colour": "red"}, [("unknown", "Patient.colour")]),
        ({"gender": "woman"}, [("binding", "Patient.gender")]),
        ({"birthDate": "10.12.1815"}, [("format", "Patient.birthDate")]),
        ({"birthDate": "1815-02-30"}, [("format", "Patient.birthDate")]),
        ({"birthDate": 1815}, [("type", "Patient.birthDate")]),
        ({"active": "yes"}, [("type", "Patient.active")]),
        ({"name": {"family": "Byron"}}, [("type", "Patient.name")]),
        ({"name": []}, [("empty-list", "Patient.name")]),
        ({"name": [{}]}, [("ele-1", "Patient.name[0]")]),
        ({"maritalStatus": "M"}, [("type", "Patient.maritalStatus")]),
        ({"multipleBirthInteger": 1.5}, [("format", "Patient.multipleBirth")]),
        ({"multipleBirthInteger": 2, "multipleBirthBoolean": True}, [("choice", "Patient.multipleBirth")]),
        ({"name": [{"given": [""]}]}, [("format", "Patient.name[0].given[0]")]),
        ({"contact": [{"gender": "male"}]}, [("pat-1", "Patient.contact[0]")]),
        ({"link": [{"type": "seealso"}]}, [("cardinality", "Patient.link[0].other")]),
        ({"telecom": [{"value": "5"}]}, [("cpt-2", "Patient.telecom[0]")]),
        ({"managingOrganization": {"reference": "Patient/2"}}, [("reference-type", "Patient.managingOrganization")]),
        ({"managingOrganization": {"reference": "#1"}}, [("ref-1", "Patient.managingOrganization")]),
        ({"extension": [{"url": "http://a.example"}]}, [("ext-1", "Patient.extension[0]")]),
        (
            {"contained": [{"resourceType": "Organization", "id": "1", "name": "A"}]},
            [("dom-3", "Patient.contained[0]")],
        ),
        ({"text": {"status": "generated", "div": "<div><p></div>"}}, [("txt-1", "Patient.text.div")]),
    ],
)
def test_one_defect_is_one_finding_with_its_place(change, expected):
    assert found_in({**PATIENT, **change}) == expected


def test_a_finding_says_what_is_wrong_and_what_would_be_right():
    [finding] = check(json.dumps({**PATIENT, "gender": "woman"}).encode())

    says = "“woman” is not allowed here: use one of male, female, other, unknown."
    assert finding == Finding("error", "binding", "Patient.gender", says, 1)


def test_a_key_that_stands_twice_is_found_wherever_it_stands():
    content = b'{"resourceType": "Patient", "name": [{"family": "A", "given": ["B"], "family": "C"}]}'

    assert found_in(content) == [("duplicate-key", "Patient.name[0].family")]


def test_a_key_that_stands_twice_is_found_behind_an_escape():
    content = b'{"resourceType": "Patient", "language": "\\u0022: ", "active": true, "active": false}'

    assert ("duplicate-key", "Patient.active") in found_in(content)


def test_a_value_may_be_absent_where_its_reason_stands_beside_it():
    reason = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    name = {"_family": reason, "given": [None, "Ada"], "_given": [reason, None]}

    assert found_in({**PATIENT, "name": [name], "_birthDate": reason}) == []


def test_a_value_that_is_null_without_a_reason_is_found():
    assert found_in({**PATIENT, "name": [{"given": [None, "Ada"]}]}) == [("type", "Patient.name[0].given[0]")]
