"""Noting who read clinical data: every query that hands it out calls this first."""

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
    "records.take_summary": _("Took the patient summary along"),
    "records.take_everything": _("Took all health records along"),
}


def note_read(by: Actor, journey_id: UUID, read: str, about: tuple[str, UUID], *, decision: str = "read") -> None:
    """Append to the journey's log that this was read (a key of `READS`) or refused, under the journey's lock."""
    reason = "no_such_record" if decision == "refused" else ""
    with transaction.atomic():
        # The lock in a statement of its own, as in `@step`: without it two readers take the same number.
        Subject.objects.select_for_update().filter(pk=journey_id).values_list("pk").first()
        charter = Subject.objects.values_list("charter", flat=True).get(pk=journey_id)
        log.append(chain=journey_id, by=by, step=read, decision=decision, charter=charter, about=about, reason=reason)
