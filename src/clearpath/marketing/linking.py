"""Links that tell campaigns, advertisements and channels apart, and the touches that come by them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, refuse_if
from clearpath.marketing import policies, queries
from clearpath.marketing.models import Touch, TrackedLink
from clearpath.parties import queries as parties
from clearpath.parties.hats import Hat, actor_of

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # what is not mistaken for something else when it is typed
CODE_LENGTH = 8
CHANNEL = re.compile(r"[a-z][a-z0-9-]{1,39}")
MOST_DIGITS = 4  # what has more could be somebody's number
GONE = Objection("link_has_ended", _("This page has ended."))


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as its agency sees it."""

    id: UUID
    code: str
    channel: str
    country: str
    creative: str
    made_at: datetime
    is_live: bool


def make_link(
    campaign_id: UUID, *, channel: str, creative_id: UUID | None = None, country: str = "", by: Actor
) -> TrackedLink:
    """A new address for a running campaign. It binds nobody, so making it is no step.

    Raises NotFound, Refused (not_your_campaign, campaign_not_running, no_such_channel).
    """
    campaign = queries.campaign_for(by, campaign_id)
    refuse_if(policies.why_not_send_leads(campaign.stage, is_theirs=campaign.agency_id == by.organisation_id))
    refuse_if(policies.why_not_channel(is_plain=is_channel(channel)))
    creative = queries.creatives_for(by).filter(part_of=campaign, pk=creative_id).first() if creative_id else None
    return TrackedLink.objects.create(
        code="".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)),
        campaign=campaign,
        creative=creative,
        channel=channel,
        country=country,
        made_by_id=by.somebody,
        made_at=by.now,
    )


def is_channel(text: str) -> bool:
    """A plain word such as search or social: nothing in which somebody's number or address could hide."""
    return bool(CHANNEL.fullmatch(text)) and sum(sign.isdigit() for sign in text) <= MOST_DIGITS


def link_for(actor: Actor, link_id: UUID) -> TrackedLink:
    """One of the agency's own. Raises NotFound."""
    found = TrackedLink.objects.filter(pk=link_id, campaign__in=queries.campaigns_for(actor)).first()
    if found is None or actor.role != "agency":
        raise NotFound(GONE)
    return found


def link_rows_of(actor: Actor, campaign_id: UUID) -> list[LinkRow]:
    """The links of a campaign for its agency, newest first; none for anybody else."""
    if actor.role != "agency":
        return []
    found = TrackedLink.objects.filter(campaign__in=queries.campaigns_for(actor).filter(pk=campaign_id))
    return [
        LinkRow(
            each.pk, each.code, each.channel, each.country, each.creative.title if each.creative else "", each.made_at,
            is_live=_why_not_live(each, actor.now) is None,
        )
        for each in found.select_related("creative", "campaign").order_by("-pk")
    ]  # fmt: skip


def end_link(link: TrackedLink, *, by: Actor) -> None:
    """From now on its page says that it has ended."""
    TrackedLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=by.now)


def live_link(code: str, *, at: datetime) -> TrackedLink:
    """The link of an address while its campaign runs and its advertisement may be seen. Raises NotFound."""
    found = TrackedLink.objects.select_related("campaign__client", "campaign__agency", "creative")
    link = next(iter(found.filter(code=code)), None)
    if link is None or _why_not_live(link, at):
        raise NotFound(GONE)
    return link


def _why_not_live(link: TrackedLink, at: datetime) -> Objection | None:
    creative = link.creative
    is_shown = creative is None or (
        creative.stage == "running" and creative.first_day <= at.date() <= creative.last_day
    )
    return None if link.ended_at is None and link.campaign.stage == "running" and is_shown else GONE


def touch_by(link: TrackedLink, asked: Mapping[str, str], *, at: datetime) -> UUID:
    """Note that somebody came by a link; return the random token that stands for them from here on."""
    countries = link.campaign.countries
    country = link.country or (countries[0] if len(countries) == 1 else "")
    token = uuid4()
    Touch.objects.create(
        token=token,
        campaign=link.campaign,
        creative=link.creative,
        channel=channel_of(link, asked),
        country=country,
        day=at.date(),
    )
    return token


def channel_of(link: TrackedLink, asked: Mapping[str, str]) -> str:
    """That of the address's UTM parameters where it is a plain word, else that of the link."""
    told = (asked.get(name, "").casefold() for name in ("utm_source", "utm_medium"))
    return next((word for word in told if is_channel(word)), link.channel)


def known_token(link: TrackedLink, text: str) -> UUID | None:
    """The token in an address, if somebody came to this campaign with it; None for anything else."""
    try:
        token = UUID(text)
    except ValueError:
        return None
    met = Touch.objects.filter(token=token).values_list("campaign_id", flat=True)  # by campaign it would be all of them
    return token if link.campaign_id in set(met) else None


def actor_behind(link: TrackedLink, *, at: datetime) -> Actor:
    """For whom a landing page acts: the agency, answered for by who made the link, or by who works there now.

    Raises NotFound when nobody does.
    """
    agency_id = link.campaign.agency_id
    people = parties.members_of(agency_id, "agency") if agency_id else []
    person = next((each for each in people if each.pk == link.made_by_id), people[0] if people else None)
    if person is None:
        raise NotFound(GONE)
    return actor_of(person, Hat("agency", agency_id), now=at)
