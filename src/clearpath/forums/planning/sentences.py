"""What the planner says to people: which sentence, with the names and numbers in it, said in whose language it is read.

The planner knows no reader, and its words pass between processes and are kept with a plan. So they are data until they
are shown: a key, which is added and retired but never renamed, and its parts.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from clearpath.core.marked import gettext_noop as _
from clearpath.core.marked import ngettext_noop as _n

Part = str | int
MOMENTS = {"slot", "last"}  # parts that name a slot, which a forum on a page calls by when it begins
TEXTS: dict[str, str | tuple[str, str]] = {  # of two forms the part `n` decides
    # while it searches
    "worth_at_most": _("No plan is worth more than %(value)s."),
    "worth": _("A plan worth %(value)s."),
    "breaks": _n("A plan with %(n)s break; at least %(least)s.", "A plan with %(n)s breaks; at least %(least)s."),
    "breaks_at_least": _n("At least %(n)s break.", "At least %(n)s breaks."),
    "looks_for_conflict": _("There is no plan; looking for the fewest wishes that exclude each other."),
    # where no plan was found
    "none_holds_all": _("No plan was found that holds all that must be."),
    "none_in_time": _("No plan was found in which everybody who must meet comes in time from hall to hall."),
    "all_exclude": _("The meetings exclude each other: no plan has a slot for all of them."),
    "exclude": _("These cannot all be kept; without any one of them, the others can:"),
    "exclude_perhaps_fewer": _("These cannot all be kept; perhaps fewer of them cannot either:"),
    "no_common_slot": _(
        "%(first)s and %(second)s must meet, but have no slot in which both are free and the meeting may be."
    ),
    # wishes that exclude each other
    "must_meet": _("%(first)s and %(second)s must meet."),
    "must_meet_in_slot": _("%(first)s and %(second)s must meet in slot %(slot)s."),
    "must_meet_in_session": _(
        "%(first)s and %(second)s must meet in the session that begins with slot %(slot)s."
    ),
    "meet_before": _("%(first)s and %(second)s meet before %(then_first)s and %(then_second)s do."),
    "quota": _n(
        "%(name)s (%(trade)s) has at least %(n)s meeting with %(others)s.",
        "%(name)s (%(trade)s) has at least %(n)s meetings with %(others)s.",
    ),
    "takes_place": _("Meeting %(number)s (%(first)s with %(second)s) takes place."),
    "fixed": _("Meeting %(number)s (%(first)s with %(second)s) is fixed in slot %(slot)s."),
    "between": _("Meeting %(number)s (%(first)s with %(second)s) may only be in slots %(slot)s to %(last)s."),
    "no_session": _("Meeting %(number)s (%(first)s with %(second)s) has a session of no slot."),
    "comes_before": _(
        "Meeting %(number)s (%(first)s with %(second)s) comes before meeting %(then_number)s "
        "(%(then_first)s with %(then_second)s)."
    ),
    "closed": _("%(name)s may not meet in slot %(slots)s."),
    "fair": _n(
        "No two delegates are more than %(n)s break apart.", "No two delegates are more than %(n)s breaks apart."
    ),
    # what stands against them
    "free": _n("%(name)s is free in %(n)s slot.", "%(name)s is free in %(n)s slots."),
    "at_most": _n("%(name)s has at most %(n)s meeting.", "%(name)s has at most %(n)s meetings."),
    "need_table": _n(
        "%(n)s meeting that needs a table fits into one slot.", "%(n)s meetings that need a table fit into one slot."
    ),
    "all_meetings": _n("The %(n)s meeting takes place.", "All %(n)s meetings take place."),
    "room": _("Slots: %(slots)s. Tables in each: %(tables)s."),
    # who has too few meetings
    "few_free": _n(
        "%(name)s has too few meetings (%(held)s of at least %(least)s): they are free in %(n)s slot.",
        "%(name)s has too few meetings (%(held)s of at least %(least)s): they are free in %(n)s slots.",
    ),
    "few_wished": _n(
        "%(name)s has too few meetings (%(held)s of at least %(least)s): there is only %(n)s whom they could "
        "meet, by the wishes, when both are free.",
        "%(name)s has too few meetings (%(held)s of at least %(least)s): there are only %(n)s whom they could "
        "meet, by the wishes, when both are free.",
    ),
    "few_worth": _(
        "%(name)s has too few meetings (%(held)s of at least %(least)s): in more meetings of theirs the others would "
        "give up something worth more, or have no slot left."
    ),
    "few_more": _n(
        "%(n)s more has fewer meetings than their least.", "%(n)s more have fewer meetings than their least."
    ),
    "nobody_could": _("Nobody could meet them: their wishes and those of others do not meet."),
    "always_away": _("They are away all the time."),
    "few_possible": _n("Only %(n)s meeting is possible for them.", "Only %(n)s meetings are possible for them."),
    "others_busy": _("Those whom they could meet are busy with others, away, or no table is free."),
    # a repair
    "one_absent": _("%(name)s cannot be there."),
    "both_absent": _("%(first)s and %(second)s cannot be there."),
    "table_broken": _("Table %(table)s in hall %(hall)s cannot be used."),
    "both_wished": _("Both wished it, and both have room since the change."),
    "newcomer": _("%(name)s is new, and both have room."),
    "makes_room": _("%(first)s and %(second)s must meet, and had no other slot."),
    "cannot_any_more": _("%(first)s and %(second)s must meet, but cannot any more."),
    "quota_missed": _n(
        "%(name)s has %(n)s meeting with %(others)s, of at least %(least)s.",
        "%(name)s has %(n)s meetings with %(others)s, of at least %(least)s.",
    ),
}  # fmt: skip


class Sentence(NamedTuple):
    """One sentence of `TEXTS` with its parts. As text it is English; `in_words` says it to a reader."""

    key: str
    parts: Mapping[str, Part]

    def __str__(self) -> str:
        text = TEXTS[self.key]
        if isinstance(text, tuple):
            text = text[self.parts["n"] != 1]
        return text % {name: f"{part:,}" if isinstance(part, int) else part for name, part in self.parts.items()}


def say(key: str, **parts: Part) -> Sentence:
    """Raises KeyError where there is no such sentence."""
    if key not in TEXTS:
        raise KeyError(key)
    return Sentence(key, parts)


def in_words(sentence: Sentence, zone: str = "") -> str:
    """In the language of who reads it now; with a `zone`, moments as its clocks show them."""
    text = TEXTS[sentence.key]
    said = ngettext(*text, int(sentence.parts["n"])) if isinstance(text, tuple) else gettext(text)
    return said % {
        name: _when(str(part), zone) if zone and name in MOMENTS else _shown(part)
        for name, part in sentence.parts.items()
    }


def _shown(part: Part) -> str:
    return number_format(part, force_grouping=True) if isinstance(part, int) else part


def _when(slot: str, zone: str) -> str:
    try:
        begins_at = datetime.fromisoformat(slot).astimezone(ZoneInfo(zone))
    except ValueError:  # called otherwise
        return slot
    return gettext("%(day)s, %(time)s") % {
        "day": date_format(begins_at, "MONTH_DAY_FORMAT"),
        "time": date_format(begins_at, "H:i"),
    }


def told(kept: Iterable[Any], zone: str = "") -> list[str]:
    """Sentences kept as JSON, in the language of who reads them now; plain text, as once was kept, as it is."""
    return [each if isinstance(each, str) else in_words(Sentence(*each), zone) for each in kept]


def told_line(kept: str) -> str:
    """The same of one that was kept as text."""
    return " ".join(told([json.loads(kept)])) if kept.startswith("[") else kept
