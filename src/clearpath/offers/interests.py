"""Who earns what from whom on a journey, and who owns whom: found from ties, roles and agreements on file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath.agreements import queries as agreements
from clearpath.offers.models import Disclosure, Interest
from clearpath.parties import queries as parties
from clearpath.parties.policies import to_disclose
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject

TIES_WITH_A_SHARE = frozenset({Interest.Kind.OWNERSHIP, Interest.Kind.COMMON_OWNER})
ROLES_WITH_INTERESTS = ("facilitator", "provider", "doctor", "second_doctor")


@dataclass(frozen=True, slots=True)
class Found:
    """One interest as it is now; two are the same when nothing of them has changed. Fields as in `Interest`."""

    kind: str
    first_id: UUID
    second_id: UUID | None = None
    share_bps: int = 0
    rate_bps: int = 0
    amount_minor: int = 0
    cap_minor: int = 0
    currency: str = ""
    detail: str = ""

    def touches(self, *organisations: UUID) -> bool:
        """Whether one of these is one of the two."""
        return bool({self.first_id, self.second_id} & set(organisations))


Earners = Callable[[Subject], set[UUID]]
_earners: list[Earners] = []


def also_earns(who: Earners) -> Earners:
    """Register who may earn on a journey without a seat there, such as the agency that brought the patient."""
    _earners.append(who)
    return who


def organisations_on(journey: Subject) -> set[UUID]:
    """Everybody who advises, treats, sells or is paid on a journey, on every lane that still runs."""
    seats = Seat.objects.filter(
        subject_id=journey.pk, role__in=ROLES_WITH_INTERESTS, held_since__isnull=False, ended_at=None
    )
    seated = {key for key in seats.values_list("organisation_id", flat=True) if key}
    return seated.union(*(who(journey) for who in _earners))


def found_on(journey: Subject, *, at: datetime) -> set[Found]:
    """Every interest known at a moment among the parties of a journey."""
    organisations = organisations_on(journey)
    return {*_ties(journey, organisations), *_roles(journey), *_fees(journey, organisations, at)}


def _ties(journey: Subject, organisations: set[UUID]) -> Iterator[Found]:
    least = _least_share(journey)
    for organisation in organisations:
        for tie in parties.ties_of(organisation):
            if not {tie.first_id, tie.second_id} <= organisations:
                continue
            if _is_told(tie, least):
                yield Found(tie.kind, tie.first_id, tie.second_id, share_bps=tie.share_bps)


def _least_share(journey: Subject) -> float:
    """Shares above this are told, in hundredths of a percent."""
    return float(charters.charter(journey.charter).disclose_from) * 10_000


def _is_told(tie: Any, least: float) -> bool:
    return tie.kind not in TIES_WITH_A_SHARE or tie.share_bps > least


def _roles(journey: Subject) -> Iterator[Found]:
    """Who holds, alone or through a connected party, another role that must be told beside the one they sit in."""
    charter = charters.charter(journey.charter)
    seats = Seat.objects.filter(
        subject_id=journey.pk, organisation__isnull=False, held_since__isnull=False, ended_at=None
    )
    for organisation, role in seats.values_list("organisation_id", "role").distinct():
        assert organisation is not None  # noqa: S101 - filtered above
        for other in to_disclose(charter, role, parties.roles_beside(organisation, role)):
            yield Found(Interest.Kind.ROLES, organisation, detail=f"{role} {other}")


def _fees(journey: Subject, organisations: set[UUID], at: datetime) -> Iterator[Found]:
    for fee in fees_on(journey, organisations, at=at):
        yield _as_found(fee)


def _as_found(fee: agreements.FeeRow) -> Found:
    return Found(
        Interest.Kind.FEE,
        fee.payee_id,
        fee.payer_id,
        rate_bps=fee.rate_bps or 0,
        amount_minor=fee.amount_minor or 0,
        cap_minor=fee.cap_minor or 0,
        currency=fee.currency,
        detail=fee.fee_type,
    )


def between(journey: Subject, organisations: set[UUID], *, at: datetime) -> list[Found]:
    """Every tie and fee among these, whether or not they have a seat yet: what to know before they are asked."""
    fees = map(_as_found, agreements.fees_in_force(organisations, on=at.date()))
    return sorted({*_ties(journey, organisations), *fees}, key=str)


def of_guide(journey: Subject, others: set[UUID], *, at: datetime) -> list[Found]:
    """What the patient's guide has to do with these hospitals and doctors."""
    seats = Seat.objects.filter(subject_id=journey.pk, role="facilitator", held_since__isnull=False, ended_at=None)
    guides = {key for key in seats.values_list("organisation_id", flat=True) if key}
    least = _least_share(journey)
    ties = {
        Found(tie.kind, tie.first_id, tie.second_id, share_bps=tie.share_bps)
        for guide in guides
        for tie in parties.ties_of(guide)
        if ({tie.first_id, tie.second_id} - guides) <= others and _is_told(tie, least)
    }
    fees = agreements.fees_in_force(guides | others, on=at.date())
    return sorted({*ties, *(_as_found(fee) for fee in fees if {fee.payer_id, fee.payee_id} & guides)}, key=str)


def fees_on(journey: Subject, organisations: set[UUID], *, at: datetime) -> list[agreements.FeeRow]:
    """The fees in force between these organisations for treatment in a country where a provider is asked."""
    providers = Seat.objects.filter(subject_id=journey.pk, role="provider", held_since__isnull=False, ended_at=None)
    countries = set(providers.values_list("organisation__country", flat=True))
    return [fee for fee in agreements.fees_in_force(organisations, on=at.date()) if fee.jurisdiction in countries]


def told_in(disclosure: Disclosure) -> set[Found]:
    """What a disclosure told, to compare with what is found now."""
    names = [each.name for each in fields(Found)]
    return {Found(**row) for row in Interest.objects.filter(disclosure=disclosure).values(*names)}
