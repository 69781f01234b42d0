"""Puts offers into the same basket, in one currency, and adds up what each costs to the patient's door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from clearpath.offers.comparing.offered import Offered, Price
from clearpath.offers.comparing.rates import Rate, rate
from clearpath.offers.comparing.usual import Estimate, lodging_of_table, middle, with_the_way
from clearpath.offers.lines import Kind, Line, Standing

# In every basket, whether an offer names it or not: without these nobody is treated abroad.
ALWAYS = frozenset({
    Kind.TREATMENT, Kind.STAY, Kind.INTERPRETER, Kind.TRANSFER, Kind.LODGING, Kind.COMPLICATION_COVER, Kind.FOLLOW_UP,
})  # fmt: skip
TRAVEL = "travel"  # beside the kinds of lines: what an offer never has
How = Literal["included", "optional", "excluded", "missing"]


class NoRateError(ValueError):
    """There is no rate for a currency. `currency` says which."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"no rate for {currency}")
        self.currency = currency


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of line of one offer. Amounts are in the comparison's currency; `extra` comes on top of the price.

    `extra` is None where it is not known what the line costs that is left out.
    """

    how: How
    lines: tuple[Line, ...]  # as offered
    amount_minor: int = 0  # in the price; 0: in it, without a price of its own
    extra: Estimate | None = None

    @property
    def is_unknown(self) -> bool:
        return self.how != "included" and self.extra is None


@dataclass(frozen=True, slots=True)
class Compared:
    """One offer in the basket. Amounts in the comparison's currency."""

    offer: Offered
    rate: Rate
    price_minor: int
    cells: Mapping[str, Cell]
    travel_minor: int | None
    is_expired: bool

    @property
    def extras_minor(self) -> int:
        """What is left out of the price, as far as it is known."""
        return sum(cell.extra.minor for cell in self.cells.values() if cell.extra)

    @property
    def door_minor(self) -> int:
        """The whole, to the patient's door: at least, where something is unknown."""
        return self.price_minor + self.extras_minor + (self.travel_minor or 0)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not in the price."""
        left_out = {kind for kind, cell in self.cells.items() if cell.how != "included"}
        return tuple(kind for kind in self.cells if kind in left_out and (kind != Kind.OTHER or self.cells[kind].lines))

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is left out of the total too, because nobody says what it costs."""
        kinds = tuple(kind for kind, cell in self.cells.items() if cell.is_unknown)
        return kinds if self.travel_minor is not None else (*kinds, TRAVEL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Offers in the order in which they were given."""

    currency: str
    on: date
    basket: tuple[str, ...]
    offers: tuple[Compared, ...]

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates that were used, each once."""
        used = [each.rate for each in self.offers if each.rate.on]
        return tuple(dict.fromkeys(used))


def compare(offers: Sequence[Offered], *, currency: str, on: date, home: str = "") -> Comparison:
    """The offers in one basket, at the rates of that day. Raises NoRateError for a currency without one.

    `home`: the country where the patient lives, from which the table of travel costs knows the way.
    """
    offers = [with_the_way(offer, home) for offer in offers] if home else offers
    rates = [_rate_of(offer.currency, currency, on) for offer in offers]
    by_kind = [_by_kind(offer) for offer in offers]
    kinds = _basket(offers, by_kind)
    said = {kind: _said(kind, offers, by_kind, rates) for kind in kinds}
    table = rate("EUR", currency, on)
    compared = [
        Compared(
            offer,
            rated,
            rated.converted(offer.total_minor),
            {kind: _cell(kind, offer, own.get(kind, ()), rated, said[kind], table) for kind in kinds},
            _converted(offer.travel, currency, on),
            offer.valid_until < on,
        )
        for offer, own, rated in zip(offers, by_kind, rates, strict=True)
    ]
    return Comparison(currency, on, kinds, tuple(compared))


def _rate_of(currency: str, to: str, on: date) -> Rate:
    found = rate(currency, to, on)
    if found is None:
        raise NoRateError(currency)
    return found


Lines = Mapping[str, tuple[Line, ...]]


def _by_kind(offer: Offered) -> Lines:
    found: dict[str, tuple[Line, ...]] = {}
    for line in offer.lines:
        found[line.kind] = (*found.get(line.kind, ()), line)
    return found


def _basket(offers: Sequence[Offered], by_kind: Sequence[Lines]) -> tuple[str, ...]:
    """What is always needed, and what any of the offers names."""
    named = {kind for own in by_kind for kind in own}
    return tuple(kind.value for kind in Kind if kind in ALWAYS or kind in named) if offers else ()


def _said(
    kind: str, offers: Sequence[Offered], by_kind: Sequence[Lines], rates: Sequence[Rate]
) -> list[tuple[int, int]]:
    """What the offers say that a kind costs, each as (amount, nights); zero says nothing."""
    found = []
    for offer, own, rated in zip(offers, by_kind, rates, strict=True):
        lines = own.get(kind, ())
        amount = _sum(lines, Standing.INCLUDED) or _sum(lines, Standing.EXCLUDED) or _sum(lines, Standing.OPTIONAL)
        if amount:
            found.append((rated.converted(amount), _nights(kind, offer) or 0))
    return found


def _sum(lines: Sequence[Line], standing: Standing) -> int:
    return sum(line.amount_minor for line in lines if line.standing == standing)


def _nights(kind: str, offer: Offered) -> int | None:
    """The nights for which this kind of line is paid; None for what is paid once."""
    return {Kind.STAY.value: offer.stay_nights, Kind.LODGING.value: offer.nights_outside}.get(kind)


def _cell(
    kind: str,
    offer: Offered,
    lines: tuple[Line, ...],
    rated: Rate,
    said: Sequence[tuple[int, int]],
    table: Rate | None,
) -> Cell:
    excluded = _sum(lines, Standing.EXCLUDED)
    on_top = Estimate(rated.converted(excluded), "offer") if excluded else None
    if any(line.is_included for line in lines) or offer.said_to_be_in(Kind(kind)):
        return Cell("included", lines, rated.converted(_sum(lines, Standing.INCLUDED)), on_top)
    if kind == Kind.OTHER:  # nobody else's "something else" says what this one costs, nor that it is needed
        return Cell(_how(lines), lines, 0, on_top or Estimate(0, "offer"))
    optional = _sum(lines, Standing.OPTIONAL)
    own = on_top or (Estimate(rated.converted(optional), "offer") if optional else None)
    nights = _nights(kind, offer)
    if nights == 0 and kind == Kind.LODGING:
        return Cell(_how(lines), lines, 0, Estimate(0, "offer"))  # no night is left to sleep elsewhere
    return Cell(_how(lines), lines, 0, own or middle(said, nights) or _from_table(kind, offer, table))


def _how(lines: Sequence[Line]) -> How:
    standings = {line.standing for line in lines}
    return "excluded" if Standing.EXCLUDED in standings else "optional" if standings else "missing"


def _from_table(kind: str, offer: Offered, table: Rate | None) -> Estimate | None:
    """What the table of travel costs says, which knows of nights alone."""
    found = lodging_of_table(offer.country, offer.nights_outside) if kind == Kind.LODGING else None
    return Estimate(table.converted(found.amount_minor), "table", as_of=found.as_of) if found and table else None


def _converted(price: Price | None, currency: str, on: date) -> int | None:
    rated = rate(price.currency, currency, on) if price else None
    return rated.converted(price.amount_minor) if price and rated else None
