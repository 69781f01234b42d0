"""The offers of a journey as they are compared: what each says, with what is known of its hospital."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.offers import queries
from clearpath.offers.comparing import Comparison, Offered, compare
from clearpath.offers.comparing.offered import Evidence, Outcomes
from clearpath.offers.comparing.rates import known_currencies, rate
from clearpath.offers.directory.facts import ProviderFacts, Results, facts_of
from clearpath.offers.finding.asking import understood
from clearpath.offers.models import Offer
from clearpath.offers.queries import OfferRow
from clearpath.parties import queries as parties
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject

EURO = "EUR"
STANDS = (Offer.State.SENT, Offer.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What is compared, and the offers that cannot be put beside the others for want of a rate."""

    comparison: Comparison
    rows: tuple[OfferRow, ...]  # in the order of the comparison
    apart: tuple[OfferRow, ...]
    patient: str

    @property
    def currencies(self) -> list[str]:
        """In which it can be compared."""
        return sorted({*known_currencies(), self.comparison.currency})


def side_by_side_for(actor: Actor, journey: Subject, *, currency: str = "") -> SideBySide:
    """The offers that stand, as far as the actor may see them; in as many queries for one as for fifty."""
    rows = [row for row in queries.offer_rows_for(actor, journey) if row.state in STANDS]
    into, today = _currency(currency, rows), timezone.localdate(actor.now)
    beside = [row for row in rows if rate(row.currency, into, today)]
    providers = {row.provider_id for row in beside}
    facts = facts_of(providers, at=actor.now) if providers else {}
    countries = {key: each.country for key, each in parties.parties_named(providers).items()}
    seen = shown(journey, to=actor)
    asked = understood(str(seen.procedure or "")).procedures
    procedure = next(iter(asked)) if len(asked) == 1 else ""
    offers = [_offered(row, facts.get(row.provider_id), procedure, countries) for row in beside]
    comparison = compare(offers, currency=into, on=today, home=str(seen.country or ""))
    apart = tuple(row for row in rows if row not in beside)
    return SideBySide(comparison, tuple(beside), apart, str(seen.patient_name or ""))


def _currency(wanted: str, rows: list[OfferRow]) -> str:
    """The one that was asked for, else the one that all offers have, else the euro."""
    if wanted in known_currencies():
        return wanted
    common = {row.currency for row in rows}
    return common.pop() if len(common) == 1 else EURO


def _offered(row: OfferRow, facts: ProviderFacts | None, procedure: str, countries: Mapping[UUID, str]) -> Offered:
    return Offered(
        name=row.provider,
        currency=row.currency,
        lines=tuple(item.line for item in row.items),
        stay_nights=row.stay_nights,
        valid_until=timezone.localdate(row.last_moment),
        plan=row.plan,
        site=row.site,
        country=row.country or countries.get(row.provider_id, ""),
        includes=row.includes,
        excludes=row.excludes,
        evidence=tuple(Evidence(f"{each.kind}: {each.body}", each.valid_to) for each in facts.evidence)
        if facts
        else (),
        outcomes=_outcomes(facts, procedure),
        answer_hours=facts.answer_hours if facts else None,
        ties=row.interests if row.is_told else None,
        key=str(row.id),
    )


def _outcomes(facts: ProviderFacts | None, procedure: str) -> Outcomes | None:
    """For this procedure where it is known which it is, else for everything; who is not due yet does not count."""
    if facts is None:
        return None
    found = facts.outcomes.get(procedure, Results())
    return Outcomes(found.treated - found.waiting, found.well, found.lost) if found.treated else None
