"""Searches: which resources fulfil what was asked, page by page, with what is to be included.

A page is found from where the last one ended and not by a number, so that nothing is skipped or shown twice when
something is added in between. The cursor holds the whole search, sealed: nobody can read or change it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from clearpath.records.index.json_text import members, with_members
from clearpath.records.index.offered import MADE, OFFERED, Offered, offered
from clearpath.records.index.terms import days_of, hashes_of, key_of, references_of, terms_of
from clearpath.records.models import Resource, Term
from clearpath.records.rest import queries
from clearpath.records.rest.asked import Asked, Criterion, Moment, Prefix, asked
from clearpath.records.rest.call import Call, Json, Reply, Served, reply_with
from clearpath.records.rest.issues import Problem, issue, outcome
from clearpath.records.rest.made import made
from clearpath.trust.fields import SealError, open_text, seal_text

MOST_INCLUDED = 1000
After = tuple[str, str]  # the value sorted by, and the key, of the last resource of the page before


@dataclass(frozen=True, slots=True)
class Page:
    """The resources of one page; `after` is where the next one begins, None on the last."""

    found: list[Served]
    total: int | None
    after: After | None


def search(call: Call, type_name: str, query: Sequence[tuple[str, str]]) -> Reply:
    """A searchset. Raises Problem."""
    about = offered(type_name)
    assert about is not None, "the router lets only types pass that can be searched"  # noqa: S101
    query, after = _continued(call, query)
    strict = call.prefers("handling") == "strict"
    wanted = asked(about, query, base=call.base, strict=strict)
    page = matches(call, type_name, wanted, after)
    included = _included(call, type_name, wanted, page.found)
    queries.note_search(call.access.actor, [*page.found, *included])
    return reply_with(_bundle(call, type_name, wanted, page, included))


def matches(call: Call, type_name: str, wanted: Asked, after: After | None = None) -> Page:
    """One page of what fulfils the search, within what the client may see."""
    categories = call.access.allows(type_name, "s") or frozenset()
    if type_name in MADE:
        return _made_page(call, type_name, wanted, after)
    return _stored_page(call, type_name, wanted, categories, after)


# ---- What is stored -----------------------------------------------------------------------------------------------


def _stored_page(call: Call, type_name: str, wanted: Asked, categories: frozenset[str], after: After | None) -> Page:
    rows = queries.current_for(call.access.actor).filter(type=type_name)
    for condition in _conditions(type_name, wanted):
        rows = rows.filter(condition)
    if categories:
        rows = rows.filter(_has_term(type_name, "category", categories))
    total = rows.count() if wanted.with_total or wanted.only_count else None
    if wanted.only_count:
        return Page([], total, None)
    page = list(_in_order(rows, wanted, after)[: wanted.count + 1])
    more = len(page) > wanted.count
    page = page[: wanted.count]
    last = (_as_text(page[-1].sorted_by), str(page[-1].pk)) if more and page else None  # type: ignore[attr-defined]
    return Page(queries.served(page), total, last)


def _in_order(rows: QuerySet[Resource], wanted: Asked, after: After | None) -> QuerySet[Resource]:
    """What says no date comes last, in either direction."""
    key: Any = F("updated_at")
    if wanted.sort != "_lastUpdated":
        key = Coalesce("until", date.min) if wanted.descending else Coalesce("since", date.max)
    rows = rows.annotate(sorted_by=key)
    if after is not None:
        kind = datetime if wanted.sort == "_lastUpdated" else date
        value, way = kind.fromisoformat(after[0]), "lt" if wanted.descending else "gt"
        rows = rows.filter(Q(**{f"sorted_by__{way}": value}) | Q(sorted_by=value, **{f"pk__{way}": after[1]}))
    return rows.order_by(*(("-sorted_by", "-pk") if wanted.descending else ("sorted_by", "pk")))


def _conditions(type_name: str, wanted: Asked) -> list[Q]:
    found = [Q(key__in=_keys(each)) for each in wanted.ids]
    found += [Q(journey_id__in=_keys(each), is_patients=True) for each in wanted.patients]
    found += [_moments(each) for each in wanted.updated]
    for each in wanted.criteria:
        found.append(_on_days(each) if each.kind == "date" else _has_term(type_name, each.name, each.values))
    return found


def _has_term(type_name: str, name: str, values: Iterable[str]) -> Q:
    hashes = [each for value in values for each in hashes_of(f"{type_name} {name} {value}")]
    return Q(Exists(Term.objects.filter(resource=OuterRef("pk"), value__in=hashes)))


def _on_days(criterion: Criterion) -> Q:
    found = Q(pk__in=[])
    for prefix, first, last in criterion.days:
        found |= Q(since__isnull=False) & _on_day(prefix, first, last)
    return found


def _on_day(prefix: Prefix, first: date, last: date) -> Q:
    """What the prefix means for something that goes from `since` to `until`. Source: FHIR R4, 3.1.1.4.7."""
    within = Q(since__gte=first, until__lte=last)
    return {
        "eq": within, "ne": ~within, "gt": Q(until__gt=last), "ge": Q(until__gte=first), "lt": Q(since__lt=first),
        "le": Q(since__lte=last), "sa": Q(since__gt=last), "eb": Q(until__lt=first),
    }[prefix]  # fmt: skip


def _moments(moment: Moment) -> Q:
    first, end = moment.first, moment.end
    within = Q(updated_at__gte=first, updated_at__lt=end)
    return {
        "eq": within, "ne": ~within, "gt": Q(updated_at__gte=end), "ge": Q(updated_at__gte=first),
        "lt": Q(updated_at__lt=first), "le": Q(updated_at__lt=end), "sa": Q(updated_at__gte=end),
        "eb": Q(updated_at__lt=first),
    }[moment.prefix]  # fmt: skip


def _keys(values: Iterable[str]) -> list[Any]:
    return [key for each in values if (key := queries.as_key(each))]


# ---- What is made for the reader ----------------------------------------------------------------------------------


def _made_page(call: Call, type_name: str, wanted: Asked, after: After | None) -> Page:
    about = MADE[type_name]
    journey_ids = {key_of(each) for named in (wanted.patients or _ids_of(type_name, wanted)) for each in named}
    if type_name == "AuditEvent" and not wanted.patients and not wanted.ids:
        raise Problem(400, "required", _("Say whose log: search with patient=..."))
    keys = [queries.as_key(each.rpartition("-")[0] if type_name == "AuditEvent" and not wanted.patients else each)
            for each in sorted(journey_ids)] if journey_ids else [None]  # fmt: skip
    found = [
        each
        for key in keys
        if key or not journey_ids
        for each in made(call.access.actor, type_name, journey_id=key)
        if _fulfils(each, type_name, about, wanted)
    ]
    total = len(found) if wanted.with_total or wanted.only_count else None
    if wanted.only_count:
        return Page([], total, None)
    in_order = sorted(((_sort_value(each, about, wanted), each.key, each) for each in found),
                      key=lambda each: each[:2], reverse=wanted.descending)  # fmt: skip
    if after is not None:
        in_order = [each for each in in_order if (each[:2] < after if wanted.descending else each[:2] > after)]
    page, more = in_order[: wanted.count], len(in_order) > wanted.count
    return Page([each for _value, _key, each in page], total, page[-1][:2] if more and page else None)


def _ids_of(type_name: str, wanted: Asked) -> list[tuple[str, ...]]:
    """Of a patient and of a log entry the key tells the journey."""
    return wanted.ids if type_name in {"Patient", "AuditEvent"} else []


def _fulfils(each: Served, type_name: str, about: Offered, wanted: Asked) -> bool:
    resource = json.loads(each.text)
    if not all(each.key in named for named in wanted.ids):
        return False
    if not all(str(each.journey_id) in named for named in wanted.patients):
        return False
    terms = terms_of(type_name, about, resource)
    days = days_of(about, resource)
    for criterion in wanted.criteria:
        if criterion.kind == "date":
            if not any(days and _day_fits(prefix, days, (first, last)) for prefix, first, last in criterion.days):
                return False
        elif not any(f"{type_name} {criterion.name} {value}" in terms for value in criterion.values):
            return False
    return all(_moment_fits(each.at, moment) for moment in wanted.updated)


def _day_fits(prefix: Prefix, days: tuple[date, date], asked_for: tuple[date, date]) -> bool:
    (since, until), (first, last) = days, asked_for
    return {
        "eq": first <= since and until <= last, "ne": not (first <= since and until <= last), "gt": until > last,
        "ge": until >= first, "lt": since < first, "le": since <= last, "sa": since > last, "eb": until < first,
    }[prefix]  # fmt: skip


def _moment_fits(at: datetime, moment: Moment) -> bool:
    within = moment.first <= at < moment.end
    return {
        "eq": within, "ne": not within, "gt": at >= moment.end, "ge": at >= moment.first, "lt": at < moment.first,
        "le": at < moment.end, "sa": at >= moment.end, "eb": at < moment.first,
    }[moment.prefix]  # fmt: skip


def _sort_value(each: Served, about: Offered, wanted: Asked) -> str:
    if wanted.sort == "_lastUpdated":
        return _as_text(each.at)
    days = days_of(about, json.loads(each.text))
    return _as_text((days[1] if days else date.min) if wanted.descending else (days[0] if days else date.max))


def _as_text(value: date | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


# ---- What comes along ---------------------------------------------------------------------------------------------


def _included(call: Call, type_name: str, wanted: Asked, found: list[Served]) -> list[Served]:
    """What the found resources refer to, and what refers to them, as far as the client may read it."""
    there = {(each.type, each.key) for each in found}
    added = [*_referred_to(call, type_name, wanted, found), *_referring(call, wanted, found)]
    unique = {(each.type, each.key): each for each in added if (each.type, each.key) not in there}
    return [each for each in unique.values() if may_read(call, each)][:MOST_INCLUDED]


def may_read(call: Call, each: Served) -> bool:
    """Whether the scopes let the client read this very resource."""
    categories = call.access.allows(each.type, "r")
    if not categories:
        return categories is not None
    terms = terms_of(each.type, OFFERED[each.type], json.loads(each.text)) if each.type in OFFERED else set()
    return any(f"{each.type} category {category}" in terms for category in categories)


def _referred_to(call: Call, type_name: str, wanted: Asked, found: list[Served]) -> list[Served]:
    about = offered(type_name)
    references: set[str] = set()
    for of_type, name, target in wanted.includes:
        paths = about.references.get(name) if about and of_type == type_name else None
        if paths is None:
            raise Problem(400, "invalid", _("This cannot be included: %(name)s.") % {"name": f"{of_type}:{name}"})
        for each in found:
            named = references_of(paths, json.loads(each.text))
            references |= {one for one in named if not target or one.startswith(f"{target}/")}
    actor = call.access.actor
    patients = {key_of(each) for each in references if each.startswith("Patient/")}
    keys = _keys(key_of(each) for each in references if not each.startswith("Patient/"))
    rows = list(queries.current_for(actor).filter(key__in=keys)) if keys else []
    people = [each for key in sorted(patients) for each in made(actor, "Patient", journey_id=queries.as_key(key))]
    return [*queries.served(rows), *people]


def _referring(call: Call, wanted: Asked, found: list[Served]) -> list[Served]:
    if not wanted.revincludes or not found:
        return []
    condition = Q(pk__in=[])
    for of_type, name, _target in wanted.revincludes:
        about = OFFERED.get(of_type)
        if about is None or name not in about.references:
            raise Problem(400, "invalid", _("This cannot be included: %(name)s.") % {"name": f"{of_type}:{name}"})
        if name in about.names_patient:
            patients = [each.key for each in found if each.type == "Patient"]
            condition |= Q(type=of_type, journey_id__in=patients, is_patients=True)
        else:
            condition |= Q(type=of_type) & _has_term(of_type, name, [each.key for each in found])
    rows = queries.current_for(call.access.actor).filter(condition).order_by("pk")[:MOST_INCLUDED]
    return queries.served(list(rows))


# ---- How it is answered -------------------------------------------------------------------------------------------


def _bundle(call: Call, type_name: str, wanted: Asked, page: Page, included: list[Served]) -> Json:
    address = f"{call.base}/{type_name}"
    links = [{"relation": "self", "url": f"{address}?{urlencode(wanted.kept)}" if wanted.kept else address}]
    if page.after is not None:
        links.append({"relation": "next", "url": f"{address}?{urlencode({'_cursor': _cursor(call, wanted, page)})}"})
    entries = [_entry(call, each, "match", wanted.elements) for each in page.found]
    entries += [_entry(call, each, "include", ()) for each in included]
    if wanted.ignored:
        says = _("Left out, because it is not known here: %(names)s.") % {"names": ", ".join(wanted.ignored)}
        told = outcome(issue("warning", "not-supported", says))
        entries.append({"resource": told, "search": {"mode": "outcome"}})
    bundle: Json = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        bundle["total"] = page.total
    bundle["link"] = links
    if entries:
        bundle["entry"] = entries
    return bundle


def _entry(call: Call, each: Served, mode: str, elements: tuple[str, ...]) -> Json:
    shortened = shorten(each, elements) if elements else each
    return {"fullUrl": each.url(call.base), "resource": shortened.fragment(), "search": {"mode": mode}}


def shorten(each: Served, elements: tuple[str, ...]) -> Served:
    """Only these members, marked as a part of the whole."""
    given, _end = members(each.text)
    meta = dict(given["meta"].value)
    tag = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
    meta["tag"] = [*meta.get("tag", []), tag]
    first = {"resourceType": each.type, "id": each.key, "meta": meta}
    wanted = {name: member for name, member in given.items() if name.lstrip("_") in elements}
    text = with_members(each.text, wanted, first)
    return Served(each.type, each.key, each.version, each.at, text, each.journey_id, each.row_id)


def _cursor(call: Call, wanted: Asked, page: Page) -> str:
    return seal_text(json.dumps({"client": str(call.access.client_id), "query": wanted.kept, "after": page.after}))


def _continued(call: Call, query: Sequence[tuple[str, str]]) -> tuple[Sequence[tuple[str, str]], After | None]:
    """The search that a cursor goes on with. Raises Problem when it is none of this client's."""
    cursor = dict(query).get("_cursor")
    if cursor is None:
        return query, None
    try:
        kept = json.loads(open_text(cursor))
        known = kept["client"] == str(call.access.client_id)
    except (SealError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise Problem(400, "invalid", _("This page is not known. Search again from the first one."))
    first, last = kept["after"]
    return [(name, value) for name, value in kept["query"]], (first, last)
