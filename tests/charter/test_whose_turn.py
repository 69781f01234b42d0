import pytest

from clearpath.charter.decide import compile_charter
from clearpath.charter.document import default_charter
from clearpath.charter.whose_turn import turns

TABLES = compile_charter(default_charter())
OFFER = {"opinion_given", "offer_made"}
CHOSEN = {"consent", "records_present", "interests_disclosed", "interests_acknowledged", "offer_accepted"}
PAID = CHOSEN | {"contract_signed", "deposit_held", "cleared_to_come", "travel_planned"}
TREATED = PAID | {"admitted", "explained", "informed_consent", "treated"}


def whose(kind: str, stage: str, facts: set[str], *lanes: set[str]) -> set[tuple[str, int | None]]:
    return {
        (turn.step, turn.lane)
        for turn in turns(TABLES, kind, stage, frozenset(facts), tuple(frozenset(lane) for lane in lanes))
    }


def alone(*steps: str) -> set[tuple[str, int | None]]:
    return {(step, None) for step in steps}


@pytest.mark.parametrize(
    ("stage", "facts", "lanes", "expected"),
    [
        ("inquiry", set(), [], alone("journeys.answer_inquiry", "journeys.give_consent", "records.add")),
        ("inquiry", {"answered"}, [], alone("journeys.open", "journeys.give_consent", "records.add")),
        ("intake", {"consent"}, [], alone("records.add")),
        ("intake", {"consent", "records_present"}, [], alone("journeys.send_for_review")),
        (
            "review",
            {"consent", "records_present"},
            [set(), set()],
            {("records.give_opinion", 0), ("records.give_opinion", 1)},
        ),
        (
            "review",
            {"consent", "records_present", "interests_disclosed"},
            [OFFER, {"opinion_given"}],
            {("offers.present", 0), ("offers.make", 1), ("offers.acknowledge_interests", None)},
        ),
        (
            "review",
            {"consent", "records_present"},
            [{"advised_against"}, {"advised_against"}],
            alone("journeys.end_unsuitable"),
        ),
        ("review", {"consent", "records_present"}, [{"lane_closed"}], set()),
        (
            "decision",
            {"consent", "records_present", "interests_disclosed", "interests_acknowledged"},
            [OFFER],
            {("offers.accept", 0)},
        ),
        (
            "preparation",
            CHOSEN,
            [OFFER],
            alone("money.sign_contract", "travel.plan")
            | {("records.clear_for_travel", 0), ("records.explain_treatment", 0)},
        ),
        ("treatment", PAID, [OFFER], {("offers.admit", 0), ("records.explain_treatment", 0)}),
        ("treatment", TREATED - {"treated"}, [OFFER], {("records.treat", 0)}),
        ("treatment", TREATED, [OFFER], {("records.discharge", 0), ("money.invoice", 0)}),
        ("ending", {"consent"}, [OFFER], alone("journeys.close_untreated")),
        ("ending", {"consent", "deposit_held"}, [OFFER], {("money.refund", 0)}),
        ("closed", TREATED, [OFFER], set()),
    ],
)
def test_whose_turn_on_a_journey(stage: str, facts: set[str], lanes: list[set[str]], expected: set):
    assert whose("journey", stage, facts, *lanes) == expected


@pytest.mark.parametrize(
    ("kind", "stage", "facts", "expected"),
    [
        ("lead", "new", set(), alone("marketing.hand_over_lead")),
        ("lead", "with_facilitator", set(), alone("marketing.take_lead")),
        ("campaign", "brief", set(), alone("marketing.propose_campaign")),
        ("campaign", "proposed", set(), alone("marketing.accept_campaign")),
        ("campaign", "running", set(), set()),
        ("creative", "checking", set(), alone("marketing.check_claims")),
        ("creative", "checking", {"claims_checked"}, alone("marketing.approve_creative")),
        ("creative", "running", {"claims_checked", "has_run"}, set()),
        ("agreement", "draft", {"terms_open", "lawful"}, alone("agreements.sign_first")),
        ("agreement", "draft", {"terms_open", "lawful", "first_signed"}, alone("agreements.sign_second")),
        ("complaint", "raised", set(), alone("complaints.answer")),
        ("organisation", "applied", set(), alone("parties.verify")),
        ("organisation", "verified", set(), set()),
        ("forum", "planning", set(), alone("forums.publish_agendas")),
        ("charter", "proposed", {"proved", "agreed"}, alone("stewardship.enact")),
    ],
)
def test_whose_turn_on_other_subjects(kind: str, stage: str, facts: set[str], expected: set):
    assert whose(kind, stage, facts) == expected


def test_a_turn_names_whose_it_is():
    [turn] = turns(TABLES, "complaint", "raised", frozenset(), ())

    assert (turn.step, turn.by, turn.lane) == ("complaints.answer", "steward", None)


def test_ways_out_and_steps_of_the_network_are_nobodys_turn():
    never = {
        "journeys.withdraw", "journeys.withdraw_consent", "offers.cancel", "offers.decline_request", "offers.withdraw",
        "records.advise_against", "records.readmit", "parties.suspend", "parties.leave",
    }  # fmt: skip
    for rules in default_charter().subjects.values():
        for stage in rules.stages:
            for facts in (set(), set(rules.facts)):
                for turn in turns(TABLES, rules.name, stage, frozenset(facts), (frozenset(OFFER),)):
                    assert turn.step not in never
                    assert turn.by != "network"
                    assert not rules.steps[turn.step].every_subject
