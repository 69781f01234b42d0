"""What doctors answered in aftercare, for the medical file of a journey."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from clearpath.aftercare.models import DoctorWarning
from clearpath.charter.actor import Actor
from clearpath.records.written import Part, Written, also_written
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@also_written
def answers(actor: Actor, journey: Subject) -> Iterator[Written]:
    """The answer to each warning, where the actor may see it."""
    found = visible(DoctorWarning, to=actor).filter(journey_id=journey.pk, answered_by__isnull=False)
    for warning in found.order_by("-pk"):
        seen = shown(warning, to=actor)
        if seen.answer and warning.answered_at and warning.answered_by_id:
            name = _("Answer to a warning")
            yield Written("answer", name, warning.answered_at, warning.answered_by_id, parts=(Part("", seen.answer),))
