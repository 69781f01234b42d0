"""What happened on a subject and who looked at it, as the log has it; always scoped to the actor."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from clearpath.charter.actor import Actor
from clearpath.charter.terms import SubjectRules
from clearpath.trust import log
from clearpath.turns import charters, queries, stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the timeline or of the list of who looked."""

    at: datetime
    step: str
    role: str
    organisation_id: UUID | None
    person_id: UUID | None
    for_person_id: UUID | None
    decision: str
    reason: str
    number: int  # within the log of the subject
    said_name: str = ""  # of who has no account, as they said who they are


def timeline_of(actor: Actor, subject: Subject, *, limit: int = 100) -> list[Happened]:
    """What was done on the subject, newest first, as far as the reader's role takes part in it."""
    rules = charters.rules_of(subject.charter, subject.kind)
    own = {seat.position for seat in stand.seats_of(subject) if stand.sits(seat, actor)} | {actor.role}
    all_of_it = subject.about_id is not None and subject.about_id == actor.stands_for
    mates = _lane_mates(actor, subject)
    entries = log.entries_of(subject.pk).filter(_not_of_others(actor), decision="done").order_by("-number")[: limit * 2]
    found = [
        entry
        for entry in entries
        if (all_of_it or _concerns(rules, entry.step, own))
        and (mates is None or entry.organisation_id is None or entry.organisation_id in mates)
    ]
    return with_said_names(found[:limit])


def _not_of_others(actor: Actor) -> Q:
    """What was not done in private, or by the reader or their organisation."""
    own = Q(person_id=actor.person_id) if actor.person_id else Q(pk=None)
    if actor.organisation_id is not None:
        own |= Q(organisation_id=actor.organisation_id)
    return ~Q(step__in=hooks.in_private) | own


def _concerns(rules: SubjectRules, name: str, own: set[str]) -> bool:
    step = rules.steps.get(name)
    if step is None:
        return False
    return step.every_subject or bool(own & {step.by, "seated", *step.tell, *step.consulted}) or step.by == "seated"


def _lane_mates(actor: Actor, subject: Subject) -> set[UUID] | None:
    """The organisations whose doings somebody on a lane may know of: their own lane's, and the common ones."""
    lanes = queries.own_lanes(actor, subject)
    if lanes is None:
        return None
    seats = Seat.objects.filter(Q(lane=None) | Q(lane_id__in=lanes), subject_id=subject.pk)
    return {key for key in seats.values_list("organisation_id", flat=True) if key}


def who_looked(actor: Actor, subject: Subject) -> list[Happened]:
    """Who read the patient's health data, newest first; only the patient is told all of it."""
    if subject.about_id is None or subject.about_id != actor.stands_for:
        return []
    return with_said_names(log.reads_of(subject.pk).order_by("-number"))


def with_said_names(entries: Iterable[log.Entry]) -> list[Happened]:
    """The entries, with the names of those who have no account; one query for each kind of thing they are about."""
    found = list(entries)
    names: dict[UUID, str] = {}
    for kind, names_of in hooks.who_it_was.items():
        about = {each.about_id for each in found if each.about_kind == kind and each.person_id is None}
        keys = {key for key in about if key is not None}
        names |= names_of(keys) if keys else {}
    return [replace(_happened(each), said_name=names.get(each.about_id or NOBODY, "")) for each in found]


def _happened(entry: Any) -> Happened:
    return Happened(
        entry.at,
        entry.step,
        entry.role,
        entry.organisation_id,
        entry.person_id,
        entry.for_person_id,
        entry.decision,
        entry.reason,
        entry.number,
    )
