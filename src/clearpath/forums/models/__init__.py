"""Tables of forums, of who comes, and of whom they meet."""

from clearpath.forums.models.delegates import Absence, Delegate, Interest, Wish
from clearpath.forums.models.forums import Forum, Hall, Participant, Place, Quota, Session
from clearpath.forums.models.meetings import Meeting, Move, Plan

__all__ = [
    "Absence", "Delegate", "Forum", "Hall", "Interest", "Meeting", "Move", "Participant", "Place", "Plan", "Quota",
    "Session", "Wish",
]  # fmt: skip
