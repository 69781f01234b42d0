"""Noting who read clinical data: every query that hands it out calls this first."""

from uuid import UUID

from django.db import transaction

from clearpath.charter.actor import Actor
from clearpath.trust import log
from clearpath.turns.subject import Subject

READ = "records.read"  # not a step: nobody is bound by it


def note_read(by: Actor, journey_id: UUID, about: tuple[str, UUID]) -> None:
    """Append to the journey's log that this was read, under the journey's lock."""
    with transaction.atomic():
        # The lock in a statement of its own, as in `@step`: without it two readers take the same number.
        Subject.objects.select_for_update().filter(pk=journey_id).values_list("pk").first()
        charter = Subject.objects.values_list("charter", flat=True).get(pk=journey_id)
        log.append(chain=journey_id, by=by, step=READ, decision="read", charter=charter, about=about)
