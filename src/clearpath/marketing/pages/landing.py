"""The landing page of a tracked link: for everybody, without a cookie, a script or a request to anybody else."""

import secrets
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from clearpath.core.outcomes import NotFound, Refused
from clearpath.marketing import landing, linking, queries, steps
from clearpath.marketing.landing_forms import Ask
from clearpath.marketing.models import TrackedLink
from clearpath.marketing.pictures import MEDIA_TYPE
from clearpath.turns.step import STEPS

SALT = "clearpath landing page 1"
HERE, STAMP = "-here-", "-stamp-"  # what stands in the drawn form until somebody asks for it


@csrf_exempt  # there is no session to misuse, and no cookie to tell one by
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page, or take what somebody asks. Who comes without a token gets one in the address."""
    now = timezone.now()
    try:
        link = linking.live_link(code, at=now)
    except NotFound:
        return _drawn("marketing/landing_ended.html", {}, status=410)
    token = linking.known_token(link, request.GET.get("t", ""))
    if token is None and request.method == "GET" and not _is_guess(request):
        given = {"t": str(linking.touch_by(link, request.GET, at=now))}
        return _private(redirect(f"{_address(link)}?{urlencode(given | _language_asked(request))}"))
    language = landing.language_for(link, request)
    with translation.override(language):
        if request.method == "POST":
            return _taken(request, link, token, language, now)
        ask = _empty_form(language, tuple(link.campaign.countries))
        ask = ask.replace(HERE, escape(_here(request, language))).replace(STAMP, escape(_stamp(now)))
        return _page(request, link, language, ask)


def _taken(request: HttpRequest, link: TrackedLink, token: Any, language: str, now: Any) -> HttpResponse:
    form = Ask(request.POST, language=language, first=link.campaign.countries)
    if not form.is_valid():
        return _asked_again(request, link, language, form, status=422)
    given, (key, took) = form.cleaned_data, _read(form.cleaned_data["stamp"], now)
    by = linking.actor_behind(link, at=now)
    try:
        lead = STEPS["marketing.record_lead"](
            campaign_id=link.campaign_id,
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            asks=given["asks"] or landing.landing_row(link, language).title,
            country=given["country"],
            language=language,
            channel=linking.channel_of(link, request.GET),
            consent_wording=str(form.fields["agreed"].label),
            consent_language=language,
            consented_at=now,
            measuring_wording=str(form.fields["measured"].label) if given["measured"] else "",
            token=token,
            link_id=link.pk,
            took_seconds=took,
            honeypot=bool(given["website"]),
            key=key,
            by=by,
        )
        steps.hand_over_lead(lead, by=by)
    except Refused as refusal:
        # Nobody to answer yet: the lead is kept, and its agency hands it over.
        if refusal.code not in {"already_done", "nobody_to_answer"}:
            form.add_error(None, _("This did not work. Please try again later."))
            return _asked_again(request, link, language, form, status=409)
    return _drawn("marketing/landing_done.html", {"row": landing.landing_row(link, language)})


@lru_cache(maxsize=256)
def _empty_form(language: str, first: tuple[str, ...]) -> str:
    """The form as everybody gets it in a language, but for its address and its stamp: drawn once."""
    context = {"form": Ask(language=language, first=list(first)), "here": HERE, "stamp": STAMP}
    return get_template("marketing/_ask.html").render(context)


def _asked_again(request: HttpRequest, link: TrackedLink, language: str, form: Ask, *, status: int) -> HttpResponse:
    context = {"form": form, "here": _here(request, language), "stamp": form.data.get("stamp", "")}
    return _page(request, link, language, get_template("marketing/_ask.html").render(context), status=status)


def _here(request: HttpRequest, language: str) -> str:
    return "?" + urlencode({"t": request.GET.get("t", ""), "lang": language})


def _page(request: HttpRequest, link: TrackedLink, language: str, ask: str, status: int = 200) -> HttpResponse:
    row = landing.landing_row(link, language)
    token = request.GET.get("t", "")
    others = [(code, name, "?" + urlencode({"t": token, "lang": code})) for code, name in row.languages]
    context = {"row": row, "ask": mark_safe(ask), "others": others}  # noqa: S308 - drawn by a template
    if row.picture_key:
        context["picture"] = reverse("marketing:landing_picture", args=[link.code, row.picture_key])
    return _drawn("marketing/landing.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
def picture(request: HttpRequest, code: str, key: str) -> HttpResponse:  # noqa: ARG001
    """The picture of a live advertisement. Its address changes with its content, so anybody may keep it for a day."""
    try:
        link = linking.live_link(code, at=timezone.now())
    except NotFound:
        return HttpResponse(status=410)
    creative = link.creative
    content = queries.picture_of(creative) if creative and key and creative.picture_key == key else None
    if content is None:
        return HttpResponse(status=404)
    response = picture_response(content)
    response["Cache-Control"] = "public, max-age=86400"
    return response


def picture_response(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _drawn(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the request, so that neither session nor cookie is touched."""
    return _private(HttpResponse(get_template(template).render(context), status=status))


def _private(response: Any) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"  # the token in the address is told to nobody
    response["X-Robots-Tag"] = "noindex"
    return response  # type: ignore[no-any-return]


def _address(link: TrackedLink) -> str:
    return reverse("marketing:landing", args=[link.code])


def _language_asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("lang", "utm_source", "utm_medium") if name in request.GET}


def _is_guess(request: HttpRequest) -> bool:
    """Whether a browser only loads the page ahead, in case somebody goes there."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))


def _stamp(now: Any) -> str:
    """When the form was shown, signed, so that how long it took can be told, and sending it twice takes effect once."""
    return signing.dumps([secrets.token_urlsafe(12), now.timestamp()], salt=SALT)


def _read(stamp: str, now: Any) -> tuple[str, float]:
    """A key, and how many seconds passed; 0 for a form that was never shown."""
    try:
        nonce, shown = signing.loads(stamp, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(12), 0.0
    return f"landing {nonce}", max(0.0, now.timestamp() - shown)
