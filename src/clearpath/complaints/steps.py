"""The steps of a complaint: raised, answered, gone on with, closed."""

from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.complaints import policies
from clearpath.complaints.models import Complaint, Post
from clearpath.core.outcomes import refuse_if
from clearpath.journeys.queries import journey_for
from clearpath.parties.stewards import steward_seats
from clearpath.turns.models import Seat
from clearpath.turns.step import begin, remember, step


@step("complaints.raise")
def raise_complaint(*, text: str, category: str, journey_id: UUID | None = None, by: Actor) -> Complaint:
    """Complain to the steward, about a journey of one's own or about anything else.

    Refused: complaint_needed, no_such_category, nobody_to_hear_it. NotFound for somebody else's journey.
    """
    stewards = steward_seats()
    refuse_if(policies.why_not_raise(text, category, stewards))
    journey = journey_for(by, journey_id) if journey_id else None
    remember(text=text, category=category, journey=str(journey_id or ""))
    return begin(
        Complaint,
        kind="complaint",
        about_id=by.stands_for,
        seats=[
            Seat(position="patient", role="patient", person_id=by.stands_for),
            *stewards,
        ],
        about_journey_id=journey.pk if journey else None,
        category=category,
        text=text.strip(),
    )


@step("complaints.answer")
def answer(complaint: Complaint, *, text: str, by: Actor) -> Post:
    """Answer the patient. Refused: text_needed."""
    return _say(complaint, text, by)


@step("complaints.go_on")
def go_on(complaint: Complaint, *, text: str, by: Actor) -> Post:
    """Say why the answer is not enough; the steward's clock starts again. Refused: text_needed."""
    return _say(complaint, text, by)


def _say(complaint: Complaint, text: str, by: Actor) -> Post:
    refuse_if(policies.why_not_say(text))
    remember(text=text)
    return Post.objects.create(
        complaint=complaint, role=by.role, author_id=cast(UUID, by.person_id), text=text.strip(), written_at=by.now
    )


@step("complaints.close")
def close(complaint: Complaint, *, settled: bool, by: Actor) -> Complaint:
    """End the complaint: settled, or taken elsewhere."""
    complaint.settled = settled
    complaint.save(update_fields=["settled"])
    remember(settled=settled)
    return complaint


@step("complaints.close_silent")
def close_silent(complaint: Complaint, *, by: Actor) -> Complaint:
    """Nothing was heard for sixty days after the answer. Whether it was settled stays unknown."""
    return complaint
