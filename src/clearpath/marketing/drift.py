"""Agencies that drift into others' parts: what points to it, for the steward. Nothing is punished by a program.

Texts of messages are read by the program alone; what leaves is that one held a number, an address or a request.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import phonenumbers
import yaml
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.parties.queries import names_of
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Message
from clearpath.web.words import word_for

WINDOW = timedelta(days=90)
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
DIGITS = re.compile(r"\d(?:[ ().\-/]?\d){7,}")  # what people write for a telephone number, without its country
NO_NUMBERS = re.compile(r"\d{4}-\d\d-\d\d|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # days and tokens
KINDS: dict[str, Any] = {
    "phone": _("A message held a telephone number. Contact goes to the facilitator alone."),
    "email": _("A message held an e-mail address. Contact goes to the facilitator alone."),
    "asking": _("A message asked for somebody's contact. An agency needs none after the hand-over."),
    "attempt": _("A step was tried that is another role's part."),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that happened; for an attempt `step` says which."""

    kind: str
    at: datetime
    step: Any = ""

    @property
    def says(self) -> Any:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Drifting:
    """An agency and what points to drift, newest first."""

    organisation_id: UUID
    name: str
    signs: tuple[Sign, ...]


def drifting_for(actor: Actor) -> list[Drifting]:
    """Every agency with a sign in the last 90 days, most signs first. Raises NotFound for all but the steward."""
    if actor.role != "steward":
        raise NotFound(Objection("no_such_page", _("There is no such page.")))
    signs: dict[UUID, list[Sign]] = defaultdict(list)
    for organisation_id, sign in (*_attempts(actor.now - WINDOW), *_messages(actor.now - WINDOW)):
        signs[organisation_id].append(sign)
    names = names_of(signs)
    rows = [
        Drifting(key, names[key], tuple(sorted(found, key=lambda sign: sign.at, reverse=True)))
        for key, found in signs.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.signs), row.name))


def _attempts(since: datetime) -> Iterator[tuple[UUID, Sign]]:
    """Steps that an agency tried and that the charter gives to another role."""
    theirs = own_steps()
    tried = log.Entry.objects.filter(role="agency", decision="refused", at__gte=since, organisation_id__isnull=False)
    for organisation_id, at, step in tried.exclude(step__in=theirs).values_list("organisation_id", "at", "step"):
        if organisation_id:
            yield organisation_id, Sign("attempt", at, word_for(step))


def own_steps() -> set[str]:
    """The steps that an agency may take somewhere, by the charter in force."""
    charter = charters.charter(charters.in_force())
    shared = {step.name for step in charter.every_subject}
    return shared | {
        name
        for subject in charter.subjects.values()
        for name, step in subject.steps.items()
        if step.by in {"agency", "seated"} or "agency" in subject.positions.get(step.by, ())
    }


def _messages(since: datetime) -> Iterator[tuple[UUID, Sign]]:
    for message in Message.objects.filter(author_role="agency", written_at__gte=since):
        if message.author_organisation_id:
            for kind in kinds_in(str(message.text)):
                yield message.author_organisation_id, Sign(kind, message.written_at)


def kinds_in(text: str) -> list[str]:
    """What a text holds that an agency has no use for: phone, email, asking."""
    folded, plain = text.casefold(), NO_NUMBERS.sub(" ", text.casefold())
    found = {
        "phone": bool(DIGITS.search(plain)) or any(phonenumbers.PhoneNumberMatcher(plain, None)),
        "email": bool(EMAIL.search(text)),
        "asking": any(words in folded for words in asking()),
    }
    return [kind for kind, is_there in found.items() if is_there]


@cache
def asking() -> tuple[str, ...]:
    """The words by which contact is asked for, in every language of the file."""
    text = files("clearpath.marketing").joinpath("data/asking.yaml").read_text(encoding="utf-8")
    return tuple(str(words).casefold() for found in yaml.safe_load(text).values() for words in found)
