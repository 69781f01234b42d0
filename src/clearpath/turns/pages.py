"""The pages that every subject has: my desk, the subject itself, a step's form, hand-offs, notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.charter.actor import Actor
from clearpath.charter.terms import Step
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.turns import charters, history, queries, rows, stand, steps
from clearpath.turns.forms import FORMS, StepForm
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Lane, Message, Notice
from clearpath.turns.page import first_page
from clearpath.turns.panels import Panel, is_open, panels_beside, panels_of
from clearpath.turns.sight import shown
from clearpath.turns.step import STEPS, check
from clearpath.turns.subject import Subject
from clearpath.turns.topics import topics_of
from clearpath.web.request import PageRequest
from clearpath.web.words import word_for

PAGE = 25
GLANCE = 6  # how many of a kind the desk shows
FIRST_TASKS = 12  # how many tasks of the desk, and
FIRST_EVENTS = 6  # how many events of a timeline, are shown before the rest is asked for
LANE_IS_THEIRS = ("provider", "doctor")  # to whom the name of the lane's hospital says nothing new


@login_required
def home(request: PageRequest) -> HttpResponse:
    """What waits for me, by clock; a patient with one journey sees the journey itself."""
    actor = request.actor
    if actor.role == "patient":
        journeys = first_page(hooks.models["journey"], to=actor, size=2)
        if len(journeys) == 1:
            return subject_page(request, "journey", journeys[0].pk)
    tasks = queries.with_what_comes_first(queries.my_tasks(actor))
    lanes = queries.names_of_lanes(task.lane_id for task in tasks) if actor.role not in LANE_IS_THEIRS else {}
    lines = rows.desk_lines(tasks, lanes)
    lists = [rows.open_subjects(actor, kind, GLANCE) for kind in rows.kinds_of(actor)]
    context = {
        "does": rows.what_the_role_does(actor),
        "turn": rows.next_on_desk(tasks[0], lanes) if tasks else None,
        "lines": lines[:FIRST_TASKS],
        "more_lines": lines[FIRST_TASKS:],
        "hand_offs": queries.hand_offs_to(actor),
        "seats": rows.offered_seats(queries.seats_offered_to(actor)),
        "lists": [found for found in lists if found.rows or found.next_url],
        "starting": queries.starting_steps(actor),
    }
    return render(request, "turns/home.html", context)


@login_required
def subject_list(request: PageRequest, kind: str) -> HttpResponse:
    """Every subject of a kind that the reader may see, newest first, a page at a time."""
    after = request.GET.get("after", "")
    context = rows.subject_list(request.actor, kind, PAGE, after=UUID(after) if _is_key(after) else None)
    return render(request, "turns/subject_list.html", {"list": context, "kind": kind})


@login_required
def subject_page(request: PageRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """One subject: what is my part now, whose turn is it, what happens next, and what the reader may know."""
    actor = request.actor
    subject = queries.subject_for(actor, kind, subject_id)
    tasks = queries.with_what_comes_first(queries.tasks_on(actor, subject))
    possible = queries.possible_steps(actor, subject)
    own = queries.own_lanes(actor, subject)
    names = queries.lane_names(subject) if own is None or len(own) > 1 else {}  # one's only lane needs no name
    turns = {(task.step, task.lane_id) for task in tasks if task.mine}
    row = shown(subject, to=actor)
    is_about_me = _is_about(subject, actor)
    mine = rows.turns_of([task for task in tasks if task.mine], names)
    others = rows.turns_of([task for task in tasks if not task.mine], names)
    first = mine or others
    timeline = rows.events_of(history.timeline_of(actor, subject), actor)
    looks = rows.events_of(history.who_looked(actor, subject), actor)
    context = {
        "subject": subject,
        "title": queries.title_of(row, kind),
        "heading": word_for(f"my:{kind}") if is_about_me else "",
        "about": queries.what_it_is_about(row),
        "path": rows.path_of(subject),
        "card": first[0] if first else None,
        "mine": mine[1:],
        "others": others if mine else others[1:],
        "more": rows.grouped([each for each in possible if (each.step, each.lane_id) not in turns], subject, names),
        "panels": [
            (panel, is_open(panel, actor, subject), _drawn(panel, request, subject))
            for panel in sorted(panels_of(actor, subject), key=lambda panel: not is_open(panel, actor, subject))
        ],
        "seats": queries.seat_rows(actor, subject),
        "timeline": timeline[:FIRST_EVENTS],
        "earlier": timeline[FIRST_EVENTS:],
        "looks": looks[:FIRST_EVENTS],
        "earlier_looks": looks[FIRST_EVENTS:],
        "is_about_me": is_about_me,
        "can_complain": is_about_me and kind == "journey" and "complaints.raise" in STEPS,
        "thread": rows.thread_of(queries.messages_on(actor, subject), actor, subject),
        "topics": _topics(subject, actor),
        "documents": queries.documents_on(actor, subject),
        "own_steps": _own_steps(subject, actor),
        "key": uuid4().hex,
    }
    return render(request, "turns/subject.html", context)


def _is_about(subject: Subject, actor: Actor) -> bool:
    return subject.about_id is not None and subject.about_id == actor.stands_for


def _drawn(panel: Panel, request: PageRequest, subject: Subject) -> str:
    return render_to_string(panel.template, {**panel.context, "subject": subject}, request)


def _topics(subject: Subject, actor: Actor) -> list[tuple[str, Any]]:
    seats = stand.seats_of(subject)
    own = {seat.position for seat in seats if stand.sits(seat, actor)}
    held = {seat.position for seat in seats if seat.held_since}
    found = topics_of(subject.kind, sorted(held))
    return [
        (key, word_for(topic.name) if isinstance(topic.name, str) else topic.name)
        for key, topic in found.items()
        if own and (topic.position in held) and not (subject.kind != "journey" and topic.position in own)
    ]


def _own_steps(subject: Subject, actor: Actor) -> list[str]:
    """Seats, appointments and documents: only for who sits there, and only while it goes on."""
    if subject.closed_at is not None or not any(stand.sits(seat, actor) for seat in stand.seats_of(subject)):
        return []
    own = ["turns.attach", "turns.offer_seat"]
    return [*own, "turns.appoint"] if actor.role == "patient" else own


@login_required
def take(request: PageRequest, kind: str, subject_id: UUID, name: str) -> HttpResponse:
    """One step: its form, and taking it. Refused alike by button and by a request made by hand."""
    actor = request.actor
    subject = queries.any_subject(kind, subject_id)
    rule = charters.rules_of(subject.charter, kind).steps.get(name)
    with as_card(subject, actor):
        lane = _lane(request, subject)
        if request.method != "POST":
            queries.subject_for(actor, kind, subject_id)
            _refuse_unless_possible(actor, subject, name, lane)
            form = _form(name, actor, subject, lane, initial=request.GET.dict())
            return _form_page(request, name, rule, form, subject, lane)
        check(name, subject, by=actor, lane=lane)
        form = _form(name, actor, subject, lane, data=request.POST, files=request.FILES)
        if not form.is_valid():
            return _form_page(request, name, rule, form, subject, lane, status=422)
        extra: dict[str, Any] = {"lane": lane} if lane else {}
        result, done, wrong, refusals = None, [], [], []
        for number, (things, details) in enumerate(form.takings()):
            key = request.POST.get("key", "") + (f"-{number}" if number else "")
            try:
                result = STEPS[name](subject, *things, by=actor, key=key, **extra, **details)
                done.append(form.when_done(result))
                wrong.append(form.what_is_wrong(result))
            except NotYourPart:
                raise
            except Refused as refusal:
                refusals.append((refusal, form.when_refused(refusal, details)))
        if refusals and not done:  # what was typed is kept, and said what is wrong with it
            return _again(request, refusals, name, rule, form, subject, lane)
    for words in done:
        messages.success(request, words or _("Done: %(step)s.") % {"step": word_for(name)})
    for words in [*filter(None, wrong), *(words for _refusal, words in refusals)]:
        messages.warning(request, words)
    if any(wrong):
        return redirect(request.get_full_path())  # what is to be mended stands beside the form that mends it
    return _onward(actor, subject, result)


@login_required
def start(request: PageRequest, name: str) -> HttpResponse:
    """A step that starts something new: its form, and taking it."""
    actor = request.actor
    rule = charters.starting(charters.in_force(), name)
    if rule is None or name not in STEPS:
        raise NotFound(queries.NO_SUCH_THING)
    not_mine = queries.why_not_start(actor, name) if request.method != "POST" else None
    if not_mine is not None:
        raise not_mine
    if request.method == "POST":
        form = _form(name, actor, None, None, data=request.POST, files=request.FILES)
        if form.is_valid():
            things, details = form.arguments()
            try:
                result = STEPS[name](*things, by=actor, key=request.POST.get("key", ""), **details)
            except NotYourPart:
                raise
            except Refused as refusal:
                refusals = [(refusal, form.when_refused(refusal, details))]
                return _again(request, refusals, name, rule, form, None, None)
            messages.success(request, _("Done: %(step)s.") % {"step": word_for(name)})
            return _onward(actor, None, result)
        return _form_page(request, name, rule, form, None, None, status=422)
    return _form_page(request, name, rule, _form(name, actor, None, None, initial=request.GET.dict()), None, None)


def _again(
    request: PageRequest,
    refusals: list[tuple[Refused, Any]],
    name: str,
    rule: Step | None,
    form: StepForm,
    subject: Subject | None,
    lane: Lane | None,
) -> HttpResponse:
    """The form once more with what is in the way; a request that was already done is simply said to be done."""
    if all(refusal.code == "already_done" for refusal, _words in refusals):
        messages.info(request, refusals[0][0].objection.message)
        return _onward(request.actor, subject, None)
    for _refusal, words in refusals:
        form.add_error(None, words)
    return _form_page(request, name, rule, form, subject, lane, status=409)


@contextmanager
def as_card(subject: Subject, actor: Actor) -> Iterator[None]:
    """A refusal becomes a card with the hand-off button; for who may not see the subject, there is no such thing."""
    try:
        yield
    except Refused as refusal:
        try:
            queries.subject_for(actor, subject.kind, subject.pk)
        except NotFound as unseen:
            raise unseen from refusal
        if isinstance(refusal, NotYourPart) and queries.can_hand_off(actor, subject, refusal):
            refusal.hand_off_url = reverse("turns:hand_off", args=[subject.kind, subject.pk])
        raise


def _refuse_unless_possible(actor: Actor, subject: Subject, name: str, lane: Lane | None) -> None:
    refusal = queries.why_not(actor, subject, name, lane)
    if refusal is not None:
        raise refusal


def _lane(request: PageRequest, subject: Subject) -> Lane | None:
    wanted = request.POST.get("lane") or request.GET.get("lane") or ""
    if not _is_key(wanted):
        return None
    return Lane.objects.filter(subject_id=subject.pk, pk=wanted).first()


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _form(name: str, actor: Actor, subject: Subject | None, lane: Lane | None, **given: Any) -> StepForm:
    return FORMS.get(name, StepForm)(actor=actor, subject=subject, lane=lane, **given)


def _form_page(
    request: PageRequest,
    name: str,
    rule: Step | None,
    form: StepForm,
    subject: Subject | None,
    lane: Lane | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "step": name,
        "rule": rule,
        "form": form,
        "subject": subject,
        "lane": lane,
        "lane_name": queries.lane_names(subject).get(lane.pk, "") if subject and lane else "",
        "title": queries.title_of(shown(subject, to=request.actor), subject.kind) if subject else "",
        "heading": word_for(f"my:{subject.kind}") if subject and _is_about(subject, request.actor) else "",
        "beside": [
            (panel, True, _drawn(panel, request, subject)) for panel in panels_beside(name, request.actor, subject)
        ]
        if subject
        else [],
        "key": request.POST.get("key") or uuid4().hex,
    }
    return render(request, "turns/step.html", context, status=status)


def _onward(actor: Actor, subject: Subject | None, result: Any) -> HttpResponse:
    """To what was begun or made, else back to the subject, else home when the actor no longer sees it."""
    if hasattr(result, "get_absolute_url") and not isinstance(result, Subject):
        return redirect(result)
    for target in (result, subject):
        if isinstance(target, Subject):
            try:
                queries.subject_for(actor, target.kind, target.pk)
            except NotFound:
                continue
            return redirect("turns:subject", target.kind, target.pk)
    return redirect("home")


@require_POST
@login_required
def hand_off(request: PageRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Hand the step named in the form to the role whose part it is."""
    subject = queries.subject_for(request.actor, kind, subject_id)
    with as_card(subject, request.actor):
        handed = steps.hand_off(
            subject, task=request.POST.get("step", ""), note=request.POST.get("note", ""), by=request.actor
        )
    messages.success(request, _("Handed over: %(step)s.") % {"step": word_for(handed.step)})
    return redirect("turns:subject", kind, subject_id)


@require_POST
@login_required
def answer_hand_off(request: PageRequest, kind: str, subject_id: UUID, hand_off_id: UUID) -> HttpResponse:
    """Accept, decline or withdraw a hand-off."""
    subject = queries.subject_for(request.actor, kind, subject_id)
    found = queries.hand_off_of(subject, hand_off_id)
    steps.answer_hand_off(
        subject,
        found,
        answer=request.POST.get("answer", ""),
        reason=request.POST.get("reason", ""),
        by=request.actor,
    )
    messages.success(request, _("Done: %(step)s.") % {"step": word_for("turns.answer_hand_off")})
    return redirect("turns:subject", kind, subject_id)


@require_POST
@login_required
def answer_seat(request: PageRequest, kind: str, subject_id: UUID, seat_id: UUID) -> HttpResponse:
    """Take or decline a seat that was offered."""
    subject = queries.subject_for(request.actor, kind, subject_id)
    seat = queries.seat_of(subject, seat_id)
    if request.POST.get("answer") == "accept":
        steps.accept_seat(subject, seat, by=request.actor)
        return redirect("turns:subject", kind, subject_id)
    steps.decline_seat(subject, seat, reason=request.POST.get("reason", ""), by=request.actor)
    return redirect("home")


@require_POST
@login_required
def write(request: PageRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """A message on a topic."""
    subject = queries.subject_for(request.actor, kind, subject_id)
    text, topic = request.POST.get("text", "").strip(), request.POST.get("topic", "")
    reply_to = None
    if _is_key(request.POST.get("reply_to", "")):
        reply_to = Message.objects.filter(pk=request.POST["reply_to"], subject_id=subject.pk).first()
        topic = reply_to.topic if reply_to else topic
    passes_on = None
    if _is_key(request.POST.get("passes_on", "")):
        passes_on = Message.objects.filter(pk=request.POST["passes_on"], subject_id=subject.pk).first()
    if text or passes_on:
        with as_card(subject, request.actor):
            STEPS["turns.write"](
                subject,
                topic=topic,
                text=text,
                reply_to=reply_to,
                passes_on=passes_on,
                by=request.actor,
                key=request.POST.get("key", ""),
            )
        messages.success(request, _("Sent."))
    return redirect(reverse("turns:subject", args=[kind, subject_id]) + "#messages")


@login_required
def document(request: PageRequest, kind: str, subject_id: UUID, document_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A file, as it was received: always downloaded, never shown by the browser."""
    found, content = queries.read_document(request.actor, subject_id, document_id)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="document-{str(found.pk)[-6:]}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def notices(request: PageRequest) -> HttpResponse:
    """What my seats were told, newest first; looking at it marks it as read."""
    found = list(queries.notices_for(request.actor))
    shown_rows = rows.notice_rows(found, request.actor)
    Notice.objects.filter(pk__in=[notice.pk for notice in found], read_at=None).update(read_at=timezone.now())
    return render(request, "turns/notices.html", {"events": shown_rows})
