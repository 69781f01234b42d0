import pytest

from clearpath.charter.diff import diff, roles_affected
from clearpath.charter.document import default_charter, read
from tests.charter.spoiled import Spoiled

OLD = default_charter()


def changed(on: str, old: str, new: str) -> Spoiled:
    return Spoiled("", on, old, new, "")


def test_a_charter_does_not_differ_from_itself():
    assert diff(OLD, OLD) == []
    assert roles_affected(OLD, OLD) == set()


@pytest.mark.parametrize(
    ("change", "sentences", "affected"),
    [
        (
            changed("offers.accept:", "by: patient", "by: facilitator"),
            [
                "The facilitator gains the duty to take offers.accept (journey).",
                "The patient loses the duty to take offers.accept (journey).",
                "offers.accept is now the part of the facilitator, no longer of the patient.",
            ],
            {"patient", "facilitator"},
        ),
        (
            changed("travel.send_home:", "tell: [home_doctor, provider]", "tell: [home_doctor]"),
            ["The provider loses the duty to be told of travel.send_home (journey)."],
            {"provider"},
        ),
        (
            changed("records.add:", "may_appoint: [facilitator, home_doctor]", "may_appoint: [facilitator]"),
            ["The home_doctor loses the duty to be appointed to take records.add (journey)."],
            {"home_doctor"},
        ),
        (
            changed("outcome:     {patient: own", "agency: count", "agency: seat"),
            ["The agency's sight of outcome data changes from count to seat."],
            set(),
        ),
        (
            changed("contact:     {patient: own", "provider: consent, ", ""),
            ["The provider loses sight of contact data (consent)."],
            set(),
        ),
        (
            changed("records.give_opinion:", "PT48H", "P3D"),
            ["records.give_opinion is due within 72 hours, no longer 48 hours."],
            set(),
        ),
        (
            changed("travel.send_home:", "needs: [fit_to_fly], ", ""),
            ["travel.send_home no longer needs fit_to_fly."],
            set(),
        ),
        (
            changed("offers.admit:", "in: [treatment]", "in: [treatment, preparation]"),
            ["offers.admit may now also be taken in preparation."],
            set(),
        ),
        (
            changed("- {never: offers.accept,", "{never: offers.accept", "{never: offers.ask_again"),
            [
                "Promised from now on: Nobody chooses before knowing who earns what from whom (journey).",
                "No longer promised: Nobody chooses before knowing who earns what from whom (journey).",
            ],
            set(),
        ),
        (
            changed("- {roles: [doctor, provider],", "disclosed", "forbidden"),
            [
                "Holding doctor and provider is now forbidden: A doctor who owns the clinic earns from the advice"
                " to be treated there."
            ],
            set(),
        ),
        (
            changed("connected_at:", "0.25", "0.2"),
            ["Two parties count as one from a share of 0.2, no longer 0.25."],
            set(),
        ),
        (
            changed("smallest_group:", "10", "12"),
            ["Figures are about at least this many people: 12, no longer 10."],
            set(),
        ),
        (
            changed("quorum:", "share: 0.5", "share: 0.75"),
            ["The charter is now enacted by more than 0.75 of each_role_that_gains_or_loses."],
            set(),
        ),
        (
            changed("ending:      {is:", "seats: [facilitator]", "seats: [facilitator, patient]"),
            ["In ending the journey now needs a patient."],
            set(),
        ),
        (
            changed("turns.attach:", "turns.attach", "turns.append"),
            None,
            {
                "patient",
                "facilitator",
                "provider",
                "doctor",
                "agency",
                "organizer",
                "second_doctor",
                "home_doctor",
                "steward",
            },
        ),
    ],
)
def test_a_change_is_said_in_sentences(change: Spoiled, sentences: list[str] | None, affected: set[str]):
    new = read(change.source)

    if sentences is not None:
        assert diff(OLD, new) == sentences
    assert roles_affected(OLD, new) == affected


def test_there_and_back_gains_what_was_lost():
    new = read(changed("offers.accept:", "by: patient", "by: facilitator").source)

    assert {one.replace("gains", "loses") for one in diff(OLD, new) if "gains" in one} == {
        one for one in diff(new, OLD) if "loses" in one
    }


def test_a_position_that_changes_hands_touches_its_roles():
    source = changed("stages: {draft:", "{draft:", "{draft:").source.replace(
        "second: [facilitator, provider, agency, organizer]", "second: [facilitator, provider, agency]"
    )
    new = read(source)

    assert "organizer" in roles_affected(OLD, new)
    assert "On the agreement the second may now be: facilitator, provider, agency." in diff(OLD, new)
