from datetime import timedelta

import pytest

from clearpath.parties.models import Evidence
from clearpath.trust import log
from clearpath.turns.hooks import hooks
from clearpath.turns.network import look_at
from tests.factories import NOON, make_organisation, steward

pytestmark = pytest.mark.django_db


def test_a_step_of_the_network_is_taken_once_when_its_question_turns_to_yes():
    organisation = make_organisation("provider")
    after_the_end = NOON + timedelta(days=1000)

    assert look_at(organisation.pk, at=NOON) == []
    assert look_at(organisation.pk, at=after_the_end) == ["parties.lapse"]
    assert look_at(organisation.pk, at=after_the_end) == []

    organisation.refresh_from_db()
    assert organisation.stage == "suspended"
    assert [entry.role for entry in log.entries_of(organisation.pk) if entry.step == "parties.lapse"] == ["network"]


def test_a_step_of_the_network_is_taken_again_when_its_question_turns_to_yes_again(monkeypatch):
    from clearpath.parties import steps as parties

    organisation = make_organisation("provider")
    ended = NOON + timedelta(days=1000)
    look_at(organisation.pk, at=ended)
    Evidence.objects.filter(organisation=organisation).update(valid_to=(ended + timedelta(days=30)).date())
    look_at(organisation.pk, at=ended)  # the question is answered no in between
    from dataclasses import replace

    parties.verify(organisation, by=replace(steward(), now=ended))

    assert look_at(organisation.pk, at=ended + timedelta(days=40)) == ["parties.lapse"]


def test_a_question_that_its_own_step_settles_may_be_asked_again_at_once(monkeypatch):
    organisation = make_organisation("provider")
    open_questions = [True]

    def until_settled(subject, _at):
        return subject.stage == "verified" and open_questions[0]

    monkeypatch.setitem(hooks.questions, "required_evidence_has_ended", until_settled)
    assert look_at(organisation.pk, at=NOON) == ["parties.lapse"]

    from clearpath.parties import steps as parties

    parties.verify(organisation, by=steward())
    assert look_at(organisation.pk, at=NOON) == ["parties.lapse"]
