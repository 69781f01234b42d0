"""Who counts as one with somebody: anybody that statements speak of, on the network or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clearpath.parties import statements, ties
from clearpath.parties.bods import Reading
from clearpath.parties.models import Organisation, OwnershipStatement
from clearpath.parties.ownership import Graph
from clearpath.parties.statements import Tell


class UnclearError(Exception):
    """A name that nobody has, or several; `records` are those that it may mean."""

    def __init__(self, name: str, records: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.name, self.records = name, sorted(records)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a name means: the organisation of the network, if it is one, and the records that speak of it."""

    name: str
    organisation_id: UUID | None
    records: frozenset[str]


@dataclass(frozen=True, slots=True)
class Connected:
    """Somebody who counts as one. `path`: (owner, owned, share) from the owner down; shares are fractions of one."""

    name: str
    record: str
    organisation_id: UUID | None
    share: float
    by: str
    path: tuple[tuple[str, str, float], ...]


def asked_for(name: str) -> Asked:
    """An organisation of the network, a record, or whoever is called so in the statements. Raises UnclearError."""
    organisation = organisation_named(name)
    same = ties.records_of_organisations([])
    if organisation is not None:
        records = {record for record, key in same.items() if key == organisation.pk}
        return Asked(organisation.name, organisation.pk, frozenset(records))
    parties = OwnershipStatement.objects.exclude(record_type="relationship")
    records = set(parties.filter(record_id=name).values_list("record_id", flat=True))
    records = records or set(parties.filter(name__iexact=name).values_list("record_id", flat=True))
    joined = statements.same_parties(records)
    if len(joined) != 1:
        raise UnclearError(name, records)
    return Asked(name, None, frozenset(joined[0]))


def organisation_named(name: str) -> Organisation | None:
    """Raises UnclearError when several have the name."""
    found = list(Organisation.objects.exclude(stage="left").filter(name__iexact=name).order_by("pk")[:2])
    if len(found) > 1:
        raise UnclearError(name, [str(each.pk) for each in found])
    return found[0] if found else None


def connected(
    asked: Asked, *, at_share: float, now: datetime, tell: Tell = lambda _doing, _count: None
) -> list[Connected]:
    """Everybody above, below or under the same owner, at or above a share; strongest first.

    First who is above, then what those have below them, then everybody above that: a share is right only when
    every chain is known.
    """
    same = ties.records_of_organisations([])
    above = statements.gathered(asked.records, tell=tell)
    found, graph, party = _graph(above, same, asked, now)
    if party is None:
        return []
    tops = {party, *(each.owner for each in graph.connected(party, at_share))}
    records = {record for top in tops for record in found.parties[top].records}
    below = {row.subject for row in statements.gathered(records, down=True, tell=tell) if row.subject}
    reading, graph, party = _graph(statements.gathered(asked.records | below, tell=tell), same, asked, now)
    if party is None:
        return []
    names, organisations = ties.names_in(reading), ties.organisations_in(reading)
    return [
        Connected(
            names[each.party],
            each.party,
            organisations.get(each.party),
            each.share,
            each.by,
            tuple((names[link.owner], names[link.party], link.share) for link in each.path),
        )
        for each in graph.connected(party, at_share)
    ]


def _graph(
    rows: list[statements.Row], same: dict[str, UUID], asked: Asked, now: datetime
) -> tuple[Reading, Graph, str | None]:
    reading = statements.understood(rows, same, at=now)
    party = next((key for key, each in reading.parties.items() if asked.records & set(each.records)), None)
    return reading, Graph.of(reading.holdings), party
