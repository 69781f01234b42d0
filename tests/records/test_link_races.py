"""Many who try passcodes at once, on both databases (`tools/with_postgres.sh pytest -m races`)."""

import threading
from datetime import timedelta

import pytest

from clearpath.core.outcomes import NotFound, Refused
from clearpath.records import bearers, steps
from clearpath.records.bearers import Bearer, WrongPasscode
from clearpath.records.models import Link, LinkAnswer, LinkOpening
from clearpath.trust import log
from tests.factories import NOON
from tests.records.sharing import PASSCODE, journey_with_summary, share
from tests.turns.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races, pytest.mark.slow]
DOCTOR = Bearer("Dr. Home", NOON + timedelta(minutes=1))


def tries(link, passcode):
    """One try; what came of it as a word or the number of attempts left."""

    def opens():
        try:
            bearers.open_link(link, DOCTOR, passcode)
        except WrongPasscode as wrong:
            return str(wrong.remaining)
        except NotFound:
            return "gone"
        except Refused as refusal:
            return refusal.code
        return "opened"

    return opens


def test_of_many_wrong_passcodes_at_once_no_more_are_looked_at_than_are_left(monkeypatch):
    walk = journey_with_summary()
    link, _payload = share(walk, passcode=PASSCODE)
    Link.objects.filter(pk=link.pk).update(attempts_left=3)
    looked_at, guard = [], threading.Lock()

    def slowly(given, _hashed):
        with guard:
            looked_at.append(given)
        threading.Event().wait(0.2)  # so that all of them look before anybody is counted afterwards
        return False

    monkeypatch.setattr(bearers, "check_password", slowly)

    answers = at_once(*(tries(link, f"00000{number}") for number in range(6)))

    assert sorted(answers) == ["0", "1", "2", "gone", "gone", "gone"]
    assert len(looked_at) == 3
    assert Link.objects.get(pk=link.pk).attempts_left == 0
    assert LinkOpening.objects.filter(outcome="wrong_passcode").count() == 3
    assert log.verify().problems == []


def test_those_who_know_the_passcode_do_not_use_it_up():
    walk = journey_with_summary()
    link, _payload = share(walk, passcode=PASSCODE)

    answers = at_once(*(tries(link, PASSCODE) for _each in range(6)))

    assert answers == ["opened"] * 6
    assert Link.objects.get(pk=link.pk).attempts_left == 10
    assert log.verify().problems == []


def test_a_link_that_is_ended_while_it_is_opened_is_opened_or_gone():
    walk = journey_with_summary()
    link, _payload = share(walk)

    def ends():
        steps.stop_sharing(walk.journey, link, by=walk.patient)
        return "ended"

    answers = at_once(ends, tries(link, None))

    assert answers[0] == "ended"
    assert answers[1] in {"opened", "gone"}
    assert log.verify().problems == []


def test_the_last_answer_that_a_link_takes_is_taken_once(monkeypatch):
    monkeypatch.setattr("clearpath.records.policies.MOST_ANSWERS", 1)
    walk = journey_with_summary()
    link, _payload = share(walk)

    def answers():
        return bearers.answer_link(link, kind="received", name="Dr. Home", now=DOCTOR.now)

    taken = at_once(answers, answers)

    assert sorted(isinstance(each, LinkAnswer) for each in taken) == [False, True]
    assert LinkAnswer.objects.count() == 1
