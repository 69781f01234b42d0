"""A file of offers: what is wrong with it, each finding with the offer and the line, or the offers in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from clearpath.core.money import as_text
from clearpath.offers.comparing.offered import Evidence, Offered, Outcomes, Price
from clearpath.offers.comparing.rates import known_currencies, rate
from clearpath.offers.lines import Line, Plan, Promise, Refund, line_of, total_of

SCHEMA = Path(__file__).parent.parent / "data" / "offers.schema.json"
LONGEST = 60  # characters of a name that a finding quotes
MOST_FINDINGS = 100
AMOUNTS = ("amount_minor", "total_minor", "deposit_minor")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable code, where in the file (offer and line from 1, and a JSON pointer), and a sentence."""

    code: str
    says: str
    at: str = ""
    offer: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: the offers, or why they cannot be compared."""

    offers: tuple[Offered, ...] = ()
    currency: str = "EUR"
    on: date = date.min
    home: str = ""
    findings: tuple[Finding, ...] = ()


class NotJSONError(ValueError):
    """The bytes are no JSON."""


def read(content: bytes, *, today: date, currency: str = "", on: date | None = None) -> Read:
    """Read a file of offers. `currency` and `on` count before what the file says. Raises NotJSONError."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise NotJSONError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    wrong = list(_shape(document))
    if any(each.offer is None for each in wrong):
        return Read(findings=tuple(wrong))
    broken = {each.offer for each in wrong if each.code != "price_negative"}
    day = on or _day(document.get("on")) or today
    into = currency or document.get("currency", "EUR")
    wrong += _into(into, day)
    for index, row in enumerate(document["offers"]):
        wrong += [] if index + 1 in broken else _sense(row, index, into, day)
    if wrong:
        return Read(findings=tuple(sorted(wrong, key=lambda each: (each.offer or 0, each.line or 0))))
    return Read(tuple(offered_of(row) for row in document["offers"]), into, day, document.get("home", ""))


# The shape


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(orjson.loads(SCHEMA.read_bytes()), validate_formats=True)


def _shape(document: Any) -> Iterator[Finding]:
    for number, error in enumerate(_validator().iter_errors(document)):
        if number == MOST_FINDINGS:
            return
        path = list(error.instance_path)
        offer, line = _place(path)
        at = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
        code, says = _said_of(error, path)
        yield Finding(code, f"{_where(document, offer, line)}{says}", at, offer, line)


def _place(path: Sequence[str | int]) -> tuple[int | None, int | None]:
    """Which offer and which of its lines a place is in, counted from 1."""
    match path:
        case ["offers", int(offer), "lines", int(line), *_rest]:
            return offer + 1, line + 1
        case ["offers", int(offer), *_rest]:
            return offer + 1, None
    return None, None


def _where(document: Any, offer: int | None, line: int | None) -> str:
    """`Offer 2 (Weide), line 3 (Knee): `"""
    if offer is None:
        return ""
    row = document["offers"][offer - 1]
    told = f"Offer {offer}{_named(row, 'name')}"
    if line is not None:
        told += f", line {line}{_named(row['lines'][line - 1], 'label')}"
    return f"{told}: "


def _named(row: Any, key: str) -> str:
    name = row.get(key) if isinstance(row, Mapping) else None
    return f" ({name[:LONGEST]})" if isinstance(name, str) and name else ""


def _said_of(error: Any, path: Sequence[str | int]) -> tuple[str, str]:
    """The code and the sentence of an error of the schema."""
    name = path[-1] if path else ""
    if name in AMOUNTS and isinstance(error.instance, int) and error.instance < 0:
        return "price_negative", f"`{name}` is {error.instance}. A price is zero or more."
    if name == "currency":
        return "no_such_currency", f"{_short(error.instance)} is no currency. Write three capital letters, such as EUR."
    return "not_an_offer", f"`{name}`: {_message(error)}" if path else f"The file: {_message(error)}"


def _message(error: Any) -> str:
    text = str(error.message)
    return f"{text[:300]}." if not text.endswith(".") else text[:300]


def _short(value: Any) -> str:
    return repr(value)[:LONGEST]


# The sense


def _into(currency: str, day: date) -> Iterator[Finding]:
    if rate("EUR", currency, day) is None:
        yield Finding("no_such_currency", f"{_no_rate(currency, day)} It cannot be compared in.", "/currency")


def _no_rate(currency: str, day: date) -> str:
    known = ", ".join(known_currencies())
    return f"the European Central Bank has no rate for {currency} on {day}. It has: {known}."


def _sense(row: Mapping[str, Any], index: int, into: str, day: date) -> Iterator[Finding]:
    place = f"Offer {index + 1}{_named(row, 'name')}"
    at = f"/offers/{index}"

    def finding(code: str, says: str, where: str, line: int | None = None) -> Finding:
        return Finding(code, says, f"{at}/{where}", index + 1, line)

    currency = row["currency"]
    if rate(currency, into, day) is None and currency != into:
        yield finding("no_such_currency", f"{place}: {_no_rate(currency, day)}", "currency")
    lines = [line_of(line) for line in row["lines"]]
    total = total_of(lines)
    is_priced = all(line.amount_minor >= 0 for line in lines)  # else that is told, and no sum of it is one
    if is_priced and row.get("total_minor", total) != total:
        yield finding(
            "does_not_add_up", f"{place}: {_not_adding_up(lines, total, row['total_minor'], currency)}", "total_minor"
        )
    if is_priced and row.get("deposit_minor", 0) > total:
        yield finding("deposit_above_price", f"{place}: the deposit is more than the price.", "deposit_minor")
    last = _day(row["valid_until"])
    if last is not None and last < day:
        yield finding(
            "offer_expired", f"{place}: it was valid until {last} and has expired. Ask for a new one.", "valid_until"
        )
    outcomes = row.get("outcomes")
    if outcomes and outcomes["well"] + outcomes.get("lost", 0) > outcomes["treated"]:
        yield finding("more_than_treated", f"{place}: more patients are counted than were treated.", "outcomes")


def _not_adding_up(lines: Sequence[Line], total: int, told: int, currency: str) -> str:
    """Which lines add up to what, so that somebody finds the wrong one."""
    counted = [str(number) for number, line in enumerate(lines, start=1) if line.is_included]
    sums = f"what is included (line{'s' * (len(counted) != 1)} {', '.join(counted) or 'none'}) adds up to"
    found, wanted = (as_text(each, currency).replace("\u00a0", " ") for each in (total, told))
    return f"the lines do not add up: {sums} {found}, and the price is {wanted}."


# The offers


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def offered_of(row: Mapping[str, Any]) -> Offered:
    """An offer as the schema describes it."""
    outcomes, travel = row.get("outcomes"), row.get("travel")
    last = _day(row["valid_until"])
    assert last is not None  # noqa: S101 - the schema requires it
    return Offered(
        name=row["name"],
        currency=row["currency"],
        lines=tuple(line_of(line) for line in row["lines"]),
        stay_nights=row.get("stay_nights", 0),
        valid_until=last,
        plan=_plan_of(row),
        site=row.get("site", ""),
        country=row.get("country", ""),
        includes=row.get("includes", ""),
        excludes=row.get("excludes", ""),
        evidence=tuple(Evidence(each["name"], _day(each.get("until"))) for each in row.get("evidence", ())),
        outcomes=Outcomes(**outcomes) if outcomes else None,
        distance_km=row.get("distance_km"),
        answer_hours=row.get("answer_hours"),
        travel=Price(**travel) if travel else None,
        ties=row.get("ties"),
        fees=row.get("fees"),
    )


def _plan_of(row: Mapping[str, Any]) -> Plan:
    return Plan(
        surgeon=row.get("surgeon", ""),
        anaesthetist=row.get("anaesthetist", ""),
        starts_on=_day(row.get("starts_on")),
        ends_on=_day(row.get("ends_on")),
        deposit_minor=row.get("deposit_minor", 0),
        refunds=tuple(Refund(**each) for each in row.get("refunds", ())),
        complications_paid_by=row.get("complications_paid_by", ""),
        complications_note=row.get("complications_note", ""),
        aftercare=tuple(Promise(**each) for each in row.get("aftercare", ())),
    )
