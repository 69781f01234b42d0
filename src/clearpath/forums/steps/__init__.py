"""The steps of a forum: set up, filled with delegates and their wishes, planned, published, repaired, finished."""

from clearpath.forums.steps.arranging import Two, arrange, release, set_booths
from clearpath.forums.steps.delegates import Imported, import_delegates, register, wish
from clearpath.forums.steps.founding import Follows, Invited, Room, Share, Stretch, create, finish, limit, start
from clearpath.forums.steps.guests import give_link
from clearpath.forums.steps.meeting import answer_meeting, plan, publish_agendas, repair
from clearpath.forums.steps.registering import (
    accept_registration,
    decline_registration,
    end_registration,
    open_registration,
)
from clearpath.forums.steps.repairing import answer_move, apply_repair, repair_agendas

__all__ = [
    "Follows",
    "Imported",
    "Invited",
    "Room",
    "Share",
    "Stretch",
    "Two",
    "accept_registration",
    "answer_meeting",
    "answer_move",
    "apply_repair",
    "arrange",
    "create",
    "decline_registration",
    "end_registration",
    "finish",
    "give_link",
    "import_delegates",
    "limit",
    "open_registration",
    "plan",
    "publish_agendas",
    "register",
    "release",
    "repair",
    "repair_agendas",
    "set_booths",
    "start",
    "wish",
]
