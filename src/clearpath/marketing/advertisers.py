"""Who advertises here: for whom which agency shows advertisements now, since when, where, and who is connected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import get_language, get_language_info

from clearpath.marketing.landing import countries_in
from clearpath.marketing.models import Creative
from clearpath.parties import queries as parties


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """What one agency shows for a client."""

    name: str
    is_the_client: bool  # who advertises for itself
    since: datetime
    countries: tuple[str, ...]  # by name; none: not limited
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdvertiserRow:
    """A client, who advertises for it, and those on this page with whom it is connected."""

    name: str
    agencies: tuple[AgencyRow, ...]
    connected: tuple[str, ...]


def advertiser_rows(*, at: datetime) -> list[AdvertiserRow]:
    """Every client that has an advertisement running, by name. Public: it names organisations and nobody else."""
    today = at.date()
    found = Creative.objects.filter(
        stage="running", part_of__stage="running", first_day__lte=today, last_day__gte=today
    ).select_related("part_of", "client", "agency")
    running = sorted(found, key=lambda each: (each.client.name.casefold(), each.client_id, each.agency_id))
    names = {party.pk: party.name for each in running for party in (each.client, each.agency)}
    connected = parties.connected_among(names, at_share=0.0)
    return [
        AdvertiserRow(names[client_id], _agencies(client_id, each), _connected(client_id, names, connected))
        for client_id, each in groupby(running, key=lambda creative: creative.client_id)
    ]


def _agencies(client_id: UUID, running: Iterable[Creative]) -> tuple[AgencyRow, ...]:
    return tuple(
        _agency_row(list(each), is_the_client=agency_id == client_id)
        for agency_id, each in groupby(running, key=lambda creative: creative.agency_id)
    )


def _agency_row(shown: list[Creative], *, is_the_client: bool) -> AgencyRow:
    countries = {code for each in shown for code in each.countries or each.part_of.countries}
    languages = {code for each in shown for code in each.languages or each.part_of.languages}
    names = dict(countries_in(get_language() or "en"))
    return AgencyRow(
        shown[0].agency.name,
        is_the_client,
        min(each.stage_since for each in shown),
        tuple(sorted(names.get(code) or code for code in countries)),
        tuple(sorted(_own_name(code) for code in languages)),
    )


def _own_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _connected(client_id: UUID, names: dict[UUID, str], pairs: set[frozenset[UUID]]) -> tuple[str, ...]:
    others = {other for pair in pairs if client_id in pair for other in pair} - {client_id}
    return tuple(sorted(names[each] for each in others))
