from datetime import timedelta
from fractions import Fraction

import pytest

from clearpath.charter.document import CharterError, Need, default_charter, default_source, read


def test_default_charter_is_read_whole():
    charter = default_charter()

    assert (charter.title, charter.version, charter.language) == ("A clear path", "2026.1", "en")
    assert list(charter.subjects) == [
        "journey", "lead", "campaign", "creative", "agreement", "complaint", "organisation", "forum", "next_step",
        "charter",
    ]  # fmt: skip
    assert len(list(charter.all_steps())) == 151  # 142 on subjects, 9 on every subject
    assert (charter.connected_at, charter.disclose_from, charter.smallest_group) == (Fraction(1, 4), 0, 10)
    assert charter.data["clinical"]["doctor"] == "consent"
    assert charter.warnings == ()


def test_a_step_is_read_with_every_name_resolved():
    step = default_charter().step("offers.accept")

    assert (step.by, step.subject, step.stages, step.to) == ("patient", "journey", ("decision",), "preparation")
    assert step.needs == (Need("offer_made"), Need("advised_against", True), Need("interests_acknowledged"))
    assert step.on_lane
    assert default_source().split("\n")[step.line - 1].strip().startswith("offers.accept:")


def test_any_means_every_stage_that_is_not_final():
    charter = default_charter()

    assert charter.step("marketing.end_campaign").stages == ("brief", "proposed", "running")
    assert charter.subjects["complaint"].steps["turns.write"].stages == ("raised", "answered")


def test_steps_of_lane_roles_are_about_one_lane():
    steps = default_charter().subjects["journey"].steps

    assert steps["offers.make"].on_lane
    assert not steps["records.give_second_opinion"].on_lane
    assert not steps["turns.write"].on_lane


def test_steps_on_every_subject_are_merged_in_and_marked():
    for rules in default_charter().subjects.values():
        assert rules.steps["turns.hand_off"].every_subject
        assert rules.steps["turns.hand_off"].subject == rules.name
    assert default_charter().subject_of("turns.hand_off") is None
    assert default_charter().subject_of("offers.accept").name == "journey"


def test_unknown_step_is_a_key_error():
    with pytest.raises(KeyError):
        default_charter().step("offers.acept")


@pytest.mark.parametrize(
    ("said", "is_read_as"),
    [
        ("PT2H", timedelta(hours=2)),
        ("P3D", timedelta(days=3)),
        ("P2W", timedelta(weeks=2)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("PT5M", timedelta(minutes=5)),
    ],
)
def test_durations(said: str, is_read_as: timedelta):
    charter = read(default_source().replace("within: PT48H", f"within: {said}"))

    assert charter.step("records.give_opinion").within == is_read_as


@pytest.mark.parametrize("said", ["", "P", "PT", "PT0H", "-P1D", "P1Y", "P1M", "2H", "P1DT", "pt2h", "P99999999D"])
def test_what_is_no_duration(said: str):
    with pytest.raises(CharterError):
        read(default_source().replace("within: PT48H", f'within: "{said}"'))


def test_words_are_kept_as_written():
    charter = read(
        default_source().replace('version: "2026.1"', "version: 2026.10").replace("language: en", "language: no")
    )

    assert (charter.version, charter.language) == ("2026.10", "no")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    source = (
        default_source()
        .replace("by: patient, on_lane: true", "by: pateint, on_lane: true")
        .replace("to: intake", "to: intke")
        .replace("smallest_group: 10", "smallest_group: few")
    )

    with pytest.raises(CharterError) as raised:
        read(source, name="ours.yaml")

    found = [(mistake.code, mistake.file) for mistake in raised.value.mistakes]
    assert found == [("CP919", "ours.yaml"), ("CP912", "ours.yaml"), ("CP911", "ours.yaml")]
    assert "Did you mean `intake`?" in str(raised.value)
    assert "Did you mean `patient`?" in str(raised.value)


def test_a_sentence_cut_by_a_comma_is_put_together_again_with_a_warning():
    quoted = '"The person who travels for care, or whom they appointed to act for them"'

    charter = read(default_source().replace(quoted, quoted.strip('"')))

    assert charter.roles == default_charter().roles
    assert [warning.code for warning in charter.warnings] == ["CP924"]


def test_shared_steps_cannot_speak_of_one_subjects_stages_or_facts():
    source = default_source().replace(
        "turns.write:                      {by: seated, kind: own, in: any}",
        "turns.write: {by: seated, kind: own, in: any, needs: [consent]}",
    )

    with pytest.raises(CharterError, match=r"CP908 `turns\.write` is on every subject, so it has no `needs`"):
        read(source)
