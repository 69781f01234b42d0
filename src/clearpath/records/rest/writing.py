"""Writing one resource: what a client sends is a record, kept as it was sent, by the step `records.add`."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound
from clearpath.journeys import queries as journeys
from clearpath.parties import queries as parties
from clearpath.records import steps
from clearpath.records.check import Finding, check
from clearpath.records.index.fill import Becomes, Plan
from clearpath.records.index.offered import OFFERED, offered
from clearpath.records.index.terms import LOCAL, at_path, terms_of
from clearpath.records.models import Record
from clearpath.records.rest import queries
from clearpath.records.rest.asked import SAID_ELSEWHERE, asked
from clearpath.records.rest.call import Call, Json, Reply, Served, reply_with
from clearpath.records.rest.issues import Problem, Rejected, of_findings, outcome
from clearpath.records.rest.searching import matches, may_read


def create(call: Call, type_name: str) -> Reply:
    """Raises Problem, NotFound, Refused. `If-None-Exist` finds what is there instead of making it twice.

    Some clients (fhirpy) say it by parameters of the address: left out, each call would make one more.
    """
    resource = resource_of(call, type_name)
    in_address = [each for each in call.query if each[0] not in SAID_ELSEWHERE]
    condition = call.headers.get("if-none-exist", "") or urlencode(in_address)
    there = existing(call, type_name, condition)
    if there is not None:
        return reply(call, there, 200, [])
    findings = checked(call.body)
    refuse_other_categories(call, type_name, "c", resource)

    def plan() -> Mapping[int, Becomes]:
        # Again under the lock: somebody may have made it since.
        now_there = existing(call, type_name, condition)
        return {0: Becomes(UUID(now_there.key), is_there=True)} if now_there else {}

    record = _add(call, resource, plan if condition else None)
    found = current_of(record, type_name)
    if found is None:  # somebody was faster
        there = existing(call, type_name, condition)
        assert there is not None, "the plan found it"  # noqa: S101
        return reply(call, there, 200, findings)
    return reply(call, found, 201, findings)


def update(call: Call, type_name: str, key: str) -> Reply:
    """A new version; the old one is kept. `If-Match` says which version was read. Raises as `create`."""
    resource = resource_of(call, type_name)
    if resource.get("id") != key:
        raise Problem(400, "invalid", _("The id in the resource is not the one in the address."))
    before = queries.version_of(call.access.actor, type_name, key)
    if not may_read(call, before):
        raise NotFound(queries.no_such())
    after = version_in(call.headers.get("if-match", ""))
    if after and str(after) != before.version:
        raise changed()
    findings = checked(call.body)
    refuse_other_categories(call, type_name, "u", resource)
    record = _add(call, resource, lambda: {0: Becomes(UUID(key), after)}, journey_id=before.journey_id)
    found = current_of(record, type_name)
    assert found is not None, "an update always makes a version"  # noqa: S101
    return reply(call, found, 200, findings)


def resource_of(call: Call, type_name: str) -> Json:
    """The body as a resource of this type. Raises Problem."""
    try:
        found = json.loads(call.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Problem(400, "structure", _("This is not JSON: %(error)s.") % {"error": error}) from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise Problem(400, "structure", _("This is not a FHIR resource: resourceType is missing."))
    if found["resourceType"] != type_name:
        raise Problem(
            400, "invalid", _("The resource is a %(sent)s, the address is for %(wanted)s.")
            % {"sent": found["resourceType"], "wanted": type_name}, expression="resourceType",
        )  # fmt: skip
    return found


def existing(call: Call, type_name: str, condition: str) -> Served | None:
    """What a conditional create finds. Raises Problem (412) when it is several."""
    if not condition:
        return None
    about = offered(type_name)
    assert about is not None  # noqa: S101 - what can be created can be searched
    if call.access.allows(type_name, "s") is None:
        raise Problem(
            403, "forbidden", _("If-None-Exist searches: that needs the scope system/%(type)s.s.") % {"type": type_name}
        )
    pairs = parse_qsl(condition.partition("?")[2] or condition, keep_blank_values=True)
    wanted = asked(about, pairs, base=call.base, strict=True)
    if not (wanted.criteria or wanted.ids):
        raise Problem(412, "invalid", _("If-None-Exist needs a parameter that tells one resource from others."))
    wanted.count, wanted.with_total = 2, False
    found = matches(call, type_name, wanted).found
    if len(found) > 1:
        raise Problem(412, "multiple-matches", _("Several resources are like that. Ask for less of them."))
    return found[0] if found else None


def checked(content: bytes) -> list[Finding]:
    """What the gates find. Raises Rejected when the meaning is not safe."""
    found = check(content)
    unsafe = [each for each in found if each.severity == "error" and (each.gate == 1 or each.rule in UNSAFE)]
    if unsafe:
        raise Rejected(found)
    return found


# Beside what breaks the structure: a resource that lacks what it must have, or says it in a code that is not one.
UNSAFE = frozenset({"cardinality", "binding"})


def journey_of(call: Call, resources: list[Json]) -> UUID:
    """Whose journey it is, told by the references to a Patient of ours. Raises Problem (422)."""
    named = {key for each in resources if (key := patient_of(call, each))}
    if len(named) > 1:
        raise Problem(422, "business-rule", _("Several patients are named. Send what is about each by itself."))
    if not named:
        says = _("Say whose it is: refer to one Patient of this server, such as Patient/%(key)s.")
        raise Problem(422, "required", says % {"key": "0192f0c4-6a5b-7c3d-8e9f-0a1b2c3d4e5f"})
    return named.pop()


def patient_of(call: Call, resource: Json) -> UUID | None:
    about = OFFERED.get(str(resource.get("resourceType")))
    subject = at_path(resource, f"{about.subject}.reference") if about and about.subject else []
    reference = str(next(iter(subject), "")).removeprefix(f"{call.base}/")
    local = LOCAL.fullmatch(reference)
    return queries.as_key(local[1]) if local and reference.startswith("Patient/") else None


def _add(call: Call, resource: Json, plan: Plan | None, *, journey_id: UUID | None = None) -> Record:
    key = journey_id or journey_of(call, [resource])
    return add(call, key, resource["resourceType"], plan)


def add(call: Call, journey_id: UUID, title: str, plan: Plan | None) -> Record:
    """Take the step. Raises Problem (422) for a journey that the client does not see."""
    actor = call.access.actor
    try:
        journey = journeys.journey_for(actor, journey_id)
    except NotFound:
        raise Problem(422, "not-found", _("There is no such Patient here.")) from None
    sender = next(iter(parties.names_of([actor.organisation_id]).values()), "")
    return steps.add(journey, content=call.body, title=title, received_from=sender, plan=plan, by=actor)


def current_of(record: Record, type_name: str) -> Served | None:
    """What a record of one resource became."""
    rows = record.resources.filter(type=type_name).exclude(key=record.pk)
    return next(iter(queries.served(list(rows[:1]))), None)


def version_in(if_match: str) -> int:
    """The version of an ETag; 0 when none was sent. Raises Problem (412)."""
    if not if_match or if_match.strip() == "*":
        return 0
    version = if_match.strip().removeprefix("W/").strip('"')
    if not version.isdecimal() or len(version) > 9:
        raise changed()
    return int(version)


def changed() -> Problem:
    return Problem(412, "conflict", _("Somebody has changed this since you read it. Read it again."))


def refuse_other_categories(call: Call, type_name: str, letter: str, resource: Json) -> None:
    """A scope that is limited to a category writes nothing outside of it."""
    categories = call.access.allows(type_name, letter)
    if categories:
        terms = terms_of(type_name, OFFERED[type_name], resource)
        if not any(f"{type_name} category {each}" in terms for each in categories):
            raise Problem(403, "forbidden", _("The scope does not allow this category."))


def reply(call: Call, found: Served, status: int, findings: list[Finding]) -> Reply:
    """As `Prefer: return=` asks: the resource, nothing, or what the gates found."""
    headers = found.headers() | {"Location": f"{found.url(call.base)}/_history/{found.version}"}
    wanted = call.prefers("return")
    if wanted == "minimal":
        return Reply(status, headers=headers)
    if wanted == "OperationOutcome":
        return reply_with(outcome(*of_findings(findings)), status, headers)
    return Reply(status, found.text.encode(), headers)
