"""Watching evidence: a warning 90, 30 and 0 days before a licence or insurance ends, each once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clearpath import jobs
from clearpath.parties import policies, queries
from clearpath.parties.models import Evidence, EvidenceWarning, Organisation
from clearpath.turns.models import Notice, Seat

FIRST_WARNING = timedelta(days=max(policies.WARN_DAYS_BEFORE))


def watch(now: datetime) -> int:
    """Send the warnings that are due, and let the network look at organisations that may lapse.

    Returns how many were sent. Safe to run again: each warning is sent once.
    """
    sent = sum(_warn(piece, days, now) for piece, days in _due(now.date()))
    for organisation in Organisation.objects.filter(stage="verified").order_by("pk"):
        if queries.required_evidence_has_ended(organisation, now):
            jobs.later("turns.look", {"subject": str(organisation.pk)})
    return sent


def ending(today: date) -> QuerySet[Evidence]:
    """Evidence that ends within 90 days or has ended, unless a later piece took its place; what ends first."""
    newer = Evidence.objects.filter(
        organisation=OuterRef("organisation"),
        role=OuterRef("role"),
        kind=OuterRef("kind"),
        checked_on__isnull=False,
        valid_from__lte=OuterRef("valid_to"),
        valid_to__gt=OuterRef("valid_to"),
    )
    found = Evidence.objects.filter(~Exists(newer), valid_to__lte=today + FIRST_WARNING, checked_on__isnull=False)
    return found.exclude(organisation__stage="left").order_by("valid_to", "pk").select_related("organisation")


def _due(today: date) -> Iterator[tuple[Evidence, int]]:
    for piece in ending(today):
        days = policies.warnings_due(piece.valid_to, today)
        if days is not None:
            yield piece, days


@transaction.atomic
def _warn(piece: Evidence, days: int, now: datetime) -> bool:
    """Tell the organisation, in the role that the evidence speaks for, and the steward. False: done before."""
    _warning, is_new = EvidenceWarning.objects.get_or_create(evidence=piece, days=days, defaults={"sent_at": now})
    if is_new:
        seats = Seat.objects.filter(
            subject_id=piece.organisation_id, role__in=[piece.role, "steward"], held_since__isnull=False, ended_at=None
        )
        Notice.objects.bulk_create(
            Notice(seat=seat, step=f"parties.evidence_ends_{days}", at=now) for seat in seats.order_by("pk")
        )
    return is_new


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A line of what ends soon."""

    organisation_id: UUID
    organisation: str
    role: str
    kind: str
    body: str
    number: str
    valid_to: date
    days_left: int


def ending_rows(today: date) -> list[EndingRow]:
    """What ends within 90 days on the whole network, what ends first on top. For hosts; pages scope to a reader."""
    return [
        EndingRow(
            each.organisation_id,
            each.organisation.name,
            each.role,
            each.kind,
            each.body,
            each.number,
            each.valid_to,
            (each.valid_to - today).days,
        )
        for each in ending(today)
    ]
