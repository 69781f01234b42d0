"""Reads about journeys and consents; always scoped to the actor."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.journeys.models import Consent, HandedOver, Journey, Sending
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


def journeys_for(actor: Actor) -> QuerySet[Journey]:
    """The journeys of which the actor sees anything, newest first."""
    return visible(Journey, to=actor).order_by("-pk")


def journey_for(actor: Actor, journey_id: UUID) -> Journey:
    """Raises NotFound alike for a missing journey and for one the actor may not see."""
    found = journeys_for(actor).filter(pk=journey_id).first()
    if found is None:
        raise NotFound(Objection("no_such_journey", _("There is no such journey.")))
    return found


def journey_called(word: str) -> Journey | None:
    """The journey of this reference or key, whoever asks: only for who keeps the machine."""
    try:
        return Journey.objects.filter(pk=UUID(word)).first()
    except ValueError:
        return Journey.objects.filter(reference__iexact=word).first()


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the journey came that keeps a token; the facts are those of the charter."""

    token: UUID
    journey_id: UUID
    facts: frozenset[str]
    is_closed: bool


def reached_by(tokens: Iterable[UUID]) -> list[Reached]:
    """The journeys that keep these tokens. Not scoped: the network counts by it, hand it to nobody else."""
    found = Journey.objects.filter(source_reference__in=list(tokens)).order_by("pk")
    return [
        Reached(token, key, frozenset(facts), closed_at is not None)
        for token, key, facts, closed_at in found.values_list("source_reference", "pk", "facts", "closed_at")
        if token is not None
    ]


def countries_sent(facilitators: Collection[UUID], *, smallest_group: int) -> dict[UUID, dict[str, int]]:
    """From which countries patients came with each of these facilitators, where they are enough to be told of."""
    seats = Seat.objects.filter(
        organisation_id__in=facilitators, role="facilitator", subject__kind="journey", held_since__isnull=False
    )
    rows = (
        Journey.objects.filter(seats__in=seats)
        .values_list("seats__organisation_id", "country")
        .annotate(count=Count("pk", distinct=True))
        .order_by()
    )
    found: dict[UUID, dict[str, int]] = {}
    for key, country, count in rows:
        if count >= smallest_group:
            found.setdefault(key, {})[country] = count
    return found


def facilitator_of(journey: Subject) -> tuple[UUID, UUID] | None:
    """The organisation that sits there as facilitator, and the person who sits there for it, else the first by name."""
    seat = journey.seats.filter(role="facilitator", ended_at=None, held_since__isnull=False).order_by("pk").first()
    if seat is None or seat.organisation_id is None:
        return None
    people = parties.members_of(seat.organisation_id, "facilitator")
    person = seat.person_id or (people[0].pk if people else None)
    return (seat.organisation_id, person) if person else None


def has_consent(journey: Journey, recipient_key: UUID, data_class: str) -> bool:
    """Whether the patient's consent to this recipient and class is in force."""
    return Consent.objects.filter(
        journey=journey, recipient_key=recipient_key, data_class=data_class, withdrawn_at=None
    ).exists()


def consents(journey_id: UUID | OuterRef, by: Actor) -> tuple[QuerySet[Consent], QuerySet[Consent]]:
    """Answers the hook of the same name: by which consents the fact `consent` holds for the actor, and at all.

    For a recipient it is their own consent; for patient, facilitator and network, any on the journey.
    """
    found = Consent.objects.filter(journey_id=journey_id, withdrawn_at=None)
    if by.role in {"patient", "facilitator", "network"}:
        return found, found
    return found.filter(recipient_key=by.party, data_class="clinical"), found


def consented(to: Actor, data_class: str, subject_path: str) -> Q:
    """Answers the hook of the same name: rows whose patient consented to this recipient, as a condition."""
    return Q(
        Exists(
            Consent.objects.filter(
                journey_id=OuterRef(subject_path),
                recipient_key=to.party,
                data_class=data_class,
                withdrawn_at=None,
            )
        )
    )


def providers_asked(journey: Journey) -> set[UUID]:
    """The providers who have a lane that still runs."""
    seats = Seat.objects.filter(subject_id=journey.pk, role="provider", ended_at=None, lane__ended_at=None)
    return {key for key in seats.values_list("organisation_id", flat=True) if key}


@dataclass(frozen=True, slots=True)
class SendingRow:
    """Whom the facilitator asked, and why: pairs of the keys of provider and doctor."""

    asked: tuple[tuple[UUID, UUID], ...]
    why: str
    why_fewer: str
    sent_at: datetime


def sending_rows_for(actor: Actor, journey: Subject) -> list[SendingRow]:
    """Each time that hospitals were asked, newest first; nothing for who is asked."""
    found = visible(Sending, to=actor).filter(journey_id=journey.pk).order_by("-sent_at", "pk")
    rows = [shown(each, to=actor) for each in found]
    return [
        SendingRow(
            tuple((UUID(provider), UUID(doctor)) for provider, doctor in row.asked), row.why, row.why_fewer, row.sent_at
        )
        for row in rows
    ]


def consents_for(actor: Actor) -> QuerySet[Consent]:
    """What patients agreed to, as far as it concerns the actor, newest first."""
    return visible(Consent, to=actor).order_by("-given_at", "pk")


def consents_of(actor: Actor, journey: Journey) -> QuerySet[Consent]:
    """What the patient agreed to, newest first."""
    return consents_for(actor).filter(journey=journey)


def handed_over_to(actor: Actor, journey: Journey, recipient_key: UUID) -> list[HandedOver]:
    """What a recipient already has, in the order in which it went."""
    found = visible(HandedOver, to=actor).filter(journey=journey, recipient_key=recipient_key)
    return list(found.order_by("at", "pk"))


def recipient_names(journey: Journey) -> dict[UUID, str]:
    """The names of everybody whom the patient agreed to, or could agree to, on this journey."""
    keys = set(Consent.objects.filter(journey=journey).values_list("recipient_key", flat=True))
    keys |= {key for key in journey.seats.values_list("organisation_id", flat=True) if key}
    people = {key for key in journey.seats.values_list("person_id", flat=True) if key}
    return parties.names_of(keys) | parties.people_named(people | keys)


def consents_to_ask(journey: Journey) -> list[tuple[UUID, str, str]]:
    """Recipient, name and data class of each consent that is not yet given and that somebody may need.

    The facilitator's and the seated ones' first, then every hospital and doctor of the network who could be asked.
    """
    given = set(Consent.objects.filter(journey=journey, withdrawn_at=None).values_list("recipient_key", "data_class"))
    seated = {
        (seat.organisation_id or seat.person_id, seat.role)
        for seat in journey.seats.filter(ended_at=None).exclude(role="patient")
    }
    clinical = {"facilitator", "provider", "doctor", "second_doctor", "home_doctor"}
    wanted = [(key, "clinical") for key, role in seated if role in clinical]
    wanted += [(key, "outcome") for key, role in seated if role in {"doctor", "provider"}]
    wanted += [(party.id, "clinical") for role in ("doctor", "provider") for party in parties.verified_with(role)]
    names = parties.names_of(key for key, _class in wanted) | parties.people_named(key for key, _class in wanted)
    return [
        (key, names[key], data_class)
        for key, data_class in dict.fromkeys(wanted)
        if key in names and (key, data_class) not in given
    ]
