"""Touches that programs send in batches: all of a batch is kept, or nothing."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotYourPart, Objection, Refused
from clearpath.marketing import queries
from clearpath.marketing.linking import is_channel
from clearpath.marketing.models import Creative, Touch
from clearpath.marketing.schemas import TouchIn

COLUMNS = ("token", "campaign_id", "creative_id", "channel", "country", "day")
AHEAD = timedelta(days=1)  # a day may have begun elsewhere
NOT_AN_AGENCY = Objection("not_your_part", _("Only agencies send touches."))
NO_SUCH_CAMPAIGN = Objection("no_such_campaign", _("A campaign is not yours, or is not running."))
NO_SUCH_CREATIVE = Objection("no_such_creative", _("An advertisement does not belong to its campaign."))
NO_SUCH_CHANNEL = Objection("no_such_channel", _("A channel is one plain word in small letters, such as search."))
DAY_AHEAD = Objection("day_ahead", _("A day lies in the future."))


def keep_touches(touches: Sequence[TouchIn], *, by: Actor) -> int:
    """Keep a batch for running campaigns of the actor's agency; a fixed number of questions, however long it is.

    Raises NotYourPart, Refused (no_such_campaign, no_such_creative, no_such_channel, day_ahead).
    """
    if by.role != "agency":
        raise NotYourPart(NOT_AN_AGENCY, step="marketing.record_lead", rightful="agency")
    _refuse_others({each.campaign for each in touches}, by)
    _refuse_foreign({(each.creative, each.campaign) for each in touches if each.creative})
    if not all(is_channel(channel) for channel in {each.channel for each in touches}):
        raise Refused(NO_SUCH_CHANNEL)
    if max(each.day for each in touches) > by.now.date() + AHEAD:
        raise Refused(DAY_AHEAD)
    return _insert(touches)


def _insert(touches: Sequence[TouchIn]) -> int:
    """In one statement: `bulk_create` makes a model and a text of SQL for each row, and takes longer."""
    names, places = ", ".join(connection.ops.quote_name(each) for each in COLUMNS), ", ".join(["%s"] * len(COLUMNS))
    key: Callable[[UUID | None], UUID | str | None] = _same if connection.features.has_native_uuid_field else _hex
    days = {day: connection.ops.adapt_datefield_value(day) for day in {each.day for each in touches}}
    rows = [
        (key(each.token), key(each.campaign), key(each.creative), each.channel, each.country, days[each.day])
        for each in touches
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        table = connection.ops.quote_name(Touch._meta.db_table)
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - only names of ours
    return len(rows)


def _same(key: UUID | None) -> UUID | None:
    return key


def _hex(key: UUID | None) -> str | None:
    """As SQLite keeps keys."""
    return key.hex if key else None


def _refuse_others(campaigns: Collection[UUID], by: Actor) -> None:
    theirs = queries.campaigns_for(by).filter(agency_id=by.organisation_id, stage="running", pk__in=campaigns)
    if theirs.count() != len(campaigns):
        raise Refused(NO_SUCH_CAMPAIGN)


def _refuse_foreign(pairs: Collection[tuple[UUID | None, UUID]]) -> None:
    found = set(Creative.objects.filter(pk__in=[key for key, _of in pairs]).values_list("pk", "part_of_id"))
    if found != set(pairs):
        raise Refused(NO_SUCH_CREATIVE)
