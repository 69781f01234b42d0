"""The list of procedures: its form, and that the rest of the product knows the same keys."""

import json
from pathlib import Path

import jsonschema
import yaml

from clearpath.offers.finding import vocabulary

DATA = vocabulary.DATA
PAPERS = Path(vocabulary.__file__).parents[2] / "records" / "data" / "papers.yaml"


def known():
    return vocabulary.procedures().values()


def test_the_list_keeps_to_its_schema():
    schema = json.loads((DATA / "procedures.schema.json").read_text())
    told = yaml.safe_load((DATA / "procedures.yaml").read_text(encoding="utf-8"))

    jsonschema.validate({**told, "as_of": str(told["as_of"])}, schema, format_checker=jsonschema.FormatChecker())


def test_every_procedure_names_parts_of_the_body_that_exist():
    unknown = {part for each in known() for part in each.parts} - set(vocabulary.parts())

    assert unknown == set()


def test_every_part_of_the_body_has_a_procedure():
    used = {part for each in known() for part in each.parts}

    assert set(vocabulary.parts()) == used


def test_the_keys_of_the_lists_of_papers_are_all_known():
    papers = yaml.safe_load(PAPERS.read_text())["procedures"]

    assert set(papers) <= set(vocabulary.procedures())


def test_days_before_a_flight_are_said_only_with_their_source():
    said = [each for each in known() if each.recovery_days is not None]

    assert said
    assert all(each.source.startswith("UK Civil Aviation Authority") for each in said)


def test_no_name_stands_for_two_procedures():
    firsts = [(language, words[0].casefold()) for each in known() for language, words in enumerate(each.words)]

    assert len(firsts) == len(set(firsts))
