"""Whether a step on an agreement may be taken now, beyond the charter."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.models import Fee, Terms
from clearpath.agreements.terms import Clauses, FeeTerms
from clearpath.core.outcomes import Objection

if TYPE_CHECKING:
    from clearpath.agreements.queries import FeeRow


def why_not_draft(first_id: UUID | None, second_id: UUID, second_role: str, roles: Collection[str]) -> Objection | None:
    if first_id == second_id:
        return Objection("agreement_with_yourself", _("An agreement is between two organisations. Choose another one."))
    if second_role not in roles:
        return Objection("no_such_seat", _("Nobody in that role takes part in this."))
    return None


def why_not_a_party(organisation_id: UUID | None, parties: Collection[UUID]) -> Objection | None:
    """The steward sits on an agreement to rule on its fees, not to negotiate it or to end it."""
    if organisation_id not in parties:
        return Objection("not_a_party", _("Only the two organisations themselves can do this."))
    return None


def why_not_propose_terms(clauses: Clauses, fees: Sequence[FeeTerms]) -> Objection | None:
    if not clauses.text.strip():
        return Objection("terms_needed", _("Write what the two sides owe each other."))
    if clauses.starts_on and clauses.ends_on and clauses.ends_on <= clauses.starts_on:
        return Objection("terms_end_before_they_begin", _("The last day comes before the first. Check the dates."))
    wrong_part = what_is_wrong_with_parts(clauses)
    if wrong_part is not None:
        return wrong_part
    for number, fee in enumerate(fees, start=1):
        wrong = what_is_wrong_with(fee)
        if wrong is not None:
            return Objection(wrong.code, _("Fee %(number)d: %(wrong)s") % {"number": number, "wrong": wrong.message})
    return None


def what_is_wrong_with_parts(clauses: Clauses) -> Objection | None:
    """The first thing in the clauses that keeps them from being understood; a missing one may come later."""
    if not set(clauses.parts) <= set(Terms.Part.values):
        return Objection("no_such_part", _("The terms have a part that no agreement has."))
    if clauses.exclusivity and clauses.exclusivity not in Terms.Exclusivity.values:
        return Objection("no_such_exclusivity", _("Say who of the two may work with others."))
    if clauses.attribution and clauses.attribution not in Terms.Attribution.values:
        return Objection("no_such_attribution", _("Choose one of the ways in which what was brought is divided."))
    if clauses.attribution_days is not None and not 1 <= clauses.attribution_days <= LONGEST_WINDOW_DAYS:
        return Objection("no_such_window", _("Touches count for 1 to 365 days before somebody asked."))
    purposes = set(clauses.data_purposes)
    if not purposes <= set(Terms.Purpose.values):
        return Objection("no_such_purpose", _("Say what data of patients are exchanged for."))
    if Terms.Purpose.NONE in purposes and len(purposes) > 1:
        return Objection("purposes_contradict", _("Either no data are exchanged, or say what for, not both."))
    if clauses.language in clauses.translations:
        return Objection("language_twice", _("The language that prevails needs no second text."))
    return None


def missing_parts(terms: Terms, roles: Collection[str]) -> list[Any]:
    """What must still be said before both can sign, in words for people; `roles` are those of the two parties.

    Who cares after treatment matters where one of them treats.
    """
    said: dict[str, Any] = {
        **terms.parts, Terms.Part.EXCLUSIVITY: terms.exclusivity, Terms.Part.DATA_SHARING: terms.data_purposes,
    }  # fmt: skip
    wanted = [part for part in Terms.Part if part != Terms.Part.AFTERCARE or "provider" in roles]
    missing: list[Any] = [part.label for part in wanted if not said.get(part)]
    return missing if terms.governing_law else [*missing, _("Governing law")]


def why_not_complete(missing: Sequence[Any]) -> Objection | None:
    if missing:
        names = ", ".join(str(each) for each in missing)
        return Objection("parts_missing", _("The terms do not say everything yet. Missing: %s.") % names)
    return None


def what_is_wrong_with(fee: FeeTerms) -> Objection | None:
    """The first thing that keeps a fee from being understood."""
    if fee.fee_type not in Fee.Type.values:
        return Objection("no_such_fee_type", _("say what it is for."))
    if fee.payer not in {"first", "second"}:
        return Objection("no_such_payer", _("say which of the two pays."))
    if (fee.rate_bps is None) == (fee.amount_minor is None):
        return Objection("rate_or_amount", _("give either a share or an amount, not both."))
    if fee.rate_bps is not None and not 0 < fee.rate_bps <= 10_000:
        return Objection("rate_out_of_range", _("the share must be more than zero and at most 100 %."))
    if min(fee.amount_minor or 0, fee.cap_minor or 0) < 0:
        return Objection("amount_below_zero", _("an amount cannot be less than zero."))
    if len(fee.currency) != 3 or not (fee.currency.isascii() and fee.currency.isupper()):
        return Objection("no_such_currency", _("give the currency by its three letters, such as EUR."))
    if len(fee.jurisdiction) != 2 or not (fee.jurisdiction.isascii() and fee.jurisdiction.isupper()):
        return Objection("no_such_country", _("give the country of treatment by its two letters, such as DE."))
    if fee.institution and fee.institution not in Fee.Institution.values:
        return Objection("no_such_institution", _("choose what kind of hospital pays."))
    if fee.region and not (len(fee.region) <= 3 and fee.region.isascii() and fee.region.isalnum()):
        return Objection("no_such_region", _("give the state or region by its letters, such as FL."))
    if fee.care_paid_by and fee.care_paid_by not in Fee.CarePaidBy.values:
        return Objection("no_such_care_payer", _("choose who pays for the treatment."))
    if fee.per not in Fee.Per.values:
        return Objection("no_such_occasion", _("say for what each time is counted."))
    if fee.per != Fee.Per.TREATED and fee.rate_bps is not None:
        return Objection("share_of_no_treatment", _("a share can only be paid for a treated patient. Give an amount."))
    if fee.per != Fee.Per.TREATED and fee.fee_type != Fee.Type.MARKETING:
        return Objection("only_for_marketing", _("only a fee for marketing is counted so."))
    if fee.base not in Fee.Base.values:
        return Objection("no_such_base", _("say of what it is a share."))
    if not set(fee.bundled) <= set(Fee.Bundled.values):
        return Objection("no_such_service", _("choose what else is promised for it."))
    return None


def why_not_lawful(fees: Iterable[Fee]) -> Objection | None:
    """Refuses while any fee is neither lawful by a known rule nor ruled on by the steward."""
    fees = list(fees)
    banned = why_not_banned(fees)
    if banned is not None:
        return banned
    if any(not fee.is_lawful for fee in fees):
        return Objection("fee_of_unknown_law", _("No rule is known for a fee. The steward must look at it first."))
    return None


def why_not_banned(fees: Iterable[Fee]) -> Objection | None:
    for fee in fees:
        if fee.verdict == Fee.Verdict.FORBIDDEN:
            return Objection(
                "fee_forbidden", _("A fee is forbidden in the country of treatment. Propose terms without it.")
            )
        if fee.verdict == Fee.Verdict.OVER_CAP:
            return Objection("fee_over_cap", _("A fee is higher than the law of the country allows. Lower it."))
    return None


def why_not_rest_on(fees: Iterable["FeeRow"]) -> Objection | None:
    """Nothing is offered on or paid under a fee of which nobody may say that it is lawful; the rule is named."""
    for fee in fees:
        if not fee.may_be_paid:
            return Objection(UNPAYABLE[fee.verdict], _unpayable(fee))
    return None


LONGEST_WINDOW_DAYS = 365
UNPAYABLE = {"forbidden": "fee_forbidden", "over_cap": "fee_over_cap", "unknown": "fee_of_unknown_law"}


def _unpayable(fee: "FeeRow") -> Any:
    who = {"payer": fee.payer, "payee": fee.payee, "country": fee.jurisdiction}
    if fee.rule is None:
        return (
            _("No rule is known for a fee that %(payer)s pays %(payee)s in %(country)s. The steward must look at it.")
            % who
        )
    who |= {"rule": fee.rule.rule, "day": date_format(fee.rule.read_on)}
    if fee.verdict == "forbidden":
        words = _("%(payer)s may not pay %(payee)s this fee in %(country)s: %(rule)s (read on %(day)s).")
    elif fee.verdict == "over_cap":
        words = _("%(payer)s pays %(payee)s more than is allowed in %(country)s: %(rule)s (read on %(day)s).")
    else:
        words = _(
            "The steward must look at a fee that %(payer)s pays %(payee)s in %(country)s: %(rule)s (read on %(day)s)."
        )
    return words % who


def why_not_rule_on_fee(fees: Sequence[Fee], reason: str) -> Objection | None:
    """Nobody, the steward included, makes a forbidden fee lawful."""
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    banned = why_not_banned(fees)
    if banned is not None:
        return banned
    if all(fee.is_lawful for fee in fees):
        return Objection("nothing_to_rule_on", _("Every fee is already found lawful."))
    return None


def why_not_reopen(fees: Iterable[Fee]) -> Objection | None:
    if all(fee.is_lawful for fee in fees):
        return Objection("every_fee_is_lawful", _("Every fee is still lawful."))
    return None


def why_not_without_reason(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    return None
