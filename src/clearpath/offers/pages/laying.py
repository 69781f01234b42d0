"""A file laid beside the directory: given, looked at, repaired on the page, taken or dropped."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.core.outcomes import Refused
from clearpath.offers.directory import files
from clearpath.offers.directory.files import State
from clearpath.offers.directory.forms import LayFile
from clearpath.offers.directory.taking import take_now_or_later
from clearpath.offers.pages.directory import own_provider
from clearpath.web.request import PageRequest

FIX = "fix:"


@login_required
def lay_file(request: PageRequest) -> HttpResponse:
    """Choose a file; nothing changes before its preview was seen."""
    own_provider(request.actor)
    form = LayFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        file = files.lay(
            request.actor, name=given.name, content=given.read(), retires_absent=form.cleaned_data["retires_absent"]
        )
        return redirect("offers:directory_file", file.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "offers/lay_file.html", {"form": form}, status=status)


@login_required
def directory_file(request: PageRequest, file_id: UUID) -> HttpResponse:
    """What a file would change, and what is wrong in it; while it is being read, how far that is."""
    file = files.file_for(request.actor, file_id)
    context = files.context_of(file)
    if request.htmx:
        response = render(request, "offers/_file_progress.html", context)
        if not context["is_working"]:
            response["HX-Refresh"] = "true"
        return response
    return render(request, "offers/directory_file.html", context)


@require_POST
@login_required
def repair_file(request: PageRequest, file_id: UUID) -> HttpResponse:
    """What was typed takes the place of bad cells, and the file is looked at again."""
    file = files.file_for(request.actor, file_id)
    if file.state == State.READY:
        typed = {name.removeprefix(FIX): str(text) for name, text in request.POST.items() if name.startswith(FIX)}
        files.repair(file, typed)
    return redirect("offers:directory_file", file.pk)


@require_POST
@login_required
def take_file(request: PageRequest, file_id: UUID) -> HttpResponse:
    """The one confirmation: the good rows are written by one step."""
    file = files.file_for(request.actor, file_id)
    if file.state != State.READY:
        return redirect("offers:directory_file", file.pk)
    try:
        take_now_or_later(file, by=request.actor)
    except Refused as refusal:
        if refusal.code != "nothing_to_change":
            raise
        messages.info(request, str(refusal.objection.message))
        return redirect("offers:directory_file", file.pk)
    if file.state == State.DONE:
        messages.success(request, _("Your entry in the directory is changed. This is what others see now."))
        return redirect("offers:what_we_do")
    return redirect("offers:directory_file", file.pk)


@require_POST
@login_required
def drop_file(request: PageRequest, file_id: UUID) -> HttpResponse:
    """Forget the file; nothing was changed by it."""
    file = files.file_for(request.actor, file_id)
    if file.state != State.WRITING:
        file.delete()
        messages.info(request, _("The file is gone. Nothing was changed."))
    return redirect("offers:what_we_do")
