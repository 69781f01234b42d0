"""Supply and demand of a forum in words, as the organizer's page shows them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clearpath.forums import vocabulary
from clearpath.forums.balance import balance, come
from clearpath.forums.models import Forum
from clearpath.forums.profiles import profiles_of, told_by_year
from clearpath.forums.trades import trades_of
from clearpath.web.roles import role_words


def balance_for(forum: Forum, *, at: datetime) -> dict[str, Any]:
    """`come`: trades with who is here and how many may come; `groups`: one table for each kind of thing."""
    profiles = profiles_of(forum, at=at)
    places = dict(forum.places.values_list("trade", "most"))
    sides = balance(profiles, told_by_year(forum))
    return {
        "come": [
            {"trade": role_words(each.trade).label, "here": each.here, "most": each.most}
            for each in come(profiles, places, trades_of(forum))
        ],
        "groups": [
            {"title": title, "offer": offer, "want": want, "rows": rows}
            for kind, title, offer, want in _groups()
            if (
                rows := [
                    {
                        "name": vocabulary.name_of(each.kind, each.code),
                        "cells": [
                            (offer, each.offer, each.offer_year),
                            (want, each.want, each.want_year),
                        ],
                        "is_uneven": each.is_uneven,
                    }
                    for each in sides
                    if each.kind == kind
                ]
            )
        ],
    }


def _groups() -> list[tuple[str, str, str, str]]:
    return [
        ("speciality", _("Speciality"), _("offer it"), _("look for it")),
        ("country", _("Country"), _("have patients from there"), _("seek patients from there")),
        ("language", _("Language"), _("treat in it"), _("ask in it")),
        ("service", _("Service"), _("offer it"), _("look for it")),
    ]
