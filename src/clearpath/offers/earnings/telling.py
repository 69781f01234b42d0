"""Who earns what from an offer, one sentence an amount, as the patient reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.core.money import as_text
from clearpath.offers.earnings.flows import Earnings, Fee, Flow
from clearpath.offers.wording import FEES, percent

VERDICTS: dict[str, tuple[Any, str]] = {  # words and tone; keys as agreements tell them
    "lawful": (gettext_lazy("Lawful by a known rule"), "good"),
    "allowed_with_disclosure": (gettext_lazy("Allowed because you are told"), "good"),
    "ruled_lawful": (gettext_lazy("Found lawful by the steward"), "good"),
    "forbidden": (gettext_lazy("Forbidden"), "bad"),
    "over_cap": (gettext_lazy("More than is allowed"), "bad"),
    "unknown": (gettext_lazy("No rule is known"), "warn"),
}

OCCASIONS: dict[str, Any] = {  # what is not paid for the treatment; keys as agreements tell them
    "lead": gettext_lazy(
        "%(payer)s pays %(payee)s %(amount)s, %(why)s: once for each person who asked and was taken on."
    ),
    "good_outcome": gettext_lazy("%(payer)s pays %(payee)s %(amount)s, %(why)s: once if you recover as planned."),
    "month": gettext_lazy("%(payer)s pays %(payee)s %(amount)s, %(why)s: each month, whoever is treated."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence; for a fee what is known of its lawfulness: verdict, rule, source and the day it was read."""

    text: str
    verdict: str = ""
    tone: str = ""
    rule: str = ""
    source: str = ""
    is_unknown: bool = False

    @property
    def whole(self) -> str:
        """All of it as plain text, to be kept."""
        return " ".join(filter(None, (self.text, self.verdict and f"({self.verdict})", self.rule, self.source)))


def lines_of(earnings: Earnings, names: Mapping[UUID, str]) -> tuple[Line, ...]:
    """From the price to what stays with whom; `names` as people read them, with what each is here."""
    return tuple(_lines(earnings, names))


def _lines(earnings: Earnings, names: Mapping[UUID, str]) -> Iterator[Line]:
    total = as_text(earnings.total_minor, earnings.currency)
    yield Line(_("You pay %(name)s %(amount)s.") % {"name": names[earnings.provider_id], "amount": total})
    for flow in earnings.flows:
        yield _line(flow, names)
    if earnings.stays and len(earnings.flows) > len(earnings.unknown):
        kept = as_text(earnings.stays[earnings.provider_id], earnings.currency)
        yield Line(_("%(amount)s stays with %(name)s.") % {"name": names[earnings.provider_id], "amount": kept})
    if len(earnings.of_hundred) > 1:
        parts = (f"{names[key]}: {part}" for key, part in earnings.of_hundred.items())
        words = {"currency": earnings.currency, "parts": "; ".join(parts)}
        yield Line(_("Of every 100 %(currency)s, as far as is known: %(parts)s.") % words)


def _line(flow: Flow, names: Mapping[UUID, str]) -> Line:
    words = {"payer": names[flow.payer_id], "payee": names[flow.payee_id]}
    if flow.fee is not None and flow.amount_minor is None:
        words["share"] = share_of(flow.fee)
        text = _("%(payer)s pays %(payee)s %(share)s of something that is not in this offer: the amount is unknown.")
        return Line(text % words, *_ground(flow.fee), is_unknown=True)
    if flow.fee is None or flow.amount_minor is None:
        text = _("Unknown: whether %(payer)s pays %(payee)s. No agreement between them is on file.") % words
        return Line(text, is_unknown=True)
    words |= {"amount": as_text(flow.amount_minor, flow.currency), "why": str(FEES.get(flow.fee.fee_type, ""))}
    words["share"] = share_of(flow.fee)
    if flow.fee.per in OCCASIONS:
        words["amount"] = as_text(flow.fee.amount_minor or 0, flow.fee.currency)
        return Line(str(OCCASIONS[flow.fee.per]) % words, *_ground(flow.fee))
    text = (
        _("%(payer)s pays %(payee)s %(amount)s, %(why)s: %(share)s of the price.")
        if flow.fee.rate_bps
        else _("%(payer)s pays %(payee)s %(amount)s, %(why)s.")
    ) % words
    return Line(text, *_ground(flow.fee))


def share_of(fee: Fee) -> str:
    """A rate as people write it, with its limit where there is one."""
    share = percent(fee.rate_bps or 0)
    if not fee.cap_minor:
        return share
    return _("%(share)s, at most %(cap)s,") % {"share": share, "cap": as_text(fee.cap_minor, fee.currency)}


def _ground(fee: Fee) -> tuple[str, str, str, str]:
    verdict, tone = VERDICTS.get(fee.verdict, VERDICTS["unknown"])
    if fee.ground is None:
        return str(verdict), tone, "", ""
    words = {"rule": fee.ground.rule, "day": date_format(fee.ground.read_on, "DATE_FORMAT")}
    return str(verdict), tone, _("%(rule)s; read on %(day)s.") % words, fee.ground.source
