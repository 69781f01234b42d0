"""Reads about offers and interests; scoped to the actor, but for what steps of other packages decide by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.offers.changes import Change, changes
from clearpath.offers.comparing.wording import aftercare_words, refund_words
from clearpath.offers.lines import NO_PLAN, Kind, Line, PaidBy, Plan, Standing, Who, promises_of, refunds_of
from clearpath.offers.models import Admission, AskedAgain, Disclosure, Interest, Offer, OfferItem, RequestDeclined
from clearpath.offers.refunding import refund_due
from clearpath.offers.roles import Parties, parties_on
from clearpath.offers.thanks import thanks_of
from clearpath.offers.wording import sentence
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat
from clearpath.turns.sight import Shown, shown, visible
from clearpath.turns.subject import Subject

NOTHING_KNOWN = _(
    "No ownership, family tie, payment or fee between the parties of your journey is on file. "
    "That proves nothing beyond what is on file."
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a price, with its kind and standing in words too."""

    line: Line
    kind_words: Any
    standing_words: Any

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def amount_minor(self) -> int:
        return self.line.amount_minor


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer as it stands beside others. Amounts in minor units of `currency`."""

    id: UUID
    lane_id: UUID
    provider_id: UUID
    provider: str
    state: str
    state_words: Any
    total_minor: int
    currency: str
    stay_nights: int
    includes: str
    excludes: str
    valid_until: datetime
    why_changed: str
    why_ended: str
    items: tuple[ItemRow, ...]
    interests: tuple[str, ...] = ()  # sentences about this provider
    plan: Plan = NO_PLAN
    site: str = ""  # where, with its city
    country: str = ""  # of the site
    is_told: bool = False  # who earns what from it
    changes: tuple[Change, ...] = ()  # against the offer that it revises
    revises_id: UUID | None = None

    @property
    def refund_words(self) -> list[str]:
        """The refund table as sentences."""
        return [refund_words(each) for each in self.plan.refunds]

    @property
    def complications_words(self) -> str:
        """Who pays when something goes wrong; empty where it is not said."""
        paid_by = self.plan.complications_paid_by
        return str(PaidBy(paid_by).label) if paid_by else ""

    @property
    def aftercare_words(self) -> tuple[str, ...]:
        """What is promised for afterwards, with its dates where the day of admission is known."""
        starts_on = self.plan.starts_on
        discharged = starts_on + timedelta(days=self.stay_nights) if starts_on else None
        return aftercare_words(self.plan.aftercare, discharged)

    @property
    def is_open(self) -> bool:
        return self.state == Offer.State.SENT

    @property
    def last_moment(self) -> datetime:
        """When it can still be accepted: its day is the last one, also when it ends at midnight."""
        return self.valid_until - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """The last disclosure, as far as the actor may see it; `lines` are sentences, and empty when none is known."""

    at: datetime | None
    acknowledged_at: datetime | None
    lines: tuple[str, ...]
    is_reopened: bool = False
    register: tuple["Registered", ...] = ()  # the same lines, each with what else one could choose


@dataclass(frozen=True, slots=True)
class Registered:
    """One line of the interest register. `others`: hospitals that are asked too and that it does not touch."""

    text: str
    touches_a_hospital: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """The patient was taken into a hospital."""

    at: datetime
    hospital_number: str


def offers_for(actor: Actor) -> QuerySet[Offer]:
    """The offers that the actor may see."""
    return visible(Offer, to=actor)


def offer_for(actor: Actor, offer_id: UUID) -> Offer:
    """Raises NotFound alike for a missing offer and for one the actor may not see."""
    found = offers_for(actor).filter(pk=offer_id).first()
    if found is None:
        raise NotFound(Objection("no_such_offer", _("There is no such offer.")))
    return found


def seats_asked(journey: Subject) -> QuerySet[Seat]:
    """The seats of providers on lanes that still run. Not scoped to an actor: steps decide by it."""
    held = Seat.objects.filter(subject_id=journey.pk, role="provider", held_since__isnull=False, ended_at=None)
    return held.filter(lane__ended_at=None).order_by("pk")


def chosen_offer(journey: Subject) -> Offer | None:
    """The offer that was accepted last, also where it has ended since. Not scoped to an actor: steps decide by it."""
    return Offer.objects.filter(journey_id=journey.pk, accepted_at__isnull=False).order_by("-accepted_at").first()


def refund_proposed(journey: Subject, *, held_minor: int, on: date) -> int | None:
    """What returns of a deposit by the refund table of the chosen offer; None where it does not say."""
    offer = chosen_offer(journey)
    if offer is None:
        return None
    advised_against = "advised_against" in journey.facts or "advised_against" in (offer.lane.facts or ())
    # Who says no to a change of the hospital's leaves because of it: that is no cancellation of the patient's.
    by_provider = offer.state in {Offer.State.WITHDRAWN, Offer.State.SUPERSEDED}
    who = Who.DOCTOR if advised_against else Who.PROVIDER if by_provider else Who.PATIENT
    day = timezone.localdate(offer.ended_at) if offer.ended_at else on
    table = refunds_of(offer.refunds)
    return refund_due(table, who=who, held_minor=held_minor, starts_on=offer.starts_on, on=day)


def open_offers_for(actor: Actor, journey: Subject) -> list[Offer]:
    """Those that wait for an answer, the one that expires first on top."""
    found = offers_for(actor).filter(journey_id=journey.pk, state=Offer.State.SENT)
    return list(found.order_by("valid_until", "pk"))


def accepted_offer(journey: Subject) -> Offer | None:
    """The offer that the patient has accepted and that still holds. Not scoped to an actor: steps decide by it."""
    return Offer.objects.filter(journey_id=journey.pk, state=Offer.State.ACCEPTED).first()


def offer_rows_for(actor: Actor, journey: Subject) -> list[OfferRow]:
    """The offers of a journey, those that count first, each with what is told about its provider."""
    found = offers_for(actor).filter(journey_id=journey.pk).select_related("site")
    offers = list(found.order_by("valid_until", "pk"))
    items: dict[UUID, list[ItemRow]] = {offer.pk: [] for offer in offers}
    for item in visible(OfferItem, to=actor).filter(offer__in=offers).order_by("offer_id", "number"):
        seen = shown(item, to=actor)
        items[item.offer_id].append(_item_row(seen))
    names = parties.names_of(offer.provider_id for offer in offers)
    interests = _interests_of(actor, journey)
    roles = parties_on(journey).roles if interests else {}
    told_of = _by_provider(interests, roles)
    rows = [_row_of(offer, actor, names, tuple(items[offer.pk]), told_of) for offer in offers]
    rows = _with_changes(rows)
    order = {Offer.State.ACCEPTED: 0, Offer.State.SENT: 1}
    return sorted(rows, key=lambda row: order.get(Offer.State(row.state), 2))


def _item_row(seen: Shown) -> ItemRow:
    line = Line(str(seen.label), seen.amount_minor, seen.kind, seen.standing, seen.tax_bps, str(seen.maker))
    return ItemRow(line, Kind(line.kind).label, Standing(line.standing).label)


def _by_provider(interests: list[Interest], roles: Mapping[UUID, str]) -> dict[UUID, list[str]]:
    """The sentences that name each party, however many offers there are in as many queries."""
    found: dict[UUID, list[str]] = {}
    for interest, said in zip(interests, _sentences(interests, roles), strict=True):
        for party in {interest.first_id, interest.second_id}:
            if party is not None:
                found.setdefault(party, []).append(said)
    return found


def _with_changes(rows: list[OfferRow]) -> list[OfferRow]:
    """A changed offer with what is different, where the reader sees the old one too."""
    known = {row.id: row for row in rows}
    return [
        replace(row, changes=changes(_lines(known[row.revises_id]), _lines(row))) if row.revises_id in known else row
        for row in rows
    ]


def _lines(row: OfferRow) -> list[Line]:
    return [item.line for item in row.items]


def _row_of(
    offer: Offer, actor: Actor, names: dict[UUID, str], items: tuple[ItemRow, ...], told_of: dict[UUID, list[str]]
) -> OfferRow:
    seen = shown(offer, to=actor)
    return OfferRow(
        id=offer.pk,
        lane_id=offer.lane_id,
        provider_id=offer.provider_id,
        provider=names.get(offer.provider_id, ""),
        state=offer.state,
        state_words=offer.get_state_display(),
        total_minor=seen.total_minor,
        currency=seen.currency,
        stay_nights=seen.stay_nights,
        includes=seen.includes,
        excludes=seen.excludes,
        valid_until=seen.valid_until,
        why_changed=seen.why_changed,
        why_ended=seen.why_ended or thanks_of(offer.state),
        items=items,
        interests=tuple(told_of.get(offer.provider_id, ())),
        plan=_plan_of(seen),
        site=f"{seen.site.name}, {seen.site.city}" if seen.site else "",
        country=seen.site.country if seen.site else "",
        revises_id=offer.revises_id,
        is_told=offer.disclosure_id is not None,
    )


def _plan_of(seen: Shown) -> Plan:
    return Plan(
        surgeon=str(seen.surgeon),
        anaesthetist=str(seen.anaesthetist),
        site_id=seen.site.pk if seen.site else None,
        package_id=seen.package_id or None,
        starts_on=seen.starts_on or None,
        ends_on=seen.ends_on or None,
        deposit_minor=seen.deposit_minor or 0,
        refunds=refunds_of(seen.refunds or ()),
        complications_paid_by=str(seen.complications_paid_by),
        complications_note=str(seen.complications_note),
        aftercare=promises_of(seen.aftercare or ()),
    )


def told_for(actor: Actor, journey: Subject) -> Told | None:
    """What was told last about who earns what; None when nothing was told that the actor may see.

    The patient sees it whole, an organisation the lines that name it.
    """
    interests = _interests_of(actor, journey)
    known = parties_on(journey) if interests else None
    lines = _sentences(interests, known.roles if known else {})
    last = visible(Disclosure, to=actor).filter(journey_id=journey.pk).order_by("-pk").first()
    if last is None:
        return Told(None, None, lines) if lines else None
    seen = shown(last, to=actor)
    register = tuple(_registered(each, line, known) for each, line in zip(interests, lines, strict=True) if known)
    return Told(seen.at, seen.acknowledged_at or None, lines, bool(seen.reopened_at), register)


def lines_told(journey: Subject) -> tuple[str, ...]:
    """The last disclosure, whole. Not scoped to an actor: what the patient confirms is kept in these words."""
    last = Disclosure.objects.filter(journey_id=journey.pk).order_by("-pk").first()
    found = list(Interest.objects.filter(disclosure=last).order_by("kind", "pk")) if last else []
    return _sentences(found, parties_on(journey).roles)


def _registered(interest: Interest, line: str, known: Parties) -> Registered:
    """Beside a tie of a hospital stand the others that are asked: a tie without a way out is pressure."""
    hospitals = {key for key, role in known.roles.items() if role == "provider"}
    touched = {interest.first_id, interest.second_id} & hospitals
    others = sorted(known.names[key] for key in hospitals - touched) if touched else ()
    return Registered(line, bool(touched), tuple(others))


def _interests_of(actor: Actor, journey: Subject) -> list[Interest]:
    """The lines of the last disclosure that the actor may see."""
    newest = Disclosure.objects.filter(journey_id=journey.pk).order_by("-pk").values("pk")[:1]
    found = visible(Interest, to=actor).filter(disclosure_id__in=list(newest.values_list("pk", flat=True)))
    return list(found.order_by("kind", "pk"))


def _sentences(interests: list[Interest], roles: Mapping[UUID, str]) -> tuple[str, ...]:
    names = parties.names_of(key for each in interests for key in (each.first_id, each.second_id))
    return tuple(sentence(each, names, roles) for each in interests)


def declined_rows_for(actor: Actor, journey: Subject) -> list[tuple[str, str]]:
    """Which hospitals make no offer, and why."""
    found = list(visible(RequestDeclined, to=actor).filter(journey_id=journey.pk).order_by("pk"))
    names = parties.names_of(each.provider_id for each in found)
    return [(names.get(each.provider_id, ""), shown(each, to=actor).reason) for each in found]


def wishes_for(actor: Actor, journey: Subject) -> list[tuple[datetime, str]]:
    """What the patient wished for when asking again; once, however many hospitals it reached."""
    found = visible(AskedAgain, to=actor).filter(journey_id=journey.pk).order_by("-pk")
    seen = [shown(each, to=actor) for each in found]
    return list(dict.fromkeys((each.asked_at, each.wish) for each in seen))


def admission_rows_for(actor: Actor, journey: Subject) -> list[AdmissionRow]:
    """When the patient was taken in, newest first."""
    found = visible(Admission, to=actor).filter(journey_id=journey.pk).order_by("-pk")
    seen = [shown(each, to=actor) for each in found]
    return [AdmissionRow(each.admitted_at, each.hospital_number) for each in seen]
