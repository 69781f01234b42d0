"""An interest as a sentence, in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.core.money import as_text
from clearpath.offers.models import Interest
from clearpath.web.roles import role_words

TIES = {
    Interest.Kind.OWNERSHIP: gettext_lazy("%(first)s and %(second)s are tied by ownership: %(share)s."),
    Interest.Kind.CONTROL: gettext_lazy("One of %(first)s and %(second)s controls the other."),
    Interest.Kind.COMMON_OWNER: gettext_lazy("%(first)s and %(second)s have the same owner, of at least %(share)s."),
    Interest.Kind.FAMILY: gettext_lazy("%(first)s and %(second)s are tied by family."),
    Interest.Kind.PAYMENT: gettext_lazy("Between %(first)s and %(second)s money is paid."),
}
FEES = {  # keys as in agreements
    "brokerage": gettext_lazy("for bringing a patient"),
    "service": gettext_lazy("for a service"),
    "marketing": gettext_lazy("for marketing"),
    "medical": gettext_lazy("for medical work"),
    "forum": gettext_lazy("for a B2B event"),
}


def sentence(interest: Interest, names: Mapping[UUID, str]) -> str:
    """What the patient is told of one interest."""
    words = {
        "first": names.get(interest.first_id, ""),
        "second": names.get(interest.second_id, "") if interest.second_id else "",
        "share": percent(interest.share_bps),
    }
    if interest.kind == Interest.Kind.FEE:
        return _fee(interest, words)
    if interest.kind == Interest.Kind.ROLES:
        return _roles(interest, words)
    return str(TIES[Interest.Kind(interest.kind)]) % words


def _fee(interest: Interest, words: dict[str, str]) -> str:
    words["why"] = str(FEES.get(interest.detail, interest.detail))
    if interest.rate_bps:
        words["share"] = percent(interest.rate_bps)
        return _("%(second)s pays %(first)s %(share)s of the price, %(why)s.") % words
    words["amount"] = as_text(interest.amount_minor, interest.currency)
    return _("%(second)s pays %(first)s %(amount)s, %(why)s.") % words


def _roles(interest: Interest, words: dict[str, str]) -> str:
    role, _space, other = interest.detail.partition(" ")
    words |= {"role": str(role_words(role).label), "other": str(role_words(other).label)}
    return _("%(first)s takes part as: %(role)s. The same or a connected party is also: %(other)s.") % words


def percent(bps: int) -> str:
    """Hundredths of a percent, as people write a share."""
    return _("%(number)s\u00a0%%") % {"number": number_format(Decimal(bps) / 100, 2 if bps % 100 else 0)}
