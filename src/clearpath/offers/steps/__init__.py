"""The steps about offers and interests, one function per step of the charter."""

from clearpath.offers.steps.asking import answer_question, ask_question
from clearpath.offers.steps.choosing import accept, accept_revision, ask_again, present
from clearpath.offers.steps.listing import update_directory
from clearpath.offers.steps.providing import admit, cancel, decline_request, make, revise, withdraw
from clearpath.offers.steps.reviewing import answer_review, review
from clearpath.offers.steps.telling import acknowledge_interests, disclose_interests, reopen_interests

__all__ = [
    "accept",
    "accept_revision",
    "acknowledge_interests",
    "admit",
    "answer_question",
    "answer_review",
    "ask_again",
    "ask_question",
    "cancel",
    "decline_request",
    "disclose_interests",
    "make",
    "present",
    "reopen_interests",
    "review",
    "revise",
    "update_directory",
    "withdraw",
]
