"""Delegates come: they register, or the organizer brings them in from a file; each says whom they wish to meet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.faults import Fault
from clearpath.core.outcomes import refuse_if
from clearpath.forums import policies, queries, vocabulary
from clearpath.forums.booths import tables_left
from clearpath.forums.delegate_files import Incoming, absences
from clearpath.forums.models import Absence, Delegate, Forum, Topic, Wish
from clearpath.forums.steps.founding import note_participants
from clearpath.forums.vocabulary import Said
from clearpath.parties import queries as parties
from clearpath.trust.keys import keyed_hash, keyed_hashes
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Seat
from clearpath.turns.step import remember, step, take_seats


@step("forums.register")
def register(forum: Forum, *, offers: str, wants: str, languages: str = "", countries: str = "", by: Actor) -> Delegate:
    """Come as a delegate: what one offers, and whom one looks for.

    Refused: not_a_participant, already_registered, interests_needed, no_place_left.
    """
    refuse_if(
        policies.why_not_register(
            offers,
            wants,
            is_participant=by.role != "organizer",
            is_registered=forum.delegates.filter(person=by.person_id).exists(),
            is_full=queries.is_full(forum, by.role),
        )
    )
    remember(offers=offers, wants=wants)
    note_participants(forum, [cast(UUID, by.organisation_id)], by)
    delegate = Delegate.objects.create(
        forum=forum,
        organisation_id=cast(UUID, by.organisation_id),
        role=by.role,
        person_id=cast(UUID, by.person_id),
        offers=offers.strip(),
        wants=wants.strip(),
        registered_at=by.now,
    )
    note_interests({delegate: said_by(by.role, offers, wants, languages, countries)})
    return delegate


def said_by(trade: str, offers: str, wants: str, languages: str, countries: str) -> dict[str, list[Said]]:
    """What the shared words among these are, by side: countries are those where patients live."""
    found = {
        "offers": vocabulary.read(offers)[0] + vocabulary.read_languages(languages)[0],
        "wants": vocabulary.read(wants)[0],
    }
    found["wants" if trade in vocabulary.SELLERS else "offers"] += vocabulary.read_countries(countries)[0]
    return found


def note_interests(said: Mapping[Delegate, Mapping[str, Collection[Said]]]) -> None:
    Topic.objects.bulk_create(
        [
            Topic(delegate=delegate, side=side, kind=each.kind, code=each.code, yearly_volume=each.yearly_volume)
            for delegate, sides in said.items()
            for side, found in sides.items()
            for each in found
        ],
        ignore_conflicts=True,
    )


@dataclass(slots=True)
class Imported:
    """What became of the lines of a file."""

    taken: int = 0
    there: int = 0  # registered before
    guests: int = 0  # of those taken: organisations that are not on the network
    faults: list[Fault] = field(default_factory=list)


@step("forums.import_delegates")
def import_delegates(forum: Forum, lines: Sequence[Incoming], *, by: Actor) -> Imported:
    """Bring delegates in from a file. Organisations of the network are invited; the others come as guests.

    Who is registered stays as they are; what is wrong with a line is told, and the others are taken.
    Refused: nobody_to_bring_in.
    """
    refuse_if(policies.why_not_import(len(lines)))
    imported, new, _made = bring_in(forum, lines, by)
    remember(taken=[line.who for line in new.values()], there=imported.there)
    return imported


def bring_in(
    forum: Forum, lines: Sequence[Incoming], by: Actor
) -> tuple[Imported, dict[int, Incoming], dict[int, Delegate]]:
    """Take these in within a step: what became of them, and by their lines the new ones and all delegates."""
    imported = Imported()
    at = _whence(lines, imported, forum, by)
    before = _known_delegates(forum)
    made: dict[int, Delegate] = {}
    for line in lines:
        if line.line not in at:
            continue
        organisation, person = at[line.line]
        known = before.get(str(person)) or next((before[key] for key in _hashes(line) if key in before), None)
        imported.there += known is not None
        made[line.line] = known or _delegate_of(line, forum, organisation, person, by.now)
    new = {line.line: line for line in lines if line.line in made and made[line.line]._state.adding}
    _give_tables(new, made, forum, imported)
    Delegate.objects.bulk_create([made[number] for number in new])
    imported.taken = len(new)
    imported.guests = sum(made[number].organisation_id is None for number in new)
    note_interests({made[number]: line.said for number, line in new.items()})
    _note_wishes(new, made)
    Absence.objects.bulk_create(
        Absence(delegate=made[number], begins_at=begin, ends_at=end)
        for number, line in new.items()
        for begin, end in absences(line, forum.begins_at, forum.ends_at)
    )
    return imported, new, made


def _whence(
    lines: Sequence[Incoming], imported: Imported, forum: Forum, by: Actor
) -> dict[int, tuple[UUID | None, UUID | None]]:
    """The organisation and the person of each line, where they are on the network; invites organisations."""
    names, numbers = parties.known_as([each.organisation for each in lines], [each.registration for each in lines])
    found = [numbers.get(each.registration) or names.get(each.organisation.casefold()) for each in lines]
    people = parties.members_by_email(each.email for each in lines if each.email)
    seated = set(Seat.objects.filter(subject=forum, ended_at=None).values_list("organisation_id", "role"))
    at: dict[int, tuple[UUID | None, UUID | None]] = {}
    invited: dict[tuple[UUID, str], Seat] = {}
    objections: dict[tuple[UUID, str], Any] = {}
    for line, organisation in zip(lines, found, strict=True):
        if organisation is None:
            at[line.line] = (None, None)
            continue
        seat = (organisation, line.trade)
        if seat not in seated and seat not in objections:
            objections[seat] = hooks.why_not_seat(organisation, line.trade, forum, by.now)
        if objections.get(seat):
            imported.faults.append(Fault(line.line, "organisation", objections[seat].code, objections[seat].message))
            continue
        at[line.line] = (organisation, people.get((organisation, line.email.casefold())))
        if seat not in seated:
            invited[seat] = Seat(position=line.trade, role=line.trade, organisation_id=organisation)
    take_seats(forum, list(invited.values()), at=by.now)
    note_participants(forum, [organisation for organisation, _person in at.values() if organisation], by)
    return at


def _known_delegates(forum: Forum) -> dict[str, Delegate]:
    """By the person's key, and by the hash of a guest."""
    return {
        key: each
        for each in Delegate.objects.filter(forum=forum).order_by("pk")
        for key in (str(each.person_id or ""), each.email_hash)
        if key
    }


def _hashes(line: Incoming) -> list[str]:
    return keyed_hashes(f"delegate {line.who}")


def _delegate_of(
    line: Incoming, forum: Forum, organisation: UUID | None, person: UUID | None, at: datetime
) -> Delegate:
    """A person of the network is not named again."""
    return Delegate(
        forum=forum,
        organisation_id=organisation,
        role=line.trade,
        person_id=person,
        guest_organisation="" if organisation else line.organisation,
        guest_name="" if person else line.person,
        guest_email="" if person else line.email,
        email_hash="" if person else keyed_hash(f"delegate {line.who}"),
        offers=line.offers,
        wants=line.wants,
        least=line.least,
        most=line.most,
        registered_at=at,
    )


def _give_tables(new: Mapping[int, Incoming], made: Mapping[int, Delegate], forum: Forum, imported: Imported) -> None:
    """A table of one's own, as long as there is one in that hall; who gets none is told and taken without it."""
    left = tables_left(forum)
    for number, line in new.items():
        if line.booth is None:
            continue
        if left[line.booth] > 0:
            left[line.booth] -= 1
            made[number].booth_id = line.booth
        else:
            says = _("Every table of this hall belongs to somebody. The line is taken without it.")
            imported.faults.append(Fault(number, "booth", "no_table_left", says))


def _note_wishes(new: Mapping[int, Incoming], made: Mapping[int, Delegate]) -> None:
    Wish.objects.bulk_create(
        [
            Wish(delegate=made[number], other=made[other], rank=rank)
            for number, line in new.items()
            for others in ([*enumerate(line.wishes, start=1)], [(None, other) for other in line.not_to_meet])
            for rank, other in others
            if other in made and made[other].pk != made[number].pk
        ],
        ignore_conflicts=True,
    )


@step("forums.wish")
def wish(
    forum: Forum, *, ranks: Mapping[UUID, int | None], least: int = 0, most: int | None = None,
    away: Sequence[tuple[datetime, datetime]] = (), asks_before_moving: bool = False, by: Actor,
) -> Delegate:  # fmt: skip
    """Say whom one wishes to meet (rank 1 the dearest) and whom not (None), how many, and when one is not there.

    What was said before is replaced. Others never learn of it.
    Refused: not_a_delegate, nobody_called_so, fewer_than_least, absence_ends_first.
    """
    me = note_wish(
        forum, queries.delegate_of(forum, by), ranks=ranks, least=least, most=most, away=away,
        asks_before_moving=asks_before_moving,
    )  # fmt: skip
    remember(ranks={str(key): rank for key, rank in ranks.items()}, least=least, most=most, away=list(away))
    return me


def note_wish(
    forum: Forum, me: Delegate | None, *, ranks: Mapping[UUID, int | None], least: int = 0, most: int | None = None,
    away: Sequence[tuple[datetime, datetime]] = (), asks_before_moving: bool = False,
) -> Delegate:  # fmt: skip
    """The same, whoever carries it."""
    others = {each.id for each in queries.others_than(me, queries.names_at(forum))} if me else set()
    refuse_if(
        policies.why_not_wish(
            is_delegate=me is not None, others_known=set(ranks) <= others, least=least, most=most, away=away
        )
    )
    me = cast(Delegate, me)
    me.least, me.most, me.asks_before_moving = least, most, asks_before_moving
    me.save(update_fields=["least", "most", "asks_before_moving"])
    me.wishes.all().delete()
    me.absences.all().delete()
    Wish.objects.bulk_create([Wish(delegate=me, other_id=key, rank=rank) for key, rank in ranks.items()])
    Absence.objects.bulk_create([Absence(delegate=me, begins_at=begin, ends_at=end) for begin, end in away])
    return me
