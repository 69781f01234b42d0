"""Reads about campaigns, advertisements and leads; scoped to the actor."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.marketing.marks import Mark, marks_of
from clearpath.marketing.models import Campaign, Creative, CreativePicture, Lead
from clearpath.parties.queries import parties_named
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns of which the actor sees anything, newest first."""
    return visible(Campaign, to=actor).order_by("-pk")


def campaign_for(actor: Actor, campaign_id: UUID) -> Campaign:
    """Raises NotFound alike for a missing campaign and for one the actor may not see."""
    found = campaigns_for(actor).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound(Objection("no_such_campaign", _("There is no such campaign.")))
    return found


def creatives_for(actor: Actor) -> QuerySet[Creative]:
    """The advertisements of which the actor sees anything, newest first."""
    return visible(Creative, to=actor).select_related("part_of").order_by("-pk")


def creative_for(actor: Actor, creative_id: UUID) -> Creative:
    """Raises NotFound alike for a missing advertisement and for one the actor may not see."""
    found = creatives_for(actor).filter(pk=creative_id).first()
    if found is None:
        raise NotFound(Objection("no_such_creative", _("There is no such advertisement.")))
    return found


def picture_of(creative: Creative) -> bytes | None:
    """The picture of an advertisement that somebody may see; None where there is none."""
    found = CreativePicture.objects.filter(creative=creative).values_list("content", flat=True).first()
    return None if found is None else bytes(found)


def marks_on(creative: Creative) -> tuple[Mark, ...]:
    """What stands out in an advertisement, by the rules on file today."""
    parts = {"title": creative.title, "text": creative.text, "picture_alt": creative.picture_alt}
    return marks_of(parts, _countries_of(creative.part_of, creative.countries), has_picture=bool(creative.picture_key))


def marks_before(campaign: Campaign, parts: Mapping[str, str], countries: Sequence[str]) -> tuple[Mark, ...]:
    """What would stand out in an advertisement that is not submitted yet."""
    return marks_of(parts, _countries_of(campaign, countries), has_picture=False)


def _countries_of(campaign: Campaign, shown_in: Sequence[str]) -> set[str]:
    """Where it is shown, and where those are who advertise and who treat: the law of each place may speak."""
    parties = parties_named([campaign.client_id, campaign.claims_doctor_id])
    return {*(shown_in or campaign.countries), *(party.country for party in parties.values())}


def leads_for(actor: Actor) -> QuerySet[Lead]:
    """The leads of which the actor sees anything, newest first: an agency sees its own tokens, never a person."""
    return visible(Lead, to=actor).select_related("came_by").order_by("-pk")


def lead_for(actor: Actor, lead_id: UUID) -> Lead:
    """Raises NotFound alike for a missing lead and for one the actor may not see."""
    found = leads_for(actor).filter(pk=lead_id).first()
    if found is None:
        raise NotFound(Objection("no_such_lead", _("There is no such lead.")))
    return found


def campaign_called(text: str) -> list[Campaign]:
    """Campaigns of this key or name, whoever asks: only for who keeps the machine."""
    try:
        return list(Campaign.objects.filter(pk=UUID(text)))
    except ValueError:
        return list(Campaign.objects.filter(name__iexact=text.strip()).order_by("pk"))


def agencies_behind(journey: Subject) -> set[UUID]:
    """The agencies that brought the patient of a journey: they earn on it without a seat there."""
    token = getattr(journey, "source_reference", None)
    found = Lead.objects.filter(token=token, agency__isnull=False) if token else Lead.objects.none()
    return {key for key in found.values_list("agency_id", flat=True) if key}
