"""A comparison in the reader's language: sections of rows, a cell for each offer. Page, paper and terminal draw it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clearpath.core.money import as_text
from clearpath.offers.comparing.basket import TRAVEL, Cell, Compared, Comparison
from clearpath.offers.comparing.interval import interval
from clearpath.offers.comparing.rates import Rate
from clearpath.offers.comparing.usual import Estimate
from clearpath.offers.lines import Kind, Line, PaidBy, Refund, Who

ALL = 10_000  # bps


@dataclass(frozen=True, slots=True)
class Said:
    """What one offer says in one row: lines of text; `tone` is warn where something is left out or unknown."""

    lines: tuple[str, ...]
    tone: str = ""
    name: str = ""  # of the hospital

    def __bool__(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, as each offer says it. `differs`: not all say the same. `is_sum`: it adds up what stands above."""

    label: str
    cells: tuple[Said, ...]
    differs: bool
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """Everything that is compared, in the language of the reader."""
    found = (
        Section(_("What it costs"), _prices(comparison)),
        Section(_("Who treats, where and when"), _care(comparison.offers)),
        Section(_("If something changes or goes wrong"), _changes(comparison.offers), way_out()),
        Section(_("Who earns, who owns"), _interests(comparison.offers)),
    )
    names = headings(comparison)
    return tuple(_named(each, names) for each in found if each.rows)


def _named(section: Section, names: Sequence[str]) -> Section:
    """With the hospital in each cell: on a phone a cell stands alone."""
    rows = [
        replace(row, cells=tuple(replace(cell, name=name) for cell, name in zip(row.cells, names, strict=True)))
        for row in section.rows
    ]
    return replace(section, rows=tuple(rows))


def way_out() -> str:
    """What holds for every offer when it changes after the yes."""
    return _(
        "If the price or the plan changes later, also after you arrive, it is a new offer: nothing happens without "
        "your new yes. If you say no, you can leave. Then what you paid returns as the table of that hospital says."
    )


def headings(comparison: Comparison) -> tuple[str, ...]:
    """The names of the hospitals, in the order of the cells."""
    return tuple(each.offer.name for each in comparison.offers)


def how_it_was_made(comparison: Comparison) -> tuple[str, ...]:
    """Sentences about the currency, the rates with their dates, and what is not known."""
    told = [_("All amounts are in %(currency)s.") % {"currency": comparison.currency}]
    told += [_rate(each) for each in comparison.rates]
    told.append(
        _("What a hospital leaves out is added with what it says itself, else with the middle of what the others say.")
    )
    told.append(_("What nobody says is written as unknown, and is not in the total."))
    return tuple(told)


def _rate(rate: Rate) -> str:
    told = _by_the_bank(rate)
    if not rate.pegged:
        return told
    return f"{told} " + _("%(currencies)s: by its fixed rate to the US dollar.") % {
        "currencies": ", ".join(rate.pegged)
    }


def _by_the_bank(rate: Rate) -> str:
    return _("1 %(from)s = %(value)s %(to)s, reference rate of the European Central Bank of %(day)s.") % {
        "from": rate.currency,
        "value": number_format(rate.value, 4 if rate.value >= 1 else 6),
        "to": rate.to,
        "day": said_day(rate.on),
    }


def said_day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def kind_words(kind: str) -> str:
    """The words of a kind of line, and of what is beside every offer."""
    return _("Travel") if kind == TRAVEL else str(Kind(kind).label)


# What it costs


def _prices(comparison: Comparison) -> tuple[Row, ...]:
    offers, currency = comparison.offers, comparison.currency
    return (
        _row(_("Price of the offer"), offers, lambda each: _price(each, currency)),
        *(
            _row(kind_words(kind), offers, lambda each, kind=kind: cell_words(kind, each.cells[kind], currency))
            for kind in comparison.basket
        ),
        _row(_("Travel"), offers, lambda each: _travel(each, currency)),
        _row(_("To your door, all in all"), offers, lambda each: _door(each, currency), is_sum=True),
    )


def _row(label: str, offers: Sequence[Compared], says: Callable[..., Said], *, is_sum: bool = False) -> Row:
    cells = tuple(says(each) for each in offers)
    return Row(label, cells, len({cell.lines for cell in cells}) > 1, is_sum)


def _price(each: Compared, currency: str) -> Said:
    offer = each.offer
    lines = [as_text(each.price_minor, currency)]
    if offer.currency != currency:
        lines.append(_("offered: %(price)s") % {"price": as_text(offer.total_minor, offer.currency)})
    if each.is_expired:
        lines.append(_("has expired"))
    return Said(tuple(lines), "warn" if each.is_expired else "")


def cell_words(kind: str, cell: Cell, currency: str) -> Said:
    """What an offer says of one kind of line."""
    if cell.how == "included":
        price = as_text(cell.amount_minor, currency) if cell.amount_minor else _("in the price")
        on_top = [_on_top(cell.extra, currency)] if cell.extra else []
        return Said((price, *map(_line, cell.lines), *on_top), "warn" if cell.extra else "")
    if kind == Kind.OTHER and not cell.lines:
        return Said(("–",))
    told = _("optional") if cell.how == "optional" else _("not included")
    return Said((told, *map(_line, cell.lines), _usually(cell.extra, currency)), "warn")


def _line(line: Line) -> str:
    return f"{line.label} ({line.maker})" if line.maker else line.label


def _on_top(extra: Estimate, currency: str) -> str:
    return _("and %(amount)s on top, not included") % {"amount": as_text(extra.minor, currency)}


def _usually(extra: Estimate | None, currency: str) -> str:
    if extra is None:
        return _("cost unknown: ask")
    amount = {"amount": as_text(extra.minor, currency)}
    if extra.origin == "offer":
        return _("about %(amount)s, says the hospital") % amount if extra.minor else _("nothing to pay")
    if extra.origin == "table":
        return _("usually about %(amount)s") % amount + f" ({table_words(extra.as_of)})"
    says = ngettext(
        "usually about %(amount)s (so says %(count)d other offer)",
        "usually about %(amount)s (the middle of %(count)d other offers)",
        extra.offers,
    )
    return says % {**amount, "count": extra.offers}


def _travel(each: Compared, currency: str) -> Said:
    if each.travel_minor is None or each.offer.travel is None:
        return Said((_("cost unknown: ask"),), "warn")
    travel = each.offer.travel
    return Said((as_text(each.travel_minor, currency), travel.source or table_words(travel.as_of)))


def table_words(as_of: str) -> str:
    """Where a number of the table of travel costs comes from."""
    return _("an assumption of Clearpath's own of %(day)s, nobody's price") % {
        "day": said_day(date.fromisoformat(as_of))
    }


def _door(each: Compared, currency: str) -> Said:
    total = as_text(each.door_minor, currency)
    if not each.unknown:
        return Said((total,))
    names = ", ".join(map(kind_words, each.unknown))
    at_least = _("at least %(total)s") % {"total": total}
    return Said((at_least, _("without: %(names)s") % {"names": names}), "warn")


# Who treats, where and when


Says = Callable[[Compared], Said | None]


def _rows(offers: Sequence[Compared], wanted: Iterable[tuple[str, Says]]) -> tuple[Row, ...]:
    """A row for each thing of which at least one offer says something; the others say that it is unknown."""
    rows = []
    for label, says in wanted:
        cells = tuple(says(each) for each in offers)
        if any(cells):
            told = tuple(cell or Said((_("not said"),), "warn") for cell in cells)
            rows.append(Row(label, told, len({cell.lines for cell in told}) > 1))
    return tuple(rows)


def _text(text: Any) -> Said | None:
    return Said((str(text),)) if text else None


def _care(offers: Sequence[Compared]) -> tuple[Row, ...]:
    wanted: list[tuple[str, Says]] = [
        (_("Who operates"), lambda each: _text(each.offer.plan.surgeon)),
        (_("Who gives the anaesthesia"), lambda each: _text(each.offer.plan.anaesthetist)),
        (_("Where"), lambda each: _text(each.offer.site)),
        (_("Licences and accreditation"), _evidence),
        (_("How patients did"), _outcomes),
        (_("Admission"), lambda each: _text(said_day(each.offer.plan.starts_on))),
        (_("First day for the flight home"), lambda each: _text(said_day(each.offer.plan.ends_on))),
        (_("Nights in the hospital"), lambda each: Said((number_format(each.offer.stay_nights),))),
        (_("How far away"), _distance),
        (_("Usually answers within"), _answers),
    ]
    return _rows(offers, wanted)


def _evidence(each: Compared) -> Said | None:
    lines = tuple(
        _("%(name)s, until %(day)s") % {"name": one.name, "day": said_day(one.until)} if one.until else one.name
        for one in each.offer.evidence
    )
    return Said(lines) if lines else None


def _outcomes(each: Compared) -> Said | None:
    found = each.offer.outcomes
    if found is None:
        return None
    if found.treated == 0:
        return Said((_("nobody was treated yet whose outcome is known"),), "warn")
    low, high = (round(share * 100) for share in interval(found.well, found.treated))
    lines = [
        _("%(well)d of %(treated)d recovered as planned") % {"well": found.well, "treated": found.treated},
        _("so for others: between %(low)d and %(high)d of 100") % {"low": low, "high": high},
    ]
    if found.lost:
        lines.append(_("%(lost)d were lost to follow-up") % {"lost": found.lost})
    return Said(tuple(lines))


def _distance(each: Compared) -> Said | None:
    found = each.offer.distance_km
    return _text(_("%(km)s km") % {"km": number_format(found, force_grouping=True)}) if found is not None else None


def _answers(each: Compared) -> Said | None:
    hours = each.offer.answer_hours
    if hours is None:
        return None
    whole = max(round(hours), 1)
    return Said((ngettext("%(hours)d hour", "%(hours)d hours", whole) % {"hours": whole},))


# If something changes


def _changes(offers: Sequence[Compared]) -> tuple[Row, ...]:
    wanted: list[tuple[str, Says]] = [
        (_("Valid until"), lambda each: _text(said_day(each.offer.valid_until))),
        (_("Deposit"), lambda each: _text(_deposit(each))),
        (_("What returns of the deposit"), lambda each: _refunds(each.offer.plan.refunds)),
        (_("Who pays when something goes wrong"), _complications),
        (_("Aftercare that is promised"), _aftercare),
        (_("What else is included"), lambda each: _text(each.offer.includes)),
        (_("What else is not included"), lambda each: _text(each.offer.excludes)),
    ]
    return _rows(offers, wanted)


def _deposit(each: Compared) -> str:
    deposit = each.offer.plan.deposit_minor
    return as_text(deposit, each.offer.currency) if deposit else ""


def _refunds(refunds: Sequence[Refund]) -> Said | None:
    return Said(tuple(map(refund_words, refunds))) if refunds else None


def refund_words(row: Refund) -> str:
    """A row of the refund table as a sentence."""
    words = {
        "who": str(Who(row.who).label),
        "share": number_format(row.share_bps / 100, 2 if row.share_bps % 100 else 0),
        "days": row.days_before,
    }
    if not row.days_before:
        return _("%(who)s: %(share)s %% returns") % words
    return (
        ngettext(
            "%(who)s, at least %(days)d day before: %(share)s %% returns",
            "%(who)s, at least %(days)d days before: %(share)s %% returns",
            row.days_before,
        )
        % words
    )


def _complications(each: Compared) -> Said | None:
    plan = each.offer.plan
    lines = [str(PaidBy(plan.complications_paid_by).label)] if plan.complications_paid_by else []
    return Said((*lines, *filter(None, [plan.complications_note]))) if lines or plan.complications_note else None


def _aftercare(each: Compared) -> Said | None:
    plan = each.offer.plan
    return Said(aftercare_words(plan.aftercare, discharged_on(each))) if plan.aftercare else None


def discharged_on(each: Compared) -> date | None:
    """The day on which the hospital sends the patient out, by the plan."""
    starts_on = each.offer.plan.starts_on
    return starts_on + timedelta(days=each.offer.stay_nights) if starts_on else None


def aftercare_words(promises: Iterable[Any], discharged: date | None) -> tuple[str, ...]:
    """What is promised, each with its date where the day of the discharge is known."""
    return tuple(
        _("%(day)s: %(how)s") % {"day": said_day(discharged + timedelta(days=each.day)), "how": each.how}
        if discharged
        else _("day %(day)d after the discharge: %(how)s") % {"day": each.day, "how": each.how}
        for each in promises
    )


# Who earns


def _interests(offers: Sequence[Compared]) -> tuple[Row, ...]:
    if all(each.offer.fees is None for each in offers):  # told together
        return (_row(_("Who owns whom, who earns what"), offers, lambda each: _sentences(each.offer.ties)),)
    return (
        _row(_("Who owns whom"), offers, lambda each: _sentences(each.offer.ties)),
        _row(_("Who earns what"), offers, lambda each: _sentences(each.offer.fees)),
    )


def _sentences(told: Sequence[str] | None) -> Said:
    if told is None:
        return Said((_("unknown"),), "warn")
    return Said(tuple(told)) if told else Said((_("nothing on file"),))
