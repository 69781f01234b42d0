"""What a forum's file may say, and what is told of one with faults."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.planning.dzn import UnreadableForumError
from clearpath.forums.planning.format import read, read_good
from clearpath.forums.planning.problem import NOWHERE
from tests.forums.planning.forums import small_forum

DOCS = Path(__file__).parents[3] / "docs" / "reference"
GOOD = {
    "format": "clearpath-forum/1",
    "slots": [
        {"id": "s1", "begins_at": "2027-03-01T09:00:00+03:00", "ends_at": "2027-03-01T09:20:00+03:00"},
        {"id": "s2", "begins_at": "2027-03-01T09:25:00+03:00", "ends_at": "2027-03-01T09:45:00+03:00"},
    ],
    "halls": [{"id": "h1", "tables": 3, "minutes_to": {"h2": 4}}, {"id": "h2", "tables": 1}],
    "delegates": [
        {"id": "a", "trade": "hospital", "table": "h2"}, {"id": "b", "trade": "agency", "most": 2, "least": 1},
        {"id": "c", "free": ["s1"]},
    ],
    "wishes": [{"from": "a", "to": "b", "value": 7}, {"from": "b", "to": "a", "value": 2},
               {"from": "c", "to": "b", "value": 1}],
    "meetings": [{"delegates": ["b", "a"], "slot": "s2"}],
    "forbidden": [],
    "before": [{"first": ["c", "b"], "then": ["a", "b"]}],
    "quotas": [{"trade": "hospital", "others": "agency", "most": 1}],
}  # fmt: skip


def changed(part, row, **values):
    said = copy.deepcopy(GOOD)
    said[part][row] |= values
    return said


def test_a_file_becomes_a_problem():
    problem = read(json.dumps(GOOD), "forum.json")

    assert problem.delegates == ("a", "b", "c")
    assert (problem.first.tolist(), problem.second.tolist()) == ([0, 1], [1, 2])
    assert problem.value.tolist() == [9, 1]
    assert (problem.fixed.tolist(), problem.must.tolist()) == ([1, NOWHERE], [True, False])
    assert problem.free.tolist() == [[True, True], [True, True], [True, False]]
    assert problem.booth.tolist() == [1, NOWHERE, NOWHERE]
    assert [hall.minutes_to for hall in problem.halls] == [(0, 4), (4, 0)]
    assert problem.before == ((1, 0),)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (changed("wishes", 2, to="z"), "wishes, row 3: to is 'z'; there is no such delegate"),
        (changed("wishes", 2, to="c"), "wishes, row 3: nobody meets themselves"),
        (changed("wishes", 1, **GOOD["wishes"][0]), "wishes, row 2: the same wish stands in a row before"),
        (changed("wishes", 0, value=float("nan")), "wishes, row 1: value is NaN, no number; write a whole number"),
        (changed("wishes", 0, value=float("inf")), "wishes, row 1: value is infinite; write a whole number"),
        (changed("wishes", 0, value=-3), "wishes, row 1: value is -3; write a whole number from 1 to 1,000,000"),
        (changed("wishes", 0, value=10**40), "wishes, row 1: value is a number of more than 30 digits; write"),
        (changed("wishes", 0, value=2.5), "wishes, row 1: value is 2.5; write"),
        (changed("wishes", 0, value=True), "wishes, row 1: value is True; write"),
        (changed("wishes", 0, worth=1), "wishes, row 1: there is no 'worth' in such a row"),
        (GOOD | {"wishes": [5]}, "wishes, row 1: it is 5; write an object"),
        (GOOD | {"wishes": {}}, "wishes: write a list of rows"),
        (changed("slots", 1, begins_at="2027-03-01T09:10:00+03:00"), "slots, row 2: it begins before slot 's1' ends"),
        (changed("slots", 1, ends_at="2027-03-01T09:00:00+03:00"), "slots, row 2: it ends before it begins"),
        (changed("slots", 1, begins_at="9 o'clock"), "slots, row 2: begins_at is \"9 o'clock\"; write a time"),
        (changed("slots", 1, id="s1"), "slots, row 2: there is a slot 's1' already"),
        (changed("halls", 0, tables=-1), "halls, row 1: tables is -1; write a whole number from 0"),
        (changed("halls", 0, minutes_to={"x": 1}), "halls, row 1: minutes_to is {'x': 1}; there is no hall 'x'"),
        (changed("delegates", 1, id="a"), "delegates, row 2: there is a delegate 'a' already"),
        (changed("delegates", 1, least=2, most=1), "delegates, row 2: least is more than most"),
        (changed("delegates", 1, free=["s9"]), "delegates, row 2: free is ['s9']; there is no such slot"),
        (changed("delegates", 1, table="h2"), "delegates, row 2: every table of hall 'h2' belongs to somebody already"),
        (changed("meetings", 0, delegates=["a", "a"]), "meetings, row 1: delegates is ['a', 'a']; nobody meets"),
        (changed("meetings", 0, slot=["s1"]), "meetings, row 1: slot is ['s1']; there is no such slot"),
        (GOOD | {"forbidden": [{"delegates": ["a", "b"]}]}, "forbidden, row 1: the same two must meet"),
        (GOOD | {"before": [{"first": ["a", "c"], "then": ["a", "b"]}]}, "before, row 1: there is no such meeting"),
        (changed("quotas", 0, others="clinic"), "quotas, row 1: others is 'clinic'; there is no such trade"),
        (GOOD | {"tables": 4}, "'tables': there is no such part of a forum"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_row_and_the_good_part_is_kept(said, says):
    with pytest.raises(UnreadableForumError) as unreadable:
        read(json.dumps(said), "forum.json")

    assert unreadable.value.faults[0].startswith(f"forum.json: {says}")
    problem, faults = read_good(json.dumps(said), "forum.json")
    assert faults == unreadable.value.faults
    assert len(problem.delegates) >= 2


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (GOOD | {"halls": []}, "halls: there is no table that can be used"),
        (GOOD | {"halls": [{"id": "h", "tables": 0}]}, "halls: there is no table that can be used"),
        (GOOD | {"slots": []}, "slots: there are 0 that can be used"),
        (GOOD | {"delegates": []}, "delegates: 0 can be used"),
        (GOOD | {"format": "2"}, "format is '2'; write 'clearpath-forum/1'"),
        ([], "this is no forum"),
    ],
)
def test_without_slots_tables_or_delegates_nothing_can_be_planned(said, says):
    with pytest.raises(UnreadableForumError, match=says):
        read_good(json.dumps(said), "forum.json")


@pytest.mark.slow
def test_a_million_wishes_in_a_small_forum_are_refused_by_the_row_and_the_first_can_be_planned():
    said = GOOD | {"wishes": GOOD["wishes"] + [{"from": "a", "to": "c", "value": 1}] * 1_000_000}

    problem, faults = read_good(json.dumps(said), "forum.json")

    assert faults[0].startswith("forum.json: wishes, row 7: 1,000,003 wishes are too many: 3 delegates have at most 6")
    assert len(problem.first) == 3


def test_a_name_that_stands_twice_in_a_row_is_told():
    with pytest.raises(UnreadableForumError, match="'value' stands twice"):
        read(json.dumps(GOOD).replace('"value": 7', '"value": 7, "value": 8'), "forum.json")


def test_many_faults_are_counted():
    said = GOOD | {"wishes": [{"from": "a", "to": "a", "value": 0}] * 1000}
    _problem, faults = read_good(json.dumps(GOOD | {"forbidden": [3] * 1000}), "forum.json")

    assert faults[-1] == "forum.json: 900 more faults of this kind are not listed"
    assert read_good(json.dumps(said), "forum.json")[1][0].startswith("forum.json: wishes, row 7")


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "b", "s1", ""])
KEYS = st.sampled_from(["id", "from", "to", "value"])
VALUES = st.recursive(
    SIMPLE, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside), max_leaves=6
)  # fmt: skip


@given(st.sampled_from([*GOOD, "name"]), VALUES, st.booleans(), st.integers(0, 9))
def test_no_value_anywhere_breaks_the_reader(part, value, in_a_row, place):
    said = copy.deepcopy(GOOD)
    if in_a_row and isinstance(said.get(part), list):
        for row in said[part][:1]:
            row[list(row)[place % len(row)]] = value
        said[part].append(value)
    else:
        said[part] = value
    try:
        problem, _faults = read_good(json.dumps(said), "noise")
    except UnreadableForumError:
        return
    assert len(problem.first) == len(problem.value) == len(problem.must)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_command(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("forums") / "forum.json"
    file.write_bytes(content)

    with pytest.raises(CommandError) as wrong:
        call_command("forums", "solve", str(file), "--keep-good")

    assert wrong.value.returncode == 2


@pytest.mark.parametrize("seed", range(20))
def test_the_schema_says_what_the_reader_reads(seed):
    schema = json.loads((DOCS / "forum.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(small_forum(seed), schema)
    jsonschema.validate(GOOD, schema)
    for said in (changed("wishes", 0, value=0), changed("slots", 0, name="x"), GOOD | {"halls": 3}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(said, schema)


def test_the_example_in_the_docs_is_planned(tmp_path, capsys):
    text = (DOCS / "forum-file.md").read_text(encoding="utf-8")
    file, plan, prices = (tmp_path / name for name in ("forum.json", "plan.json", "prices.json"))
    file.write_text(text.split("```json\n")[1].split("```")[0], encoding="utf-8")

    call_command("forums", "solve", str(file), "--json", "--certificate", str(prices))

    plan.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads(plan.read_text())["status"] == "optimal"
    call_command("forums", "check", str(file), str(plan), "--certificate", str(prices))
    assert "keeps every rule" in capsys.readouterr().out


def test_a_plan_is_shown_as_a_table_of_who_meets_whom(tmp_path, capsys):
    file = tmp_path / "forum.json"
    file.write_text(json.dumps(GOOD))

    call_command("forums", "solve", str(file))

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["slot", "hall", "table", "who", "with", "whom"] in lines
    assert ["s1", "h1", "1", "b", "c"] in lines
    assert ["s2", "h2", "1", "a", "b"] in lines


def test_of_a_large_plan_the_first_meetings_are_shown_unless_all_are_asked_for(tmp_path, capsys):
    names = [f"d{each}" for each in range(50)]
    forum = {
        "format": "clearpath-forum/1", "slots": [{"id": "only"}], "halls": [{"id": "h", "tables": 25}],
        "delegates": [{"id": name} for name in names],
        "wishes": [{"from": a, "to": b, "value": 1} for a, b in zip(names[::2], names[1::2], strict=True)],
    }  # fmt: skip
    file = tmp_path / "forum.json"
    file.write_text(json.dumps(forum))

    call_command("forums", "solve", str(file))
    few = capsys.readouterr().out
    call_command("forums", "solve", str(file), "--all")
    every = capsys.readouterr().out

    assert [text.count("only  h") for text in (few, every)] == [20, 25]
    assert "and 5 more: --all" in few
    assert "--all" not in every


def test_a_plan_that_breaks_a_rule_is_refused_by_the_check(tmp_path, capsys):
    file, plan = tmp_path / "forum.json", tmp_path / "plan.json"
    file.write_text(json.dumps(GOOD))
    call_command("forums", "solve", str(file), "--json")
    said = json.loads(capsys.readouterr().out)
    said["meetings"][0]["slot"] = "s1"
    plan.write_text(json.dumps(said))

    with pytest.raises(SystemExit) as ended:
        call_command("forums", "check", str(file), str(plan))

    assert ended.value.code == 1
    assert "a and b meet in slot s1 instead of s2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "told", "depending"),
    [
        (changed("delegates", 1, least=3), "delegates, row 2: least is more than most", 6),
        (changed("delegates", 1, most="x"), "delegates, row 2: most is 'x'; write a whole number", 6),
        (changed("slots", 0, ends_at="noon"), "slots, row 1: ends_at is 'noon'; write a time", 3),
    ],
)
def test_a_fault_is_told_once_however_many_rows_depend_on_its_row(said, told, depending):
    said = said | {"delegates": [*said["delegates"], {"id": "d", "trade": "clinic"}]}
    said |= {"wishes": [*said["wishes"], {"from": "d", "to": "a", "value": 1}]}

    _problem, faults = read_good(json.dumps(said), "f.json")

    assert len(faults) == 2
    assert told in faults[0]
    assert faults[1] == f"f.json: rows that name what is left out: {depending}; they are left out too"


def checked(tmp_path, plan):
    file, other = tmp_path / "forum.json", tmp_path / "plan.json"
    file.write_text(json.dumps(GOOD))
    other.write_text(json.dumps(plan))
    call_command("forums", "check", str(file), str(other))


def test_a_wrong_table_and_a_wrong_value_are_both_told(tmp_path, capsys):
    meeting = {"delegates": ["a", "b"], "slot": "s2", "hall": "h2", "table": 9}

    with pytest.raises(SystemExit):
        checked(tmp_path, {"status": "feasible", "value": 7, "bound": 10, "meetings": [meeting]})

    told = capsys.readouterr().out
    assert "there is no table 9 in hall h2" in told
    assert "the plan is worth 9, not 7" in told


@pytest.mark.parametrize("plan", [[], 5, {"meetings": [5]}, {"meetings": {"a": 1}}])
def test_what_is_no_plan_is_refused_in_a_sentence(plan, tmp_path):
    with pytest.raises(CommandError, match=r"^plan\.json: this is no plan or certificate") as wrong:
        checked(tmp_path, plan)

    assert wrong.value.returncode == 2


@pytest.mark.parametrize("ends", [None, 5, ["a"], ["a", 5], ["a", []], [{}, {}]])
def test_a_meeting_of_nobody_is_told_by_its_row(ends, tmp_path, capsys):
    with pytest.raises(SystemExit):
        checked(tmp_path, {"value": 0, "meetings": [{"delegates": ends}]})

    assert "meeting 1: " in capsys.readouterr().out


def test_the_good_part_of_a_file_with_faults_is_planned_when_asked(tmp_path, capsys):
    file = tmp_path / "forum.json"
    file.write_text(json.dumps(changed("wishes", 2, to="nobody")))
    with pytest.raises(CommandError, match="wishes, row 3"):
        call_command("forums", "solve", str(file))

    call_command("forums", "solve", str(file), "--keep-good", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["value"]) == ("optimal", 9)
    assert any("wishes, row 3" in fault for fault in told["faults"])
