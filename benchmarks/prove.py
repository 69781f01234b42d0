"""How long it takes to prove every promise of the default charter, and of one with twice its steps and facts.

    python benchmarks/prove.py --json

The doubled charter has every step and fact of the journey a second time under another name, so that its states are
far too many to walk: each promise is proved on the slice that it depends on. Both must be proved, not given up.
"""

import dataclasses
from time import perf_counter
from typing import Any

from common import arguments, goal, report, say

from clearpath.charter.document import default_charter
from clearpath.charter.prove import prove
from clearpath.charter.terms import Charter, Lanes, Need, Step, SubjectRules

MOST_SECONDS, MOST_SECONDS_DOUBLED = 2, 30
AGAIN = "_again"


def doubled(charter: Charter) -> Charter:
    subjects = {name: twice(rules) for name, rules in charter.subjects.items()}
    return dataclasses.replace(charter, version=charter.version + "-doubled", subjects=subjects)


def twice(rules: SubjectRules) -> SubjectRules:
    own = {name: step for name, step in rules.steps.items() if not step.every_subject and not step.starts}
    again = {name + AGAIN: second(step) for name, step in own.items()}
    lanes = rules.lanes and Lanes(
        rules.lanes.roles, (*rules.lanes.facts, *(fact + AGAIN for fact in rules.lanes.facts)), rules.lanes.until
    )
    return dataclasses.replace(rules, steps={**rules.steps, **again}, lanes=lanes)


def second(step: Step) -> Step:
    """The same step with its own facts; it moves the subject as the first one does when both kinds of facts hold."""

    def renamed(facts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fact + AGAIN for fact in facts)

    needs = tuple(Need(need.fact + AGAIN, need.negated, need.over) for need in step.needs)
    return dataclasses.replace(
        step,
        name=step.name + AGAIN,
        needs=(*step.needs, *needs),
        gives=renamed(step.gives),
        drops=renamed(step.drops),
    )


def timed(charter: Charter) -> dict[str, Any]:
    started = perf_counter()
    proofs = prove(charter, progress=say)
    seconds = perf_counter() - started
    broken = [proof.says for proof in proofs if not proof.holds]
    if broken:
        raise SystemExit(f"Not proved: {broken}")
    return {
        "seconds": round(seconds, 2),
        "promises": len(proofs),
        "steps": sum(len(rules.steps) for rules in charter.subjects.values()),
        "facts": sum(len(rules.facts) for rules in charter.subjects.values()),
        "states_of_the_journey": max(proof.states for proof in proofs),
    }


def main() -> None:
    asked = arguments(__doc__)
    charter = default_charter()
    one = min((timed(charter) for _ in range(3)), key=lambda each: each["seconds"])
    two = timed(doubled(charter))
    report(
        {
            "claim": "prove",
            "goals": [
                goal("seconds to prove the default charter", one["seconds"], most=MOST_SECONDS),
                goal("seconds to prove it doubled", two["seconds"], most=MOST_SECONDS_DOUBLED),
            ],
            "default": one,
            "doubled": two,
        },
        asked,
    )


if __name__ == "__main__":
    main()
