"""What programs of an agency do: send touches and leads, and ask what became of its tokens."""

from datetime import UTC
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Header, Router, Status
from ninja.security import HttpBearer

from clearpath.core.outcomes import Objection, Refused
from clearpath.core.sheets import Line, Sheet
from clearpath.marketing import queries, touching
from clearpath.marketing.incoming.judging import Defaults, Judged, judge
from clearpath.marketing.incoming.taking import REFUSED, TAKEN, take_in
from clearpath.marketing.once import once, once_in_one
from clearpath.marketing.schemas import LeadIn, LeadsIn, LeadsOut, LeadStates, Problem, TouchesIn, TouchesOut
from clearpath.records.rest.access import Access, NoAccess, access_of

PAGE = 200
Key = Annotated[str, Header()]  # the header Idempotency-Key
NO_SUCH_PAGE = Objection("no_such_cursor", _("There is no such page. Begin without a cursor."))


class Bearer(HttpBearer):
    """The access token of a program (`clearpath records add-client`, OAuth 2.0 client credentials)."""

    def authenticate(self, request: HttpRequest, token: str) -> Access:  # noqa: ARG002 - ninja's signature
        return access_of(f"Bearer {token}", now=timezone.now())

    def __call__(self, request: HttpRequest) -> Any:
        return access_of(request.headers.get("Authorization", ""), now=timezone.now())


router = Router(auth=Bearer(), tags=["marketing"])
REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


def access_for(request: HttpRequest, kind: str, letter: str) -> Access:
    """Raises NoAccess when the token is not for that."""
    access: Access = request.auth  # type: ignore[attr-defined]
    if access.allows(f"api/{kind}", letter) is None:
        raise NoAccess(_("This token is not for that. Ask for the scope api/%s.%s.") % (kind, letter), is_known=True)
    return access


@router.post("/touches", operation_id="marketing.keep_touches", response={201: TouchesOut, **REFUSALS})
def keep_touches(request: HttpRequest, body: TouchesIn, idempotency_key: Key = "") -> Any:
    """Keep a batch of touches, or nothing of it."""
    access = access_for(request, "touches", "c")

    def answer() -> tuple[int, dict[str, Any]]:
        return 201, {"accepted": touching.keep_touches(body.touches, by=access.actor)}

    return Status(*once_in_one(access.client_id, idempotency_key, request.body, answer, at=access.actor.now))


@router.post(
    "/leads", operation_id="marketing.record_lead", response={201: LeadsOut, **REFUSALS, 422: LeadsOut | Problem}
)
def record_leads(request: HttpRequest, body: LeadsIn, idempotency_key: Key = "") -> Any:
    """Record leads and hand them over. Good ones are kept; 422 when none is good."""
    access = access_for(request, "leads", "c")

    def answer() -> tuple[int, dict[str, Any]]:
        judged = judge(_sheet(body.leads), Defaults(zone=UTC), now=access.actor.now)
        answers = [_refused(number, judged) for number in sorted({fault.line for fault in judged.faults})]
        for each in take_in(judged.people, campaign_id=body.campaign, by=access.actor):
            errors = [{"field": "", "code": each.code, "says": str(each.says)}] if each.outcome == REFUSED else []
            answers.append({"number": each.line, "outcome": each.outcome, "token": each.token, "errors": errors})
        answers.sort(key=lambda each: each["number"])
        taken = sum(each["outcome"] == TAKEN for each in answers)
        is_any_good = any(each["outcome"] != REFUSED for each in answers)
        return (201 if is_any_good else 422), {"taken": taken, "leads": answers}

    queries.campaign_for(access.actor, body.campaign)
    return Status(*once(access.client_id, idempotency_key, request.body, answer, at=access.actor.now))


@router.get("/leads", operation_id="marketing.leads", response={200: LeadStates, **REFUSALS})
def leads(request: HttpRequest, after: str = "") -> Any:
    """The agency's tokens, newest first, and whether each was answered. Never a person, never what came of it."""
    access = access_for(request, "leads", "r")
    found = queries.leads_for(access.actor)
    if after:
        try:
            found = found.filter(pk__lt=UUID(after))
        except ValueError:
            raise Refused(NO_SUCH_PAGE) from None
    rows = list(found[: PAGE + 1])
    return {
        "leads": [
            {
                "token": lead.token,
                "campaign": lead.came_by_id,
                "channel": lead.channel,
                "answered": lead.stage == "ended",
            }
            for lead in rows[:PAGE]
        ],
        "next": str(rows[PAGE - 1].pk) if len(rows) > PAGE else None,
    }


def _sheet(sent: list[LeadIn]) -> Sheet:
    """As if they stood in a file: judged by the same rules."""
    names = tuple(LeadIn.model_fields)
    return Sheet(names, [Line(number, each.model_dump()) for number, each in enumerate(sent)])


def _refused(number: int, judged: Judged) -> dict[str, Any]:
    errors = [
        {"field": each.column, "code": each.code, "says": str(each.says)}
        for each in judged.faults
        if each.line == number
    ]
    return {"number": number, "outcome": REFUSED, "token": "", "errors": errors}
