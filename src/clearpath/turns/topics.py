"""What messages are about, whose part each topic is, and the data class of its words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """`position`: the seat whose part it is."""

    name: Any
    position: str
    data_class: str


MEDICAL = "medical"
JOURNEY = {
    MEDICAL: Topic(_("A medical question"), "doctor", "clinical"),
    "price": Topic(_("Price, offer, hospital stay"), "provider", "offer"),
    "travel": Topic(_("Visa, travel, accommodation"), "facilitator", "travel"),
    "anything": Topic(_("Anything else"), "facilitator", "contact"),
}
ANYTHING = "anything"  # where a message goes that was on the wrong topic
COMPLAINT = {"complaint": Topic(_("The complaint"), "steward", "complaint")}


def topics_of(kind: str, positions: list[str]) -> dict[str, Topic]:
    """The topics of one kind of subject; between organisations a topic is simply the other party."""
    if kind == "journey":
        return JOURNEY
    if kind == "complaint":
        return COMPLAINT
    return {position: Topic(position, position, "business") for position in positions}
