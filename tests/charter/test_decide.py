from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.charter.actor import Actor
from clearpath.charter.decide import Decision, Effects, compile_charter
from clearpath.charter.document import default_charter
from clearpath.charter.standing import Standing
from tests.charter import brute
from tests.examples import examples

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CHARTER = default_charter()
TABLES = compile_charter(CHARTER)
PATIENT_ID = UUID(int=7)
CHOICE = frozenset({"interests_acknowledged", "consent"})
OFFERED = (frozenset({"opinion_given", "offer_made"}), frozenset({"opinion_given"}))


def actor(role: str, **kept) -> Actor:
    return Actor(role, NOON, **kept)


def at(stage: str, *, kind: str = "journey", seated=(), appointed=(), **kept) -> Standing:
    return Standing(kind, stage, seated=frozenset(seated), appointed=frozenset(appointed), **kept)


def choosing(**kept) -> Standing:
    return at("decision", **({"facts": CHOICE, "lanes": OFFERED, "lane": 0, "seated": ["patient"]} | kept))


def test_allowed():
    assert TABLES.decide(actor("patient"), "offers.accept", choosing()) == Decision(
        True, "offers.accept", "allowed", says="The patient may take offers.accept now."
    )


@pytest.mark.parametrize(
    ("who", "standing", "code", "rightful", "missing"),
    [
        ("facilitator", choosing(seated=["facilitator"]), "not_your_part", "patient", ()),
        ("facilitator", choosing(seated=["facilitator"], facts=frozenset()), "not_your_part", "patient",
         ("interests_acknowledged",)),
        ("patient", choosing(seated=[]), "not_seated", "", ()),
        ("patient", choosing(lane=1), "missing_facts", "", ("offer_made",)),
        ("patient", choosing(lane=1, facts=frozenset()), "missing_facts", "", ("offer_made", "interests_acknowledged")),
        ("patient", choosing(lanes=(OFFERED[0] | {"advised_against"},)), "missing_facts", "", ("not advised_against",)),
        ("patient", choosing(lane=None), "no_lane", "", ()),
        ("patient", choosing(lane=2), "no_lane", "", ()),
        ("patient", choosing(lane=-1), "no_lane", "", ()),
        ("patient", at("review", seated=["patient"], lane=0, lanes=OFFERED, facts=CHOICE), "wrong_stage", "", ()),
        ("patient", at("closed", seated=["patient"], lane=0, lanes=OFFERED, facts=CHOICE), "closed", "", ()),
        ("patient", at("nowhere", seated=["patient"], lane=0, lanes=OFFERED, facts=CHOICE), "wrong_stage", "", ()),
        ("agency", at("closed"), "not_your_part", "patient", ("interests_acknowledged",)),
    ],
)  # fmt: skip
def test_accept_is_refused_with_the_reason(who: str, standing: Standing, code: str, rightful: str, missing: tuple):
    decision = TABLES.decide(actor(who), "offers.accept", standing)

    assert (decision.allowed, decision.code, decision.rightful) == (False, code, rightful)
    assert decision.missing == missing
    assert decision.says.endswith(".")


def test_unknown_step_and_unknown_subject():
    assert TABLES.decide(actor("patient"), "offers.steal", choosing()).code == "unknown_step"
    assert TABLES.decide(actor("patient"), "offers.accept", at("new", kind="lead")).code == "unknown_step"
    assert TABLES.decide(actor("patient"), "offers.accept", at("new", kind="planet")).code == "unknown_step"


def test_steps_that_start_a_subject_take_no_standing():
    assert TABLES.decide(actor("patient"), "journeys.start", None).allowed
    assert TABLES.decide(actor("provider"), "marketing.publish_brief", None).allowed
    decision = TABLES.decide(actor("agency"), "journeys.start", None)
    assert (decision.code, decision.rightful) == ("not_your_part", "patient")
    with pytest.raises(ValueError, match="say where it stands"):
        TABLES.decide(actor("patient"), "offers.accept", None)


def test_appointed_roles_take_the_step_and_no_other():
    intake = at("intake", appointed=["records.add"])

    assert TABLES.decide(actor("facilitator"), "records.add", intake).allowed
    assert (
        TABLES.decide(actor("facilitator"), "records.add", at("intake", seated=["facilitator"])).rightful == "patient"
    )
    assert TABLES.decide(actor("facilitator"), "journeys.give_consent", intake).code == "not_your_part"
    assert TABLES.decide(actor("provider"), "records.add", intake).code == "not_your_part"


@pytest.mark.parametrize(
    ("appointed", "code"), [(["*"], "allowed"), (["offers.accept"], "allowed"), ([], "not_appointed"),
                            (["records.add"], "not_appointed")]
)  # fmt: skip
def test_a_relative_acts_for_the_patient_as_far_as_appointed(appointed: list[str], code: str):
    relative = actor("patient", for_person_id=PATIENT_ID)

    assert TABLES.decide(relative, "offers.accept", choosing(appointed=frozenset(appointed))).code == code


def test_positions_are_taken_by_who_sits_in_them():
    signing = at("draft", kind="agreement", facts=frozenset({"lawful"}), seated=["first"])

    assert TABLES.decide(actor("provider"), "agreements.sign_first", signing).allowed
    assert TABLES.decide(actor("provider"), "agreements.sign_second", signing).code == "not_seated"
    assert TABLES.decide(actor("patient"), "agreements.sign_first", signing).rightful == "first"


def test_whoever_is_seated_may_write():
    assert TABLES.decide(actor("doctor"), "turns.write", at("review", seated=["doctor"])).allowed
    assert TABLES.decide(actor("doctor"), "turns.write", at("review")).code == "not_seated"
    assert TABLES.decide(actor("agency"), "turns.write", at("review")).code == "not_your_part"
    assert TABLES.decide(actor("doctor"), "turns.write", at("closed", seated=["doctor"])).code == "closed"


def test_the_network_needs_no_seat():
    standing = at("review", lanes=OFFERED)

    assert TABLES.decide(actor("network"), "offers.disclose_interests", standing).allowed
    assert TABLES.decide(actor("facilitator"), "offers.disclose_interests", standing).rightful == "network"


def test_every_and_any_speak_of_all_lanes():
    against = frozenset({"advised_against"})

    def ending(*lanes: frozenset[str]) -> Decision:
        standing = at("review", lanes=lanes, seated=["facilitator"])
        return TABLES.decide(actor("facilitator"), "journeys.end_unsuitable", standing)

    assert ending(against, against).allowed
    assert ending(against, frozenset()).missing == ("every advised_against",)
    assert ending().missing == ("every advised_against",)  # where nobody was asked, nobody advised against
    end = TABLES.decide(actor("facilitator"), "journeys.end_without_offer",
                        at("review", lanes=OFFERED, seated=["facilitator"]))  # fmt: skip
    assert end.missing == ("not any offer_made",)


def test_disclosures_owed_are_those_of_the_acting_role():
    doctor = actor("doctor", also=frozenset({"provider", "facilitator"}))
    standing = at(
        "review", lanes=(frozenset(),), lane=0, facts=frozenset({"consent", "records_present"}), seated=["doctor"]
    )

    decision = TABLES.decide(doctor, "records.give_opinion", standing)

    assert decision.allowed
    assert decision.owed == (("doctor", "provider"),)


def test_effects_are_split_between_subject_and_lane():
    assert TABLES.effects("offers.make", choosing()) == Effects(
        drops=frozenset({"interests_disclosed", "interests_acknowledged"}), lane_gives=frozenset({"offer_made"})
    )
    assert TABLES.effects("offers.accept", choosing()) == Effects(
        gives=frozenset({"offer_accepted"}), to="preparation", closes_other_lanes=True
    )
    assert TABLES.effects("journeys.start", None) == Effects(to="inquiry")
    assert TABLES.effects("marketing.take_lead", at("with_facilitator", kind="lead")).opens == "journey"
    with pytest.raises(KeyError):
        TABLES.effects("offers.steal", choosing())


# A second opinion on every decision, written straight from the grammar

ROLES = sorted(CHARTER.roles)
KINDS = sorted(CHARTER.subjects)


@st.composite
def questions(draw) -> tuple[Actor, str, Standing]:
    rules = CHARTER.subjects[draw(st.sampled_from(KINDS + ["journey"] * 9))]
    lane_facts = set(rules.lanes.facts if rules.lanes else ())
    common = sorted(set(rules.facts) - lane_facts)
    step = draw(st.sampled_from(sorted(name for name, one in rules.steps.items() if not one.starts)))
    likely = [role for role in rules.roles_of(rules.steps[step].by)] * 3  # noqa: C416
    stages = [*rules.stages, *rules.steps[step].stages * 2]
    lanes = draw(st.lists(st.frozensets(st.sampled_from(sorted(lane_facts))), max_size=3)) if lane_facts else []
    places = sorted({*CHARTER.roles, *rules.positions})
    standing = Standing(
        rules.name,
        draw(st.sampled_from(stages)),
        draw(st.frozensets(st.sampled_from(common))) if common else frozenset(),
        tuple(lanes),
        draw(st.sampled_from([None, 0, 0, 1, 2])),
        draw(st.frozensets(st.sampled_from(places), max_size=3))
        | draw(st.sampled_from([frozenset(), {rules.steps[step].by}])),
        draw(st.frozensets(st.sampled_from(["*", step, "records.add"]), max_size=2)),
    )
    who = actor(
        draw(st.sampled_from(ROLES + likely)),
        for_person_id=draw(st.sampled_from([None, None, PATIENT_ID])),
        also=draw(st.frozensets(st.sampled_from(ROLES), max_size=2)),
    )
    return who, step, standing


def naive(who: Actor, name: str, standing: Standing) -> tuple[str, tuple[str, ...]]:
    """The code and the needs that do not hold, with plain sets and no tables."""
    rules = CHARTER.subjects[standing.kind]
    step = rules.steps[name]
    has_lane = standing.lane is not None and standing.lane < len(standing.lanes)
    lane = standing.lane if has_lane and step.on_lane else None
    lane_facts = rules.lanes.facts if rules.lanes else ()
    missing = tuple(
        str(need) for need in step.needs
        if not brute.holds(need, standing.facts, standing.lanes, lane)
        and not (need.fact in lane_facts and not need.over and step.on_lane and not has_lane)
    )  # fmt: skip
    appointed = "*" in standing.appointed or name in standing.appointed
    if not (who.role in step.may_appoint and appointed):
        if who.role not in rules.roles_of(step.by):
            return "not_your_part", missing
        if step.by != "network":
            if who.for_person_id and not appointed:
                return "not_appointed", missing
            seated = standing.seated if step.by == "seated" else standing.seated & {step.by}
            if not who.for_person_id and not seated:
                return "not_seated", missing
    if standing.stage not in step.stages:
        return ("closed" if rules.stages[standing.stage].final else "wrong_stage"), missing
    if step.on_lane and not has_lane:
        return "no_lane", missing
    return ("missing_facts" if missing else "allowed"), missing


@settings(max_examples=examples(1_500))
@given(questions())
@pytest.mark.slow
def test_decisions_agree_with_a_naive_reading_of_the_grammar(question: tuple[Actor, str, Standing]):
    who, step, standing = question
    code, missing = naive(who, step, standing)

    decision = TABLES.decide(who, step, standing)

    assert decision.code == code
    assert decision.allowed == (code == "allowed")
    assert decision.missing == missing
    assert decision.rightful == (CHARTER.subjects[standing.kind].steps[step].by if code == "not_your_part" else "")
    assert TABLES.decide(who, step, standing) is decision


@settings(max_examples=examples(500))
@given(questions())
@pytest.mark.slow
def test_effects_agree_with_the_walk_and_keep_facts_where_they_belong(question: tuple[Actor, str, Standing]):
    _, name, standing = question
    rules = CHARTER.subjects[standing.kind]
    step = rules.steps[name]
    lane_facts = frozenset(rules.lanes.facts if rules.lanes else ())

    effects = TABLES.effects(name, standing)

    assert not (effects.gives | effects.drops) & lane_facts
    assert effects.lane_gives | effects.lane_drops <= lane_facts
    assert not effects.gives & effects.drops
    assert not effects.lane_gives & effects.lane_drops
    lane = standing.lane if step.on_lane else None
    if not step.on_lane or (lane is not None and lane < len(standing.lanes)):
        stage, facts, lanes = brute.after(rules, step, (standing.stage, standing.facts, standing.lanes), lane)
        assert facts == (standing.facts - effects.drops) | effects.gives
        assert stage == (effects.to or standing.stage)
        if effects.closes_other_lanes:
            assert len(lanes) == 1
        elif lane is not None:
            assert lanes[lane] == (standing.lanes[lane] - effects.lane_drops) | effects.lane_gives


@settings(max_examples=examples(300))
@given(questions())
@pytest.mark.slow
def test_takeable_are_the_steps_that_the_walk_takes(question: tuple[Actor, str, Standing]):
    standing = question[2]
    rules = CHARTER.subjects[standing.kind]
    state = (standing.stage, standing.facts, standing.lanes)

    assert TABLES.takeable(standing) == tuple(
        step.name for step in rules.steps.values() if not step.starts and brute.lanes_for(step, state)
    )
