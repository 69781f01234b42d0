"""Tables of forums, of who comes, and of whom they meet."""

from clearpath.forums.models.arranged import Arranged, Precedence
from clearpath.forums.models.delegates import Absence, Delegate, Topic, Wish
from clearpath.forums.models.forums import ENDED, Forum, Hall, Participant, Place, Quota, Session
from clearpath.forums.models.meetings import Meeting, Move, Plan
from clearpath.forums.models.outcomes import CheckIn, Feed, Held, NextStep, Rating
from clearpath.forums.models.registering import GuestLink, Registration, RegistrationPage

__all__ = [
    "ENDED", "Absence", "Arranged", "CheckIn", "Delegate", "Feed", "Forum", "GuestLink", "Hall", "Held", "Meeting",
    "Move", "NextStep", "Participant", "Place", "Plan", "Precedence", "Quota", "Rating", "Registration",
    "RegistrationPage", "Session", "Topic", "Wish",
]  # fmt: skip
