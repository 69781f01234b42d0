"""Has every good line of a file recorded and handed over by the steps, one after another; a refused one stops none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Refused
from clearpath.marketing import steps
from clearpath.marketing.incoming.judging import Person
from clearpath.trust.keys import keyed_hash
from clearpath.turns.step import STEPS

TAKEN, THERE, REFUSED = "taken", "already_there", "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one line. `token` is that of the lead; `code` and `says` are those of a refusal."""

    line: int
    outcome: str
    token: str = ""
    code: str = ""
    says: Any = ""


def take_in(people: Iterable[Person], *, campaign_id: UUID, by: Actor) -> Iterator[Answer]:
    """Record and hand over each. A line that was taken in before, in this file or another, is told as such."""
    for person in people:
        try:
            lead = STEPS["marketing.record_lead"](
                campaign_id=campaign_id, by=by, key=line_key(person, campaign_id), **person.details
            )
        except Refused as refusal:
            outcome = THERE if refusal.code == "already_done" else REFUSED
            yield Answer(person.line, outcome, code=refusal.code, says=refusal.objection.message)
            continue
        try:
            steps.hand_over_lead(lead, by=by)
        except Refused as refusal:  # it stays with the agency, whose turn it is to hand it over
            yield Answer(person.line, REFUSED, str(lead.token), refusal.code, refusal.objection.message)
            continue
        yield Answer(person.line, TAKEN, str(lead.token))


def line_key(person: Person, campaign_id: UUID) -> str:
    """The same for the same line: the key that its product gave it, else who it is about and when they agreed."""
    details = person.details
    parts = [person.key] if person.key else [details["email"].casefold(), details["phone"], details["name"]]
    return "lead line " + keyed_hash("\n".join([str(campaign_id), *parts, str(details["consented_at"])]))
