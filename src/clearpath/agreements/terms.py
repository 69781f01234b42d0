"""A fee as it is proposed: what a form, an import or a scenario says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What one party is to pay the other; `payer` is `first` or `second`, the other one is paid.

    Either `rate_bps` (hundredths of a percent of `base`, at most `cap_minor` where that is given) or `amount_minor`
    (each time); money in minor units of `currency`. `institution`, `care_paid_by`, `region` and `bundled` (what else
    is promised for it) are what the law of some places depends on.
    """

    fee_type: str
    payer: str
    jurisdiction: str
    currency: str
    rate_bps: int | None = None
    amount_minor: int | None = None
    cap_minor: int | None = None
    institution: str = ""
    base: str = "treatment"
    region: str = ""
    care_paid_by: str = ""
    bundled: tuple[str, ...] = ()

    @classmethod
    def of(cls, fee: "FeeTerms | Mapping[str, Any]") -> "FeeTerms":
        """The fee itself, or made from a mapping of its fields. Raises TypeError for a field that it has not."""
        return fee if isinstance(fee, cls) else cls(**fee)  # type: ignore[arg-type]
