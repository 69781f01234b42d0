"""Ties and evidence as pages show them: plain rows with what the reader may see, and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from clearpath.charter.actor import Actor
from clearpath.parties import policies, queries
from clearpath.parties.models import Evidence, HeldRole, Tie
from clearpath.parties.wording import path_words, percent
from clearpath.turns.sight import shown, visible

MOST = 200  # rows of evidence on one page


@dataclass(frozen=True, slots=True)
class TieRow:
    """A tie that holds. `share` is in words, "" for a tie without one; `path` says by which holdings."""

    first_id: UUID
    first: str
    second_id: UUID
    second: str
    kind: str
    kind_words: Any
    share: str
    path: str
    found_at: datetime
    is_declared: bool


def tie_rows(actor: Actor, *, organisation_id: UUID | None = None) -> list[TieRow]:
    """The ties that the reader may see, of one organisation or of all; undeclared ones first, then by share."""
    found = visible(Tie, to=actor).filter(ended_at=None)
    if organisation_id is not None:
        found = found.filter(Q(first_id=organisation_id) | Q(second_id=organisation_id))
    ties = list(found.order_by("-share_bps", "pk"))
    names = queries.names_of(key for tie in ties for key in (tie.first_id, tie.second_id))
    rows = [_tie_row(tie, actor, names) for tie in ties]
    return sorted(rows, key=lambda row: row.is_declared)


def _tie_row(tie: Tie, actor: Actor, names: dict[UUID, str]) -> TieRow:
    seen = shown(tie, to=actor)
    return TieRow(
        first_id=tie.first_id,
        first=names.get(tie.first_id, ""),
        second_id=tie.second_id,
        second=names.get(tie.second_id, ""),
        kind=str(seen.kind),
        kind_words=tie.get_kind_display() if seen.kind else "",
        share=percent(seen.share_bps / 10_000) if seen.share_bps else "",
        path=path_words(seen.path) if seen.path else "",
        found_at=seen.found_at,
        is_declared=bool(seen.declared_at),
    )


def roles_of(organisations: set[UUID]) -> dict[UUID, str]:
    """The role in which each is drawn: the first that it took."""
    held = HeldRole.objects.filter(organisation_id__in=organisations, until=None).order_by("-pk")
    return dict(held.values_list("organisation_id", "role"))


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence of somebody on the network."""

    organisation_id: UUID
    organisation: str
    role: str
    kind_words: Any
    body: str
    number: str
    valid_to: date
    days_left: int
    warning: int | None
    is_checked: bool


def evidence_lines(actor: Actor, *, today: date) -> list[EvidenceLine]:
    """The evidence that the reader may see, what ends first on top, at most MOST."""
    found = visible(Evidence, to=actor).exclude(organisation__stage="left").order_by("valid_to", "pk")[:MOST]
    pieces = list(found)
    names = queries.names_of(piece.organisation_id for piece in pieces)
    return [_evidence_line(piece, actor, names, today) for piece in pieces]


def _evidence_line(piece: Evidence, actor: Actor, names: dict[UUID, str], today: date) -> EvidenceLine:
    seen = shown(piece, to=actor)
    return EvidenceLine(
        organisation_id=piece.organisation_id,
        organisation=names.get(piece.organisation_id, ""),
        role=str(seen.role),
        kind_words=piece.get_kind_display() if seen.kind else "",
        body=str(seen.body),
        number=str(seen.number),
        valid_to=seen.valid_to,
        days_left=(seen.valid_to - today).days,
        warning=policies.warnings_due(seen.valid_to, today),
        is_checked=bool(seen.checked_on),
    )
