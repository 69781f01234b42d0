"""Patients hand their records out by links, and stop it."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import NotFound, Objection, refuse_if
from clearpath.records import policies
from clearpath.records.links.shlink import KEY_BYTES, base64url
from clearpath.records.models import Link, Record
from clearpath.records.reads import lock_journey, note_read
from clearpath.records.sharing import summary_now
from clearpath.trust import keys, log, vault
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@step("records.share")
def share(
    journey: "Journey", *, lasts: timedelta, label: str = "", passcode: str = "", long_term: bool = False,
    single_file: bool = False, with_summary: bool = True, record_ids: Sequence[UUID] = (), by: Actor,
) -> Link:  # fmt: skip
    """Make a link to the summary, to chosen files, or to both. Its passcode is kept hashed and told to nobody again.

    Refused: link_label_too_long, passcode_too_short, single_file_with_passcode, single_file_takes_one,
    link_lasts_too_long, nothing_to_share.
    """
    records = list(Record.objects.filter(journey_id=journey.pk, pk__in=record_ids))
    if len(records) != len(set(record_ids)):
        raise NotFound(Objection("no_such_record", _("There is no such record.")))
    summary = summary_now(journey, at=by.now) if with_summary else None
    longest = timedelta(days=settings.LINK_LONGEST_DAYS)
    files = len(records) + (summary is not None)
    refuse_if(policies.why_not_share(label, passcode, lasts, single_file=single_file, files=files, longest=longest))
    remember(label=label, lasts=str(lasts), with_summary=with_summary, records=sorted(map(str, record_ids)))
    handle, link_id = base64url(secrets.token_bytes(KEY_BYTES)), new_id()
    link = Link.objects.create(
        id=link_id,
        journey_id=journey.pk,
        label=label.strip(),
        handle=handle,
        handle_hash=keys.keyed_hash(handle),
        key=base64url(secrets.token_bytes(KEY_BYTES)),
        passcode=make_password(passcode) if passcode else "",
        is_long_term=long_term,
        is_single_file=single_file,
        with_summary=summary is not None,
        kept=vault.seal(summary, about=link_id) if summary is not None and not long_term else b"",
        expires_at=by.now + lasts,
        made_at=by.now,
        made_by_id=cast(UUID, by.person_id),
    )
    link.records.set(records)
    return link


@step("records.stop_sharing")
def stop_sharing(journey: Subject, link: Link, *, by: Actor) -> Link:
    """End a link at once, and throw its address, key and content away. Refused: link_has_ended."""
    return _end(link, by)


def stop_when_closed(link: Link, *, by: Actor) -> Link:
    """The same on a journey that is closed and takes no steps: what patients hand out, they can always take back.

    No step, so the caller has found the link as the patient's own (`link_queries.link_for`). Refused: link_has_ended.
    """
    with transaction.atomic():
        lock_journey(link.journey_id)
        ended = _end(Link.objects.get(pk=link.pk), by)
        note_read(by, link.journey_id, "records.stop_sharing", log.about(ended), decision="done")
    return ended


def _end(link: Link, by: Actor) -> Link:
    refuse_if(policies.why_not_stop_sharing(link, at=by.now))
    link.stopped_at, link.handle, link.key, link.kept = by.now, "", "", b""
    link.save(update_fields=["stopped_at", "handle", "key", "kept"])
    return link
