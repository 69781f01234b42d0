"""The slots of a forum. Pure."""

from datetime import datetime, timedelta


def slots(begins_at: datetime, ends_at: datetime, minutes: int) -> list[datetime]:
    """The beginnings of all slots that end in time."""
    length = timedelta(minutes=minutes)
    count = (ends_at - begins_at) // length
    return [begins_at + number * length for number in range(count)]
