"""Whatever the bytes: findings, never an exception."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearpath.records.check import check, check_resource
from clearpath.records.check.definitions import resource_types
from tests.examples import examples

EXAMPLE = (Path(__file__).parent / "bundles" / "no_information.json").read_bytes()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=12), below, max_size=4),
    max_leaves=12,
)
KEYS = [
    "id",
    "meta",
    "text",
    "contained",
    "extension",
    "status",
    "code",
    "subject",
    "entry",
    "section",
    "_status",
    "valueCode",
]
FEW = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_have_findings(content):
    assert check(content, profile="ips")


@FEW
@given(st.sampled_from(sorted(resource_types())), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
def test_any_json_in_a_resource_is_judged(kind, inside):
    check_resource({**inside, "resourceType": kind}, profile="ips")


@FEW
@given(st.data())
def test_any_value_anywhere_in_a_summary_is_judged(data):
    bundle = json.loads(EXAMPLE)
    parent, step = bundle, "entry"
    while isinstance(parent[step], dict | list) and parent[step] and data.draw(st.integers(0, 5)):
        parent = parent[step]
        step = data.draw(
            st.sampled_from(sorted(parent)) if isinstance(parent, dict) else st.integers(0, len(parent) - 1)
        )
    parent[step] = data.draw(JSON)

    check(json.dumps(bundle).encode(), profile="ips")


@FEW
@given(st.integers(0, len(EXAMPLE)), st.integers(0, len(EXAMPLE)))
def test_a_summary_that_lost_a_piece_is_judged(start, end):
    check(EXAMPLE[: min(start, end)] + EXAMPLE[max(start, end) :], profile="ips")


def test_a_word_where_the_extensions_of_a_missing_value_belong_is_found_and_breaks_nothing():
    bundle = json.loads(EXAMPLE)
    bundle["entry"][0] |= {"fullUrl": [None], "_fullUrl": [" "]}

    assert check(json.dumps(bundle).encode())
