"""Reading one resource: as it is, as it was, and everything that it has been."""

import base64
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from clearpath.core.outcomes import NotFound
from clearpath.records.index.offered import BINARY, MADE
from clearpath.records.reads import note_read, note_reads
from clearpath.records.received import EXTENSIONS
from clearpath.records.rest import queries
from clearpath.records.rest.call import FHIR_JSON, Call, Json, Reply, Served, reply_with
from clearpath.records.rest.made import made_one
from clearpath.records.rest.searching import may_read, shorten
from clearpath.turns.subject import Subject


def read(call: Call, type_name: str, key: str) -> Reply:
    """Raises NotFound."""
    if type_name == BINARY:
        return _binary(call, key)
    found = (
        _read_made(call, type_name, key) if type_name in MADE else queries.version_of(call.access.actor, type_name, key)
    )
    return _reply(call, found)


def vread(call: Call, type_name: str, key: str, version: str) -> Reply:
    """Raises NotFound."""
    return _reply(call, queries.version_of(call.access.actor, type_name, key, version))


def history(call: Call, type_name: str, key: str) -> Reply:
    """Every version, newest first. Raises NotFound."""
    versions = [each for each in queries.versions_of(call.access.actor, type_name, key) if may_read(call, each)]
    if not versions:
        raise NotFound(queries.no_such())
    entries = [_past(call, each) for each in versions]
    return reply_with({"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries})


def _past(call: Call, each: Served) -> Json:
    is_first = each.version == "1"
    request = {"method": "POST" if is_first else "PUT", "url": each.type if is_first else f"{each.type}/{each.key}"}
    response = {"status": "201" if is_first else "200", "etag": each.etag, "lastModified": each.at.isoformat()}
    return {"fullUrl": each.url(call.base), "resource": each.fragment(), "request": request, "response": response}


def _read_made(call: Call, type_name: str, key: str) -> Served:
    actor = call.access.actor
    if type_name != "Patient":
        return made_one(actor, type_name, key)
    try:
        found = made_one(actor, type_name, key)
    except NotFound:
        hidden = Subject.objects.filter(pk=queries.as_key(key) or queries.NOTHING, kind="journey").first()
        if hidden is not None:
            about = ("journeys.journey", hidden.pk)
            note_read(actor, hidden.pk, "records.read_by_program", about, decision="refused")
        raise
    note_reads(actor, [found.journey_id], "records.read_by_program")
    return found


def _reply(call: Call, found: Served) -> Reply:
    if not may_read(call, found):
        raise NotFound(queries.no_such())
    if _is_known(call, found):
        return Reply(304, headers=found.headers())
    elements = tuple(value for name, value in call.query if name == "_elements")
    if elements:
        found = shorten(found, tuple(each.strip() for each in elements[0].split(",")))
    return Reply(200, found.text.encode(), found.headers())


def _is_known(call: Call, found: Served) -> bool:
    """Whether the client has this version already (RFC 9110, 13.1)."""
    tags = call.headers.get("if-none-match", "")
    if tags:
        return found.etag in {each.strip() for each in tags.split(",")}
    since = call.headers.get("if-modified-since", "")
    try:
        moment = parsedate_to_datetime(since) if since else None
    except ValueError:
        return False
    return moment is not None and found.at.astimezone(UTC).replace(microsecond=0) <= _in_utc(moment)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _binary(call: Call, key: str) -> Reply:
    """The bytes as received; for who asks for FHIR, inside a Binary. Source: FHIR R4, Binary, "Serving Binary"."""
    record, content = queries.bytes_of(call.access.actor, key)
    if FHIR_JSON in call.headers.get("accept", ""):
        data = base64.b64encode(content).decode()
        return reply_with({"resourceType": BINARY, "id": key, "contentType": record.media_type, "data": data})
    name = f"record-{key[-6:]}{EXTENSIONS.get(record.media_type, '')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Reply(200, content, headers, record.media_type)
