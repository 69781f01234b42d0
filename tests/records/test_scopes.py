"""Scopes narrow what a program may do, and never widen it."""

import pytest

from clearpath.records.rest.scopes import all_covered, allowed, parsed
from tests.records.rest import Program, observation, open_journey, token_for
from tests.records.test_rest import told

LAB = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}


@pytest.mark.parametrize(
    ("scope", "type_name", "letters"),
    [
        ("system/*.cruds", "*", "cruds"),
        ("system/Observation.rs", "Observation", "rs"),
        ("system/Observation.r?category=laboratory", "Observation", "r"),
        ("system/Observation.read", "Observation", "rs"),
        ("system/*.write", "*", "cud"),
        ("system/*.*", "*", "cruds"),
    ],
)
def test_a_scope_is_read(scope, type_name, letters):
    found = parsed(scope)

    assert (found.type, found.letters) == (type_name, letters)


@pytest.mark.parametrize(
    "scope",
    [
        "", "openid", "patient/*.rs", "user/*.rs", "system/*", "system/*.", "system/*.sr", "system/*.rx",
        "system/observation.r", "system/Observation.r?code=1", "system/Observation.r?category=", "system/*.rs extra",
        "system/Observation.r?",
    ],
)  # fmt: skip
def test_what_is_no_scope_is_refused(scope):
    with pytest.raises(ValueError):
        parsed(scope)


@pytest.mark.parametrize(
    ("wanted", "granted", "covered"),
    [
        ("system/Observation.r", "system/*.rs", True),
        ("system/Observation.rs system/Patient.r", "system/*.rs", True),
        ("system/*.rs", "system/Observation.rs", False),
        ("system/Observation.cr", "system/Observation.rs", False),
        ("system/Observation.r?category=a", "system/Observation.rs", True),
        ("system/Observation.r", "system/Observation.r?category=a", False),
        ("system/Observation.r?category=a", "system/Observation.r?category=a&category=b", True),
        ("system/Observation.r?category=c", "system/Observation.r?category=a&category=b", False),
        ("nonsense", "system/*.cruds", False),
    ],
)
def test_a_token_is_for_no_more_than_the_client(wanted, granted, covered):
    assert all_covered(wanted.split(), granted.split()) is covered


@pytest.mark.parametrize(
    ("scopes", "type_name", "letter", "found"),
    [
        ("system/*.r", "Observation", "r", set()),
        ("system/*.r", "Observation", "s", None),
        ("system/Patient.r", "Observation", "r", None),
        ("system/Observation.r?category=a", "Observation", "r", {"a"}),
        ("system/Observation.r?category=a system/Observation.r?category=b", "Observation", "r", {"a", "b"}),
        ("system/Observation.r?category=a system/*.r", "Observation", "r", set()),
        ("", "Observation", "r", None),
    ],
)
def test_scopes_allow(scopes, type_name, letter, found):
    assert allowed([parsed(each) for each in scopes.split()], type_name, letter) == found


# ---- Over HTTP ----------------------------------------------------------------------------------------------------

# What each letter opens, of: read, vread, history, search, create, update.
ALLOWS = {"r": "110" + "000" + "1", "s": "0001000", "c": "0000100", "u": "0000010", "rs": "1101001", "cruds": "1101111"}


@pytest.mark.django_db
@pytest.mark.parametrize("letters", sorted(ALLOWS))
def test_each_letter_opens_its_interactions_and_no_other(client, letters):
    walk = open_journey()
    whole = Program(client, token_for(walk.facilitator))
    address = whole.post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    changed = whole.get(address).json() | {"status": "amended"}
    narrow = Program(client, token_for(walk.facilitator, f"system/Observation.{letters}"))

    answers = [
        narrow.get(address),
        narrow.get(f"{address}/_history/1"),
        narrow.get("Condition"),  # of another type: never
        narrow.get("Observation"),
        narrow.post("Observation", observation(walk, valueString="new")),
        narrow.put(address, changed),
        narrow.get(f"{address}/_history"),
    ]

    assert "".join("0" if each.status_code == 403 else "1" for each in answers) == ALLOWS[letters]
    assert {told(each) for each in answers if each.status_code == 403} <= {(403, "forbidden")}


@pytest.mark.django_db
def test_the_widest_scope_shows_nothing_that_the_charter_hides(client):
    walk = open_journey()
    made = Program(client, token_for(walk.facilitator)).post("Observation", observation(walk))
    stranger = Program(client, token_for(open_journey().facilitator, "system/*.cruds"))

    assert told(stranger.get(made["Location"])) == (404, "not-found")
    assert stranger.get(f"Observation?patient={walk.journey.pk}").json()["total"] == 0
    assert told(stranger.post("Observation", observation(walk, valueString="mine"))) == (422, "not-found")


@pytest.mark.django_db
def test_a_category_limits_what_is_found_read_and_written(client):
    walk = open_journey()
    whole = Program(client, token_for(walk.facilitator))
    lab = whole.post("Observation", observation(walk, category=[LAB]))["Location"].removesuffix("/_history/1")
    other = whole.post("Observation", observation(walk, valueString="x"))["Location"].removesuffix("/_history/1")
    narrow = Program(client, token_for(walk.facilitator, "system/Observation.cruds?category=laboratory"))

    assert narrow.get("Observation").json()["total"] == 1
    assert narrow.get(lab).status_code == 200
    assert told(narrow.get(other)) == (404, "not-found")
    assert told(narrow.get(f"{other}/_history")) == (404, "not-found")
    assert told(narrow.put(other, whole.get(other).json() | {"status": "amended"})) == (404, "not-found")
    assert told(narrow.post("Observation", observation(walk, valueString="y"))) == (403, "forbidden")
    assert narrow.post("Observation", observation(walk, valueString="z", category=[LAB])).status_code == 201
    assert told(narrow.put(lab, observation(walk, id=lab.rpartition("/")[2]))) == (403, "forbidden")
