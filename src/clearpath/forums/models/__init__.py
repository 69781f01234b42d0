"""Tables of forums, of who comes, and of whom they meet."""

from clearpath.forums.models.arranged import Arranged, Precedence
from clearpath.forums.models.delegates import Absence, Delegate, Topic, Wish
from clearpath.forums.models.forums import Forum, Hall, Participant, Place, Quota, Session
from clearpath.forums.models.meetings import Meeting, Move, Plan
from clearpath.forums.models.outcomes import CheckIn, Feed, Held, NextStep, Rating

__all__ = [
    "Absence", "Arranged", "CheckIn", "Delegate", "Feed", "Forum", "Hall", "Held", "Meeting", "Move", "NextStep",
    "Participant", "Place", "Plan", "Precedence", "Quota", "Rating", "Session", "Topic", "Wish",
]  # fmt: skip
