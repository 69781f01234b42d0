from dataclasses import replace

import pytest

from clearpath.charter import prove as proving
from clearpath.charter.document import default_charter, read
from clearpath.charter.prove import Proof, prove
from clearpath.charter.terms import Charter, SubjectRules
from clearpath.charter.walk import Machine, walk
from tests.charter import brute
from tests.charter.spoiled import Spoiled

JOURNEY = default_charter().subjects["journey"]

# Each breaks the promise that says so. Some promises are kept twice over: to break those, two lines must change.
OPINION = Spoiled("", "offers.make:", "opinion_given, ", "", "")
LAWFUL = Spoiled("", "agreements.sign_first:", "needs: [lawful], ", "", "")
PROVED = Spoiled("", "stewardship.count_votes:", "needs: [proved], ", "", "")
ALSO = {"treat without opinion": OPINION, "unlawful fee": LAWFUL, "unproved charter": PROVED}
BREAKING = [
    (
        Spoiled("treat without informed consent", "records.treat:", "informed_consent, ", "", ""),
        "Nobody is treated without informed consent",
    ),
    (
        Spoiled("treat without consent", "records.treat:", "consent, informed", "informed", ""),
        "Nobody is treated after withdrawing consent to the use of their records",
    ),
    (
        Spoiled("treat without opinion", "records.treat:", "opinion_given, ", "", ""),
        "Nobody is treated without a doctor's opinion",
    ),
    (
        Spoiled("treat without contract", "records.treat:", ", contract_signed", "", ""),
        "Nobody is treated at a price they did not sign",
    ),
    (
        Spoiled("accept in the dark", "offers.accept:", ", interests_acknowledged", "", ""),
        "Nobody chooses before knowing who earns what from whom",
    ),
    (
        Spoiled("sign in the dark", "money.sign_contract:", ", interests_acknowledged", "", ""),
        "Nobody signs before knowing who earns what from whom",
    ),
    (
        Spoiled("records leave", "journeys.send_for_review:", "consent, ", "", ""),
        "No record leaves the patient without consent",
    ),
    (
        Spoiled("travel unpaid", "travel.confirm_arrival:", "deposit_held, ", "", ""),
        "Nobody travels on an unpaid promise",
    ),
    (
        Spoiled("fee too early", "money.settle:", ", handed_over", "", ""),
        "The last fee waits until the records are home",
    ),
    (
        Spoiled("closed without records", "aftercare.close:", ", handed_over", "", ""),
        "Nobody is left without their records",
    ),
    (
        Spoiled("left without records", "journeys.close_treated:", "handed_over, ", "", ""),
        "Nobody who leaves early is left without their records",
    ),
    (
        Spoiled("cannot leave", "journeys.withdraw:", "return, aftercare]", "return]", ""),
        "The patient can leave at any time",
    ),
    (
        Spoiled("may not always leave", "journeys.withdraw:", "to: ending", "needs: [not treated], to: ending", ""),
        "The patient can leave at any time",
    ),
    (
        Spoiled(
            "no way back after discharge", "money.invoice:", "[treatment, return, aftercare, ending]", "[treatment]", ""
        ),
        "No journey gets stuck",
    ),
    (
        Spoiled("deposit held for ever", "money.refund:", "drops: [deposit_held]", "gives: [refunded]", ""),
        "No journey gets stuck",
    ),
    (
        Spoiled("claims unchecked", "marketing.approve_creative:", "needs: [claims_checked], ", "", ""),
        "No medical claim runs unchecked by a doctor",
    ),
    (
        Spoiled("unlawful fee", "agreements.sign_second:", "lawful, ", "", ""),
        "No fee is signed before somebody found it lawful",
    ),
    (
        Spoiled("unproved charter", "stewardship.enact:", "proved, ", "", ""),
        "No charter is enacted with a broken promise",
    ),
    (Spoiled("party held", "parties.leave:", "in: any", "in: [applied, verified]", ""), "Every party can leave"),
]


# The independent walk of a whole journey takes seconds, so not every one is walked again.
WALKED_AGAIN = {
    "treat without consent",
    "accept in the dark",
    "records leave",
    "cannot leave",
    "deposit held for ever",
    "claims unchecked",
    "unlawful fee",
    "unproved charter",
    "party held",
}


def charter_of(spoiled: Spoiled) -> Charter:
    also = ALSO.get(spoiled.name)
    return read(also.of(spoiled.source) if also else spoiled.source)


def broken(charter: Charter, says: str, **how: int) -> Proof:
    [proof] = [proof for proof in prove(charter, **how) if proof.promise.says == says]
    assert not proof.holds
    return proof


def expected_length(rules: SubjectRules, proof: Proof) -> int | None:
    found = brute.walked(rules, merge=True)
    promise = proof.promise
    if promise.form == "never":
        return brute.never_broken_after(rules, found, rules.steps[promise.step], promise.need)
    if promise.form == "always":
        return brute.always_broken_after(found, rules.steps[promise.step], promise.stages)
    return brute.reachable_broken_after(rules, found, promise.stages[0], promise.step)


def replayed(rules: SubjectRules, way: tuple[str, ...]) -> list[brute.State]:
    """The states on the way, taking the named steps one by one; lanes by their number while there are two."""
    state = brute.start(rules, 2)
    states = [state]
    for said in way:
        name, _, lane = said.partition(" (lane ")
        step = rules.steps[name]
        about = None if not step.on_lane else int(lane.rstrip(")")) - 1 if lane else 0
        assert about in brute.lanes_for(step, state), f"{said} cannot be taken there"
        state = brute.after(rules, step, state, about)
        states.append(state)
    return states


def test_default_journey_has_the_states_that_an_independent_walk_counts():
    assert walk(Machine(JOURNEY)).states == 88_292


@pytest.mark.slow
def test_independent_walk_agrees():
    assert len(brute.walked(JOURNEY, merge=True)) == 88_292


@pytest.mark.slow
def test_every_promise_of_the_default_charter_is_proved():
    proofs = prove(default_charter())

    assert len(proofs) == 29
    assert [proof.says for proof in proofs if not proof.holds] == []


@pytest.mark.slow
@pytest.mark.parametrize(("spoiled", "says"), BREAKING, ids=lambda one: getattr(one, "name", None))
def test_broken_promise_comes_with_a_shortest_way_to_break_it(spoiled: Spoiled, says: str):
    charter = charter_of(spoiled)
    proof = broken(charter, says)
    rules = charter.subjects[proof.subject]

    states = replayed(rules, proof.counterexample)

    if spoiled.name in WALKED_AGAIN:
        assert len(proof.counterexample) == expected_length(rules, proof)
    if proof.promise.form == "never":
        assert proof.counterexample[-1].partition(" ")[0] == proof.promise.step
        facts = states[-2][1].union(*states[-2][2])
        assert proof.promise.need.fact not in facts


@pytest.mark.slow
@pytest.mark.parametrize(("spoiled", "says"), BREAKING, ids=lambda one: getattr(one, "name", None))
def test_slices_find_the_same_promises_broken_with_ways_as_short(spoiled: Spoiled, says: str):
    charter = charter_of(spoiled)
    whole = broken(charter, says)

    sliced = broken(charter, says, most=2)

    assert len(sliced.counterexample) == len(whole.counterexample)
    replayed(charter.subjects[whole.subject], sliced.counterexample)


@pytest.mark.slow
def test_slices_prove_the_default_charter():
    assert [proof.says for proof in prove(default_charter(), most=2) if not proof.holds] == []


def test_a_way_names_the_lanes_while_there_are_two():
    spoiled = Spoiled("", "journeys.end_unsuitable:", "to: ending}", "gives: [unsuitable], to: ending}", "")
    promise = "- {never: journeys.close_untreated, without: not unsuitable, says: X}\n      "
    charter = read(spoiled.source.replace("- {always: journeys.withdraw,", promise + "- {always: journeys.withdraw,"))

    assert broken(charter, "X").counterexample[-4:] == (
        "records.advise_against (lane 1)",
        "records.advise_against (lane 2)",
        "journeys.end_unsuitable",
        "journeys.close_untreated",
    )


def test_too_large_a_slice_is_not_proved(monkeypatch):
    monkeypatch.setattr(proving, "MOST_SLICED", 100)

    proofs = [proof for proof in prove(default_charter(), most=100) if proof.promise.form == "reachable"]

    [stuck] = [proof for proof in proofs if proof.subject == "journey"]
    assert not stuck.holds
    assert "not proved" in stuck.says
    assert stuck.counterexample == ()


def doubled(rules: SubjectRules, *, moving: bool) -> SubjectRules:
    """Twice the steps and facts: a copy of each, on facts of its own, leading to the same stages or nowhere."""

    def other(names):
        return tuple(f"{name}_b" for name in names)

    steps = dict(rules.steps)
    for name, step in rules.steps.items():
        if not step.starts and not step.every_subject:
            steps[f"{name}_b"] = replace(
                step,
                name=f"{name}_b",
                needs=tuple(replace(need, fact=f"{need.fact}_b") for need in step.needs),
                gives=other(step.gives),
                drops=other(step.drops),
                to=step.to if moving else "",
            )
    lanes = replace(rules.lanes, facts=rules.lanes.facts + other(rules.lanes.facts))
    return replace(rules, steps=steps, lanes=lanes)


@pytest.mark.slow
@pytest.mark.parametrize("moving", [False, True])
def test_twice_the_steps_and_facts_are_proved_by_slices(moving: bool):
    rules = doubled(JOURNEY, moving=moving)
    charter = replace(default_charter(), subjects={"journey": rules})

    proofs = prove(charter)

    not_proved = [proof.promise.says for proof in proofs if not proof.holds]
    assert not_proved == (["No journey gets stuck"] if moving else [])
    assert all("facts that it depends on" in proof.says for proof in proofs if proof.subject and proof.holds)


# Two lanes are enough


def reduced(rules: SubjectRules) -> SubjectRules:
    """The journey up to the arrival, without what is common to all: small enough for three lanes kept apart."""
    stages = {
        name: stage for name, stage in rules.stages.items() if name in ("review", "decision", "preparation", "ending")
    }
    steps = {
        name: replace(
            step,
            stages=tuple(stage for stage in step.stages if stage in stages),
            to=step.to if step.to in stages else "",
            needs=tuple(need for need in step.needs if need.fact in rules.lanes.facts),
        )
        for name, step in rules.steps.items()
        if name.split(".")[0] in ("records", "offers", "journeys") and not step.starts
        and (step.on_lane or any(need.over for need in step.needs) or name == "journeys.withdraw")
    }  # fmt: skip
    return replace(rules, stages=stages, first="review", steps=steps, promises=())


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_merged_lanes_reach_what_lanes_kept_apart_reach(lanes: int):
    rules = reduced(JOURNEY)

    apart = brute.walked(rules, lanes)

    assert walk(Machine(rules, lanes=lanes)).states == len({brute.merged(state) for state in apart})


def views(rules: SubjectRules, lanes: int) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    """What is common and one lane, for every reachable state and each of its lanes."""
    return {(stage, facts, lane) for stage, facts, kept in brute.walked(rules, lanes) for lane in kept}


def test_a_third_lane_shows_no_lane_in_a_state_that_two_do_not():
    rules = reduced(JOURNEY)

    assert views(rules, 3) == views(rules, 2)


def seen_from_one_lane(lanes: int) -> set[tuple[str, int, int]]:
    """Stage, what is common, and one lane, for every state of the whole journey and each of its lanes."""
    machine = Machine(JOURNEY, lanes=lanes)
    common = (1 << len(machine.common_facts)) - 1
    return {
        (
            machine.stage_of(state),
            state >> machine.lanes_bits & common,
            state >> lane * machine.width & machine.lane_mask,
        )
        for state in walk(machine).came
        for lane in range(machine.running(state >> machine.shift))
    }


@pytest.mark.slow
def test_on_the_whole_journey_a_third_lane_shows_nothing_new_either():
    assert seen_from_one_lane(3) == seen_from_one_lane(2)
    assert seen_from_one_lane(1) < seen_from_one_lane(2)


@pytest.mark.slow
@pytest.mark.parametrize("lanes", [1, 3])
def test_other_numbers_of_lanes_keep_the_same_promises(lanes: int):
    assert [proof.says for proof in prove(default_charter(), lanes=lanes) if not proof.holds] == []


@pytest.mark.slow
def test_lanes_that_open_later_change_no_verdict():
    """From no lane at all; a lane may open at any time until one is chosen."""
    found = brute.walked(JOURNEY, 0, opening=2, merge=True)

    for promise in JOURNEY.promises:
        if promise.form == "never":
            assert brute.never_broken_after(JOURNEY, found, JOURNEY.steps[promise.step], promise.need) is None
        elif promise.form == "always":
            assert brute.always_broken_after(found, JOURNEY.steps[promise.step], promise.stages) is None
        else:
            [stage] = promise.stages
            assert brute.reachable_broken_after(JOURNEY, found, stage, promise.step) is None


# Promises about roles

ROLE_BREAKING = [
    (
        Spoiled(
            "agency sees contact",
            "contact:     {patient: own",
            "provider: consent",
            "provider: consent, agency: seat",
            "",
        ),
        "Marketing never holds a patient's record",
        "data.contact",
    ),
    (
        Spoiled(
            "agency is handed records",
            "records.hand_over_home:",
            "hands_on: [home_doctor]",
            "hands_on: [home_doctor, agency]",
            "",
        ),
        "Marketing never holds a patient's record",
        "records.hand_over_home",
    ),
    (
        Spoiled("organizer sees offers", "forums.repair:", "sees: [business]", "sees: [business, offer]", ""),
        "Organizers never meet patients",
        "forums.repair",
    ),
    (
        Spoiled("doctor plans travel", "travel.plan:", "by: facilitator", "by: doctor", ""),
        "Doctors are asked for medicine and nothing else",
        "travel.plan",
    ),
    (
        Spoiled("guide advises", "records.discharge_early:", "by: doctor", "by: facilitator", ""),
        "Guides give no medical advice",
        "records.discharge_early",
    ),
    (
        Spoiled(
            "guide is appointed to advise",
            "records.ask_question:",
            "by: doctor",
            "by: doctor, may_appoint: [facilitator]",
            "",
        ),
        "Guides give no medical advice",
        "records.ask_question",
    ),
    (
        Spoiled("agency coordinates", "journeys.open:", "by: facilitator", "by: agency", ""),
        "Agencies market and are paid; they manage nobody",
        "journeys.open",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("spoiled", "says", "by"), ROLE_BREAKING, ids=lambda one: getattr(one, "name", None))
def test_broken_promise_about_a_role_names_what_breaks_it(spoiled: Spoiled, says: str, by: str):
    assert broken(read(spoiled.source), says).counterexample == (by,)


def test_a_count_is_no_sight():
    source = Spoiled("", "clinical:    {patient: own", "patient: own", "patient: own, agency: count", "").source

    assert all(proof.holds for proof in prove(read(source)))
