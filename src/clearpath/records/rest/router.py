"""From a call to its reply; every no is an OperationOutcome."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from clearpath.core.outcomes import Outcome
from clearpath.records.rest import bundles, operations, reading, writing
from clearpath.records.rest.call import Call, Reply
from clearpath.records.rest.interactions import INTERACTIONS, LETTERS, OPERATIONS, WRITING, Interaction
from clearpath.records.rest.issues import Problem, reply_to, reply_to_outcome
from clearpath.records.rest.searching import search


def answer(call: Call) -> Reply:
    """Never raises for what a client sent."""
    try:
        return _answer(call)
    except Problem as problem:
        return reply_to(problem)
    except Outcome as found:
        return reply_to_outcome(found)


def _answer(call: Call) -> Reply:
    if not call.path:
        return _system(call)
    type_name, *rest = call.path
    if type_name not in INTERACTIONS:
        raise Problem(404, "not-supported", _("%(type)s is not offered here. See metadata.") % {"type": type_name})
    if rest and rest[-1].startswith("$"):
        return _operation(call, type_name, rest)
    wanted, reply = _interaction(call, type_name, rest)
    if wanted not in INTERACTIONS[type_name]:
        raise not_allowed(call)
    refuse_without_scope(call, type_name, LETTERS[wanted])
    return reply()


def _interaction(call: Call, type_name: str, rest: list[str]) -> tuple[Interaction, Callable[[], Reply]]:
    """Which interaction it is. Raises Problem (404, 405)."""
    method = "GET" if call.method == "HEAD" else call.method
    match method, *rest:
        case ["GET"]:
            return "search-type", lambda: search(call, type_name, call.query)
        case ["POST", "_search"]:
            form = tuple(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
            return "search-type", lambda: search(call, type_name, [*call.query, *form])
        case ["POST"]:
            return "create", lambda: writing.create(call, type_name)
        case ["GET", key]:
            return "read", lambda: reading.read(call, type_name, key)
        case ["PUT", key]:
            return "update", lambda: writing.update(call, type_name, key)
        case ["GET", key, "_history"]:
            return "history-instance", lambda: reading.history(call, type_name, key)
        case ["GET", key, "_history", version]:
            return "vread", lambda: reading.vread(call, type_name, key, version)
    if len(rest) <= 1 or (len(rest) <= 3 and rest[1] == "_history"):
        raise not_allowed(call)
    raise Problem(404, "not-found", _("There is nothing at this address."))


def _system(call: Call) -> Reply:
    if call.method != "POST":
        raise not_allowed(call)
    kind, entries = bundles.entries_of(call)
    return (bundles.batch if kind == "batch" else bundles.transaction)(call, entries, answer)


def _operation(call: Call, type_name: str, rest: list[str]) -> Reply:
    if len(rest) == 2 and rest[1].removeprefix("$") in OPERATIONS.get(type_name, ()):
        if call.method not in {"GET", "HEAD", "POST"}:
            raise not_allowed(call)
        return operations.summary(call, rest[0])
    if rest[-1] == "$validate" and len(rest) <= 2 and INTERACTIONS[type_name] >= WRITING:
        if call.method != "POST":
            raise not_allowed(call)
        refuse_without_scope(call, type_name, "c")
        return operations.validate(call, type_name)
    raise Problem(404, "not-supported", _("The operation %(name)s is not offered here.") % {"name": rest[-1]})


def refuse_without_scope(call: Call, type_name: str, letter: str) -> None:
    """Raises Problem (403)."""
    if call.access.allows(type_name, letter) is None:
        says = _("The token lacks the scope %(scope)s.") % {"scope": f"system/{type_name}.{letter}"}
        header = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
        raise Problem(403, "forbidden", says, headers=header)


def not_allowed(call: Call) -> Problem:
    says = _("%(method)s is not offered at this address.") % {"method": call.method}
    return Problem(405, "not-supported", says, headers={"Allow": "GET, HEAD, POST, PUT, OPTIONS"})
