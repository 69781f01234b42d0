"""The network's own part: its steps are taken by a job, once each time their question turns to yes."""

import logging
from datetime import datetime
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Outcome
from clearpath.turns import charters, stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Answer, Subject
from clearpath.turns.step import STEPS

logger = logging.getLogger(__name__)


def look_at(subject_id: UUID, *, at: datetime) -> list[str]:
    """Ask each question whose step could be taken now; returns the steps taken. Safe to run again."""
    found = Subject.objects.filter(pk=subject_id, closed_at=None).first()
    if found is None:
        return []
    subject = stand.fresh(found)
    version, taken = subject.charter, []
    steps = charters.charter(version).subjects[subject.kind].steps
    was_yes = set(Answer.objects.filter(subject=subject, yes=True).values_list("step", flat=True))
    by = Actor(role="network", now=at)
    for name in charters.network_steps(version, subject.kind):
        answer = hooks.questions.get(steps[name].when or "")
        if answer is None or name not in STEPS:
            continue
        yes = answer(subject, at)
        if not yes and name in was_yes:
            Answer.objects.filter(subject=subject, step=name).update(yes=False)
        if not yes or name in was_yes or not _can_be_taken(subject, name, by):
            continue
        try:
            STEPS[name](subject, by=by)
        except Outcome as outcome:
            logger.info("%s on %s was not taken: %s", name, subject.pk, outcome.code)
            continue
        taken.append(name)
        subject = stand.fresh(subject)
        if not answer(subject, at):  # taking it was the answer: the next yes is a new one
            Answer.objects.filter(subject=subject, step=name).update(yes=False)
    return taken


def _can_be_taken(subject: Subject, name: str, by: Actor) -> bool:
    lanes = stand.lanes_of(subject)
    standing = stand.standing(subject, lanes, [], by, None, name, stand.known(subject, by))
    return charters.tables(subject.charter).decide(by, name, standing).allowed
