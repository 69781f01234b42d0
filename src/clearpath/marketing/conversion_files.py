"""Conversions in the forms that advertising products take.

Sources: Google Ads Help, "Import conversions from ad clicks using files" (template with consent columns); Meta,
"Sending Offline Events Using the Conversions API", updated 2026-01-05. Both read on 2026-11-26.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from clearpath.core.money import from_minor
from clearpath.marketing.conversions import WHOLE, Told

GOOGLE_HEADER = (
    "Google Click ID", "Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency", "Ad User Data",
    "Ad Personalization",
)  # fmt: skip


def value_of(told: Told) -> str:
    """In money where a fee is known, else in persons."""
    if told.value_minor is None:
        return f"{told.share_bps / WHOLE:.4f}"
    return str(from_minor(told.value_minor, told.currency))


def as_google(conversions: Iterable[Told]) -> str:
    """The template of Google Ads, with the token where the agency's tools put the click that they keep for it.

    The person agreed to be counted, and to no advertisement made for them.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(["Parameters:TimeZone=+0000"])
    writer.writerow(GOOGLE_HEADER)
    for told in conversions:
        when = f"{told.told_on:%Y-%m-%d} 12:00:00"
        writer.writerow([told.token, name_of(told), when, value_of(told), told.currency, "Granted", "Denied"])
    return written.getvalue()


def as_meta(conversions: Iterable[Told]) -> str:
    """Offline events as the Conversions API takes them, with the token as `external_id`."""
    return json.dumps({"data": [_event(told) for told in conversions]}, indent=1)


def _event(told: Told) -> dict[str, Any]:
    money = {"currency": told.currency} if told.currency else {}
    return {
        "event_name": name_of(told),
        "event_time": int(datetime.combine(told.told_on, time(12), UTC).timestamp()),
        "event_id": f"{told.token}-{told.stage}",
        "action_source": "physical_store",  # the word that Meta asks of every offline event
        "user_data": {"external_id": [str(told.token)]},
        "custom_data": {"value": float(value_of(told)), **money},
    }


def name_of(told: Told) -> str:
    """What the agency calls the conversion in its tools."""
    return f"Clearpath {told.stage}"
