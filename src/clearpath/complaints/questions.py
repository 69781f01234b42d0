"""The network's question about a complaint."""

from datetime import datetime

from clearpath.complaints.models import Complaint
from clearpath.complaints.policies import has_been_silent
from clearpath.turns.hooks import question


@question("sixty_days_after_the_answer")
def sixty_days_after_the_answer(complaint: Complaint, at: datetime) -> bool:
    """Whether the answer, and with it this stage, has stood for sixty days."""
    return complaint.stage == "answered" and has_been_silent(complaint.stage_since, at=at)
