"""Ties between organisations of the network, found from every ownership statement on file.

A tie of ownership, control or a common owner holds as long as the statements say so, and is declared when what
organisations of the network said themselves is enough to know it. Ties of family and payment are declared by
the parties and left alone here. Nothing changes silently: each tie that begins or ends is logged with both
organisations and told to them and to the steward, and the network looks again at every subject it touches.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.parties import queries
from clearpath.parties.bods import Reading
from clearpath.parties.identity import is_named, is_one_list, number_of
from clearpath.parties.models import Organisation, OwnershipStatement, Tie
from clearpath.parties.ownership import Connection, Graph, Link
from clearpath.parties.statements import NETWORK, gathered, understood, uses_of
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Notice, Seat
from clearpath.turns.subject import Subject

FROM_STATEMENTS = (Tie.Kind.OWNERSHIP, Tie.Kind.CONTROL, Tie.Kind.COMMON_OWNER)
LEAST = 0.00005  # a share below half of a hundredth of a percent has no number here
AS_TOLD = 0.01  # a share that was told a percentage point too small was told


class Ends(NamedTuple):
    """Between whom a tie is, and of which kind; `first` owns where there is a direction."""

    first: UUID
    second: UUID
    kind: str


class Found(NamedTuple):
    """How much, and by which chain of holdings."""

    share: float
    path: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An organisation whose number stands in several lists, so that nobody can say which record it is."""

    organisation: str
    schemes: tuple[str, ...]


@dataclass(slots=True)
class Changes:
    """What a look at all statements changed. `found` were declared by nobody, `declared` were."""

    found: list[Tie] = field(default_factory=list)
    declared: list[Tie] = field(default_factory=list)
    ended: list[Tie] = field(default_factory=list)
    ambiguous: list[Ambiguous] = field(default_factory=list)
    subjects: set[UUID] = field(default_factory=set)  # those at which the network looks again


def refresh_ties(at: datetime) -> Changes:
    """Find the ties that hold now, begin and end what changed, and tell everybody whom it touches.

    Safe to run again: nothing changes the second time.
    """
    before, seen = _on_file(), _look(at)
    with transaction.atomic():
        # One at a time, or a look that began before a statement came could undo what it brought.
        list(Subject.objects.select_for_update().filter(pk__in=queries.steward_ids()).order_by("pk"))
        if _on_file() != before:
            seen = _look(at)
        changes = Changes(ambiguous=seen.ambiguous)
        _settle(seen, changes, at)
        _tell(changes, at)
    return changes


class Seen(NamedTuple):
    """What all statements say on a day, and what those say that organisations of the network declared."""

    reading: Reading
    found: dict[Ends, Found]
    told: dict[Ends, Found]
    ambiguous: list[Ambiguous]


def _look(at: datetime) -> Seen:
    ambiguous: list[Ambiguous] = []
    same = records_of_organisations(ambiguous)
    rows = gathered(same)
    reading = understood(rows, same, at=at)
    found = _between_organisations(reading, {held.statement for held in reading.holdings})
    told = _between_organisations(reading, {row.statement_id for row in rows if row.declared_by})
    return Seen(reading, found, told, ambiguous)


def _on_file() -> tuple[Any, ...]:
    """Differs once a statement, a link or an organisation has come, gone or changed its number."""
    statements = OwnershipStatement.objects.aggregate(Max("pk"), Count("pk"), Count("organisation"))
    organisations = Organisation.objects.exclude(stage="left").order_by("pk")
    return statements, list(organisations.values_list("pk", "country", "register_number"))


def records_of_organisations(ambiguous: list[Ambiguous]) -> dict[str, UUID]:
    """The records that speak of organisations of the network: named as such, or under their register number."""
    organisations = list(Organisation.objects.exclude(stage="left").order_by("pk"))
    linked = OwnershipStatement.objects.filter(organisation__isnull=False).exclude(organisation__stage="left")
    same = dict(linked.values_list("record_id", "organisation_id"))
    numbers = {each.pk: number_of(each.country, each.register_number) for each in organisations}
    every = uses_of({number.key for number in numbers.values() if number})
    for organisation in organisations:
        number = numbers[organisation.pk]
        uses = every.get(number.key, []) if number else []
        if number and number.scheme:
            uses = [use for use in uses if use[1].upper() == number.scheme or not is_named(use[1])]
        elif not is_one_list({scheme for _record, scheme in uses}):
            schemes = sorted({scheme for _record, scheme in uses if is_named(scheme)})
            ambiguous.append(Ambiguous(organisation.name, tuple(schemes)))
            continue
        for record, _scheme in uses:
            same.setdefault(record, organisation.pk)
    return {record: key for record, key in same.items() if key}


def organisations_in(reading: Reading) -> dict[str, UUID]:
    """The parties of a reading that are organisations of the network."""
    found: dict[str, UUID] = {}
    for key, party in reading.parties.items():
        for scheme, number in party.identifiers:
            if scheme == f"{NETWORK}-organisation":
                found[key] = UUID(number)
    return found


def _between_organisations(reading: Reading, statements: set[str]) -> dict[Ends, Found]:
    """The ties among organisations of the network that follow from some of the statements.

    Those by which two count as one go before those by which they only have to do with each other.
    """
    charter = charters.charter(charters.in_force())
    organisations = organisations_in(reading)
    graph = Graph.of(held for held in reading.holdings if held.statement in statements)
    best: dict[Ends, Found] = {}
    for at in (float(charter.connected_at), max(LEAST, float(charter.disclose_from))):
        for party, connections in graph.all_connected(organisations, at).items():
            for connection in connections:
                ends = _ends(party, connection, organisations)
                if ends and (ends not in best or connection.share > best[ends].share):
                    best[ends] = Found(connection.share, connection.path)
    return best


def _ends(party: str, connection: Connection, organisations: Mapping[str, UUID]) -> Ends | None:
    """None when the tie is seen from its other end, or both ends are one organisation."""
    first, second = organisations[party], organisations[connection.party]
    if first == second:
        return None
    if connection.by == "common_owner":
        return Ends(first, second, Tie.Kind.COMMON_OWNER) if first < second else None
    if connection.owner != party:
        return None
    # Control is more than half of the votes; fewer are a tie like shares.
    has_control = connection.by == "control" and connection.share > 0.5
    return Ends(first, second, Tie.Kind.CONTROL if has_control else Tie.Kind.OWNERSHIP)


def _settle(seen: Seen, changes: Changes, at: datetime) -> None:
    """Begin, end and mark ties until they are what was found. A share that changed is a new tie."""
    found, told = seen.found, seen.told
    held = {Ends(tie.first_id, tie.second_id, tie.kind): tie for tie in _held()}
    names = names_in(seen.reading)
    for ends, tie in held.items():
        if ends not in found or tie.share_bps != _bps(found[ends].share):
            tie.ended_at = at
            tie.save(update_fields=["ended_at"])
            changes.ended.append(tie)
    gone = {tie.pk for tie in changes.ended}
    for ends, now in found.items():
        is_told = ends in told and told[ends].share >= now.share - AS_TOLD
        before = held.get(ends)
        if before is None or before.pk in gone:
            new = Tie(
                first_id=ends.first,
                second_id=ends.second,
                kind=ends.kind,
                share_bps=_bps(now.share),
                path=[[names[link.owner], names[link.party], round(link.share, 6)] for link in now.path],
                found_at=at,
                declared_at=at if is_told else None,
            )
            (changes.declared if is_told else changes.found).append(new)
        elif is_told and before.declared_at is None:
            before.declared_at = at
            before.save(update_fields=["declared_at"])
            changes.declared.append(before)
    Tie.objects.bulk_create(tie for tie in [*changes.found, *changes.declared] if tie._state.adding)


def _held() -> Iterable[Tie]:
    return Tie.objects.filter(kind__in=FROM_STATEMENTS, ended_at=None).order_by("pk")


def _bps(share: float) -> int:
    return max(1, round(share * 10_000))


def names_in(reading: Reading) -> dict[str, str]:
    """What parties are called: those of the network by the name that they have here."""
    organisations = organisations_in(reading)
    known = queries.names_of(organisations.values())
    names: dict[str, str] = defaultdict(str)
    for key, party in reading.parties.items():
        names[key] = known.get(organisations[key], "") if key in organisations else party.name or key
    return names


# Telling

WORDS = (("ended", "parties.tie_ended"), ("found", "parties.tie_found"), ("declared", "parties.tie_declared"))


def _tell(changes: Changes, at: datetime) -> None:
    for name, step in WORDS:
        announce(getattr(changes, name), step, at)
    changes.subjects |= touched_by([*changes.found, *changes.declared])
    _look_at(changes.subjects)


@transaction.atomic
def tell_once(tie_id: UUID, step: str, at: datetime) -> None:
    """Tell of a tie that a party declared or ended, and look again at what it touches. Safe to run again."""
    tie = Tie.objects.get(pk=tie_id)
    if log.entries_about(tie).filter(step=step).exists():
        return
    announce([tie], step, at)
    if tie.ended_at is None:
        _look_at(touched_by([tie]))


def _look_at(subjects: Iterable[UUID]) -> None:
    for subject in sorted(subjects):
        jobs.later("turns.look", {"subject": str(subject)})


def announce(ties: Iterable[Tie], step: str, at: datetime) -> None:
    """Log with each organisation what changed in its ties, and tell it and the steward, once for all of them.

    In the caller's transaction; locks the organisations in order of their keys.
    """
    ties_of: dict[UUID, list[Tie]] = defaultdict(list)
    for tie in ties:
        for organisation in (tie.first_id, tie.second_id):
            ties_of[organisation].append(tie)
    by = Actor(role="network", now=at)
    for subject in Subject.objects.select_for_update().filter(pk__in=ties_of).order_by("pk"):
        own = ties_of[subject.pk]
        log.append(
            chain=subject.pk,
            by=by,
            step=step,
            decision="done",
            charter=subject.charter,
            about=("parties.tie", own[0].pk) if len(own) == 1 else None,
            content={"ties": [[tie.first_id, tie.second_id, tie.kind, tie.share_bps] for tie in own]},
        )
    seats = Seat.objects.filter(subject__in=ties_of, held_since__isnull=False, ended_at=None).order_by("pk")
    Notice.objects.bulk_create(Notice(seat=seat, step=step, at=at) for seat in seats)


def touched_by(ties: Iterable[Tie]) -> set[UUID]:
    """Open subjects on which both sit; where the two count as one, those on which one of them sits."""
    ties = list(ties)
    sitting: dict[UUID, set[UUID]] = defaultdict(set)  # the subjects on which an organisation sits
    both = {key for tie in ties for key in (tie.first_id, tie.second_id)}
    seats = Seat.objects.filter(
        organisation__in=both, held_since__isnull=False, ended_at=None, subject__closed_at=None
    ).exclude(subject__kind="organisation")
    for subject, organisation in seats.values_list("subject_id", "organisation_id"):
        if organisation:
            sitting[organisation].add(subject)
    at_share = float(charters.charter(charters.in_force()).connected_at)
    touched: set[UUID] = set()
    for tie in ties:
        first, second = sitting[tie.first_id], sitting[tie.second_id]
        touched |= first | second if queries.counts_as_one(tie, at_share=at_share) else first & second
    return touched
