"""The steps on an organisation: apply, show evidence, declare ownership, verify, suspend, leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.parties import policies, queries
from clearpath.parties.models import Evidence, HeldRole, Membership, Organisation
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
    return organisation


def seat_members(organisation: Organisation, roles: Sequence[str], by: Actor) -> None:
    """The organisation sits on its own file in each of its roles, and the stewards sit beside it."""
    own = [Seat(position="member", role=role, organisation_id=organisation.pk) for role in roles]
    stewards = [Seat(position="steward", role="steward", organisation_id=key) for key in queries.steward_ids()]
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
    return organisation


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused(Objection("reason_needed", _("Say why in a sentence.")))
