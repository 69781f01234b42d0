"""A doctor's own ready words: drafts, which are no steps. Nobody else reads them."""

from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.records.models import Phrase

MOST = 50
LONGEST = 1_000  # characters


def phrases_of(actor: Actor) -> list[Phrase]:
    """The actor's own, newest first."""
    return list(Phrase.objects.filter(person_id=actor.somebody).order_by("-pk")[:MOST])


def keep(actor: Actor, text: str) -> None:
    """Keep a text; an empty one, and more than `MOST`, are not kept."""
    text = text.strip()[:LONGEST]
    own = Phrase.objects.filter(person_id=actor.somebody)
    if text and own.count() < MOST:
        Phrase.objects.create(person_id=actor.somebody, text=text, kept_at=actor.now)


def drop(actor: Actor, key: str) -> None:
    """Throw one of the actor's own away."""
    try:
        Phrase.objects.filter(person_id=actor.somebody, pk=UUID(key)).delete()
    except ValueError:
        return
