"""Whether money may be promised, held, asked for or given back now, beyond the charter. Pure functions."""

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.earnings.amounts import fee_minor as fee_minor  # what was told is what is settled


def why_not_sign(wording: str, language: str, *, is_accepted: bool, is_signed: bool) -> Objection | None:
    if not is_accepted:
        return Objection("no_accepted_offer", _("No offer is accepted, so there is nothing to sign."))
    if is_signed:
        return Objection("already_signed", _("The contract for this offer is already signed."))
    if not wording.strip() or not language.strip():
        return Objection("wording_needed", _("The exact words that you sign, and their language, are missing."))
    return None


def why_not_confirm_deposit(amount_minor: int, *, held_minor: int, total_minor: int | None) -> Objection | None:
    if total_minor is None:
        return Objection("no_contract", _("There is no contract for the accepted offer."))
    if amount_minor <= 0:
        return Objection("amount_not_positive", _("Write the amount that arrived."))
    if held_minor + amount_minor > total_minor:
        return Objection("deposit_above_price", _("This is more than the whole price. Check the amount."))
    return None


def why_not_invoice(total_minor: int, *, invoiced_minor: int, signed_minor: int | None) -> Objection | None:
    """A price that changed is a new offer and a new yes, never a higher invoice."""
    if signed_minor is None:
        return Objection("no_contract", _("There is no contract for the accepted offer."))
    if total_minor <= 0:
        return Objection("amount_not_positive", _("Write the amount of the invoice."))
    if invoiced_minor + total_minor > signed_minor:
        return Objection("invoice_above_contract", _("This is more than the patient signed."))
    return None


def why_not_refund(amount_minor: int, reason: str, *, held_minor: int) -> Objection | None:
    if held_minor == 0:
        return Objection("nothing_held", _("No deposit is held."))
    if not 0 <= amount_minor <= held_minor:
        return Objection("refund_above_deposit", _("The refund cannot be more than the deposit that is held."))
    if amount_minor < held_minor and not reason.strip():
        return Objection("reason_needed", _("Say what is kept of the deposit, and by which rule."))
    return None
