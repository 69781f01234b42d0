"""What is looked up when a lead arrives: whether the person is known, and who answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Count, Max, Q

from clearpath.marketing import answering, people
from clearpath.marketing.answering import NEVER, Candidate
from clearpath.marketing.models import AnsweringDesk, Lead
from clearpath.marketing.signs import WITHIN
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat, Task


def earlier_leads(email: str, phone: str, country: str, *, at: datetime) -> list[Lead]:
    """Leads of the same person within 180 days, by number or address, whoever brought them; the first one first."""
    same = Q(pk=None)
    if hashes := people.phone_hashes(phone, country):
        same |= Q(phone_hash__in=hashes)
    if hashes := people.email_hashes(email):
        same |= Q(email_hash__in=hashes)
    return list(Lead.objects.filter(same, opened_at__gt=at - people.KNOWN_FOR).order_by("opened_at", "pk"))


def just_now(link_id: UUID | None, *, at: datetime) -> int:
    """How many leads came by a link within the last minute."""
    return Lead.objects.filter(link_id=link_id, opened_at__gt=at - WITHIN).count() if link_id else 0


def free_token(token: UUID | None) -> UUID:
    """The token of the touches, unless another lead has it: then one of its own."""
    return token if token and not Lead.objects.filter(token=token).exists() else uuid4()


def who_answers(lead: Lead, *, at: datetime) -> UUID | None:
    """The facilitator whom the network's rules choose among those who may sit there now; None when there is none.

    Who holds a role that the charter separates from that of a guide, or counts as one with who does, may not.
    """
    keys = [
        party.id
        for party in parties.verified_with("facilitator")
        if parties.why_not_seat(party.id, "facilitator", lead, at) is None
    ]
    return answering.chosen(candidates(lead, keys, at=at), answering.rules_in_use())


def candidates(lead: Lead, keys: list[UUID], *, at: datetime) -> list[Candidate]:
    """What the rules ask about each; a fixed number of queries, however many there are."""
    desks = {desk.pk: desk for desk in AnsweringDesk.objects.filter(pk__in=keys)}
    seats = Seat.objects.filter(role="facilitator", subject__kind="lead", organisation_id__in=keys)
    is_open = Q(subject__stage="with_facilitator", ended_at=None)
    counted: dict[UUID | None, Mapping[str, Any]] = {
        row["organisation_id"]: row
        for row in seats.values("organisation_id").annotate(open=Count("pk", filter=is_open), last=Max("held_since"))
    }
    late = Task.objects.filter(step="marketing.take_lead", done_at=None, due_at__lt=at, subject__kind="lead")
    overdue = dict(
        seats.filter(is_open, subject__in=late.values("subject")).values_list("organisation_id").annotate(Count("pk"))
    )
    has = set(seats.filter(subject=lead.known_by_id).values_list("organisation_id", flat=True))
    client = lead.came_by.client_id if lead.came_by and lead.came_by.client_role == "facilitator" else None
    services = lead.came_by.services.casefold() if lead.came_by else ""
    return [
        Candidate(
            key,
            has_the_person=lead.known_by_id is not None and key in has,
            asked=key == client,
            speaks=key in desks and lead.language.partition("-")[0] in desks[key].languages,
            treats=key in desks and any(word in services for word in desks[key].treatments),
            overdue=overdue.get(key, 0),
            open=counted.get(key, {}).get("open", 0),
            last_given_at=counted.get(key, {}).get("last") or NEVER,
        )
        for key in keys
    ]
