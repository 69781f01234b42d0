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
    "records.see_preview": _("Looked at the picture of a health record"),
    "records.read_file": _("Read what the doctors wrote"),
    "records.open_link": _("Opened a link to the health records"),
    "records.acknowledge_link": _("Confirmed that the health records arrived"),
    "records.ask_by_link": _("Asked back about the health records"),
    "records.lock_link": _("A link was locked after too many wrong passcodes"),
    "records.read_by_program": _("Read a health record by a program"),
    "records.search_by_program": _("Searched the health records by a program"),
    "records.summary_by_program": _("Took the patient summary by a program"),
    "records.read_summary": _("Read the summary of the health records"),
    "records.take_summary": _("Took the patient summary along"),
    "records.take_everything": _("Took all health records along"),
}


def note_read(
    by: Actor, journey_id: UUID, read: str, about: tuple[str, UUID], *, decision: str = "read", reason: str = ""
) -> None:
    """Append to the journey's log that this was read (a key of `READS`) or refused, under the journey's lock."""
    reason = reason or ("no_such_record" if decision == "refused" else "")
    with transaction.atomic():
        lock_journey(journey_id)
        charter = Subject.objects.values_list("charter", flat=True).get(pk=journey_id)
        log.append(chain=journey_id, by=by, step=read, decision=decision, charter=charter, about=about, reason=reason)


def lock_journey(journey_id: UUID) -> None:
    """The lock in a statement of its own, as in `@step`: without it two readers take the same number of the log."""
    Subject.objects.select_for_update().filter(pk=journey_id).values_list("pk").first()


def note_reads(by: Actor, journeys: Iterable[UUID], read: str) -> None:
    """The same for one reading of several journeys; as many statements however many there are."""
    with transaction.atomic():
        # In the order of their keys: two readers who lock the same journeys wait for each other, and not in a ring.
        found = Subject.objects.select_for_update().filter(pk__in=set(journeys)).order_by("pk")
        chains = dict(found.values_list("pk", "charter"))
        if chains:
            log.append_to_all(chains, by=by, step=read, decision="read", about_kind="journeys.journey")
