"""Reads of links: the patient's own, who opened them, and what was written back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.records.links.shlink import LinkError, Payload, encode, from_base64url
from clearpath.records.models import Link, LinkAnswer, LinkOpening
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject

NO_SUCH_LINK = Objection("no_such_link", _("There is no such link."))
TOO_LONG = Objection(
    "link_url_too_long",
    _("The address of this network is too long for links. Who hosts it must set a shorter one: CLEARPATH_LINK_URL."),
)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as a list shows it. `state`: open, stopped, expired or locked."""

    id: UUID
    label: str
    state: str
    expires_at: datetime
    made_at: datetime
    openings: int
    needs_passcode: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What somebody wrote back, as far as the reader may see it."""

    kind: str
    name: str
    reach: str
    text: str
    at: datetime


def own_links(actor: Actor, journey: Subject) -> list[LinkRow]:
    """The links of a journey for its patient, or whom they appointed, newest first; nobody else gets any."""
    found = _own(actor).filter(journey_id=journey.pk).prefetch_related("openings").order_by("-pk")
    return [link_row(each, at=actor.now) for each in found]


def link_for(actor: Actor, link_id: UUID) -> Link:
    """A link of the patient's own. Raises NotFound alike for a missing one and for everybody else."""
    found = _own(actor).filter(pk=link_id).select_related("journey").first()
    if found is None:
        raise NotFound(NO_SUCH_LINK)
    return found


def _own(actor: Actor) -> QuerySet[Link]:
    mine = visible(Link, to=actor)
    return mine.filter(journey__about_id=actor.stands_for) if actor.role == "patient" else mine.none()


def link_row(link: Link, *, at: datetime) -> LinkRow:
    opened = sum(each.outcome == LinkOpening.Outcome.OPENED for each in link.openings.all())
    state = state_of(link, at=at)
    label = link.label or ""
    return LinkRow(link.pk, label, state, link.expires_at, link.made_at, opened, bool(link.passcode))


def state_of(link: Link, *, at: datetime) -> str:
    """Whether a link still opens, and if not, why."""
    if link.stopped_at is not None:
        return "stopped"
    if link.expires_at <= at:
        return "expired"
    return "open" if link.attempts_left else "locked"


def openings_of(actor: Actor, link: Link) -> list[Any]:
    """Who opened a link, or tried, as they said who they are, newest first."""
    found = visible(LinkOpening, to=actor).filter(link=link).order_by("-at", "-pk")
    return [shown(each, to=actor) for each in found]


def answers_for(actor: Actor, journey: Subject) -> list[AnswerRow]:
    """What doctors without an account wrote back, newest first."""
    found = visible(LinkAnswer, to=actor).filter(journey_id=journey.pk).order_by("-pk")
    rows = (shown(each, to=actor) for each in found)
    return [AnswerRow(str(each.kind), str(each.name), str(each.reach), str(each.text), each.at) for each in rows]


def written_out(link: Link, *, root: str) -> str:
    """The link as text, with our viewer before it.

    `root`: scheme and host under which links are opened. Only for who may see the link: it holds the key. Raises
    Refused (link_url_too_long), and NotFound for a link that was ended.
    """
    if link.stopped_at is not None:
        raise NotFound(NO_SUCH_LINK)
    payload = Payload(
        url=f"{root}/shl/{link.handle}",
        key=from_base64url(link.key or ""),
        exp=int(link.expires_at.timestamp()),
        flags=link.flags,
        label=link.label or "",
    )
    try:
        return encode(payload, viewer=f"{root}/shl/view")
    except LinkError:
        raise Refused(TOO_LONG) from None


def people_who_opened(openings: set[UUID]) -> dict[UUID, str]:
    """As they said who they are. Answers the hook `who_it_was`."""
    found = LinkOpening.objects.filter(pk__in=openings)
    return {each.pk: each.recipient or "" for each in found}


def people_who_answered(answers: set[UUID]) -> dict[UUID, str]:
    """The same for what was written back."""
    return {each.pk: each.name or "" for each in LinkAnswer.objects.filter(pk__in=answers)}
