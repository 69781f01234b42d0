"""A package's refund table and aftercare as one cell each: a line or a semicolon apart, read and written the same."""

import re
from typing import Any

from django.utils.translation import gettext as _

from clearpath.offers.directory.cells import BadCell, plain

REFUND = re.compile(
    r"(patient|provider|doctor)\s+(\d{1,3})\s*(?:days?)?\s*:?\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*%?", re.IGNORECASE
)
CARE = re.compile(r"(?:day\s*)?(\d{1,4})\s*:\s*(.{1,200})", re.IGNORECASE)
ALL_BPS = 10_000


def _lines(value: Any) -> list[str]:
    return [each for each in (part.strip() for part in re.split(r"[;\n]", plain(value))) if each]


def refunds(value: Any) -> list[dict[str, Any]]:
    """Who cancels, how many days before the admission, and which share of what was paid returns."""
    rows = []
    for each in _lines(value):
        found = REFUND.fullmatch(each)
        share = round(float(found[3].replace(",", ".")) * 100) if found else ALL_BPS + 1
        if found is None or share > ALL_BPS:
            raise BadCell(
                _(
                    "%(given)s is not understood. Write who cancels, days before, and the share, "
                    "such as: patient 30 days: 100 %%; patient 7 days: 50 %%."
                )
                % {"given": each[:60]}
            )
        rows.append({"who": found[1].lower(), "days_before": int(found[2]), "share_bps": share})
    return rows


def refunds_written(rows: list[dict[str, Any]]) -> str:
    return "; ".join(f"{each['who']} {each['days_before']} days: {each['share_bps'] / 100:g} %" for each in rows)


def aftercare(value: Any) -> list[dict[str, Any]]:
    """What is promised on which day after the discharge."""
    rows = []
    for each in _lines(value):
        found = CARE.fullmatch(each)
        if found is None:
            raise BadCell(
                _(
                    "%(given)s is not understood. Write the day after discharge and what happens, "
                    "such as: day 7: video call; day 30: X-ray."
                )
                % {"given": each[:60]}
            )
        rows.append({"day": int(found[1]), "how": found[2].strip()})
    return rows


def aftercare_written(rows: list[dict[str, Any]]) -> str:
    return "; ".join(f"day {each['day']}: {each['how']}" for each in rows)
