"""Decisions a second, with the whole explanation, beside cedarpy and pycasbin on the same policy.

    python benchmarks/decide.py --json

The default charter is translated to Cedar policies and to a casbin model. Thousands of random questions are asked
first: the three must give the same answer to each, or nothing is timed. The peers' input is made ready before the clock
starts and their policies are parsed once. The goal compares with each peer as it is meant to be used, with the whole
policy in one place; beside it stands how they do when somebody splits the policy by step for them beforehand, or asks a
thousand questions at once. Clearpath says why, whose part it is, what is missing and what
is owed; Cedar names the policy that allowed, casbin the rule; a no from them has no reason.

Every question that is timed is built anew, so that no hash of it is known from before.
"""

import logging
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import casbin
import cedarpy
from common import arguments, each, goal, per_second, quantile, report, say

from clearpath.charter.actor import Actor
from clearpath.charter.decide import EVERY_STEP, Tables, compile_charter
from clearpath.charter.document import default_charter, default_source, read
from clearpath.charter.standing import Standing
from clearpath.charter.terms import NETWORK, SEATED, Charter, Need, Step, SubjectRules
from clearpath.core.memory import settle

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PERSON, PATIENT = UUID(int=1), UUID(int=2)
LEAST_PER_SECOND, LEAST_TIMES_FASTER, MOST_P99_MICROSECONDS = 300_000, 60, 10


@dataclass(frozen=True)
class Question:
    actor: Actor
    step: str
    standing: Standing

    def anew(self) -> "Question":
        """Equal, and made of new sets."""

        def copied(words: frozenset[str]) -> frozenset[str]:
            return frozenset(list(words))

        standing = self.standing
        return Question(
            replace(self.actor, also=copied(self.actor.also)),
            self.step,
            replace(
                standing,
                facts=copied(standing.facts),
                lanes=tuple(copied(lane) for lane in standing.lanes),
                seated=copied(standing.seated),
                appointed=copied(standing.appointed),
            ),
        )


def questions(charter: Charter, count: int, chance: random.Random) -> list[Question]:
    """Half of them by somebody whose part it is, in a stage where it may be taken; the others by anybody, anywhere."""
    steps = [
        (rules, step)
        for rules in charter.subjects.values()
        for step in rules.steps.values()
        if not step.starts
        for _weight in range(5 if rules.name == "journey" and not step.every_subject else 1)
    ]
    return [_question(charter, *chance.choice(steps), chance) for _ in range(count)]


def _question(charter: Charter, rules: SubjectRules, step: Step, chance: random.Random) -> Question:
    likely = chance.random() < 0.5
    role = chance.choice(rules.roles_of(step.by) if likely else list(charter.roles))
    lane_facts = rules.lanes.facts if rules.lanes else ()
    needed = {need.fact for need in step.needs if not need.negated}
    refused = {need.fact for need in step.needs if need.negated}

    def some(facts: Any) -> frozenset[str]:
        return frozenset(
            fact
            for fact in facts
            if chance.random() < (0.5 if not likely else 0.95 if fact in needed else 0.05 if fact in refused else 0.5)
        )

    lanes = tuple(some(lane_facts) for _lane in range(chance.choice((0, 1, 1, 2, 3)) if rules.lanes else 0))
    seats = [role, *(name for name, roles in rules.positions.items() if role in roles)]
    appointed = frozenset(chance.choice(([], [], [step.name], [EVERY_STEP], ["turns.write"])))
    return Question(
        Actor(
            role=role,
            now=NOW,
            person_id=PERSON,
            for_person_id=PATIENT if role == "patient" and chance.random() < 0.2 else None,
            also=frozenset(chance.sample(sorted(charter.roles), chance.choice((0, 0, 0, 1)))),
        ),
        step.name,
        Standing(
            kind=rules.name,
            stage=chance.choice(step.stages) if likely and step.stages else chance.choice(list(rules.stages)),
            facts=some(fact for fact in rules.facts if fact not in lane_facts),
            lanes=lanes,
            lane=chance.randrange(len(lanes)) if lanes and (likely or chance.random() < 0.5) else None,
            seated=frozenset(seats if likely else chance.sample(seats, chance.randrange(len(seats) + 1))),
            appointed=appointed,
        ),
    )


# The same policy in the words of the peers


def facts_of(question: Question) -> dict[str, Any]:
    """What a peer must know to decide: plain values, no charter."""
    actor, standing = question.actor, question.standing
    on_lane = standing.lane is not None and 0 <= standing.lane < len(standing.lanes)
    return {
        "role": actor.role,
        "kind": standing.kind,
        "stage": standing.stage,
        "seated": sorted(standing.seated),
        "appointed": sorted(standing.appointed),
        "stands_in": actor.for_person_id is not None,
        "facts": sorted(standing.facts),
        "on_lane": on_lane,
        "lane": sorted(standing.lanes[standing.lane]) if on_lane and standing.lane is not None else [],
        "every": sorted(frozenset.intersection(*standing.lanes)) if standing.lanes else [],
        "any": sorted(frozenset().union(*standing.lanes)),
    }


def rules_of(charter: Charter) -> Iterator[tuple[SubjectRules, Step]]:
    for rules in charter.subjects.values():
        for step in rules.steps.values():
            if not step.starts:
                yield rules, step


def set_of(need: Need, rules: SubjectRules) -> str:
    return need.over or ("lane" if rules.lanes and need.fact in rules.lanes.facts else "facts")


class Cedar:
    """One policy for each step on each kind of subject, with what the charter says as its condition."""

    def __init__(self, charter: Charter) -> None:
        texts = {(rules.name, step.name): self.policy(rules, step) for rules, step in rules_of(charter)}
        self.all = cedarpy.PolicySet.from_str("\n".join(texts.values()))
        self.by_step = {key: cedarpy.PolicySet.from_str(text) for key, text in texts.items()}
        self.entities = cedarpy.Entities.from_json_str("[]")

    def policy(self, rules: SubjectRules, step: Step) -> str:
        def one_of(what: str, values: Any) -> str:
            return "(" + (" || ".join(f'{what} == "{value}"' for value in values) or "false") + ")"

        c = "context"
        appointed = f'({c}.appointed.contains("{step.name}") || {c}.appointed.contains("{EVERY_STEP}"))'
        sits = f"!{c}.seated.isEmpty()" if step.by == SEATED else f'{c}.seated.contains("{step.by}")'
        own = "true" if step.by == NETWORK else f"(if {c}.stands_in then {appointed} else {sits})"
        part = f"({one_of(f'{c}.role', rules.roles_of(step.by))} && {own})"
        if step.may_appoint:
            part = f"({part} || ({one_of(f'{c}.role', step.may_appoint)} && {appointed}))"
        needs = [
            f'{"!" if need.negated else ""}{c}.{set_of(need, rules)}.contains("{need.fact}")' for need in step.needs
        ]
        lane = [f"{c}.on_lane"] if step.on_lane else []
        holds = " && ".join([f'{c}.kind == "{rules.name}"', part, one_of(f"{c}.stage", step.stages), *lane, *needs])
        return f'permit(principal, action == Action::"{step.name}", resource) when {{ {holds} }};'

    def ready(self, question: Question) -> Any:
        request = {
            "principal": {"type": "User", "id": "u"},
            "action": {"type": "Action", "id": question.step},
            "resource": {"type": "Subject", "id": "s"},
            "context": facts_of(question),
        }
        return request, (question.standing.kind, question.step)

    def with_all(self, asked: Any) -> bool:
        return cedarpy.is_authorized(asked[0], self.all, self.entities).allowed

    def with_own(self, asked: Any) -> bool:
        return cedarpy.is_authorized(asked[0], self.by_step[asked[1]], self.entities).allowed

    def batch(self, asked: list[Any]) -> list[bool]:
        requests = [request for request, _key in asked]
        return [result.allowed for result in cedarpy.is_authorized_batch(requests, self.all, self.entities)]


MODEL = """
[request_definition]
r = who, kind, act
[policy_definition]
p = kind, act, by, roles, may_appoint, stages, lane, needs
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && r.kind == p.kind && part(r.who, p.act, p.by, p.roles, p.may_appoint) && stands(r.who, p.stages, p.lane) && holds(r.who, p.needs)
"""  # noqa: E501


class Casbin:
    """One line of policy for each step on each kind of subject; three functions, as casbin means it, for sets."""

    def __init__(self, charter: Charter) -> None:
        lines = {(rules.name, step.name): self.line(rules, step) for rules, step in rules_of(charter)}
        self.all = self.enforcer(list(lines.values()))
        self.by_step = {key: self.enforcer([line]) for key, line in lines.items()}

    def line(self, rules: SubjectRules, step: Step) -> list[str]:
        needs = [f"{'-' if need.negated else '+'}{set_of(need, rules)}:{need.fact}" for need in step.needs]
        words = [rules.roles_of(step.by), step.may_appoint, step.stages]
        return [rules.name, step.name, step.by, *map(" ".join, words), "1" if step.on_lane else "0", " ".join(needs)]

    def enforcer(self, lines: list[list[str]]) -> casbin.Enforcer:
        model = casbin.Model()
        model.load_model_from_text(MODEL)
        made = casbin.Enforcer(model)
        logging.disable(logging.CRITICAL)  # a line of log for every no would be timed with it
        made.add_policies(lines)
        made.add_function("part", part)
        made.add_function("stands", stands)
        made.add_function("holds", holds)
        return made

    def ready(self, question: Question) -> Any:
        facts = facts_of(question)
        who = {name: frozenset(value) if isinstance(value, list) else value for name, value in facts.items()}
        return (who, question.standing.kind, question.step), (question.standing.kind, question.step)

    def with_all(self, asked: Any) -> bool:
        return bool(self.all.enforce_ex(*asked[0])[0])

    def with_own(self, asked: Any) -> bool:
        return bool(self.by_step[asked[1]].enforce_ex(*asked[0])[0])


def part(who: dict[str, Any], act: str, by: str, roles: str, may_appoint: str) -> bool:
    appointed = act in who["appointed"] or EVERY_STEP in who["appointed"]
    if appointed and who["role"] in may_appoint.split():
        return True
    if who["role"] not in roles.split():
        return False
    if by == NETWORK:
        return True
    if who["stands_in"]:
        return appointed
    return bool(who["seated"]) if by == SEATED else by in who["seated"]


def stands(who: dict[str, Any], stages: str, lane: str) -> bool:
    return who["stage"] in stages.split() and (lane == "0" or who["on_lane"])


def holds(who: dict[str, Any], needs: str) -> bool:
    for need in needs.split():
        where, fact = need[1:].split(":")
        if (fact in who[where]) != (need[0] == "+"):
            return False
    return True


def agree(charter: Charter, tables: Tables, cedar: Cedar, peer: Casbin, asked: list[Question]) -> dict[str, int]:
    """The three answers to each question; raises SystemExit at the first that differs."""
    allowed = 0
    for question in asked:
        ours = tables.decide(question.actor, question.step, question.standing)
        in_cedar, in_casbin = cedar.ready(question), peer.ready(question)
        theirs = cedar.with_all(in_cedar), cedar.with_own(in_cedar), peer.with_own(in_casbin)
        if set(theirs) != {ours.allowed}:
            raise SystemExit(f"{question}: we say {ours.allowed} ({ours.code}), they say {theirs}")
        allowed += ours.allowed
    for question in asked[:200]:  # slow with every policy in one place
        if (
            peer.with_all(peer.ready(question))
            != tables.decide(question.actor, question.step, question.standing).allowed
        ):
            raise SystemExit(f"{question}: casbin with every policy differs")
    return {"questions": len(asked), "allowed": allowed, "steps": sum(1 for _ in rules_of(charter))}


def versions() -> list[Charter]:
    """Three charters in force at once, of which each decides otherwise than the next."""
    source = default_source()
    second = source.replace('version: "2026.1"', 'version: "2026.2"').replace(
        "needs: [answered], to: intake", "to: intake"
    )
    third = re.sub(r'version: "2026.1"', 'version: "2026.3"', source).replace("by: facilitator, tell: [patient], kind: coordination, in: [inquiry], to: closed", "by: facilitator, kind: coordination, in: [inquiry], to: closed")  # fmt: skip # noqa: E501
    found = [default_charter(), read(second, name="second"), read(third, name="third")]
    if len({charter.version for charter in found}) != 3:
        raise SystemExit("The three versions are not three.")
    return found


def times_of(run: Callable[..., Any], asked: list[tuple[Any, ...]]) -> dict[str, float]:
    took = each(run, asked)
    return {
        "per_second": round(per_second(run, asked)),
        "p50_microseconds": round(quantile(took, 0.5) / 1000, 3),
        "p99_microseconds": round(quantile(took, 0.99) / 1000, 3),
    }


def anew(asked: list[Question]) -> list[tuple[Any, ...]]:
    return [(each.actor, each.step, each.standing) for each in map(Question.anew, asked)]


def warm_times(tables: Tables, asked: list[Question]) -> dict[str, float]:
    """Answers that were given before, to questions that are equal and new; the best of three runs."""
    for question in asked:
        tables.decide(question.actor, question.step, question.standing)
    return max((times_of(tables.decide, anew(asked)) for _ in range(3)), key=lambda times: times["per_second"])


def cold_times(charter: Charter, asked: list[Question]) -> dict[str, float]:
    """Tables that never answered: each question is the first of its kind, or nearly."""
    took = each(compile_charter(charter).decide, anew(asked))
    return {
        "per_second": round(per_second(compile_charter(charter).decide, anew(asked))),
        "p50_microseconds": round(quantile(took, 0.5) / 1000, 3),
        "p99_microseconds": round(quantile(took, 0.99) / 1000, 3),
    }


def three_versions(asked: list[Question]) -> dict[str, float]:
    """Three versions in force at once, question by question in turn."""
    compiled = [compile_charter(each_version) for each_version in versions()]

    def decide(tables: Tables, actor: Actor, step: str, standing: Standing) -> Any:
        return tables.decide(actor, step, standing)

    def in_turn() -> list[tuple[Any, ...]]:
        return [(compiled[number % 3], *question) for number, question in enumerate(anew(asked))]

    for question in in_turn():
        decide(*question)
    return times_of(decide, in_turn())


def of_peers(cedar: Cedar, peer: Casbin, asked: list[Question]) -> dict[str, dict[str, Any]]:
    in_cedar = [(cedar.ready(question),) for question in asked]
    in_casbin = [(peer.ready(question),) for question in asked]
    batches = [([ready for (ready,) in in_cedar[:1000]],)] * 3
    return {
        "cedarpy": times_of(cedar.with_all, in_cedar),
        "pycasbin": times_of(peer.with_all, in_casbin[:500]),
        "cedarpy, a set for each step": times_of(cedar.with_own, in_cedar),
        "pycasbin, a model for each step": times_of(peer.with_own, in_casbin),
        "cedarpy, 1,000 questions at once": {
            "per_second": round(len(batches[0][0]) * per_second(cedar.batch, batches)),
        },
    }


def main() -> None:
    asked = arguments(
        __doc__,
        questions={"type": int, "default": 50_000, "help": "how many are timed"},
        sample={"type": int, "default": 4_000, "help": "on how many the three must agree first"},
        seed={"type": int, "default": 1},
    )
    charter, chance = default_charter(), random.Random(asked.seed)
    tables, cedar, peer = compile_charter(charter), Cedar(charter), Casbin(charter)
    sample = questions(charter, asked.sample, chance)
    agreed = agree(charter, tables, cedar, peer, sample)
    say(f"The three agree on {agreed['questions']} questions; to {agreed['allowed']} the answer is yes.")
    hard = questions(charter, asked.questions, chance)
    settle()  # as the server does once it has started
    ours = {"cold": cold_times(charter, hard), "warm": warm_times(tables, hard), "three_versions": three_versions(hard)}
    say(f"Clearpath: {ours}")
    peers = of_peers(cedar, peer, sample[:2_000])
    say(f"Peers: {peers}")
    a_second = ours["warm"]["per_second"]
    whole = max(("cedarpy", "pycasbin"), key=lambda name: peers[name]["per_second"])
    split = max(set(peers) - {"cedarpy", "pycasbin"}, key=lambda name: peers[name]["per_second"])
    times, says = a_second / peers[whole]["per_second"], f"times the faster peer, {whole}"
    p99 = ours["warm"]["p99_microseconds"]
    report(
        {
            "claim": "decide",
            "goals": [
                goal("decisions a second", a_second, least=LEAST_PER_SECOND),
                goal(says, times, least=LEAST_TIMES_FASTER, decides=True),
                goal("p99 of a decision in microseconds", p99, most=MOST_P99_MICROSECONDS),
            ],
            "times_the_fastest_peer_split_by_hand": {split: round(a_second / peers[split]["per_second"], 1)},
            "agreement": agreed,
            "clearpath": ours,
            "peers": peers,
        },
        asked,
    )


if __name__ == "__main__":
    main()
