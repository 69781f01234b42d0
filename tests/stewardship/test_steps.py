from datetime import timedelta

import pytest

from clearpath import jobs
from clearpath.charter.document import default_source
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.parties import steps as parties
from clearpath.stewardship import queries, steps
from clearpath.stewardship.models import CharterVersion, Proof, Voice
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.network import look_at
from clearpath.turns.sight import shown, visible
from tests.factories import NOON, actor_at, later, make_journey, make_organisation, patient_actor, steward
from tests.stewardship.factories import DOCTOR_IS_TOLD, NETWORK, changed, make_proposal, say

pytestmark = pytest.mark.django_db

UNPROVED = (
    "not advised_against, offer_accepted, contract_signed], gives: [treated]",
    "not advised_against, offer_accepted], gives: [treated]",
)


def agreed_and_proved(version: CharterVersion) -> CharterVersion:
    assert set(look_at(version.pk, at=NOON)) <= {"stewardship.prove", "stewardship.count_votes"}
    version.refresh_from_db()
    assert version.facts == ["agreed", "proved"]
    return version


def enacted(version: CharterVersion, *, at=NOON) -> CharterVersion:
    steps.enact(agreed_and_proved(version), by=later(steward(), at))
    version.refresh_from_db()
    return version


# Founding


def test_found_puts_the_packaged_charter_in_force_under_the_stewards_care():
    keeper = steward()

    version = steps.found(default_source(), NOON)

    assert (version.stage, version.enacted_at, version.title) == ("in_force", NOON, "A clear path")
    assert queries.version_in_force() == charters.in_force() == "2026.1"
    assert Seat.objects.get(subject=version).organisation_id == keeper.organisation_id
    [entry] = log.entries_of(version.pk)
    assert (entry.step, entry.role, entry.person_id) == ("stewardship.found", "network", None)


def test_found_only_once():
    steps.found(default_source(), NOON)

    with pytest.raises(ValueError, match="has a charter already"):
        steps.found(changed(), NOON)


def test_found_with_mistakes_or_without_a_proof_leaves_nothing():
    with pytest.raises(Refused, match="charter_has_mistakes"):
        steps.found("charter: [", NOON)
    with pytest.raises(Refused, match="not_proved"):
        steps.found(changed(UNPROVED), NOON)

    assert CharterVersion.objects.count() == 0


def test_before_a_network_is_founded_the_packaged_charter_holds():
    assert queries.version_in_force() is None
    assert charters.in_force() == "2026.1"
    assert queries.text_in_force() == default_source()


# Proposing


def test_propose_asks_the_verified_organisations_of_the_roles_that_gain_or_lose():
    doctor, both = make_organisation("doctor"), make_organisation("doctor", "provider")
    make_organisation("doctor", verified=False)
    make_organisation("agency")

    version = make_proposal()

    assert (version.stage, version.roles_asked, version.compared_with) == ("proposed", ["doctor"], "2026.1")
    voices = Voice.objects.filter(version=version).values_list("organisation", "roles", "agrees")
    assert {key: (roles, agrees) for key, roles, agrees in voices} == {
        doctor.pk: (["doctor"], None),
        both.pk: (["doctor"], None),
    }
    seats = Seat.objects.filter(subject=version).values_list("role", "organisation")
    assert set(seats) == {("steward", steward().organisation_id), ("doctor", doctor.pk), ("doctor", both.pk)}


def test_propose_with_mistakes_is_refused_and_names_them():
    with pytest.raises(Refused) as refusal:
        steps.propose(source=changed().replace("by: agency, starts: true", "by: agancy, starts: true"), by=steward())

    assert refusal.value.code == "charter_has_mistakes"
    assert "agancy" in str(refusal.value.objection.message)


def test_propose_with_what_the_linter_calls_an_error_is_refused():
    source = changed(("complaints.close_silent:      {by: network, when: sixty_days_after_the_answer, tell: [patient, steward], kind: governance,", "complaints.close_silent:      {by: network, tell: [patient, steward], kind: governance,"))  # fmt: skip # noqa: E501

    with pytest.raises(Refused, match="charter_has_mistakes"):
        steps.propose(source=source, by=steward())


@pytest.mark.parametrize("founded", [False, True])
def test_propose_under_a_version_that_the_network_knows_is_refused(founded):
    if founded:
        steps.found(default_source(), NOON)

    with pytest.raises(Refused, match="version_taken"):
        steps.propose(source=default_source(), by=steward())


def test_propose_is_for_the_steward_alone():
    provider = make_organisation("provider")

    with pytest.raises(NotYourPart) as refusal:
        steps.propose(source=changed(), by=actor_at(provider, "provider"))

    assert refusal.value.rightful == "steward"


# Comments and votes


def test_comment_is_kept_with_who_said_it():
    doctor = make_organisation("doctor")
    version = make_proposal()

    comment = steps.comment(version, text=" We agree, mostly. ", by=actor_at(doctor, "doctor"))

    assert (comment.text, comment.role, comment.organisation_id) == ("We agree, mostly.", "doctor", doctor.pk)
    with pytest.raises(Refused, match="comment_needed"):
        steps.comment(version, text=" ", by=actor_at(doctor, "doctor"))


def test_comment_by_somebody_who_was_not_asked_is_refused():
    agency = make_organisation("agency")
    version = make_proposal()

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.comment(version, text="What about us?", by=actor_at(agency, "agency"))


def test_vote_is_one_an_organisation_and_may_change():
    doctor = make_organisation("doctor")
    version = make_proposal()

    say(version, doctor, "doctor", agrees=False)
    say(version, doctor, "doctor", agrees=True)

    voice = Voice.objects.get(version=version)
    assert (voice.agrees, voice.voted_at, voice.voted_by_id) == (True, NOON, actor_at(doctor, "doctor").person_id)
    assert [entry.step for entry in log.entries_of(version.pk)].count("stewardship.vote") == 2


def test_vote_by_the_steward_is_refused():
    version = make_proposal()

    with pytest.raises(Refused, match="no_voice"):
        steps.vote(version, agrees=True, by=steward())


def test_vote_after_the_count_is_refused():
    doctor = make_organisation("doctor")
    version = make_proposal()
    say(version, doctor, "doctor", agrees=True)
    agreed_and_proved(version)

    with pytest.raises(Refused, match="votes_are_counted"):
        say(version, doctor, "doctor", agrees=False)


# Proof and count


def test_the_network_proves_a_proposal_and_remembers_the_proof_by_its_text():
    make_organisation("doctor")
    version = make_proposal()

    assert look_at(version.pk, at=NOON) == ["stewardship.prove"]

    proof = queries.proof_of(version)
    assert proof.holds
    assert len(proof.says) == 29
    version.refresh_from_db()
    assert version.facts == ["proved"]


def test_a_broken_promise_keeps_a_proposal_from_being_enacted_and_is_told_with_the_way_to_break_it():
    version = make_proposal(UNPROVED)

    assert look_at(version.pk, at=NOON) == []
    with pytest.raises(Refused, match="not_proved"):
        steps.prove(version, by=NETWORK)

    version.refresh_from_db()
    assert "proved" not in version.facts
    [broken] = [says for says in queries.proof_of(version).says if " > " in says]
    assert broken.endswith("records.treat")
    with pytest.raises(NotYourPart, match="missing_facts"):
        steps.enact(version, by=steward())


def test_the_proof_is_found_once_for_a_text():
    version = make_proposal()
    Proof.objects.create(pk=version.sha256, holds=False, says=[], proved_at=NOON)

    assert "stewardship.prove" not in look_at(version.pk, at=NOON)


def test_the_votes_are_counted_once_more_than_half_of_each_role_agrees():
    one, two, three = (make_organisation("doctor") for _ in range(3))
    version = make_proposal()
    assert look_at(version.pk, at=NOON) == ["stewardship.prove"]

    say(version, one, "doctor", agrees=True)
    assert look_at(version.pk, at=NOON) == []
    with pytest.raises(Refused, match="quorum_missing"):
        steps.count_votes(version, by=NETWORK)
    say(version, two, "doctor", agrees=False)
    assert look_at(version.pk, at=NOON) == []
    say(version, three, "doctor", agrees=True)
    assert look_at(version.pk, at=NOON) == ["stewardship.count_votes"]

    assert queries.votes_of(version) == {"doctor": (2, 3)}


def test_who_has_left_the_network_is_not_waited_for():
    one, two = make_organisation("doctor"), make_organisation("doctor")
    version = make_proposal()
    say(version, one, "doctor", agrees=True)
    assert "stewardship.count_votes" not in look_at(version.pk, at=NOON)

    parties.leave(two, by=actor_at(two, "doctor"))

    assert look_at(version.pk, at=NOON) == ["stewardship.count_votes"]


# In force, and replaced


def test_enact_opens_new_subjects_under_the_new_version_and_leaves_the_old_ones_alone():
    steward()
    steps.found(default_source(), NOON - timedelta(days=1))
    old = make_journey()

    version = enacted(make_proposal())
    new = make_journey()

    assert version.stage == "in_force"
    assert (old.charter, new.charter) == ("2026.1", version.version)
    assert "doctor" in charters.charter(new.charter).subjects["creative"].steps["marketing.run_creative"].tell
    assert "doctor" not in charters.charter(old.charter).subjects["creative"].steps["marketing.run_creative"].tell


def test_the_version_before_is_replaced_and_stays_readable():
    steward()
    first = steps.found(default_source(), NOON - timedelta(days=1))
    assert look_at(first.pk, at=NOON) == []

    version = enacted(make_proposal())

    assert look_at(first.pk, at=NOON) == ["stewardship.replace"]
    first.refresh_from_db()
    assert first.stage == "replaced"
    assert [row.version for row in queries.versions()] == [version.version, "2026.1"]
    assert queries.source_of("2026.1") == default_source()
    assert look_at(version.pk, at=NOON) == []


def test_a_proposal_made_before_another_came_into_force_is_replaced_and_one_made_after_is_not():
    steward()
    steps.found(default_source(), NOON - timedelta(days=1))
    one, other = make_proposal(), make_proposal()
    enacted(one, at=NOON + timedelta(hours=1))

    third = steps.propose(source=changed(), by=later(steward(), NOON + timedelta(hours=2)))

    assert "stewardship.replace" in look_at(other.pk, at=NOON + timedelta(hours=3))
    assert "stewardship.replace" not in look_at(third.pk, at=NOON + timedelta(hours=3))


def test_enact_what_was_agreed_against_a_version_no_longer_in_force_is_refused():
    steward()
    steps.found(default_source(), NOON - timedelta(days=1))
    one, other = make_proposal(), make_proposal()
    agreed_and_proved(other)
    enacted(one, at=NOON + timedelta(hours=1))

    with pytest.raises(Refused, match="another_came_first"):
        steps.enact(other, by=later(steward(), NOON + timedelta(hours=2)))

    assert queries.version_in_force() == one.version


def test_what_follows_an_enactment_is_done_by_the_next_job():
    steward()
    first = steps.found(default_source(), NOON - timedelta(days=1))
    other = make_proposal()
    enacted(make_proposal(), at=NOON + timedelta(hours=1))

    jobs.run_due(now=NOON + timedelta(hours=1), strict=True)

    for version in (first, other):
        version.refresh_from_db()
        assert version.stage == "replaced"


def test_enact_before_it_is_proved_and_agreed_is_refused():
    make_organisation("doctor")
    version = make_proposal()

    with pytest.raises(NotYourPart) as refusal:
        steps.enact(version, by=steward())

    assert refusal.value.missing == ("proved", "agreed")


def test_a_proposal_is_seen_once_by_who_is_asked_and_by_the_steward():
    doctor, agency = make_organisation("doctor"), make_organisation("agency")
    version = make_proposal(DOCTOR_IS_TOLD)

    for actor in (actor_at(doctor, "doctor"), steward()):
        assert list(queries.charter_versions_for(actor)) == [version]
        assert shown(version, to=actor).version == version.version
    for actor in (actor_at(agency, "agency"), patient_actor()):
        assert list(queries.charter_versions_for(actor)) == []
    assert visible(Voice, to=actor_at(doctor, "doctor")).get().organisation_id == doctor.pk
