"""Touches from a file: each line is a contact by token, or is told with its column and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from clearpath.core.faults import Fault
from clearpath.core.sheets import Line, Sheet
from clearpath.marketing.incoming.layouts import plain
from clearpath.marketing.linking import is_channel
from clearpath.marketing.schemas import TouchIn
from clearpath.marketing.touching import AHEAD, DAY_AHEAD, NO_SUCH_CHANNEL

COLUMNS = {
    "token": ("token",),
    "channel": ("channel", "utm_source", "utm_medium"),
    "country": ("country", "country_code"),
    "day": ("day", "date"),
}
SAYS: dict[str, Any] = {
    "token": _("A token is a random UUID of version 4, such as those of tracked links."),
    "channel": NO_SUCH_CHANNEL.message,
    "country": _("Give the country by its two letters, such as KW, or leave it empty."),
    "day": _("Give the day as 2026-05-04."),
}
OTHER_COLUMN = _("A touch has a token, a channel, a country and a day, and nothing else. Take this column out.")


@dataclass(frozen=True, slots=True)
class Touches:
    """What a file holds: the good lines, and what is wrong with the others."""

    good: list[TouchIn]
    faults: list[Fault]


def judge_touches(sheet: Sheet, *, campaign_id: UUID, now: datetime) -> Touches:
    """Every line by itself; a column that no touch has is refused whole, because a name could stand in it."""
    known = {name for names in COLUMNS.values() for name in names}
    others = [heading for heading in sheet.headings if heading and plain(heading) not in known]
    if others:
        return Touches([], [Fault(1, heading, "no_such_column", OTHER_COLUMN) for heading in others])
    good, faults = [], []
    for line in sheet.lines:
        found = _touch(line, campaign_id, now.date() + AHEAD)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            good.append(found)
    return Touches(good, faults)


def _touch(line: Line, campaign_id: UUID, latest: date) -> TouchIn | Fault:
    if line.fault is not None:
        return line.fault
    cells = {name: next(_told(line, names), ("", "")) for name, names in COLUMNS.items()}
    given = {name: value for name, (_heading, value) in cells.items()}
    given |= {"channel": given["channel"].casefold(), "country": given["country"].upper()}
    try:
        touch = TouchIn(campaign=campaign_id, **given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        name = str(wrong.errors()[0]["loc"][0])
        return Fault(line.number, cells[name][0] or name, f"no_such_{name}", SAYS[name])
    if not is_channel(touch.channel):
        return Fault(line.number, cells["channel"][0] or "channel", "no_such_channel", SAYS["channel"])
    if touch.day > latest:
        return Fault(line.number, cells["day"][0], DAY_AHEAD.code, DAY_AHEAD.message)
    return touch


def _told(line: Line, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The headings among these under which something stands, the best first, each with its cell."""
    by_name = {plain(heading): (heading, cell.strip()) for heading, cell in line.cells.items()}
    return (by_name[name] for name in names if by_name.get(name, ("", ""))[1])
