"""What the bearers of a link do: open it and answer. They are nobody on the network, so none of it is a step.

A link is the patient's own act; whoever holds it acts under it. So it also works when the journey is closed and takes
no steps any more. Everything is noted in the journey's log, under its lock, in the role of the doctor at home.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, Refused, refuse_if
from clearpath.records import policies
from clearpath.records.models import Link, LinkAnswer, LinkOpening
from clearpath.records.reads import lock_journey, note_read
from clearpath.trust import keys, log
from clearpath.turns.follow import tell

GONE = Objection("link_has_ended", _("This link is not there, or it has ended. Ask the patient for a new one."))
TOO_OFTEN = Objection("link_opened_too_often", _("This link is opened too often. Wait a minute and try again."))
WRONG = Objection("wrong_passcode", _("The passcode is wrong. Ask the patient for it."))
LONGEST_RECIPIENT = 200  # characters; what is longer is cut


class WrongPasscode(Refused):
    """`remaining`: how many wrong passcodes are left in the life of the link."""

    def __init__(self, remaining: int) -> None:
        super().__init__(WRONG)
        self.remaining = remaining


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a link, as they say who they are."""

    recipient: str
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor(role="home_doctor", now=self.now)


def link_at(handle: str, *, at: datetime) -> Link:
    """The link at an address, while it lives. Raises NotFound alike for none, ended, stopped and locked ones."""
    return _living(at, handle_hash__in=keys.keyed_hashes(handle))


def link_by_key(key: UUID, *, at: datetime) -> Link:
    """The same for who already opened it."""
    return _living(at, pk=key)


def _living(at: datetime, **which: object) -> Link:
    living = Link.objects.filter(stopped_at=None, expires_at__gt=at, attempts_left__gt=0, **which)
    found = living.select_related("journey").first()
    if found is None:
        raise NotFound(GONE)
    return found


def open_link(link: Link, bearer: Bearer, passcode: str | None = None) -> None:
    """Note who opens a link, and refuse who does not know its passcode. Raises NotFound, WrongPasscode, Refused."""
    since = bearer.now - timedelta(minutes=1)
    if link.openings.filter(at__gt=since).count() >= settings.LINK_OPENINGS_A_MINUTE:
        raise Refused(TOO_OFTEN)
    if link.passcode:
        _check_passcode(link, bearer, passcode)
    with transaction.atomic():
        opening = _note(link, bearer, LinkOpening.Outcome.OPENED)
        note_read(bearer.actor, link.journey_id, "records.open_link", log.about(opening))


def _check_passcode(link: Link, bearer: Bearer, passcode: str | None) -> None:
    """One attempt is taken before the passcode is looked at, and given back when it was right.

    So that of many tries at once no more are looked at than are left. Who sends none has not tried.
    """
    if passcode is None:
        raise WrongPasscode(link.attempts_left)
    remaining = _take_attempt(link)
    if check_password(passcode, link.passcode):
        Link.objects.filter(pk=link.pk).update(attempts_left=F("attempts_left") + 1)
        return
    with transaction.atomic():
        opening = _note(link, bearer, LinkOpening.Outcome.WRONG_PASSCODE)
        note_read(
            bearer.actor, link.journey_id, "records.open_link", log.about(opening), decision="refused",
            reason="wrong_passcode",
        )  # fmt: skip
        if remaining == 0:
            tell(link.journey_id, {"patient"}, "records.lock_link", bearer.now)
    raise WrongPasscode(remaining)


def _take_attempt(link: Link) -> int:
    """How many are left after this one. Raises NotFound when there was none."""
    with transaction.atomic():
        locked = Link.objects.select_for_update().filter(pk=link.pk, attempts_left__gt=0, stopped_at=None).first()
        if locked is None:
            raise NotFound(GONE)
        locked.attempts_left -= 1
        locked.save(update_fields=["attempts_left"])
    return locked.attempts_left


def _note(link: Link, bearer: Bearer, outcome: LinkOpening.Outcome) -> LinkOpening:
    recipient = bearer.recipient[:LONGEST_RECIPIENT]
    return LinkOpening.objects.create(link=link, recipient=recipient, at=bearer.now, outcome=outcome)


def answer_link(link: Link, *, kind: str, name: str, text: str = "", reach: str = "", now: datetime) -> LinkAnswer:
    """Keep what a bearer writes back, and tell patient, facilitator and doctor.

    Refused: not_an_answer, name_needed, question_incomplete, answer_too_long, too_many_answers.
    """
    with transaction.atomic():
        lock_journey(link.journey_id)  # else two at once are both the last one that is taken
        refuse_if(policies.why_not_answer_link(kind, name, text, reach, answers=link.answers.count()))
        answer = LinkAnswer.objects.create(
            journey_id=link.journey_id,
            link=link,
            kind=kind,
            name=name.strip(),
            text=text.strip(),
            reach=reach.strip(),
            at=now,
        )
        act = "records.acknowledge_link" if kind == LinkAnswer.Kind.RECEIVED else "records.ask_by_link"
        note_read(Bearer(name, now).actor, link.journey_id, act, log.about(answer), decision="done")
        tell(link.journey_id, {"patient", "facilitator", "doctor"}, act, now)
    return answer
