"""The steps on an organisation: apply, show evidence, declare ownership, verify, suspend, leave."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.parties import declaring, policies, queries
from clearpath.parties.declaring import Share, Somebody
from clearpath.parties.identity import number_of
from clearpath.parties.models import Evidence, HeldRole, Membership, Organisation, Tie
from clearpath.parties.statements import UnknownRecordError, keep
from clearpath.parties.stewards import steward_seats
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.step import begin, remember, step


@step("parties.apply")
def apply(
    *, name: str, country: str, roles: Sequence[str], by: Actor, city: str = "", register_number: str = "",
    time_zone: str = "UTC",
) -> Organisation:  # fmt: skip
    """Apply to work on the network in one or more roles; the steward checks the evidence.

    Refused: roles_kept_apart, no_role.
    """
    charter = charters.charter(charters.in_force())
    if not roles or set(roles) - set(charter.subjects["organisation"].positions["member"]):
        raise Refused(Objection("no_role", _("Choose at least one role in which the organisation works.")))
    for role in roles:
        refuse_if(policies.why_not_hold(charter, role, set(roles) - {role}))
    remember(name=name, country=country, roles=sorted(roles))
    organisation = begin(
        Organisation,
        kind="organisation",
        seats=[],
        name=name,
        country=country,
        city=city,
        register_number=register_number,
        time_zone=time_zone,
    )
    HeldRole.objects.bulk_create(HeldRole(organisation=organisation, role=role, since=by.now) for role in roles)
    Membership.objects.bulk_create(
        Membership(organisation=organisation, person_id=by.somebody, role=role, since=by.now) for role in roles
    )
    seat_members(organisation, roles, by)
    if register_number:
        jobs.later("parties.refresh_ties", {})  # statements on file may speak of it
    return organisation


def seat_members(organisation: Organisation, roles: Sequence[str], by: Actor) -> None:
    """The organisation sits on its own file in each of its roles, and the stewards sit beside it."""
    own = [Seat(position="member", role=role, organisation_id=organisation.pk) for role in roles]
    stewards = steward_seats()
    for seat in [*own, *stewards]:
        seat.subject_id, seat.offered_at, seat.held_since = organisation.pk, by.now, by.now
    Seat.objects.bulk_create([*own, *stewards])


@step("parties.add_evidence")
def add_evidence(
    organisation: Organisation, *, role: str, kind: str, body: str, number: str, valid_from: date, valid_to: date,
    source: str = "", by: Actor,
) -> Evidence:  # fmt: skip
    """Show a licence, registration, accreditation or insurance; it counts once the steward has checked it.

    Refused: role_not_held, evidence_ends_before_it_begins.
    """
    if role not in queries.roles_held([organisation.pk]):
        raise Refused(Objection("role_not_held", _("This organisation does not hold that role.")))
    if valid_to <= valid_from:
        raise Refused(
            Objection("evidence_ends_before_it_begins", _("The last day comes before the first. Check the dates."))
        )
    remember(kind=kind, body=body, number=number, valid_to=valid_to.isoformat())
    return Evidence.objects.create(
        organisation=organisation,
        role=role,
        kind=kind,
        body=body,
        number=number,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        added_at=by.now,
    )


@step("parties.declare_ownership")
def declare_ownership(
    organisation: Organisation, *, what: str, other_id: UUID | None = None, name: str = "", country: str = "",
    register_number: str = "", is_person: bool = False, share: Decimal | None = None, controls: bool = False,
    ended: bool = False, file: bytes = b"", by: Actor,
) -> Organisation:  # fmt: skip
    """Declare a tie: somebody owns a part of us (`what="owner"`), we own a part of somebody (`owned`), `family`,
    `payment`, a `gift`, statements in a `file`, or `nothing`.

    The other side is an organisation of the network (`other_id`) or somebody else by name. `share` is a
    fraction of one; left open, it counts in full. `ended`: what was declared before holds no longer. The network
    then finds out what follows for whom.
    Refused: nothing_declared, nobody_named, not_on_the_network, tie_with_oneself, share_not_a_part,
    no_such_organisation, statements_refused, not_about_you, no_such_tie.
    """
    other = _organisation(other_id)
    refuse_if(
        policies.why_not_declare(
            what,
            is_named=bool(other or name.strip()),
            is_itself=other_id == organisation.pk,
            is_here=other is not None,
            share=share,
        )
    )
    remember(what=what, other=other_id, name=name, country=country, number=register_number, share=share, ended=ended)
    if what in policies.BY_WORD:
        assert other is not None  # noqa: S101 - the policy refuses it
        _declare_tie(organisation, other, what, ended=ended, by=by)
    elif what == "file":
        remember(file=sha256(file).hexdigest())
        _keep_declared(organisation, file, declaring.subject_of(file), {}, by)
    elif what != "nothing":
        us = _somebody(organisation)
        named = Somebody(name.strip(), None, country.strip().upper(), register_number.strip(), is_person)
        them = _somebody(other) if other else named
        owner, owned = (them, us) if what == "owner" else (us, them)
        said = Share(owner, owned, share, controls, ended)
        links = {each.record: each.organisation_id for each in (us, them) if each.organisation_id}
        _keep_declared(organisation, declaring.written(said, about=us, on=by.now.date()), us.record, links, by)
    return organisation


def _organisation(key: UUID | None) -> Organisation | None:
    found = Organisation.objects.exclude(stage="left").filter(pk=key).first() if key else None
    if key and found is None:
        raise Refused(Objection("no_such_organisation", _("There is no such organisation.")))
    return found


def _somebody(organisation: Organisation) -> Somebody:
    number = organisation.register_number
    return Somebody(organisation.name, organisation.pk, organisation.country, number)


def _keep_declared(organisation: Organisation, file: bytes, about: str, links: Mapping[str, UUID], by: Actor) -> None:
    """Keep what an organisation said, all of it or nothing; the network looks at ties once it is kept."""
    if not about and number_of(organisation.country, organisation.register_number) is None:
        raise Refused(
            Objection("not_about_you", _("Nothing in the file says which record is you: see declarationSubject."))
        )
    own = {about: organisation.pk} if about else {}
    try:
        kept = keep(file, at=by.now, declared_by=organisation.pk, links={**own, **links}, all_or_nothing=True)
    except UnknownRecordError:
        raise Refused(
            Objection("not_about_you", _("Nothing in the file says which record is you: see declarationSubject."))
        ) from None
    problem = next((each for each in kept.problems if not each.kept), None)
    if problem is not None or kept.read == 0:
        says = _("The file holds no ownership statement.") if problem is None else str(problem)
        raise Refused(Objection("statements_refused", says))
    jobs.later("parties.refresh_ties", {})


def _declare_tie(organisation: Organisation, other: Organisation, kind: str, *, ended: bool, by: Actor) -> None:
    """Begin or end a tie of family, payment or gifts, which no statement can say."""
    either_way = Q(first=organisation, second=other) | Q(first=other, second=organisation)
    tie = Tie.objects.filter(either_way, kind=kind, ended_at=None).first()
    if ended:
        if tie is None:
            raise Refused(Objection("no_such_tie", _("No such tie is on file, so there is none to end.")))
        tie.ended_at = by.now
        tie.save(update_fields=["ended_at"])
        jobs.later("parties.tell_tie", {"tie": str(tie.pk), "step": "parties.tie_ended"})
    elif tie is None:
        tie = Tie.objects.create(first=organisation, second=other, kind=kind, found_at=by.now, declared_at=by.now)
        jobs.later("parties.tell_tie", {"tie": str(tie.pk), "step": "parties.tie_declared"})


@step("parties.verify")
def verify(organisation: Organisation, *, by: Actor, checked: Sequence[Any] | None = None) -> Organisation:
    """Check the evidence (all of it, or the pieces named) and let the organisation work.

    Refused: evidence_missing, roles_kept_apart.
    """
    pieces = Evidence.objects.filter(organisation=organisation, checked_on=None)
    if checked is not None:
        pieces = pieces.filter(pk__in=list(checked))
    pieces.update(checked_on=by.now.date(), checked_by=by.person_id)
    charter = charters.charter(organisation.charter)
    for role in sorted(queries.roles_held([organisation.pk])):
        if policies.missing_evidence(role, queries.valid_kinds(organisation.pk, role, by.now.date())):
            raise Refused(Objection("evidence_missing", _("Evidence that a role requires is missing or has ended.")))
        refuse_if(policies.why_not_hold(charter, role, queries.roles_beside(organisation.pk, role)))
    return organisation


@step("parties.suspend")
def suspend(organisation: Organisation, *, reason: str, by: Actor) -> Organisation:
    """Let the organisation take no new seat; what it has begun it finishes. Refused: reason_needed."""
    _refuse_without(reason)
    remember(reason=reason)
    return organisation


@step("parties.lapse")
def lapse(organisation: Organisation, *, by: Actor) -> Organisation:
    """Required evidence has ended: the organisation takes no new seat until it is renewed."""
    return organisation


@step("parties.leave")
def leave(organisation: Organisation, *, by: Actor) -> Organisation:
    """Leave the network. Memberships and roles end."""
    Membership.objects.filter(organisation=organisation, until=None).update(until=by.now)
    HeldRole.objects.filter(organisation=organisation, until=None).update(until=by.now)
    jobs.later("parties.refresh_ties", {})
    return organisation


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused(Objection("reason_needed", _("Say why in a sentence.")))
