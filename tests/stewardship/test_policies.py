from fractions import Fraction

import pytest

from clearpath.charter.document import default_charter, read
from clearpath.stewardship import policies
from tests.stewardship.factories import DOCTOR_IS_TOLD, changed

EVERYBODY = ["agency", "doctor", "facilitator", "organizer", "provider"]
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("voices", "agrees"),
    [
        ([], True),  # nobody holds the role: nobody to ask
        ([(["doctor"], None)], False),
        ([(["doctor"], False)], False),
        ([(["doctor"], True)], True),
        ([(["doctor"], True), (["doctor"], None)], False),  # exactly the share is not more than it
        ([(["doctor"], True), (["doctor"], True), (["doctor"], False)], True),
        ([(["doctor"], True), (["agency"], None)], False),  # each role for itself
        ([(["doctor", "agency"], True)], True),
    ],
)
def test_a_quorum_needs_more_than_the_share_of_each_role(voices, agrees):
    assert policies.quorum_agrees(policies.tally(["doctor", "agency"], voices), HALF) is agrees


def test_a_tally_counts_an_organisation_in_each_role_that_was_asked():
    counts = policies.tally(["doctor", "agency"], [(["doctor", "agency"], True), (["doctor", "organizer"], False)])

    assert counts == {"doctor": (1, 2), "agency": (1, 1)}


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (DOCTOR_IS_TOLD, ["doctor"]),
        # sight counts as well as duty
        (("organizer: count, steward: count}\n  complaint", "steward: count}\n  complaint"), ["organizer"]),
        # nobody gains or loses: everybody is asked
        (("connected_at: 0.25", "connected_at: 0.5"), EVERYBODY),
        (("smallest_group: 10", "smallest_group: 2"), EVERYBODY),
        # a promise, or a separation, is given to everybody
        (("never_sees: [clinical, contact, identity, offer]", "never_sees: [clinical, contact, identity]"), EVERYBODY),
        (("[provider, agency],       rule: disclosed", "[provider, agency],       rule: forbidden"), EVERYBODY),
    ],
)  # fmt: skip
def test_who_is_asked_about_a_change(change, asked):
    assert policies.roles_asked(default_charter(), read(changed(change))) == asked


def test_a_promise_is_everybodys_even_beside_a_change_that_touches_one_role():
    text = changed(
        DOCTOR_IS_TOLD,
        ("never_sees: [clinical, contact, identity, offer]", "never_sees: [clinical, contact, identity]"),
    )

    assert policies.roles_asked(default_charter(), read(text)) == EVERYBODY


def test_where_a_line_stands_in_the_file_changes_nobodys_word():
    moved = read("# a comment\n\n" + changed(DOCTOR_IS_TOLD))

    assert policies.roles_asked(default_charter(), moved) == ["doctor"]


def test_a_refused_charter_names_its_first_mistakes():
    objection = policies.why_not_without_mistakes(["one.", "two.", "three.", "four."])

    assert objection.code == "charter_has_mistakes"
    assert objection.message == "The charter has 4 mistakes. The first: one. two. three."
