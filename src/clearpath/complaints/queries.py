"""Reads about complaints; scoped to the actor."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.complaints.models import Complaint, Post
from clearpath.core.outcomes import NotFound, Objection
from clearpath.turns.sight import visible


def complaints_for(actor: Actor) -> QuerySet[Complaint]:
    """The patient's own, or those that the steward hears; newest first."""
    return visible(Complaint, to=actor).order_by("-pk")


def complaint_for(actor: Actor, complaint_id: UUID) -> Complaint:
    """Raises NotFound alike for a missing complaint and for one the actor may not see."""
    found = complaints_for(actor).filter(pk=complaint_id).first()
    if found is None:
        raise NotFound(Objection("no_such_complaint", _("There is no such complaint.")))
    return found


def posts_on(actor: Actor, complaint_id: UUID) -> list[Post]:
    """What was said, oldest first."""
    return list(visible(Post, to=actor).filter(complaint_id=complaint_id).select_related("author").order_by("pk"))
