"""Reads ownership statements in the Beneficial Ownership Data Standard (BODS) 0.4, as JSON or JSON Lines.

Of each record the latest statement counts; closed records, and interests that have ended, are over. Every
statement that breaks the standard is reported by its id, with what is wrong and what would be right, and left
out; a `kept` problem is a smaller one, and the statement is used all the same. Fields that say nothing about
who owns whom (addresses, sources, annotations) are not looked at.

A share counts as follows. `exact` counts as it is. A range counts up to its upper end, or to 100 % where none
is given; so does an interest of a kind that can be counted, or of no stated kind, without any share: what is
not stated counts in full (the least is kept beside it). Shares of one kind within one statement are added; of
different kinds (shares, profit, assets on winding up) the largest counts, since they are sides of one stake.
Voting rights count as votes. Interests that are control by their nature (see CONTROL) control, unless they
state a share. A seat on a board, or a nominee's, is a position: kept, with no share. A `directOrIndirect` of
unknown counts as direct.

Records are the publisher's; one company may have several. Records of one type with the same identifier
(scheme and id) are one party. Names never make two parties one.

Source: Open Ownership, BODS 0.4, schema `statement.json`, `relationship-record.json` and codelists; read
2026-11-23.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from clearpath.parties.bods_fields import (
    Broken,
    Problem,
    cleaned,
    code,
    mapping,
    mappings,
    moment,
    share,
    text,
    yes_or_no,
)
from clearpath.parties.holdings import Holding
from clearpath.parties.json_items import Item, items

__all__ = ["Party", "Problem", "Reading", "Relationship", "read"]

Kind = Literal["person", "entity"]

COUNTED = frozenset(
    (
        "shareholding",
        "rightsToProfitOrIncome",
        "rightsToSurplusAssetsOnDissolution",
        "beneficiaryOfLegalArrangement",
        "rightToProfitOrIncomeFromAssets",
        "enjoymentAndUseOfAssets",
        "rightsGrantedByContract",
        "conditionalRightsGrantedByContract",
        "unknownInterest",
        "unpublishedInterest",
    )
)
CONTROL = frozenset(
    (
        "appointmentOfBoard",
        "otherInfluenceOrControl",
        "controlViaCompanyRulesOrArticles",
        "controlByLegalFramework",
        "seniorManagingOfficial",
        "settlor",
        "trustee",
        "protector",
        "nominator",
    )
)
POSITIONS = frozenset(("boardMember", "boardChair", "nominee"))
VOTES = frozenset(("votingRights",))
INTEREST_TYPES = COUNTED | CONTROL | POSITIONS | VOTES

RECORD_TYPES = frozenset(("entity", "person", "relationship"))
RECORD_STATUSES = frozenset(("new", "updated", "closed"))
DIRECTNESS = frozenset(("direct", "indirect", "unknown"))
ENTITY_TYPES = frozenset(
    (
        "registeredEntity",
        "legalEntity",
        "arrangement",
        "anonymousEntity",
        "unknownEntity",
        "state",
        "stateBody",
    )
)
PERSON_TYPES = frozenset(("anonymousPerson", "unknownPerson", "knownPerson"))
REASONS = frozenset(
    (
        "noBeneficialOwners",
        "subjectUnableToConfirmOrIdentifyBeneficialOwner",
        "interestedPartyHasNotProvidedInformation",
        "subjectExemptFromDisclosure",
        "interestedPartyExemptFromDisclosure",
        "unknown",
        "informationUnknownToPublisher",
    )
)


class Party(NamedTuple):
    """A person or an entity. `id` is that of the first of its records; `identifiers` are (scheme, id)."""

    id: str
    kind: Kind
    name: str
    identifiers: tuple[tuple[str, str], ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source says: parties by id, holdings between them, problems.

    `undisclosed` holds, for parties that name no owner, the reason that they give (a code of the standard).
    """

    parties: dict[str, Party]
    holdings: list[Holding]
    problems: list[Problem]
    undisclosed: dict[str, str] = field(default_factory=dict)
    statements: int = 0

    @property
    def refused(self) -> list[str]:
        """The ids of the statements that were left out."""
        return list(dict.fromkeys(problem.statement for problem in self.problems if not problem.kept))


class Interest(NamedTuple):
    """One interest of a relationship. `share` is its least and most, None where none is stated."""

    kind: str
    direct: bool = True
    share: tuple[float, float] | None = None
    starts: str = ""
    ends: str = ""


class Relationship(NamedTuple):
    """Who holds what in whom, by records. `reason` says why one end is not named."""

    subject: str
    owner: str
    interests: tuple[Interest, ...]
    reason: str
    beneficial: bool


class Latest(NamedTuple):
    """The latest statement about a record."""

    day: str
    statement: str
    kind: str
    closed: bool
    content: Party | Relationship


Note = Callable[[Item, Party | Relationship], None]

NOT_SAID = (Interest("unknownInterest"),)


def read(
    source: str | PathLike[str] | BinaryIO | Iterable[dict[str, Any]],
    *,
    on: date | None = None,
    known: Mapping[str, Kind] | None = None,
    note: Note = lambda _item, _content: None,
) -> Reading:
    """Read statements from a file (an array, or JSON Lines), or from an iterable of objects.

    `on` is the day on which interests must be running (default: that of the latest statement); `known` are
    records of earlier imports, by id, to which statements may refer. `note` is called with every statement that
    is good by itself, before it is known whether the records that it names are there. Raises OSError when the
    file cannot be opened.
    """
    reader = _Reader(known or {}, note)
    if isinstance(source, str | PathLike):
        with Path(source).open("rb") as file:
            return reader.read(items(file), on)
    if hasattr(source, "readline"):
        return reader.read(items(cast(BinaryIO, source)), on)
    return reader.read((Item(n, value) for n, value in enumerate(source, 1)), on)


class _Reader:
    """Reads one source: takes the statements one by one, then sees what they say together."""

    def __init__(self, known: Mapping[str, Kind], note: Note) -> None:
        self.known, self.note = known, note
        self.latest: dict[str, Latest] = {}
        self.ids: set[str] = set()
        self.problems: list[Problem] = []

    def read(self, found: Iterable[Item], on: date | None) -> Reading:
        count = 0
        with _without_collector():
            for item in found:
                count += 1
                name = _name_of(item)
                try:
                    self._take(item, name)
                except Broken as broken:
                    self._refuse(name, broken)
            newest = max((last.day for last in self.latest.values()), default="")[:10]
            return self._together(on.isoformat() if on else newest, count)

    def _refuse(self, name: str, broken: Broken) -> None:
        self.problems.append(Problem(name, broken.where, broken.code, broken.found, broken.allowed))

    def _take(self, item: Item, name: str) -> None:
        """Check one statement, and remember it if it is the latest about its record."""
        said = item.value
        if item.fault:
            raise Broken("statement", "unreadable", item.fault)
        if not isinstance(said, dict):
            raise Broken("statement", "not_an_object", said)
        if "statementType" in said or "statementID" in said:
            raise Broken("statement", "older_version", "0.3 or earlier")
        text(said, "statementId")
        if name in self.ids:
            raise Broken("statementId", "id_again")
        self.ids.add(name)
        if not 32 <= len(name) <= 64:
            self.problems.append(Problem(name, "statementId", "id_length", str(len(name))))
        record, kind = text(said, "recordId"), code(said, "recordType", RECORD_TYPES)
        status = code(said, "recordStatus", RECORD_STATUSES, default="new")
        day = moment(said, "statementDate")
        if not day:
            raise Broken("statementDate", "missing")
        content = CONTENT[kind](record, mapping(said, "recordDetails"))
        before = self.latest.get(record)
        if before is not None and before.kind != kind:
            raise Broken("recordType", "record_changed_type", before.kind)
        if before is None or before.day <= day:
            self.latest[record] = Latest(day, name, kind, status == "closed", content)
        self.note(item, content)

    def _together(self, day: str, count: int) -> Reading:
        """What all statements say together, on that day."""
        parties, party_of = _parties(last for last in self.latest.values() if not last.closed)
        holdings: list[Holding] = []
        undisclosed: dict[str, str] = {}
        for last in self.latest.values():
            if last.closed or not isinstance(last.content, Relationship):
                continue
            try:
                owner, subject = self._ends(last.content)
            except Broken as broken:
                self._refuse(last.statement, broken)
                continue
            owner, subject = party_of.get(owner, owner), party_of.get(subject, subject)
            if owner and subject:
                holdings += _holdings(last.content, owner, subject, last.statement, day)
            elif subject:
                undisclosed[subject] = last.content.reason
            if last.content.beneficial and owner and self._kind(last.content.owner) != "person":
                found = last.content.owner
                self.problems.append(Problem(last.statement, "recordDetails", "beneficial_owner_not_a_person", found))
        self.problems += _over_the_whole(holdings)
        return Reading(parties, holdings, self.problems, undisclosed, count)

    def _ends(self, relationship: Relationship) -> tuple[str, str]:
        """Owner and subject, once it is clear that they are there and can be what they are said to be."""
        for name, record in (("subject", relationship.subject), ("interestedParty", relationship.owner)):
            kind = self._kind(record)
            if kind is None and record:
                raise Broken(f"recordDetails.{name}", "no_such_record", record)
            if kind == "relationship":
                raise Broken(f"recordDetails.{name}", "not_a_party", record)
            if record in self.latest and self.latest[record].closed:
                raise Broken(f"recordDetails.{name}", "record_is_closed", record)
        if self._kind(relationship.subject) == "person":
            raise Broken("recordDetails.subject", "subject_not_an_entity", relationship.subject)
        return relationship.owner, relationship.subject

    def _kind(self, record: str) -> str | None:
        return self.latest[record].kind if record in self.latest else self.known.get(record)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of small records that all stay: the garbage collector would look through them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name_of(item: Item) -> str:
    name = item.value.get("statementId") if isinstance(item.value, dict) else None
    return name if isinstance(name, str) and name.isprintable() and name else f"#{item.position}"


# What a record says


def _entity(record: str, details: dict[str, Any]) -> Party:
    code(mapping(details, "entityType", "recordDetails."), "type", ENTITY_TYPES, "recordDetails.entityType.")
    return Party(record, "entity", cleaned(details.get("name")), _identifiers(details))


def _person(record: str, details: dict[str, Any]) -> Party:
    code(details, "personType", PERSON_TYPES, "recordDetails.")
    names = (cleaned(name.get("fullName")) for name in mappings(details, "names", "recordDetails."))
    return Party(record, "person", next(filter(None, names), ""), _identifiers(details))


def _identifiers(details: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """(scheme, id) of every identifier whose scheme is named by its code; a bare `schemeName` is too vague."""
    stated = mappings(details, "identifiers", "recordDetails.")
    found = ((cleaned(each.get("scheme")), cleaned(each.get("id"))) for each in stated)
    return tuple((scheme, number) for scheme, number in found if scheme and _is_number(number))


def _is_number(number: str) -> bool:
    """Whether it can tell somebody apart: "n/a" and "0000" are nobody's number."""
    return any(character.isdigit() and character != "0" for character in number)


def _relationship(_record: str, details: dict[str, Any]) -> Relationship:
    if yes_or_no(details, "isComponent", "recordDetails.") and details.get("componentRecords"):
        raise Broken("recordDetails.componentRecords", "component_with_components")
    subject, no_subject = _end(details, "subject")
    owner, no_owner = _end(details, "interestedParty")
    stated = mappings(details, "interests", "recordDetails.")
    interests = tuple([_interest(each, place) for place, each in enumerate(stated)])
    beneficial = any(each.get("beneficialOwnershipOrControl") for each in stated)
    return Relationship(subject, owner, interests, no_owner or no_subject, beneficial)


def _end(details: dict[str, Any], name: str) -> tuple[str, str]:
    """The record at one end of a relationship, or why there is none."""
    value = details.get(name)
    if isinstance(value, dict):
        return "", code(value, "reason", REASONS, f"recordDetails.{name}.")
    return text(details, name, "recordDetails."), ""


def _interest(stated: dict[str, Any], place: int) -> Interest:
    where = f"recordDetails.interests[{place}]."
    kind = code(stated, "type", INTEREST_TYPES, where, default="unknownInterest")
    direct = code(stated, "directOrIndirect", DIRECTNESS, where, default="unknown") != "indirect"
    yes_or_no(stated, "beneficialOwnershipOrControl", where)
    starts, ends = moment(stated, "startDate", where), moment(stated, "endDate", where)
    if starts and ends and ends < starts:
        raise Broken(where + "endDate", "ends_first", f"{starts} - {ends}")
    return Interest(kind, direct, share(stated, "share", where), starts, ends)


CONTENT: dict[str, Callable[[str, dict[str, Any]], Party | Relationship]] = {
    "entity": _entity,
    "person": _person,
    "relationship": _relationship,
}


# What records say together


def _parties(stated: Iterable[Latest]) -> tuple[dict[str, Party], dict[str, str]]:
    """The parties, and the party of each record: records of one type with the same identifier are one party."""
    records = {last.content.id: last.content for last in stated if isinstance(last.content, Party)}
    first_with: dict[tuple[str, tuple[str, str]], str] = {}
    joined: dict[str, str] = {}

    def party_of(record: str) -> str:
        while record in joined:
            record = joined[record]
        return record

    for record, party in records.items():
        for identifier in party.identifiers:
            one = party_of(first_with.setdefault((party.kind, identifier), record))
            other = party_of(record)
            if one != other:
                joined[other] = one
    parts: dict[str, list[Party]] = defaultdict(list)
    for record, party in records.items():
        parts[party_of(record)].append(party)
    parties = {record: _one_party(record, same) for record, same in parts.items()}
    return parties, {part.id: record for record, same in parts.items() for part in same}


def _one_party(record: str, same: list[Party]) -> Party:
    if len(same) == 1:
        return same[0]._replace(records=(same[0].id,))
    identifiers = tuple(dict.fromkeys(identifier for part in same for identifier in part.identifiers))
    name = next((part.name for part in same if part.name), "")
    return Party(record, same[0].kind, name, identifiers, tuple(part.id for part in same))


def _holdings(stated: Relationship, owner: str, party: str, statement: str, day: str) -> Iterator[Holding]:
    """What the owner holds in the party on that day, directly and in all."""
    running = [i for i in stated.interests or NOT_SAID if i.starts <= day and (not i.ends or i.ends > day)]
    for direct in (True, False):
        some = [interest for interest in running if interest.direct is direct]
        if some:
            least, most, votes, controls = _added_up(some)
            yield Holding(owner, party, most, least, votes, controls, direct, statement)


def _added_up(interests: list[Interest]) -> tuple[float, float, float | None, bool]:
    """Least and most of the share, the votes (None: as the share), and whether there is control by nature."""
    least: dict[str, float] = defaultdict(float)
    most: dict[str, float] = defaultdict(float)
    controls = False
    for interest in interests:
        if interest.kind in CONTROL and interest.share is None:
            controls = True
        elif interest.kind not in POSITIONS:
            low, high = interest.share or (0.0, 1.0)
            least[interest.kind] += low
            most[interest.kind] += high
    counted = [kind for kind in most if kind in COUNTED]
    voting = [min(1.0, most[kind]) for kind in most if kind not in COUNTED]
    votes = max(voting, default=None if counted else 0.0)
    sides = [(min(1.0, least[kind]), min(1.0, most[kind])) for kind in counted]
    return (
        max((low for low, _ in sides), default=0.0),
        max((high for _, high in sides), default=0.0),
        votes,
        controls,
    )


def _over_the_whole(holdings: list[Holding]) -> Iterator[Problem]:
    """One problem for every party of which more than all is held, by the statement read last."""
    stakes: dict[str, dict[str, Holding]] = defaultdict(dict)
    sums: dict[str, float] = defaultdict(float)
    for held in holdings:
        if held.direct and held.least:
            before = stakes[held.party].get(held.owner)
            if before is None or (before.least or 0.0) < held.least:
                sums[held.party] += held.least - (before.least or 0.0 if before else 0.0)
                stakes[held.party][held.owner] = held
    for party, total in sums.items():
        if total > 1 + 1e-4:
            of_whom = [held.statement for held in stakes[party].values()]
            found = f"{party}: {100 * total:.6g} % ({', '.join(of_whom[:5])}{', …' if len(of_whom) > 5 else ''})"
            yield Problem(of_whom[-1], "recordDetails.interests", "over_the_whole", found)
