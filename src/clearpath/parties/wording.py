"""Holdings in words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CONNECTED_BY = {
    "ownership": gettext_lazy("ownership"),
    "control": gettext_lazy("control"),
    "common_owner": gettext_lazy("the same owner"),
}


def percent(share: float) -> str:
    """A fraction of one as people write a share, to the hundredth of a percent."""
    number = Decimal(round(share * 10_000)) / 100
    if not number:
        return _("under 0.01\u00a0%")
    return _("%(number)s\u00a0%%") % {"number": number_format(number.normalize(), use_l10n=True)}


def path_words(path: Iterable[Any]) -> str:
    """Each holding of a path in a clause: owner, owned, share as a fraction of one."""
    clauses = [
        _("%(owner)s holds %(share)s of %(owned)s") % {"owner": owner, "owned": owned, "share": percent(float(share))}
        for owner, owned, share in path
    ]
    return "; ".join(clauses)
