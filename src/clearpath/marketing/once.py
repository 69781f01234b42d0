"""A request that programs send twice takes effect once, and is answered alike both times."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection, Refused
from clearpath.marketing.models import ApiAnswer
from clearpath.trust.keys import keyed_hash

KEPT = timedelta(days=7)
LONGEST = 200  # characters of a key
KEY_NEEDED = Objection(
    "idempotency_key_needed", _("Send a header Idempotency-Key, new for each request and the same when you repeat it.")
)
KEY_REUSED = Objection("idempotency_key_reused", _("This Idempotency-Key was used for another request."))
AT_ONCE = Objection("sent_at_once", _("The same request is being answered right now. Send it again in a moment."))

Answered = tuple[int, dict[str, Any]]


def once(client_id: UUID, key: str, body: bytes, answer: Callable[[], Answered], *, at: datetime) -> Answered:
    """The answer of the first time. `answer` runs in transactions of its own and must bear being called again.

    Raises Refused (idempotency_key_needed, idempotency_key_reused, sent_at_once).
    """
    if not key.strip() or len(key) > LONGEST:
        raise Refused(KEY_NEEDED)
    hashed, digest = hashlib.sha256(key.encode()).hexdigest(), keyed_hash(body.decode(errors="replace"))
    earlier = ApiAnswer.objects.filter(client_id=client_id, key=hashed).first()
    if earlier is not None:
        if earlier.digest != digest:
            raise Refused(KEY_REUSED)
        return earlier.status, earlier.body
    status, told = answer()
    _keep(client_id, hashed, digest, status, told, at)
    return status, told


def once_in_one(client_id: UUID, key: str, body: bytes, answer: Callable[[], Answered], *, at: datetime) -> Answered:
    """The same for what is written in one transaction with its answer: of two at once, one takes effect."""
    with transaction.atomic():
        return once(client_id, key, body, answer, at=at)


def _keep(client_id: UUID, key: str, digest: str, status: int, body: dict[str, Any], at: datetime) -> None:
    try:
        with transaction.atomic():
            ApiAnswer.objects.create(client_id=client_id, key=key, digest=digest, status=status, body=body, at=at)
    except IntegrityError:
        raise Refused(AT_ONCE) from None


def forget(*, now: datetime) -> int:
    """Forget answers after a week; return of how many."""
    return ApiAnswer.objects.filter(at__lte=now - KEPT).delete()[0]
