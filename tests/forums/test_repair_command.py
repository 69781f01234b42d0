"""`clearpath forums repair`: a plan and what happened come in, a plan and whom it touches come out."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

FORUM = {
    "format": "clearpath-forum/1", "slots": [{"id": each} for each in ("9:00", "9:20", "9:40")],
    "halls": [{"id": "north", "tables": 2}, {"id": "south: left", "tables": 1}],
    "delegates": [{"id": each} for each in ("ada", "ben", "cleo: Kuwait", "dan", "eva")],
    "wishes": [{"from": one, "to": other, "value": 3} for one, other in (
        ("ada", "ben"), ("ada", "cleo: Kuwait"), ("ben", "dan"), ("cleo: Kuwait", "dan"), ("ben", "cleo: Kuwait"),
    )],
}  # fmt: skip
PLAN = {"status": "feasible", "meetings": [
    {"delegates": [one, other], "slot": slot, "hall": hall, "table": table} for one, other, slot, hall, table in (
        ("ada", "ben", "9:00", "north", 1), ("cleo: Kuwait", "dan", "9:00", "south: left", 1),
        ("ada", "cleo: Kuwait", "9:20", "north", 1), ("ben", "dan", "9:20", "north", 2),
    )]}  # fmt: skip


@pytest.fixture
def call(tmp_path, capsys):
    """The command, given a forum and a plan: what it answers, and how it ends."""

    def called(*options, forum=FORUM, plan=PLAN, as_json=True):
        for name, said in (("forum", forum), ("plan", plan)):
            (tmp_path / f"{name}.json").write_text(said if isinstance(said, str) else json.dumps(said))
        files = [str(tmp_path / f"{name}.json") for name in ("forum", "plan")]
        code = 0
        try:
            call_command("forums", "repair", *files, *options, *(["--json"] if as_json else []))
        except SystemExit as ended:
            code = ended.code
        out = capsys.readouterr().out
        return (json.loads(out) if as_json else out), code

    return called


def changes(told, kind="moved"):
    return {(*each["delegates"], each["before"], each["after"]) for each in told[kind]}


def test_who_leaves_touches_only_whom_they_would_have_met(call):
    told, code = call("--now", "9:20", "--gone", "ben")

    assert code == 0
    assert changes(told) == {("ben", "dan", "9:20", None)}
    assert (told["touched"], told["least_touched"]) == (["dan"], 1)
    assert [each["why"] for each in told["moved"]] == ["ben cannot be there."]
    assert told["moved"][0]["reason"] == {"key": "one_absent", "name": "ben"}
    assert told["status"] == "feasible"
    assert len(told["meetings"]) == 3


def test_the_answer_is_a_plan_that_can_be_checked_and_repaired_again(call, tmp_path, capsys):
    told, _code = call("--gone", "ben:9:20")
    call_command("forums", "check", str(tmp_path / "forum.json"), str(_written(tmp_path, told)))
    assert "keeps every rule" in capsys.readouterr().out

    again, code = call("--now", "9:20", "--gone", "ben", plan=told)

    assert (again["meetings"], again["moved"], code) == (told["meetings"], [], 0)


def _written(folder, plan):
    (folder / "again.json").write_text(json.dumps(plan))
    return folder / "again.json"


def test_who_is_late_meets_later_and_who_has_said_no_is_asked_first(call):
    told, code = call("--late", "cleo: Kuwait:9:20")
    assert changes(told) == {("cleo: Kuwait", "dan", "9:00", "9:40")}
    assert (told["touched"], code) == (["dan"], 0)

    asked, code = call("--late", "cleo: Kuwait:9:20", "--said-no", "dan")

    assert changes(asked) == {("cleo: Kuwait", "dan", "9:00", None)}
    assert changes(asked, "asks") == {("cleo: Kuwait", "dan", "9:00", "9:40")}
    assert asked["asks"][0]["ask"] == ["dan"]
    assert code == 0


def test_a_broken_table_is_left_and_halls_and_slots_may_hold_colons(call):
    told, _code = call("--broken", "south: left:1:9:00")

    [there] = [each for each in told["meetings"] if each["delegates"] == ["cleo: Kuwait", "dan"]]
    assert (there["slot"], there["hall"], there["table"]) == ("9:00", "north", 2)
    assert told["moved"][0]["why"] == "Table 1 in hall south: left cannot be used."


def test_a_newcomer_gets_a_meeting(call):
    forum = FORUM | {"wishes": [*FORUM["wishes"], {"from": "eva", "to": "dan", "value": 5}]}

    told, code = call("--new", "eva", forum=forum)

    assert changes(told) == {("dan", "eva", None, "9:40")}
    assert (told["touched"], told["least_touched"], code) == (["dan"], 1, 0)


def test_what_must_be_and_cannot_is_said_and_ends_with_one(call):
    forum = FORUM | {"meetings": [{"delegates": ["ben", "dan"], "must": True}]}

    told, code = call("--gone", "ben", forum=forum)

    assert (told["status"], code) == ("impossible", 1)
    assert told["says"] == ["ben and dan must meet, but cannot any more."]


def test_as_text_each_change_is_a_line(call):
    told, _code = call("--late", "cleo: Kuwait:9:20", as_json=False)

    assert told.splitlines() == [
        "Meetings that change: 1. Agendas of others touched: 1; in any plan at least 1.",
        "cleo: Kuwait and dan: 9:00 -> 9:40. cleo: Kuwait cannot be there.",
    ]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--now=10:00", "--now '10:00': there is no slot '10:00' in the forum"),
        ("--gone=bem", "--gone 'bem': there is no such delegate in the forum; did you mean 'ben'?"),
        ("--gone=ben:10", "--gone 'ben:10': there is no slot '10' in the forum"),
        ("--late=ben", "--late 'ben': write until when, DELEGATE:SLOT"),
        ("--broken=west:1", "--broken 'west:1': there is no such hall in the forum"),
        ("--broken=north:3", "--broken 'north:3': there is no such table; hall 'north' has tables 1 to 2"),
        ("--broken=north", "--broken 'north': there is no such table"),
        ("--broken=north:1:x", "--broken 'north:1:x': there is no slot 'x' in the forum"),
        ("--new=ben", "--new 'ben': they have meetings in the plan already"),
        ("--said-no=zoe", "--said-no 'zoe': there is no delegate 'zoe' in the forum"),
    ],
)
def test_a_change_that_cannot_be_is_named(call, option, says):
    with pytest.raises(CommandError) as wrong:
        call(option, "--gone", "nobody")

    lines = str(wrong.value).splitlines()
    assert any(line.startswith(says) for line in lines)
    assert any(line.startswith("--gone 'nobody'") for line in lines)
    assert wrong.value.returncode == 2


def changed(row, **values):
    return PLAN | {"meetings": [each | values if place == row else each for place, each in enumerate(PLAN["meetings"])]}


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("{", "plan.json: this is no JSON"),
        ([], "plan.json: meetings: there are none"),
        ({"status": "impossible", "meetings": []}, "plan.json: status: no plan was found: it is 'impossible'"),
        (changed(1, slot="8:00"), "plan.json: meetings, row 2: slot is '8:00'; there is no such slot"),
        (changed(1, table=2), "plan.json: meetings, row 2: there are 1 tables in this hall"),
        (changed(1, table=float("nan")), "plan.json: meetings, row 2: table is NaN, no number"),
        (changed(3, delegates=["ada", "dan"]), "plan.json: meetings, row 4: the forum has no such meeting"),
        (changed(1, delegates=["ben", "cleo: Kuwait"]),
         "plan.json: meetings, row 2: ben has a meeting in the same slot in row 1"),
        (changed(3, table=1), "plan.json: meetings, row 4: there is a meeting at this table in the same slot in row 3"),
        (PLAN | {"meetings": [*PLAN["meetings"], PLAN["meetings"][0] | {"slot": "9:40"}]},
         "plan.json: meetings, row 5: the same two meet in row 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_is_named_by_its_row(call, plan, says):
    with pytest.raises(CommandError) as wrong:
        call("--gone", "ben", plan=plan)

    assert any(line.startswith(says) for line in str(wrong.value).splitlines())
    assert wrong.value.returncode == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["ada", "9:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["delegates", "slot", "hall", "table", "meetings", "status"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(content=st.binary(max_size=100) | st.lists(JSON, max_size=3).map(
    lambda rows: json.dumps({"status": "feasible", "meetings": rows}).encode()))  # fmt: skip
def test_no_plan_breaks_the_command(tmp_path_factory, content):
    says = refused(tmp_path_factory.mktemp("forums"), content)

    assert not says or says.startswith("plan.json: ")


def refused(folder, plan, *options):
    """What is said against it; "" where it is repaired."""
    (folder / "forum.json").write_text(json.dumps(FORUM))
    (folder / "plan.json").write_bytes(plan)
    try:
        call_command("forums", "repair", str(folder / "forum.json"), str(folder / "plan.json"), *options)
    except CommandError as wrong:
        return f"{wrong}" if wrong.returncode == 2 else f"ended with {wrong.returncode}"
    return ""


@given(
    st.sampled_from(["now", "gone", "late", "broken", "new", "said-no"]),
    st.text(max_size=20)
    | st.lists(st.sampled_from([":", "ada", "9:00", "north", "1", "0", "²"]), max_size=5).map("".join),
)
def test_no_change_breaks_the_command(tmp_path_factory, name, text):
    says = refused(tmp_path_factory.mktemp("forums"), json.dumps(PLAN).encode(), f"--{name}={text}")

    assert not says or says.startswith(f"--{name} ")
