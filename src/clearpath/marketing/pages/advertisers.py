"""Who advertises here, for everybody; and the picture of an advertisement, for who checks it."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import get_language_from_request, get_language_info
from django.views.decorators.http import require_safe

from clearpath.marketing import queries
from clearpath.marketing.advertisers import advertiser_rows
from clearpath.marketing.pages.landing import picture_response
from clearpath.web.request import PageRequest


@require_safe
def advertisers(request: HttpRequest) -> HttpResponse:
    """The list, in the language asked for or that of the reader's browser; without session and cookie."""
    served = [code for code, _name in settings.LANGUAGES]
    asked = request.GET.get("lang", "")
    language = asked if asked in served else get_language_from_request(request)
    with translation.override(language):
        others = [(code, get_language_info(code)["name_local"]) for code in served if code != language]
        context = {"rows": advertiser_rows(at=timezone.now()), "others": others}
        return HttpResponse(get_template("marketing/advertisers.html").render(context))


@login_required
def creative_picture(request: PageRequest, creative_id: UUID, key: str) -> HttpResponse:
    """The picture of an advertisement that the reader may see, running or not."""
    creative = queries.creative_for(request.actor, creative_id)
    content = queries.picture_of(creative) if creative.picture_key == key else None
    if content is None:
        raise Http404
    response = picture_response(content)
    response["Cache-Control"] = "private, max-age=86400"
    return response
