"""An offer as it is compared, with what is known of its hospital. What is None is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clearpath.offers.lines import NO_PLAN, Kind, Line, Plan, total_of


@dataclass(frozen=True, slots=True)
class Price:
    """An amount from outside the offer, with who says so; `as_of` of the table of travel costs, where it says so."""

    amount_minor: int
    currency: str
    source: str
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A licence or accreditation, and the day on which it ends."""

    name: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of everybody treated: who was lost to follow-up counts against."""

    treated: int
    well: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer beside others."""

    name: str  # the hospital
    currency: str
    lines: tuple[Line, ...]
    stay_nights: int
    valid_until: date  # the last day
    plan: Plan = NO_PLAN
    site: str = ""
    country: str = ""  # ISO 3166-1 alpha-2, where it is
    includes: str = ""
    excludes: str = ""
    evidence: Sequence[Evidence] = ()
    outcomes: Outcomes | None = None
    distance_km: int | None = None
    answer_hours: float | None = None
    travel: Price | None = None
    ties: Sequence[str] | None = None  # sentences: who owns whom
    fees: Sequence[str] | None = None  # sentences: who earns what
    key: str = ""  # by which the caller knows it

    @property
    def total_minor(self) -> int:
        return total_of(self.lines)

    @property
    def nights_outside(self) -> int | None:
        """Nights between the admission and the flight home that are not in the hospital."""
        if self.plan.starts_on is None or self.plan.ends_on is None:
            return None
        return max((self.plan.ends_on - self.plan.starts_on).days - self.stay_nights, 0)

    def said_to_be_in(self, kind: Kind) -> bool:
        """Whether the offer says in another way than by a line that something is in its price."""
        return bool({
            Kind.STAY: self.stay_nights > 0,
            Kind.COMPLICATION_COVER: self.plan.complications_paid_by == "provider",
            Kind.FOLLOW_UP: self.plan.aftercare,
            # Lines of no kind are the treatment where no line says so: offers of before knew no kinds.
            Kind.TREATMENT: any(line.kind == Kind.OTHER and line.is_included for line in self.lines),
        }.get(kind))  # fmt: skip
