"""Components as template tags: `{% load clearpath_web %}`. Each is shown on the style page at /style."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
)
from django.templatetags.static import static
from django.utils import formats, numberformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from clearpath.web.parts import Cell, Event, Message, Row, Seat, Stage, Turn
from clearpath.web.roles import RoleWords, Words, role_words
from clearpath.web.words import word_for

register = template.Library()

SPRITE = "web/vendor/tabler-icons/sprite.svg"
# fmt: off
POINTS_SIDEWAYS = {
    "arrow-left", "arrow-right", "chevron-left", "chevron-right", "external-link", "list",
    "list-check", "list-details", "login", "logout", "message-2", "plane-arrival", "plane-departure", "send",
    "trending-down", "trending-up",
}
NO_MINOR_UNITS = {  # ISO 4217, read 2026-11-23
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
    "VUV", "XAF", "XOF", "XPF",
}
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
# fmt: on
SOON = timedelta(hours=24)
LENGTHS = {  # ours, so that Arabic counts them as it should; they follow a preposition: "in", "late since"
    "year": ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    "month": ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    "week": ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    "day": ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    "hour": ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    "minute": ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
}


# Small things


@cache
def icon_names() -> frozenset[str]:
    sprite = Path(__file__).parent.parent / "static" / SPRITE
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text()))


@register.simple_tag
def icon(name: str, label: Words = "", css: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a label."""
    if name not in icon_names():
        if settings.DEBUG:
            raise template.TemplateSyntaxError(f"No icon {name!r} in the sprite: add it with tools/make_sprite.py")
        name = "circle-dashed"
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = " ".join(filter(None, ["icon", "cp-flip" if name in POINTS_SIDEWAYS else "", css]))
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        spoken,
        static(SPRITE),
        name,
    )


@register.simple_tag
def money(minor: int, currency: str) -> SafeString:
    """An amount in minor units, kept together and readable in either direction: `EUR 4,200.00`."""
    places = 0 if currency in NO_MINOR_UNITS else 3 if currency in THREE_DECIMALS else 2
    amount = grouped(Decimal(minor).scaleb(-places), places)
    return format_html('<bdi class="cp-money">{}&nbsp;{}</bdi>', currency, amount)


def grouped(number: Decimal, places: int) -> str:
    """Thousands apart, as the language does; Django knows no grouping for Arabic, CLDR does (12,450.00)."""
    thousands, point = formats.get_format("THOUSAND_SEPARATOR"), formats.get_format("DECIMAL_SEPARATOR")
    if not formats.get_format("NUMBER_GROUPING"):
        thousands, point = ",", "."
    return numberformat.format(number, point, places, 3, thousands, force_grouping=True, use_l10n=False)


@register.simple_tag
def when(moment: datetime | date | None, style: str = "full", zone: str = "") -> SafeString:
    """A moment in the reader's zone, or in `zone` for what happens in a place.

    `style`: full (date and time), date, day (no year), time, or relative (in 3 hours). Empty for None.
    """
    if moment is None:
        return SafeString("")
    if not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', moment.isoformat(), formats.date_format(moment, "DATE_FORMAT")
        )
    local = timezone.localtime(moment, ZoneInfo(zone) if zone else None)
    day, clock = formats.date_format(local, "DATE_FORMAT"), formats.time_format(local.time(), "H:i")
    full = _("%(day)s, %(time)s") % {"day": day, "time": clock}
    shown = {
        "date": lambda: day,
        "day": lambda: formats.date_format(local, "MONTH_DAY_FORMAT"),
        "time": lambda: clock,
        "relative": lambda: relative(moment),
    }.get(style, lambda: full)()
    where = zone or timezone.get_current_timezone_name()
    return format_html('<time datetime="{}" title="{} ({})">{}</time>', moment.isoformat(), full, where, shown)


def relative(moment: datetime) -> str:
    """Roughly how far away, in one unit."""
    now = timezone.now()
    if abs(moment - now) < timedelta(minutes=1):
        return _("now")
    if moment > now:
        return _("in %(time)s") % {"time": length_between(now, moment)}
    return _("%(time)s ago") % {"time": length_between(moment, now)}


def length_between(earlier: datetime, later: datetime) -> str:
    """How long, in the largest unit that fits."""
    return timesince(earlier, later, time_strings=cast(dict[str, str], LENGTHS), depth=1)


@register.inclusion_tag("web/_due.html")
def due(moment: datetime | None) -> dict[str, Any]:
    """A clock: due in, due soon (within a day), or late by."""
    if moment is None:
        return {}
    now = timezone.now()
    left = moment - now
    tone = "late" if left < timedelta(0) else "soon" if left < SOON else "calm"
    length = length_between(now, moment) if left >= timedelta(0) else length_between(moment, now)
    return {"moment": moment, "tone": tone, "length": length}


@register.simple_tag
def word(key: str) -> Words:
    """The words for a fact, stage, step or role key."""
    return word_for(key)


@register.filter
def in_words(key: str) -> Words:
    return word_for(key)


@register.simple_tag
def role_of(role: str) -> RoleWords:
    """`{% role_of "doctor" as role %}{{ role.label }}`; also .icon, .turn and .hand_to."""
    return role_words(role)


# People


@register.inclusion_tag("web/_seat.html")
def seat(who: Seat | str, name: str = "", organisation: str = "", you: bool = False) -> dict[str, Any]:
    """A chip with the role's icon, the name and the organisation. Takes a `Seat`, or a role and the rest."""
    shown = Seat(who, name, organisation, you) if isinstance(who, str) else who
    return {"seat": shown, "role": role_words(shown.role)}


# Whose turn


@register.inclusion_tag("web/_path.html")
def path(stages: Sequence[Stage], label: Words = "") -> dict[str, Any]:
    """A journey as a path: across where there is room; on a phone dots, and in words where we are and what follows."""
    reached = sum(stage.state == "done" for stage in stages)
    now = next((stage for stage in stages if stage.state == "now"), None)
    then = next((stage for stage in stages if stage.state == "next"), None)
    return {
        "stages": stages,
        "label": label,
        "at": min(reached + 1, len(stages)),
        "of": len(stages),
        "now": now,
        "then": then,
    }


@register.inclusion_tag("web/_turn_card.html", takes_context=True)
def turn_card(context: template.Context, turn: Turn) -> dict[str, Any]:
    """The one big card of a page: what is my part now, or whose turn it is while I wait."""
    return {
        "turn": turn,
        "role": role_words(turn.role),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("web/_whose_turn.html")
def whose_turn(turns: Iterable[Turn], empty: Words = "") -> dict[str, Any]:
    """Everybody's open parts, one line each."""
    return {"turns": [(turn, role_words(turn.role)) for turn in turns], "empty": empty}


# Facts and lists


@register.inclusion_tag("web/_stat.html")
def stat(label: Words, value: object, hint: Words = "", icon: str = "", url: str = "") -> dict[str, Any]:
    """One number with its name."""
    return {"label": label, "value": value, "hint": hint, "icon": icon, "url": url}


@register.inclusion_tag("web/_empty_state.html")
def empty_state(
    title: Words, sentence: Words = "", icon: str = "leaf", url: str = "", action: Words = ""
) -> dict[str, Any]:
    """What a list says when there is nothing in it: never only a blank."""
    return {"title": title, "sentence": sentence, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("web/_timeline.html")
def timeline(events: Iterable[Event]) -> dict[str, Any]:
    return {"events": events}


@register.inclusion_tag("web/_thread.html")
def thread(messages: Iterable[Message]) -> dict[str, Any]:
    """Messages, oldest first; put the form to answer below it."""
    return {"messages": messages}


@register.inclusion_tag("web/_table.html")
def table(caption: Words, columns: Sequence[Any], rows: Iterable[Row], empty: Words = "") -> dict[str, Any]:
    """A table that becomes a list of cards on a phone."""
    drawn = [
        [
            (column, cell if isinstance(cell, Cell) else Cell(cell))
            for column, cell in zip(columns, row.cells, strict=True)
        ]
        for row in rows
    ]
    return {"caption": caption, "columns": columns, "rows": drawn, "empty": empty}


# Forms


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, label: Words = "") -> dict[str, Any]:
    """One field with its label, help and errors, tied together for screen readers."""
    widget = bound.field.widget
    kind = (
        "choices" if isinstance(widget, RadioSelect | CheckboxSelectMultiple)
        else "check" if isinstance(widget, CheckboxInput)
        else "input"
    )  # fmt: skip
    css = {"check": "form-check-input", "choices": "form-check-input"}.get(kind) or (
        "form-select" if isinstance(widget, Select) else "form-control"
    )
    invalid = " is-invalid" if bound.errors else ""
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, [str(widget.attrs.get("class", "")), css + invalid]))
    }
    return {
        "field": bound,
        "kind": kind,
        "label": label or bound.label,
        "file": isinstance(widget, FileInput),
        "optional": not bound.field.required and kind != "check",
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "css": css,
    }


@register.inclusion_tag("web/_form.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """What is wrong, if anything, and every field; <form>, {% csrf_token %} and button go around it."""
    return {"form": form, "wrong": [bound for bound in form.visible_fields() if bound.errors]}
