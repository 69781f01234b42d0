"""The doctor at home receives the records, and may ask back."""

from typing import TYPE_CHECKING

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.records import policies, queries
from clearpath.records.models import Note
from clearpath.records.steps.notes import keep
from clearpath.turns.step import step

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@step("records.acknowledge")
def acknowledge(journey: "Journey", *, text: str = "", by: Actor) -> Note:
    """Confirm that the records arrived at home; `text` may tell what will be done.

    Refused: not_received, acknowledged_already.
    """
    already = queries.is_acknowledged(journey, by)
    refuse_if(policies.why_not_acknowledge(has_received=queries.has_received(journey, by), already=already))
    return keep(journey, Note.Kind.ACKNOWLEDGED, text, None, by)


@step("records.ask_back")
def ask_back(journey: "Journey", *, text: str, by: Actor) -> Note:
    """Ask the doctor who treated the patient. Refused: not_received, text_needed."""
    refuse_if(policies.why_not_acknowledge(has_received=queries.has_received(journey, by), already=False))
    refuse_if(policies.why_not_without_text(text))
    return keep(journey, Note.Kind.ASKED_BACK, text, None, by)
