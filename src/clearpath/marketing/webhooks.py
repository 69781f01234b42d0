"""Tells an agency's tools what was released, signed as Standard Webhooks 1.0 has it.

Source: standardwebhooks.com, "Standard Webhooks" specification, read on 2026-11-26.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from clearpath import jobs
from clearpath.core.outgoing import Outgoing, OutgoingError
from clearpath.marketing import conversions
from clearpath.marketing.conversion_files import value_of
from clearpath.marketing.conversions import WHOLE, Told
from clearpath.marketing.models import Campaign, Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32
AT_ONCE = 1_000  # conversions in one message
LARGEST_ANSWER = 64 * 1024  # bytes
GONE = 410  # the answer of who wants to hear nothing more


class NotTakenError(Exception):
    """The other side did not take a message; it is sent again later."""


def outgoing() -> Outgoing:
    """The only way out."""
    return Outgoing(LARGEST_ANSWER, loopback=settings.LINK_LOOPBACK)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that say who sent a body and when."""
    moment = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, b".".join([message_id.encode(), moment.encode(), body]), hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        "Content-Type": "application/json",
    }


def queue(*, now: datetime) -> None:
    """Have what was noted today sent, where the agency has a webhook; each message once."""
    noted = conversions.noted_on(now.date())
    hooked = Campaign.objects.filter(pk__in=noted, agency_id__in=Webhook.objects.values("pk")).values_list("pk")
    for (key,) in hooked.order_by("pk"):
        for part in range(-(-noted[key] // AT_ONCE)):
            payload = {"campaign": str(key), "day": now.date().isoformat(), "part": part}
            jobs.later("marketing.tell_webhook", payload, key=f"webhook {key} {payload['day']} {part}")


def tell(campaign: Campaign, day: date, part: int, *, now: datetime) -> None:
    """Send one message of a day. Raises NotTakenError."""
    hook = Webhook.objects.filter(pk=campaign.agency_id).first()
    told = conversions.told_of(campaign, on=day)[part * AT_ONCE : (part + 1) * AT_ONCE]
    if hook is None or not told:
        return
    data = {"campaign": str(campaign.pk), "day": day.isoformat(), "conversions": [_as_json(each) for each in told]}
    message_id = f"msg_{uuid5(NAMESPACE_URL, f'{campaign.pk} {day} {part}').hex}"  # the same at each attempt
    status = send(hook, message_id, "conversions.released", data, now=now)
    if status != GONE and not 200 <= status < 300:
        raise NotTakenError(f"answered {status}" if status else "no answer")


def send(hook: Webhook, message_id: str, kind: str, data: Mapping[str, Any], *, now: datetime) -> int:
    """Send a message and note what came back: the status, or 0 and why there is none. Who is gone is left alone."""
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}).encode()
    try:
        status = outgoing().ask("POST", hook.url, body=body, headers=signed(hook.secret, message_id, now, body)).status
        answered = str(status)
    except OutgoingError as error:
        status, answered = 0, error.code
    found = Webhook.objects.filter(pk=hook.pk)
    if status == GONE:
        found.delete()
    else:
        found.update(answered=answered, answered_at=now)
    return status


def _as_json(told: Told) -> dict[str, Any]:
    return {
        "token": str(told.token),
        "stage": told.stage,
        "share": told.share_bps / WHOLE,
        "value": value_of(told),
        "currency": told.currency,
    }
