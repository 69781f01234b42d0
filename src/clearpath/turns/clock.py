"""When a task is due, in the business hours of the seat whose turn it is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from clearpath.turns.hooks import Hours

DAY = timedelta(days=1)


def due_at(start: datetime, within: timedelta, hours: Hours) -> datetime:
    """The moment `within` business time after `start`, in the zone of `start`.

    A target of whole days counts working days and keeps the time of day; any other target counts only the
    time between opening and closing. What starts outside business hours starts at the next opening.
    """
    zone = ZoneInfo(hours.time_zone)
    moment = _next_open(start.astimezone(zone), hours)
    if within >= DAY and within % DAY == timedelta():
        for _ in range(within // DAY):
            moment = _next_open(_at(moment + DAY, moment.hour, moment.minute, moment.second), hours, keep=True)
        return moment.astimezone(start.tzinfo)
    left = within
    while True:
        closes = _at(moment, hours.closes.hour, hours.closes.minute)
        # Wall clocks jump when summer time begins; what people wait is counted in real time.
        open_for = closes.astimezone(ZoneInfo("UTC")) - moment.astimezone(ZoneInfo("UTC"))
        if left <= open_for:
            return (moment.astimezone(ZoneInfo("UTC")) + left).astimezone(start.tzinfo)
        left -= open_for
        moment = _next_open(closes, hours)


def _next_open(moment: datetime, hours: Hours, *, keep: bool = False) -> datetime:
    """The first open moment from `moment` on; `keep` holds the time of day and only skips days off."""
    while moment.isoweekday() not in hours.workdays:
        following = moment + DAY
        moment = _at(following, moment.hour, moment.minute, moment.second) if keep else _opening(following, hours)
    if keep:
        return moment
    if moment.time() < hours.opens:
        return _opening(moment, hours)
    if moment.time() >= hours.closes:
        return _next_open(_opening(moment + DAY, hours), hours)
    return moment


def _opening(moment: datetime, hours: Hours) -> datetime:
    return _at(moment, hours.opens.hour, hours.opens.minute)


def _at(moment: datetime, hour: int, minute: int, second: int = 0) -> datetime:
    return moment.replace(hour=hour, minute=minute, second=second, microsecond=0)
