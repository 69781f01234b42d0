"""SMART Health Links for whoever holds one: manifest, files, and answers. No session, no cookie, no account.

Source: HL7 SMART Health Cards and Links 1.0.0, links specification, read 2026-11-25.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from clearpath.core.outcomes import NotFound, Objection, Outcome, Refused
from clearpath.records.address import root_of
from clearpath.records.bearers import (
    GONE,
    TOO_OFTEN,
    Bearer,
    WrongPasscode,
    answer_link,
    link_at,
    link_by_key,
    open_link,
)
from clearpath.records.links import encrypt
from clearpath.records.links.shlink import from_base64url
from clearpath.records.models import Link
from clearpath.records.received import FHIR
from clearpath.records.sharing import SharedFile, files_of

Endpoint = Callable[..., HttpResponse]

LARGEST_REQUEST = 32 * 1024  # bytes
EMBEDDED_AT_MOST = 1024 * 1024  # characters, unless the reader asks for fewer or more
LOCATION_LASTS = timedelta(minutes=30)  # the specification allows an hour
ANSWERS_FOR = timedelta(hours=8)  # a working day after opening it
LOCATION, ANSWER = "clearpath.records.links.location", "clearpath.records.links.answer"
FHIR_VERSION = "4.0.1"


class BadRequest(Outcome):
    """A request that does not follow the specification."""


def for_viewers(*methods: str) -> Callable[[Endpoint], Endpoint]:
    """For software of any origin: it may ask from a browser, nothing is kept in caches, errors are for machines."""

    def decorate(endpoint: Endpoint) -> Endpoint:
        @csrf_exempt
        @wraps(endpoint)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
            elif request.method not in methods:
                response = problem(405, "method_not_allowed", "This address answers " + " and ".join(methods) + ".")
            else:
                response = _or_problem(endpoint, request, *args, **kwargs)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
            response["Access-Control-Allow-Headers"] = "Content-Type, Accept"
            response["Access-Control-Max-Age"] = "600"
            response["Cache-Control"] = "no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Content-Type-Options"] = "nosniff"
            if response.status_code == 405:
                response["Allow"] = ", ".join((*methods, "OPTIONS"))
            return response

        return answered

    return decorate


def _or_problem(endpoint: Endpoint, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return endpoint(request, *args, **kwargs)
    except WrongPasscode as wrong:
        return JsonResponse({"remainingAttempts": wrong.remaining, "title": str(wrong.objection.message)}, status=401)
    except BadRequest as bad:
        return problem(400, bad.code, bad.objection.message)
    except NotFound:
        return problem(404, GONE.code, GONE.message)
    except Refused as refusal:
        response = problem(429 if refusal.objection is TOO_OFTEN else 409, refusal.code, refusal.objection.message)
        if response.status_code == 429:
            response["Retry-After"] = "60"
        return response


def problem(status: int, code: str, title: Any) -> HttpResponse:
    """RFC 9457."""
    said = {"type": "about:blank", "status": status, "code": code, "title": str(title)}
    return JsonResponse(said, status=status, content_type="application/problem+json")


@for_viewers("GET", "POST")
def link(request: HttpRequest, handle: str) -> HttpResponse:
    """The manifest of a link (POST), or the file of a single-file link (GET)."""
    now = timezone.now()
    found = link_at(handle, at=now)
    if found.is_single_file != (request.method == "GET"):
        return problem(405, "method_not_allowed", "A single file is asked for with GET, a manifest with POST.")
    if found.is_single_file:
        return _single_file(found, Bearer(_recipient(request.GET.get("recipient")), now))
    asked = _body(request)
    passcode = asked.get("passcode")
    if passcode is not None and not isinstance(passcode, str):
        raise BadRequest(Objection("passcode_malformed", "passcode must be a text."))
    most = _embedded_at_most(asked.get("embeddedLengthMax"))
    open_link(found, Bearer(_recipient(asked.get("recipient")), now), passcode)
    return JsonResponse(_manifest(request, found, most, now))


def _single_file(found: Link, bearer: Bearer) -> HttpResponse:
    open_link(found, bearer)
    file = next(iter(files_of(found, at=bearer.now).values()), None)
    if file is None:
        raise NotFound(GONE)
    return _jose(_encrypted(found, file))


def _manifest(request: HttpRequest, found: Link, most: int, now: Any) -> dict[str, Any]:
    files = [_listed(request, found, name, file, most) for name, file in files_of(found, at=now).items()]
    answer = f"{root_of(request)}/shl/answer/{_ticket(ANSWER, [str(found.pk)])}"
    return {"files": files, "_answer": answer}  # readers ignore what they do not know


def _listed(request: HttpRequest, found: Link, name: str, file: SharedFile, most: int) -> dict[str, Any]:
    listed = {
        "contentType": FHIR,
        "fhirVersion": FHIR_VERSION,
        "lastUpdated": file.changed_at.isoformat(timespec="seconds"),
        "status": "can-change" if file.may_change else "finalized",
    }
    encrypted = _encrypted(found, file)
    if len(encrypted) <= most:
        return listed | {"embedded": encrypted}
    return listed | {"location": f"{root_of(request)}/shl/file/{_ticket(LOCATION, [str(found.pk), name])}"}


def _encrypted(found: Link, file: SharedFile) -> str:
    return encrypt(file.content, key=from_base64url(found.key or ""), content_type=FHIR)


@for_viewers("GET")
def location(_request: HttpRequest, ticket: str) -> HttpResponse:
    """One file of a manifest, for half an hour after it was asked for."""
    link_id, name = _read_ticket(LOCATION, ticket, LOCATION_LASTS)
    now = timezone.now()
    found = link_by_key(UUID(link_id), at=now)
    file = files_of(found, at=now).get(name)
    if file is None:
        raise NotFound(GONE)
    return _jose(_encrypted(found, file))


@for_viewers("POST")
def answer(request: HttpRequest, ticket: str) -> HttpResponse:
    """What somebody writes back who opened the link: that it arrived, or a question."""
    [link_id] = _read_ticket(ANSWER, ticket, ANSWERS_FOR)
    now = timezone.now()
    asked = _body(request)
    said = {name: asked.get(name, "") for name in ("kind", "name", "text", "reach")}
    if not all(isinstance(each, str) for each in said.values()):
        raise BadRequest(Objection("answer_malformed", "kind, name, text and reach must be texts."))
    kept = answer_link(link_by_key(UUID(link_id), at=now), **said, now=now)
    return JsonResponse({"kind": kept.kind, "at": kept.at.isoformat(timespec="seconds")}, status=201)


def _jose(encrypted: str) -> HttpResponse:
    return HttpResponse(encrypted, content_type="application/jose")


def _ticket(purpose: str, said: list[str]) -> str:
    """Signed for one purpose and good for a time; what it opens must still be open then."""
    return signing.dumps(said, salt=purpose)


def _read_ticket(purpose: str, ticket: str, lasts: timedelta) -> list[str]:
    try:
        said: list[str] = signing.loads(ticket, salt=purpose, max_age=lasts)
    except signing.BadSignature:
        raise NotFound(GONE) from None
    return said


def _body(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST:
        raise BadRequest(Objection("request_too_large", "The request is larger than 32 KB."))
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise BadRequest(Objection("not_json", "Send a JSON object."))
    return asked


def _recipient(said: object) -> str:
    """Who asks, as they say it, on one line: the patient reads it."""
    words = " ".join(each for each in str(said).split() if each.isprintable()) if isinstance(said, str) else ""
    if not words:
        raise BadRequest(Objection("recipient_needed", "recipient is missing: say who opens the link."))
    return words


def _embedded_at_most(said: object) -> int:
    if said is None:
        return EMBEDDED_AT_MOST
    if not isinstance(said, int) or isinstance(said, bool) or said < 0:
        raise BadRequest(Objection("embedded_length_malformed", "embeddedLengthMax must be a whole number."))
    return said
