"""The root of `/api/v1/`: routers of the packages, and every refusal as a problem document (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from clearpath.core.outcomes import NotFound, NotYourPart, Outcome
from clearpath.marketing.endpoints import router as marketing
from clearpath.records.rest.access import NoAccess

MOST_ERRORS = 100
STATUS_OF = {"idempotency_key_needed": 400, "no_such_cursor": 400, "idempotency_key_reused": 422}


class FastParser(Parser):
    """Thousands of touches come in one request."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(title="Clearpath", version="1", docs_url=None, urls_namespace="api", parser=FastParser())
api.add_router("", marketing)


def problem(status: int, code: str, detail: object, **more: Any) -> JsonResponse:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(detail)}
    return JsonResponse(told | {"code": code} | more, status=status, content_type="application/problem+json")


@api.exception_handler(Outcome)
def refused(_request: HttpRequest, outcome: Outcome) -> HttpResponse:
    status = 404 if isinstance(outcome, NotFound) else 403 if isinstance(outcome, NotYourPart) else 409
    more = {}
    if isinstance(outcome, NotYourPart):
        more = {"responsible": outcome.rightful, "missing": list(outcome.missing)}
    return problem(STATUS_OF.get(outcome.code, status), outcome.code, outcome.objection.message, **more)


@api.exception_handler(NoAccess)
def no_access(_request: HttpRequest, no: NoAccess) -> HttpResponse:
    if no.is_known:
        return problem(403, "forbidden", no)
    response = problem(401, "login", no)
    response["WWW-Authenticate"] = 'Bearer realm="api", error="invalid_token"'
    return response


@api.exception_handler(ValidationError)
def not_well_formed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Where it is wrong and what is expected there, never what was sent."""
    errors = [
        {"where": ".".join(str(part) for part in each["loc"][2:] or each["loc"]), "says": each["msg"]}
        for each in error.errors[:MOST_ERRORS]
    ]
    return problem(422, "not_well_formed", _("The request is not as it is described."), errors=errors)


@api.exception_handler(HttpError)
def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "not_well_formed", _("The request cannot be read. Send JSON as it is described."))
