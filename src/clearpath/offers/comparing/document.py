"""A comparison as one JSON document."""

from typing import Any

from clearpath.offers.comparing.basket import Cell, Compared, Comparison
from clearpath.offers.comparing.interval import interval


def document(comparison: Comparison) -> dict[str, Any]:
    """Amounts in minor units of `currency`. `is_at_least`: something is left out of the total that nobody knows."""
    return {
        "currency": comparison.currency,
        "on": comparison.on.isoformat(),
        "rates": [
            {
                "currency": each.currency,
                "to": each.to,
                "rate": str(each.value),
                "on": each.on.isoformat() if each.on else None,
                "source": "European Central Bank",
                "by_fixed_rate_to_the_dollar": list(each.pegged),
            }
            for each in comparison.rates
        ],
        "basket": list(comparison.basket),
        "offers": [_offer(each) for each in comparison.offers],
    }


def _offer(each: Compared) -> dict[str, Any]:
    offer = each.offer
    return {
        "name": offer.name,
        "offered": {"total_minor": offer.total_minor, "currency": offer.currency},
        "price_minor": each.price_minor,
        "lines": {kind: _cell(cell) for kind, cell in each.cells.items()},
        "missing": list(each.missing),
        "extras_minor": each.extras_minor,
        "travel_minor": each.travel_minor,
        "total_to_the_door_minor": each.door_minor,
        "is_at_least": bool(each.unknown),
        "unknown": list(each.unknown),
        "outcome": _outcome(each),
        "valid_until": offer.valid_until.isoformat(),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    extra = cell.extra
    return {
        "how": cell.how,
        "labels": [line.label for line in cell.lines],
        "amount_minor": cell.amount_minor,
        "usually_minor": extra.minor if extra else None,
        "says": {"by": extra.origin, "offers": extra.offers, "as_of": extra.as_of} if extra else None,
    }


def _outcome(each: Compared) -> dict[str, Any] | None:
    found = each.offer.outcomes
    if found is None:
        return None
    low, high = interval(found.well, found.treated)
    return {
        "treated": found.treated,
        "well": found.well,
        "lost": found.lost,
        "well_from": round(low, 4),
        "well_to": round(high, 4),
    }
