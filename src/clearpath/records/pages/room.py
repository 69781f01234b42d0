"""The doctor's room: a queue of medical questions, each answered on one page, with the keyboard alone."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.journeys import queries as journeys
from clearpath.records import attention, phrases, queries, questions
from clearpath.records.medical_forms import Answer
from clearpath.records.written import side_by_side
from clearpath.turns import charters
from clearpath.turns import queries as turns
from clearpath.turns.forms import FORMS, StepForm
from clearpath.turns.models import Lane
from clearpath.turns.pages import as_card
from clearpath.turns.panels import panels_of
from clearpath.turns.queries import NO_SUCH_THING
from clearpath.turns.step import STEPS, check
from clearpath.turns.subject import Subject
from clearpath.web.request import PageRequest
from clearpath.web.words import word_for

OPINION = "records.give_opinion"  # whose one form is three steps: see medical_forms.Answer
DOCTORS = frozenset({"doctor", "second_doctor", "home_doctor"})
BESIDE = ("patient", "records", "papers")  # the panels that stand beside every question


@login_required
def room(request: PageRequest) -> HttpResponse:
    """Every medical question that waits for me, by clock."""
    _refuse_others(request.actor)
    context = {
        "questions": questions.questions_for(request.actor),
        "phrases": phrases.phrases_of(request.actor),
        "attention": attention.own_attention(request.actor),
    }
    return render(request, "records/room.html", context)


def _refuse_others(actor: Actor) -> None:
    if actor.role not in DOCTORS:
        raise NotFound(NO_SUCH_THING)


@login_required
def case(request: PageRequest, journey_id: UUID, name: str) -> HttpResponse:
    """One question with everything that an answer needs, and its form."""
    actor = request.actor
    _refuse_others(actor)
    if name not in STEPS or name not in questions.medical_steps():
        raise NotFound(NO_SUCH_THING)
    journey = journeys.journey_for(actor, journey_id)
    lane = _lane(request, journey)
    with as_card(journey, actor):
        if request.method != "POST":
            refusal = turns.why_not(actor, journey, name, lane)
            if refusal is not None:
                raise refusal
            return _page(request, journey, name, lane, _form(name, actor, journey, lane, initial=request.GET.dict()))
        form = _form(name, actor, journey, lane, data=request.POST, files=request.FILES)
        if not form.is_valid():
            check(name, journey, by=actor, lane=lane)
            return _page(request, journey, name, lane, form, status=422)
        return _answered(request, journey, name, lane, form)


def _answered(request: PageRequest, journey: Subject, asked: str, lane: Lane | None, form: StepForm) -> HttpResponse:
    """Take the step that the answer is, and go on to the next question."""
    step = form.step if isinstance(form, Answer) else asked
    things, details = form.arguments()
    extra: dict[str, Any] = {"lane": lane} if lane else {}
    _before, after = questions.following(request.actor, journey.pk, asked)
    try:
        STEPS[step](journey, *things, by=request.actor, key=request.POST.get("key", ""), **extra, **details)
    except NotYourPart:
        raise
    except Refused as refusal:  # what was typed is kept, and said what is wrong with it
        if refusal.code == "already_done":
            messages.info(request, refusal.objection.message)
            return redirect("records:room")
        form.add_error(None, refusal.objection.message)
        return _page(request, journey, asked, lane, form, status=409)
    messages.success(request, _("Done: %(step)s.") % {"step": word_for(step)})
    return redirect(after.url if after else "records:room")


def _form(step: str, actor: Actor, journey: Subject, lane: Lane | None, **given: Any) -> StepForm:
    form = Answer if step == OPINION else FORMS.get(step, StepForm)
    return form(actor=actor, subject=journey, lane=lane, **given)


def _lane(request: PageRequest, journey: Subject) -> Lane | None:
    """The lane that was asked for, else the actor's own where there is one."""
    wanted = request.POST.get("lane") or request.GET.get("lane") or ""
    own = turns.own_lanes(request.actor, journey)
    lanes = Lane.objects.filter(subject_id=journey.pk, pk__in=own or ())
    try:
        return lanes.filter(pk=UUID(wanted)).first() or lanes.first()
    except ValueError:
        return lanes.first()


def _page(
    request: PageRequest, journey: Subject, step: str, lane: Lane | None, form: StepForm, status: int = 200
) -> HttpResponse:
    actor = request.actor
    before, after = questions.following(actor, journey.pk, step)
    panels = [panel for panel in panels_of(actor, journey) if panel.key in BESIDE]
    written = queries.file_for(actor, journey)
    context = {
        "journey": journey,
        "asked": questions.ASKED.get(step) or word_for(step),
        "patient": questions.patient_lines(actor, [journey.pk]).get(journey.pk, ""),
        "missing": questions.missing_for(actor, journey.pk, step),
        "summary_url": questions.summary_url(journey.pk),
        "panels": [
            (panel, render_to_string(panel.template, {**panel.context, "subject": journey}, request))
            for panel in panels
        ],
        "written": written,
        "beside": side_by_side(written),
        "step": step,
        "lane": lane,
        "form": form,
        "phrases": phrases.phrases_of(actor),
        "before": before,
        "after": after,
        "key": request.POST.get("key") or uuid4().hex,
    }
    return render(request, "records/case.html", context, status=status)


@login_required
def attention_of_doctors(request: PageRequest) -> HttpResponse:
    """For the steward: how much of what reached each practice was medicine, in groups."""
    if request.actor.role != "steward":
        raise NotFound(NO_SUCH_THING)
    smallest = charters.charter(charters.in_force()).smallest_group
    context = {"practices": attention.attention_of_practices(request.actor), "smallest": smallest}
    return render(request, "records/attention.html", context)


@require_POST
@login_required
def keep_phrase(request: PageRequest) -> HttpResponse:
    """Keep a text of one's own to use again, or throw one away: drafts, which bind nobody."""
    _refuse_others(request.actor)
    if request.POST.get("drop"):
        phrases.drop(request.actor, request.POST["drop"])
    else:
        phrases.keep(request.actor, request.POST.get("text", ""))
    return redirect("records:room")
