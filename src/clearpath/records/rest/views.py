"""The addresses: translate HTTP into a call, and its reply into HTTP."""

import json
from collections.abc import Callable
from functools import wraps
from urllib.parse import parse_qsl

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clearpath.records.received import LARGEST
from clearpath.records.rest import capability, oauth
from clearpath.records.rest.access import Access, NoAccess, access_of
from clearpath.records.rest.call import FHIR_JSON, Call, Reply, reply_with
from clearpath.records.rest.issues import Problem, reply_to
from clearpath.records.rest.router import answer

JSON_TYPES = {FHIR_JSON, "application/json", "text/json"}
FORMATS = JSON_TYPES | {"json"}
FORM = "application/x-www-form-urlencoded"
METHODS = "GET, HEAD, POST, PUT, OPTIONS"


@csrf_exempt  # no cookie counts here: who calls is told by the token alone
def fhir(request: HttpRequest, path: str) -> HttpResponse:
    """Everything under /fhir/R4/."""
    try:
        reply = _reply_to(request, path)
    except Problem as problem:
        reply = reply_to(problem)
    return _response(request, reply)


def _reply_to(request: HttpRequest, path: str) -> Reply:
    if request.method == "OPTIONS":
        return Reply(204, headers={"Allow": METHODS})
    _refuse_other_formats(request)
    if path == "metadata":
        if request.method not in {"GET", "HEAD"}:
            raise Problem(
                405, "not-supported", _("The metadata can only be read."), headers={"Allow": "GET, HEAD, OPTIONS"}
            )
        return reply_with(capability.statement(base_of(request), token_url(request)))
    access = _access(request)
    body = _body(request, path)
    return answer(
        Call(
            method=str(request.method),
            path=tuple(each for each in path.split("/") if each),
            query=tuple(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            base=base_of(request),
            access=access,
        )
    )


def _access(request: HttpRequest) -> Access:
    try:
        return access_of(request.headers.get("Authorization", ""), now=timezone.now())
    except NoAccess as no:
        if no.is_known:
            raise Problem(403, "forbidden", no) from None
        raise Problem(
            401, "login", no, headers={"WWW-Authenticate": 'Bearer realm="fhir", error="invalid_token"'}
        ) from None


def _refuse_other_formats(request: HttpRequest) -> None:
    """FHIR in JSON is all that is spoken. Raises Problem (406)."""
    wanted = request.GET.get("_format", "").partition(";")[0].strip()
    accepted = [each.partition(";")[0].strip().lower() for each in request.headers.get("Accept", "*/*").split(",")]
    if wanted:
        accepted = [wanted.replace(" ", "+")]
    is_binary = "/Binary/" in request.path
    if not is_binary and not any(each in FORMATS or each in {"*/*", "application/*", ""} for each in accepted):
        says = _("Only JSON is spoken here: Accept: %(type)s.") % {"type": FHIR_JSON}
        raise Problem(406, "not-supported", says)


def _body(request: HttpRequest, path: str) -> bytes:
    """Raises Problem (413, 415)."""
    if request.method not in {"POST", "PUT"}:
        return b""
    sent = (request.content_type or "").lower()
    allowed = {FORM} if path.endswith("_search") else JSON_TYPES
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > LARGEST:
        raise Problem(413, "too-long", _("At most 20 MB can be sent at once."))
    body = request.read()
    if len(body) > LARGEST:
        raise Problem(413, "too-long", _("At most 20 MB can be sent at once."))
    is_empty_operation = not body and "$" in path
    if sent not in allowed and not is_empty_operation:
        says = _("The body must be %(type)s.") % {"type": " or ".join(sorted(allowed))}
        raise Problem(415, "not-supported", says)
    return body


def _response(request: HttpRequest, reply: Reply) -> HttpResponse:
    body = reply.body
    if request.GET.get("_pretty") == "true" and reply.media_type == FHIR_JSON and body:
        body = _pretty(body)
    content_type = f"{FHIR_JSON}; charset=utf-8" if reply.media_type == FHIR_JSON else reply.media_type
    response = HttpResponse(body, status=reply.status, content_type=content_type)
    if not body:
        del response["Content-Type"]
    for name, value in reply.headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store" if "ETag" not in reply.headers else "private, no-cache"
    return response


def _pretty(body: bytes) -> bytes:
    """For people who look; numbers may lose their last zeros here, and only here."""
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2).encode()


def base_of(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("records:fhir", args=[""])).rstrip("/")


def token_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("records:token"))


# ---- How a program gets a token -----------------------------------------------------------------------------------


def smart_configuration(request: HttpRequest) -> HttpResponse:
    """Source: HL7 SMART App Launch 2.2.0, "Using Well-Known"; the members that client credentials need."""
    return JsonResponse(
        {
            "token_endpoint": token_url(request),
            "revocation_endpoint": request.build_absolute_uri(reverse("records:revoke")),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": ["system/*.cruds", "system/*.rs"],
            "response_types_supported": [],
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["client-confidential-symmetric", "permission-v2"],
        }
    )


def authorization_server(request: HttpRequest) -> HttpResponse:
    """Source: RFC 8414."""
    return JsonResponse(
        {
            "issuer": request.build_absolute_uri("/").rstrip("/"),
            "token_endpoint": token_url(request),
            "revocation_endpoint": request.build_absolute_uri(reverse("records:revoke")),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
        }
    )


View = Callable[[HttpRequest], HttpResponse]


def limited(view: View) -> View:
    """Whoever guesses secrets is shut out for a while, like somebody who guesses passwords."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        authorization = request.headers.get("Authorization", "")
        key, _secret = oauth.credentials(authorization, request.POST.get("client_id"), None)
        who = {settings.AXES_USERNAME_FORM_FIELD: f"client {key[:60]}"}
        if not AxesProxyHandler.is_allowed(request, who):
            return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers={"Retry-After": "900"})
        response = view(request)
        if response.status_code == 401:
            AxesProxyHandler.user_login_failed(view, who, request)
        return response

    return guarded


@csrf_exempt
@require_POST
@limited
def token(request: HttpRequest) -> HttpResponse:
    """Source: RFC 6749, 4.4."""
    return _by_oauthlib(request, oauth.server().create_token_response)


@csrf_exempt
@require_POST
@limited
def revoke(request: HttpRequest) -> HttpResponse:
    """Source: RFC 7009."""
    return _by_oauthlib(request, oauth.server().create_revocation_response)


def _by_oauthlib(request: HttpRequest, respond: Callable[..., tuple[dict[str, str], str | None, int]]) -> HttpResponse:
    headers = {"HTTP_AUTHORIZATION": request.headers.get("Authorization", "")}
    body = list(request.POST.items())
    given, said, status = respond(request.build_absolute_uri(), str(request.method), body, headers)
    response = HttpResponse(said or "", status=status, content_type="application/json")
    for name, value in given.items():
        response[name] = value
    return response
