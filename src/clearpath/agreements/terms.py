"""Terms and fees as they are proposed: what a form, an import or a scenario says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What one party is to pay the other; `payer` is `first` or `second`, the other one is paid.

    Either `rate_bps` (hundredths of a percent of `base`, at most `cap_minor` where that is given) or `amount_minor`
    (each time of `per`); money in minor units of `currency`. `institution`, `care_paid_by`, `region` and `bundled`
    (what else is promised for it) are what the law of some places depends on.
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
    per: str = "treated"
    region: str = ""
    care_paid_by: str = ""
    bundled: tuple[str, ...] = ()

    @classmethod
    def of(cls, fee: "FeeTerms | Mapping[str, Any]") -> "FeeTerms":
        """The fee itself, or made from a mapping of its fields. Raises TypeError for a field that it has not."""
        return fee if isinstance(fee, cls) else cls(**fee)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Clauses:
    """What terms say besides their fees; fields as in `Terms`. Empty: not said."""

    text: str
    parts: Mapping[str, str] = field(default_factory=dict)
    exclusivity: str = ""
    data_purposes: Sequence[str] = ()
    language: str = "en"
    translations: Mapping[str, str] = field(default_factory=dict)
    attribution: str = ""
    attribution_days: int | None = None
    governing_law: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""

    def as_fields(self) -> dict[str, Any]:
        """For a row of the table: texts without blanks around them, and none that is empty."""
        return {
            "text": self.text.strip(),
            "parts": _told(self.parts),
            "exclusivity": self.exclusivity,
            "data_purposes": list(dict.fromkeys(self.data_purposes)),
            "language": self.language,
            "translations": _told(self.translations),
            "attribution": self.attribution,
            "attribution_days": self.attribution_days,
            "governing_law": self.governing_law,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "note": self.note.strip(),
        }


def _told(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text.strip() for key, text in texts.items() if text.strip()}
