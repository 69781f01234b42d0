"""Reads about campaigns, advertisements and leads; scoped to the actor."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.marketing.models import Campaign, Creative, Lead
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
