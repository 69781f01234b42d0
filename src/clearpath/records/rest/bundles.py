"""Many interactions in one: a transaction, all of it or nothing, and a batch, each by itself.

What a transaction writes is one record: its bytes are kept as they were sent, and its resources become what its
entries say, in one step. So a transaction is about one patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import NotFound
from clearpath.records.check import Finding
from clearpath.records.index.fill import Becomes
from clearpath.records.index.json_text import Member, members, objects
from clearpath.records.rest import queries, writing
from clearpath.records.rest.call import FHIR_JSON, Call, Json, Reply, Served, reply_with
from clearpath.records.rest.interactions import INTERACTIONS, LETTERS
from clearpath.records.rest.issues import Problem
from clearpath.records.rest.searching import may_read

MOST_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the bundle: what it asks for, and the text of its resource ("" without one)."""

    number: int
    method: str
    url: str
    request: Json
    resource: Json
    text: str

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(each for each in self.url.partition("?")[0].split("/") if each)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        return tuple(parse_qsl(self.url.partition("?")[2], keep_blank_values=True))


def entries_of(call: Call) -> tuple[str, list[Entry]]:
    """The type of the bundle, and its entries. Raises Problem."""
    try:
        text = call.body.decode("utf-8-sig")
        root, _end = members(text)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "structure", _("This is not JSON: %(error)s.") % {"error": error}) from None
    kind = root["type"].value if "type" in root else None
    is_bundle = "resourceType" in root and root["resourceType"].value == "Bundle"
    if not is_bundle or kind not in {"transaction", "batch"}:
        raise Problem(400, "invalid", _("Send a Bundle of the type transaction or batch here."))
    entries = root.get("entry")
    if entries is None or not isinstance(entries.value, list):
        return str(kind), []
    if len(entries.value) > MOST_ENTRIES:
        raise Problem(413, "too-long", _("At most %(most)s entries fit in one bundle.") % {"most": MOST_ENTRIES})
    found = enumerate(objects(text, entries.value_start))
    return str(kind), [_entry(call, number, entry, text) for number, (entry, _start, _stop) in found]


def _entry(call: Call, number: int, entry: dict[str, Member], text: str) -> Entry:
    request = entry["request"].value if "request" in entry else None
    if not isinstance(request, dict) or not all(isinstance(request.get(each), str) for each in ("method", "url")):
        raise _wrong(number, _("Each entry needs request.method and request.url."))
    resource = entry.get("resource")
    body = text[resource.value_start : resource.end] if resource else ""
    given = resource.value if resource and isinstance(resource.value, dict) else {}
    url = request["url"].removeprefix(f"{call.base}/").lstrip("/")
    return Entry(number, request["method"].upper(), url, request, given, body)


def batch(call: Call, entries: list[Entry], answer: Any) -> Reply:
    """Each entry answered as if it had come alone."""
    replies = [answer(_alone(call, each)) for each in entries]
    return _bundle("batch-response", [_told(reply) for reply in replies])


def transaction(call: Call, entries: list[Entry], answer: Any) -> Reply:
    """All or nothing; what is read is read after everything is written. Raises Problem, NotFound, Refused."""
    writes = [each for each in entries if each.method != "GET"]
    for each in writes:
        _why_not_write(call, each)
    replies: dict[int, Json] = _write(call, writes) if writes else {}
    for each in entries:
        if each.method == "GET":
            reply = answer(_alone(call, each))
            if reply.status >= 400:
                raise _wrong(each.number, orjson.loads(reply.body)["issue"][0]["details"]["text"], reply.status)
            replies[each.number] = _told(reply)
    return _bundle("transaction-response", [replies[each.number] for each in entries])


def _why_not_write(call: Call, entry: Entry) -> None:
    """Raises Problem for what no transaction can do here."""
    wanted = {("POST", 1): "create", ("PUT", 2): "update"}.get((entry.method, len(entry.path)))
    type_name = entry.path[0] if entry.path else ""
    if wanted is None or wanted not in INTERACTIONS.get(type_name, frozenset()) or entry.query:
        raise _wrong(entry.number, _("%(method)s %(url)s is not offered in a transaction.")
                     % {"method": entry.method, "url": entry.url}, 405)  # fmt: skip
    if entry.resource.get("resourceType") != type_name:
        raise _wrong(entry.number, _("The resource is not of the type in request.url."))
    letter = LETTERS[wanted]
    if call.access.allows(type_name, letter) is None:
        raise _wrong(entry.number, _("The scope does not allow this."), 403)
    writing.refuse_other_categories(call, type_name, letter, entry.resource)


def _write(call: Call, writes: list[Entry]) -> dict[int, Json]:
    """One record of everything, on one journey."""
    findings = writing.checked(call.body)
    targets = [each.path[1] for each in writes if each.method == "PUT"]
    if len(set(targets)) < len(targets):
        raise Problem(400, "invalid", _("A transaction changes a resource once."))
    becomes = _plan(call, writes)
    if all(each.is_there for each in becomes.values()):
        there = [_there(call, each, becomes[each.number]) for each in writes]
        return {each.number: _written(call, found, 200, findings) for each, found in zip(writes, there, strict=True)}

    def plan() -> Mapping[int, Becomes]:
        becomes.update(_plan(call, writes))  # again under the lock: others may have written since
        return becomes

    record = writing.add(call, _journey_of(call, writes), str(_("FHIR bundle")), plan)
    new = {each.key: each for each in queries.served(list(record.resources.all()))}
    replies = {}
    for each in writes:
        goal = becomes[each.number]
        found = _there(call, each, goal) if goal.is_there else new[str(goal.key)]
        created = each.method == "POST" and not goal.is_there
        replies[each.number] = _written(call, found, 201 if created else 200, findings)
    return replies


def _plan(call: Call, writes: list[Entry]) -> dict[int, Becomes]:
    return {each.number: _becomes(call, each) for each in writes}


def _becomes(call: Call, entry: Entry) -> Becomes:
    if entry.method == "PUT":
        before = queries.version_of(call.access.actor, *entry.path)
        after = writing.version_in(_text(entry.request.get("ifMatch")))
        if not may_read(call, before):
            raise NotFound(queries.no_such())
        if after and str(after) != before.version:
            raise writing.changed()
        return Becomes(UUID(before.key), after)
    there = writing.existing(call, entry.path[0], _text(entry.request.get("ifNoneExist")))
    return Becomes(UUID(there.key), is_there=True) if there else Becomes(new_id())


def _journey_of(call: Call, writes: list[Entry]) -> UUID:
    """The one journey that everything is about. Raises Problem (422)."""
    actor = call.access.actor
    changed = {queries.version_of(actor, *each.path).journey_id for each in writes if each.method == "PUT"}
    named = [each.resource for each in writes if writing.patient_of(call, each.resource)]
    found = changed | ({writing.journey_of(call, named)} if named or not changed else set())
    if len(found) > 1:
        raise Problem(422, "business-rule", _("Several patients are named. Send what is about each by itself."))
    return found.pop()


def _there(call: Call, entry: Entry, goal: Becomes) -> Served:
    return queries.version_of(call.access.actor, entry.path[0], str(goal.key))


def _written(call: Call, found: Served, status: int, findings: list[Finding]) -> Json:
    return _told(writing.reply(call, found, status, findings))


def _alone(call: Call, entry: Entry) -> Call:
    names = {"if-match": "ifMatch", "if-none-match": "ifNoneMatch", "if-none-exist": "ifNoneExist"}
    given = {header: _text(entry.request.get(name)) for header, name in names.items() if name in entry.request}
    headers = {"prefer": call.headers.get("prefer", ""), "accept": FHIR_JSON, **given}
    return replace(
        call, method=entry.method, path=entry.path, query=entry.query, headers=headers, body=entry.text.encode()
    )


def _told(reply: Reply) -> Json:
    """A reply as the entry of a bundle."""
    names = {"Location": "location", "ETag": "etag"}
    response: Json = {"status": str(reply.status)}
    response |= {name: reply.headers[header] for header, name in names.items() if header in reply.headers}
    found: Json = {"response": response}
    if reply.body and reply.status < 400:
        found["resource"] = orjson.Fragment(reply.body)
    elif reply.body:
        response["outcome"] = orjson.Fragment(reply.body)
    return found


def _bundle(kind: str, entries: list[Json]) -> Reply:
    return reply_with({"resourceType": "Bundle", "type": kind, **({"entry": entries} if entries else {})})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _wrong(number: int, says: object, status: int = 400) -> Problem:
    code = {403: "forbidden", 404: "not-found", 405: "not-supported"}.get(status, "invalid")
    return Problem(status, code, says, expression=f"Bundle.entry[{number}]")
