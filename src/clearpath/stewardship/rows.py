"""A version of the charter as its page shows it: what changes, who says what, what is proved."""

from dataclasses import dataclass
from datetime import datetime

from clearpath.charter.actor import Actor
from clearpath.charter.diff import diff
from clearpath.parties.queries import names_of, people_named
from clearpath.stewardship import queries
from clearpath.stewardship.models import CharterVersion, Comment, Voice
from clearpath.turns import charters
from clearpath.turns.sight import shown, visible
from clearpath.web import parts


def changes_in(version: CharterVersion) -> list[str]:
    """What the version changes against the one that it was compared with, a sentence each; none for the first."""
    if not version.compared_with:
        return []
    return diff(charters.charter(version.compared_with), queries.read_version(version))


@dataclass(frozen=True, slots=True)
class TallyRow:
    """How the organisations of one role have voted; nobody's vote by name."""

    role: str
    yes: int
    asked: int


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What one organisation said."""

    organisation: str
    roles: tuple[str, ...]
    agrees: bool | None
    voted_at: datetime | None


def tally_rows(version: CharterVersion) -> list[TallyRow]:
    """By role, in the order of their names."""
    return [TallyRow(role, yes, asked) for role, (yes, asked) in sorted(queries.votes_of(version).items())]


def voice_rows_for(actor: Actor, version: CharterVersion) -> list[VoiceRow]:
    """The votes that the actor may see: all for the steward, their own for an organisation."""
    found = [shown(each, to=actor) for each in visible(Voice, to=actor).filter(version=version)]
    names = names_of(row.organisation_id for row in found)
    rows = [VoiceRow(names[row.organisation_id], tuple(row.roles), row.agrees, row.voted_at or None) for row in found]
    return sorted(rows, key=lambda row: row.organisation)


def comments_for(actor: Actor, version: CharterVersion) -> list[parts.Message]:
    """The comments that the actor may read, oldest first."""
    found = [shown(each, to=actor) for each in visible(Comment, to=actor).filter(version=version).order_by("pk")]
    names = names_of(row.organisation_id for row in found)
    people = people_named(row.person_id for row in found)
    return [
        parts.Message(
            row.written_at,
            parts.Seat(row.role, people.get(row.person_id, ""), names.get(row.organisation_id, "")),
            row.text,
            mine=row.person_id == actor.person_id,
            topic=names.get(row.organisation_id, ""),
        )
        for row in found
    ]
