"""What is offered is what the standard knows, and what the metadata says."""

import json
from pathlib import Path

import pytest

from clearpath.records.index.offered import MADE, OFFERED
from clearpath.records.rest.capability import statement
from clearpath.records.rest.interactions import INTERACTIONS
from tests.records.rest import Program, token_for
from tests.walk import walk_to

STANDARD = json.loads((Path(__file__).parent / "search_parameters.json").read_text())["types"]
METHODS = {
    "read": ("GET", "{type}/nothing"),
    "vread": ("GET", "{type}/nothing/_history/1"),
    "history-instance": ("GET", "{type}/nothing/_history"),
    "search-type": ("GET", "{type}?_count=1&patient=nothing"),
    "create": ("POST", "{type}"),
    "update": ("PUT", "{type}/nothing"),
}


def resources():
    [rest] = statement("https://x/fhir/R4", "https://x/oauth/token")["rest"]
    return {each["type"]: each for each in rest["resource"]}


@pytest.mark.parametrize("type_name", sorted(OFFERED | MADE))
def test_each_parameter_is_one_of_the_standard(type_name):
    about = (OFFERED | MADE)[type_name]

    offered = {name: each.kind for name, each in about.parameters.items()} | dict.fromkeys(
        about.names_patient, "reference"
    )

    assert {name: STANDARD[type_name].get(name) for name in offered} == offered


@pytest.mark.django_db
def test_the_metadata_promises_what_the_router_does(client):
    program = Program(client, token_for(walk_to("records.add").facilitator))
    promised = {(name, each["code"]) for name, resource in resources().items() for each in resource["interaction"]}

    done = set()
    for name in INTERACTIONS:
        for interaction, (method, path) in METHODS.items():
            answer = program.ask(method, path.format(type=name), {} if method != "GET" else None)
            if answer.status_code != 405:
                done.add((name, interaction))

    assert done == promised


@pytest.mark.django_db
def test_each_parameter_that_is_promised_is_understood(client):
    program = Program(client, token_for(walk_to("records.add").facilitator))
    values = {"date": "2026", "token": "x", "reference": "x", "string": "x"}

    for name, resource in resources().items():
        if not resource.get("searchParam"):
            continue
        pairs = [f"{each['name']}={values[each['type']]}" for each in resource["searchParam"]]
        pairs += [f"_include={each}" for each in resource.get("searchInclude", [])]
        pairs += [f"_revinclude={each}" for each in resource.get("searchRevInclude", [])]
        answer = program.get(f"{name}?{'&'.join(pairs)}", prefer="handling=strict")
        assert (name, answer.status_code) == (name, 200), answer.content


def test_what_a_client_expects_of_a_statement_is_there():
    found = statement("https://x/fhir/R4", "https://x/oauth/token")

    assert (found["fhirVersion"], found["kind"], found["status"]) == ("4.0.1", "instance", "active")
    assert resources()["Patient"]["operation"][0]["definition"].endswith("/summary")
    assert resources()["Observation"]["conditionalCreate"] is True
    assert "Observation:patient" in resources()["Patient"]["searchRevInclude"]
