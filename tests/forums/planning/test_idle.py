"""The fewest breaks, against every plan that there is for small forums, and what a file must say."""

import json
import time
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.planning import dzn
from clearpath.forums.planning.answer import Status
from clearpath.forums.planning.format import read
from clearpath.forums.planning.idle import PlannerDiedError, least_idle
from clearpath.forums.planning.search import any_plan, prove_too

SLOTS = 4


def small_forum(seed):
    """A file with three to five participants, and what it says."""
    random = Random(seed)
    people, meetings = random.randint(3, 5), random.randint(2, 5)
    return {
        "people": people, "tables": random.randint(1, 3),
        "requested": [
            (*random.sample(range(1, people + 1), 2), random.choice([1, 2, 3, 3])) for _each in range(meetings)
        ],
        "forbidden": [random.choices(range(1, SLOTS + 1), k=random.choice([0, 0, 1])) for _each in range(people)],
        "fixed": [random.choice([0, 0, 0, 0, random.randint(1, SLOTS)]) for _each in range(meetings)],
        "precedences": [
            [each for each in [random.randint(1, meetings)] if each != own] if random.random() < 0.15 else []
            for own in range(1, meetings + 1)
        ],
    }  # fmt: skip


def written(said):
    def sets(rows):
        return "[" + ", ".join("{" + ", ".join(map(str, row or [0])) + "}" for row in rows) + "]"

    rows = "\n".join(f"|{first}, {second},{session}," for first, second, session in said["requested"])
    return (
        f"nBusiness = {said['people']};\nnMeetings = {len(said['requested'])};\nnTables = {said['tables']};\n"
        f"nTotalSlots = {SLOTS};\nnMorningSlots = {SLOTS // 2};\n% a forum\nrequested = [{rows}|];\n"
        f"forbidden = {sets(said['forbidden'])};\nfixed = {said['fixed']};\n"
        f"precedences = {sets(said['precedences'])};\n"
    )


def breaks_in(slots):
    """The MANIFEST's words: a place where the next meeting is not in the next slot."""
    return sum(later - earlier > 1 for earlier, later in pairwise(slots))


def is_valid(said, plan):
    sessions = {1: range(SLOTS // 2), 2: range(SLOTS // 2, SLOTS), 3: range(SLOTS)}
    days = {}
    for meeting, ((first, second, session), slot) in enumerate(zip(said["requested"], plan, strict=True)):
        days.setdefault(first, []).append(slot)
        days.setdefault(second, []).append(slot)
        if slot not in sessions[session] or slot + 1 in {*said["forbidden"][first - 1], *said["forbidden"][second - 1]}:
            return None
        if said["fixed"][meeting] and said["fixed"][meeting] != slot + 1:
            return None
        if any(plan[earlier - 1] >= slot for earlier in said["precedences"][meeting]):
            return None
    if any(len(set(day)) < len(day) for day in days.values()):
        return None
    if any(plan.count(slot) > said["tables"] for slot in range(SLOTS)):
        return None
    return [breaks_in(sorted(days.get(person, []))) for person in range(1, said["people"] + 1)]


def best_of_all(said, fairness):
    found = (is_valid(said, plan) for plan in product(range(SLOTS), repeat=len(said["requested"])))
    fair = [sum(breaks) for breaks in found if breaks and max(breaks) - min(breaks) <= fairness]
    return min(fair, default=None)


@pytest.mark.parametrize("block", range(4))
def test_no_plan_of_all_has_fewer_breaks(block, monkeypatch):
    """In this process, so that a hundred forums take seconds."""
    work_here(monkeypatch)
    for seed in range(block * 40, block * 40 + 40):
        said, fairness = small_forum(seed), seed % 3
        best = best_of_all(said, fairness)

        answer = least_idle(
            dzn.read(written(said), "small"), fairness=fairness, deadline=time.monotonic() + 600, tell=str
        )

        assert (answer.status, answer.score) == (
            (Status.OPTIMAL, best) if best is not None else (Status.IMPOSSIBLE, None)
        )
        if answer.plan is not None:
            breaks = is_valid(said, answer.plan.slot.tolist())
            assert sum(breaks) == best == answer.bound
            tables = list(zip(answer.plan.slot.tolist(), answer.plan.table.tolist(), strict=True))
            assert len(set(tables)) == len(tables)
            assert 0 <= answer.plan.table.min() <= answer.plan.table.max() < said["tables"]


def test_the_second_prover_finds_as_few_breaks(monkeypatch):
    monkeypatch.setattr("clearpath.forums.planning.search._begin", lambda *_limits, **_more: None)
    for seed in range(60):
        said, fairness = small_forum(seed), seed % 3
        best, told = best_of_all(said, fairness), []

        prove_too(Mouth(told), dzn.read(written(said), "small"), fairness, time.monotonic() + 600)

        what, plan = told[-1]
        assert what == ("impossible" if best is None else "plan")
        if best is not None:
            bound = max(value for what, value in told if what == "bound")
            assert sum(is_valid(said, plan.tolist())) == best == bound


def test_a_first_plan_keeps_every_rule_and_nobody_has_more_breaks_than_may_lie_between_two(monkeypatch):
    monkeypatch.setattr("clearpath.forums.planning.search._begin", lambda *_limits, **_more: None)
    begun = 0
    for seed in range(120):
        said, fairness = small_forum(seed), seed % 3
        told = []

        any_plan(Mouth(told), dzn.read(written(said), "small"), fairness, time.monotonic() + 600)

        begun += len(told)
        for what, plan in told:
            assert what == "plan"
            assert max(is_valid(said, plan.tolist())) <= fairness
        if best_of_all(said, fairness) == 0:
            assert told
    assert begun > 30


@pytest.mark.parametrize("slots", [(0, 2, 4, 6), (0, 1, 5, 8), (3, 4, 5, 6), (0, 2, 3, 8)])
@pytest.mark.parametrize("fairness", [0, 1, 2, 3, None])
def test_a_first_plan_counts_the_breaks_of_each(slots, fairness, monkeypatch):
    monkeypatch.setattr("clearpath.forums.planning.search._begin", lambda *_limits, **_more: None)
    names = ["hub", *"abcd"]
    forum = {
        "format": "clearpath-forum/1", "slots": [{"id": str(each)} for each in range(9)],
        "halls": [{"id": "h", "tables": 2}], "delegates": [{"id": name} for name in names],
        "meetings": [{"delegates": ["hub", name], "slot": str(at)} for name, at in zip("abcd", slots, strict=True)],
    }  # fmt: skip
    told = []

    any_plan(Mouth(told), read(json.dumps(forum), "small"), fairness, time.monotonic() + 600)

    assert bool(told) == (fairness is None or breaks_in(slots) <= fairness)


def work_here(monkeypatch):
    monkeypatch.setattr("clearpath.forums.planning.idle.multiprocessing.get_context", lambda _how: Here())
    monkeypatch.setattr("clearpath.forums.planning.idle.wait", lambda ears, _seconds: list(ears))
    monkeypatch.setattr("clearpath.forums.planning.search._begin", lambda *_limits, **_more: None)


class Here:
    """A context whose worker runs at once, in this process."""

    def Pipe(self, duplex):
        told = []
        return Ears(told), Mouth(told)

    def Process(self, target, args, daemon):
        return type("Worker", (), {"start": lambda _self: target(*args), "kill": str, "join": str})()


class Mouth:
    def __init__(self, told):
        self.told = told

    def send(self, what):
        self.told.append(what)

    def close(self):
        pass


class Ears:
    def __init__(self, told):
        self.told = told

    def recv(self):
        if not self.told:
            raise EOFError
        return self.told.pop(0)


def test_a_worker_of_its_own_finds_the_same_and_is_stopped_by_the_clock():
    said = small_forum(3)
    problem = dzn.read(written(said), "small")

    there = least_idle(problem, fairness=2, deadline=time.monotonic() + 600, tell=str)
    late = least_idle(problem, fairness=2, deadline=time.monotonic() - 1, tell=str)

    assert (there.score, late.status) == (best_of_all(said, 2), Status.UNKNOWN)


# Files


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("nBusiness = ", "nBusiness = x"), "nBusiness is no whole number"),
        (("nTables = ", "nTable = "), "nTables is missing"),
        (("requested = [", "requested = "), "requested is missing"),
        (("forbidden = [", "forbidden = [{1}, "), "forbidden has"),
        (("fixed = [", "fixed = [9, "), "fixed needs"),
        (("nMeetings = ", "nMeetings = 9"), "but nMeetings is 9"),
        (("nTotalSlots = 4", "nTotalSlots = 0"), "nTotalSlots is 0"),
        (("nBusiness = ", "nBusiness = 99999"), "nBusiness is 99999"),
        (("nMorningSlots = 2", "nMorningSlots = 9"), "there are only 4 slots"),
        (("nTables = ", "nTables = 0; tables = "), "without a table nobody can meet"),
        (("nTables = ", "nTables = 1; nTables = "), "nTables is given twice"),
        (("fixed = [", "never mind; fixed = ["), "begins with 'never mind' is no statement"),
        (("precedences = [", "precedences = [words "), "no list of sets"),
        (("precedences = [{0", "precedences = [{1"), "it cannot come before itself"),
        (("forbidden = [{", "forbidden = [{99, "), "there is no slot 99"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(change, says):
    with pytest.raises(dzn.UnreadableForumError, match=says):
        dzn.read(written(small_forum(1)).replace(*change), "small")


@pytest.mark.parametrize(
    ("row", "says"),
    [("|1, 1,3,", "row 3: participant 1 meets themselves"), ("|1, 99,3,", "row 3: there is no participant"),
     ("|1, 2,7,", "row 3: the session is 7"), ("|1, 2,", "row 3: write participant")],
)  # fmt: skip
def test_what_is_wrong_with_a_meeting_is_named_by_its_row(row, says):
    said = small_forum(1) | {"requested": [(1, 2, 3), (1, 3, 3)], "fixed": [0, 0, 0], "precedences": [[], [], []]}
    text = written(said).replace("nMeetings = 2", "nMeetings = 3").replace("|];\nforbidden", f"{row}|];\nforbidden")

    with pytest.raises(dzn.UnreadableForumError, match=says):
        dzn.read(text, "small")


@given(st.text(max_size=300), st.integers(0, 500))
def test_no_file_breaks_the_reader(noise, place):
    text = written(small_forum(2))
    for given_text in (noise, text[:place] + noise + text[place:]):
        try:
            problem = dzn.read(given_text, "noise")
        except dzn.UnreadableForumError:
            continue
        assert len(problem.first) == len(problem.session)
        assert problem.free.dtype == np.bool_


def test_a_last_statement_without_its_semicolon_is_not_passed_over():
    """Else who must not meet then would be planned then, in a plan that is called proved."""
    text = written(small_forum(1))
    with pytest.raises(dzn.UnreadableForumError, match="begins with 'precedences"):
        dzn.read(text.rstrip().removesuffix(";"), "small")


def test_a_solver_that_dies_is_told_and_not_taken_for_too_little_time(monkeypatch):
    work_here(monkeypatch)
    monkeypatch.setattr("clearpath.forums.planning.idle.prove", lambda *_given: None)

    with pytest.raises(PlannerDiedError):
        least_idle(dzn.read(written(small_forum(3)), "small"), fairness=2, deadline=time.monotonic() + 600, tell=str)


def test_the_plan_is_the_same_whoever_of_the_two_is_quicker(monkeypatch):
    """Of two plans with as few breaks, that of the one who proves is given."""
    work_here(monkeypatch)
    problem = dzn.read(written(small_forum(7)), "small")

    def plan():
        return least_idle(problem, fairness=2, deadline=time.monotonic() + 600, tell=str).plan.slot.tolist()

    both = plan()
    monkeypatch.setattr("clearpath.forums.planning.idle.improve", lambda *_given: None)
    alone = plan()
    monkeypatch.setattr(
        "clearpath.forums.planning.idle.improve", lambda says, *_given: says.send(("plan", np.array(alone[::-1])))
    )

    assert both == alone == plan()


@pytest.mark.parametrize("block", range(2))
def test_by_any_seed_there_are_as_few_breaks_and_by_equal_seeds_the_same_plan(block, monkeypatch):
    work_here(monkeypatch)
    plans = []
    for number in range(block * 20, block * 20 + 20):
        said = small_forum(number)
        problem = dzn.read(written(said), "small")

        answers = [
            least_idle(problem, fairness=2, deadline=time.monotonic() + 600, seed=seed, tell=str)
            for seed in (0, 7, 7, 8)
        ]

        assert len({(each.status, each.score, each.bound) for each in answers}) == 1
        assert answers[1].conflict == answers[2].conflict
        if answers[0].plan is not None:
            slots = [each.plan.slot.tolist() for each in answers]
            assert all(sum(is_valid(said, each)) == answers[0].score for each in slots)
            assert slots[1] == slots[2]
            plans.append(slots)
    assert any(each[0] != each[1] for each in plans)


def test_what_excludes_each_other_is_named_as_in_the_file_by_any_seed(monkeypatch):
    """Meetings 3 and 5 are fixed in the one slot of a delegate whom both are with."""
    work_here(monkeypatch)
    said = {"people": 5, "tables": 3, "requested": [(2, 3, 3), (4, 5, 3), (1, 2, 3), (3, 5, 3), (1, 4, 3)],
            "forbidden": [[]] * 5, "fixed": [0, 0, 2, 0, 2], "precedences": [[]] * 5}  # fmt: skip
    problem = dzn.read(written(said), "clash")

    for seed in range(6):
        answer = least_idle(problem, fairness=2, deadline=time.monotonic() + 600, seed=seed, tell=str)

        assert {str(each) for each in answer.conflict} == {
            "These cannot all be kept; without any one of them, the others can:",
            "Meeting 3 (1 with 2) takes place.", "Meeting 5 (1 with 4) takes place.",
            "Meeting 3 (1 with 2) is fixed in slot 2.", "Meeting 5 (1 with 4) is fixed in slot 2.",
            "Slots: 4. Tables in each: 3.",
        }  # fmt: skip


# The command


def test_the_command_answers_with_a_proved_plan(tmp_path, capsys):
    file = tmp_path / "forum.dzn"
    said = small_forum(3)
    file.write_text(written(said))

    call_command("forums", "solve", str(file), "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["proved"], told["idle"], told["gap"]) == ("optimal", True, best_of_all(said, 2), 0)
    assert {frozenset(each["delegates"]) for each in told["meetings"]} == {
        frozenset(map(str, row[:2])) for row in said["requested"]
    }


def test_the_command_ends_with_one_where_there_is_no_plan_and_two_where_it_is_used_wrongly(tmp_path, capsys):
    file = tmp_path / "forum.dzn"
    said = small_forum(3) | {"people": 3, "requested": [(1, 2, 1)] * 3, "fixed": [0] * 3, "forbidden": [[]] * 3,
                             "precedences": [[]] * 3}  # fmt: skip
    file.write_text(written(said))
    with pytest.raises(SystemExit) as ended:
        call_command("forums", "solve", str(file))
    assert ended.value.code == 1
    assert "There is no plan: proved." in capsys.readouterr().out
    file.write_text("nothing")
    with pytest.raises(CommandError, match="no MiniZinc data") as wrong:
        call_command("forums", "solve", str(file))
    assert wrong.value.returncode == 2
