"""Noting who read clinical data: every query that hands it out calls this first."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.trust import log
from clearpath.turns.subject import Subject

# No steps, for nobody is bound by them, but named like steps in the log.
READS = {
    "records.open_record": _("Opened a health record"),
    "records.read_file": _("Read what the doctors wrote"),
    "records.read_by_program": _("Read a health record by a program"),
    "records.search_by_program": _("Searched the health records by a program"),
    "records.summary_by_program": _("Took the patient summary by a program"),
}


def note_read(by: Actor, journey_id: UUID, read: str, about: tuple[str, UUID], *, decision: str = "read") -> None:
    """Append to the journey's log that this was read (a key of `READS`) or refused, under the journey's lock."""
    reason = "no_such_record" if decision == "refused" else ""
    with transaction.atomic():
        # The lock in a statement of its own, as in `@step`: without it two readers take the same number.
        Subject.objects.select_for_update().filter(pk=journey_id).values_list("pk").first()
        charter = Subject.objects.values_list("charter", flat=True).get(pk=journey_id)
        log.append(chain=journey_id, by=by, step=read, decision=decision, charter=charter, about=about, reason=reason)


def note_reads(by: Actor, journeys: Iterable[UUID], read: str) -> None:
    """The same for one reading of several journeys; as many statements however many there are."""
    with transaction.atomic():
        # In the order of their keys: two readers who lock the same journeys wait for each other, and not in a ring.
        found = Subject.objects.select_for_update().filter(pk__in=set(journeys)).order_by("pk")
        chains = dict(found.values_list("pk", "charter"))
        if chains:
            log.append_to_all(chains, by=by, step=read, decision="read", about_kind="journeys.journey")
