"""The exact words of a contract between patient and hospital, in the patient's language."""

from django.utils.translation import gettext as _

from clearpath.core.money import as_text


def contract_wording(*, provider: str, total_minor: int, currency: str, stay_nights: int) -> str:
    """What the patient signs; the itemised offer stands beside it and is kept with it."""
    return _(
        "I accept the offer of %(provider)s: treatment with %(nights)s nights in the hospital for %(total)s in all, "
        "as itemised in the offer. Whatever changes this price or plan is a new offer that I can refuse. "
        "I was told who earns what from whom. I can leave at any time; what I paid is then put in order."
    ) % {"provider": provider, "nights": stay_nights, "total": as_text(total_minor, currency)}
