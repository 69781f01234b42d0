"""Turns what queries found into the plain rows that the components draw."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.turns import charters, queries, stand
from clearpath.turns.forms import FORMS
from clearpath.turns.history import Happened
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Message, Notice, Seat
from clearpath.turns.page import first_page
from clearpath.turns.phrases import event_words, role_words_for_desk, stage_words
from clearpath.turns.queries import Possible, TaskRow
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject
from clearpath.turns.topics import MEDICAL, topics_of
from clearpath.web import parts
from clearpath.web.roles import role_words
from clearpath.web.words import listed, word_for

NOBODY = UUID(int=0)
KINDS_BY_ROLE = {
    "patient": ("journey", "complaint"),
    "facilitator": ("journey", "lead", "campaign", "agreement", "forum", "next_step"),
    "provider": ("journey", "campaign", "creative", "agreement", "forum", "next_step"),
    "doctor": ("journey", "creative", "next_step"),
    "second_doctor": ("journey",),
    "home_doctor": ("journey",),
    "agency": ("lead", "campaign", "creative", "agreement", "forum", "next_step"),
    "organizer": ("forum", "agreement"),
    "steward": ("organisation", "complaint", "agreement", "charter"),
}  # what each role's start page lists first; the charter alone decides what is in the lists


def kinds_of(actor: Actor) -> list[str]:
    """The kinds of subject that a role works on, those it meets most first."""
    return [kind for kind in KINDS_BY_ROLE.get(actor.role, ()) if kind in hooks.models]


def what_the_role_does(actor: Actor) -> Any:
    """One sentence: what the reader's role does here."""
    says = charters.charter(charters.in_force()).roles.get(actor.role, "")
    return role_words_for_desk(actor.role, says)


def step_url(task: TaskRow | Possible, kind: str, subject_id: UUID) -> str:
    """Where a step is taken."""
    url = reverse("turns:take", args=[kind, subject_id, task.step])
    return f"{url}?lane={task.lane_id}" if task.lane_id else url


def turns_of(tasks: Iterable[TaskRow], lanes: dict[UUID, str]) -> list[parts.Turn]:
    """Tasks on one subject as cards or lines that say whose turn it is: one for each step, however many hospitals."""
    by_step: dict[tuple[str, str], list[TaskRow]] = {}
    for task in tasks:
        by_step.setdefault((task.step, task.position), []).append(task)
    return [_turn_of(same, lanes) for same in by_step.values()]


def _turn_of(tasks: list[TaskRow], lanes: dict[UUID, str]) -> parts.Turn:
    first, words = tasks[0], word_for(tasks[0].step)
    places = [lanes[task.lane_id] for task in tasks if task.lane_id in lanes]
    if not first.mine:
        return parts.Turn(words, first.position, name=listed(places), due_at=first.due_at)
    several = [(lanes.get(task.lane_id or NOBODY, words), step_url(task, task.kind, task.subject_id)) for task in tasks]
    intro = getattr(FORMS.get(first.step), "intro", "")
    return parts.Turn(
        words,
        first.position,
        name="" if len(tasks) > 1 else listed(places),
        sentence=intro,
        due_at=first.due_at,
        mine=True,
        url=several[0][1],
        action=words,
        ways=several if len(tasks) > 1 else (),
    )


def next_on_desk(task: TaskRow, lanes: dict[UUID, str]) -> parts.Turn:
    """The first task of the desk as its card: what, for whom, and at which hospital."""
    where = lanes.get(task.lane_id or NOBODY, "")
    return parts.Turn(
        word_for(task.step),
        task.position,
        name=f"{task.title} · {where}" if where else task.title,
        due_at=task.due_at,
        mine=True,
        url=step_url(task, task.kind, task.subject_id),
        action=word_for(task.step),
    )


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A task as a line of the desk."""

    what: Any
    what_url: str
    title: str
    title_url: str
    where: str
    due_at: datetime | None


def desk_lines(tasks: Iterable[TaskRow], lanes: dict[UUID, str]) -> list[DeskLine]:
    """Every task with whom it is for, and at which hospital where several are asked."""
    return [
        DeskLine(
            word_for(task.step),
            step_url(task, task.kind, task.subject_id),
            task.title,
            reverse("turns:subject", args=[task.kind, task.subject_id]),
            lanes.get(task.lane_id or NOBODY, ""),
            task.due_at,
        )
        for task in tasks
    ]


@dataclass(frozen=True, slots=True)
class SubjectList:
    """One page of the subjects of a kind."""

    kind: str
    label: Any
    columns: tuple[parts.Column, ...]
    rows: list[parts.Row]
    next_url: str
    all_url: str


def subject_list(actor: Actor, kind: str, size: int, *, after: UUID | None = None) -> SubjectList:
    """The newest subjects of a kind that the actor sees."""
    model = hooks.models.get(kind)
    found = first_page(model, to=actor, size=size + 1, after=after) if model else []
    page = found[:size]
    return _list_of(actor, kind, page, f"?after={page[-1].pk}" if len(found) > size else "")


def open_subjects(actor: Actor, kind: str, size: int) -> SubjectList:
    """The newest that have not ended; those that have are a page away."""
    model = hooks.models.get(kind)
    found = first_page(model, to=actor, size=size * 10) if model else []
    still = [each for each in found if not charters.rules_of(each.charter, kind).stages[each.stage].final]
    return _list_of(actor, kind, still[:size], "?" if len(found) > len(still[:size]) else "")


def _list_of(actor: Actor, kind: str, page: list[Any], following: str) -> SubjectList:
    url = reverse(f"turns:all_{kind}")
    turns = queries.first_turns(actor, kind, [subject.pk for subject in page])
    return SubjectList(
        kind,
        word_for(f"kinds:{kind}"),
        (
            parts.Column(word_for(f"kind:{kind}")),
            parts.Column(_("Stage")),
            parts.Column(_("Whose turn")),
            parts.Column(_("Since")),
        ),
        [_subject_row(actor, kind, subject, turns.get(subject.pk)) for subject in page],
        f"{url}{following}" if following else "",
        url,
    )


def _subject_row(actor: Actor, kind: str, subject: Any, turn: queries.FirstTurn | None) -> parts.Row:
    whose: Any = ""
    if turn is not None:
        who = _("You") if turn.mine else word_for(turn.position)
        whose = f"{who}: {word_for(turn.step)}"
    return parts.Row(
        (
            parts.Cell(
                queries.title_of(shown(subject, to=actor), kind),
                "link",
                url=reverse("turns:subject", args=[kind, subject.pk]),
            ),
            parts.Cell(stage_words(kind, subject.stage), "badge"),
            parts.Cell(whose or "–"),
            parts.Cell(subject.stage_since, "when", "date"),
        )
    )


def path_of(subject: Subject) -> list[parts.Stage]:
    """The stages as a path: done, now, next. A stage beside the path is shown only while the subject is in it."""
    rules = charters.rules_of(subject.charter, subject.kind)
    order = list(rules.stages)
    here = order.index(subject.stage)
    beside = {"ending", "suspended", "replaced"}
    shown_stages = [name for name in order if name not in beside or name == subject.stage]
    return [
        parts.Stage(
            stage_words(subject.kind, name),
            "now" if name == subject.stage else "done" if order.index(name) < here else "next",
        )
        for name in shown_stages
    ]


def grouped(possible: Iterable[Possible], subject: Subject, lanes: dict[UUID, str]) -> list[tuple[str, str]]:
    """What else the reader can do now: words and address."""
    return [
        (
            " · ".join(filter(None, [str(word_for(each.step)), lanes.get(each.lane_id or NOBODY, "")])),
            step_url(each, subject.kind, subject.pk),
        )
        for each in possible
    ]


def offered_seats(seats: list[Seat]) -> list[tuple[Seat, str, str]]:
    """Seats that wait for an answer, with the words for the subject and where it is."""
    return [
        (
            seat,
            str(word_for(f"kind:{seat.subject.kind}")),
            reverse("turns:subject", args=[seat.subject.kind, seat.subject_id]),
        )
        for seat in seats
    ]


def _names(happened: Iterable[Happened]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    entries = list(happened)
    people = {key for each in entries for key in (each.person_id, each.for_person_id) if key}
    organisations = {each.organisation_id for each in entries if each.organisation_id}
    model = Seat._meta.get_field("organisation").related_model
    return (
        dict(get_user_model().objects.filter(pk__in=people).values_list("pk", "name")),
        dict(model._default_manager.filter(pk__in=organisations).values_list("pk", "name")) if organisations else {},
    )


def events_of(happened: list[Happened], actor: Actor) -> list[parts.Event]:
    """What happened, in words: which step, by whom, for whom."""
    people, organisations = _names(happened)
    found = []
    for each in happened:
        you = each.person_id is not None and each.person_id == actor.person_id
        show_person = (
            each.organisation_id is None or actor.organisation_id == each.organisation_id or each.role == "doctor"
        )
        who = parts.Seat(
            each.role,
            people.get(each.person_id, "")
            if each.person_id and show_person and queries.knows_name(actor, each.role)
            else organisations.get(each.organisation_id or UUID(int=0), each.said_name),
            organisations.get(each.organisation_id, "") if each.organisation_id and show_person else "",
            you,
        )
        detail = ""
        if each.for_person_id and queries.knows_name(actor, "patient"):
            detail = _("for %(name)s") % {"name": people.get(each.for_person_id, "")}
        found.append(parts.Event(each.at, event_words(each.step), who, role_words(each.role).icon, detail))
    return _told_once(found)


def _told_once(events: list[parts.Event]) -> list[parts.Event]:
    """The same thing done by the same one several times in a row is one entry that says how often."""
    found = []
    for _same, group in groupby(events, key=lambda event: (str(event.text), event.who, event.detail)):
        first, *others = group
        often = _("%(count)d times") % {"count": len(others) + 1}
        found.append(replace(first, detail=f"{first.detail} · {often}" if first.detail else often) if others else first)
    return found


def _shows_author(message: Message, actor: Actor) -> bool:
    """A patient by name to who may know it, a doctor always; a desk is named by its organisation."""
    if message.author_organisation_id is None:
        return queries.knows_name(actor, message.author_role)
    return message.author_role == "doctor"


def thread_of(messages: list[Message], actor: Actor, subject: Subject) -> list[parts.Message]:
    """Messages as a thread."""
    topics = topics_of(subject.kind, [])
    return [
        parts.Message(
            each.written_at,
            parts.Seat(
                each.author_role,
                each.author.name if _shows_author(each, actor) else "",
                each.author_organisation.name if each.author_organisation else "",
                each.author_id == actor.person_id,
            ),
            each.text,
            each.author_id == actor.person_id,
            topics[each.topic].name if each.topic in topics else word_for(each.topic),
            str(each.pk) if _can_pass_on(each, actor, subject) else "",
            _("Handed to the facilitator.") if getattr(each, "is_passed_on", False) else "",
        )
        for each in messages
    ]


def _can_pass_on(message: Message, actor: Actor, subject: Subject) -> bool:
    """Whether a message to a doctor can still be sent to the facilitator, by the doctor or by who wrote it."""
    if subject.kind != "journey" or subject.closed_at is not None or getattr(message, "is_passed_on", False):
        return False
    to_doctor = message.topic == MEDICAL and message.to_seat.position == "doctor"
    return to_doctor and (message.author_id == actor.person_id or stand.sits(message.to_seat, actor))


def _whose_step(notice: Notice) -> parts.Seat | None:
    """Whose part it was, where it was one role's; who it was stands on the page behind the notice."""
    subject = notice.seat.subject
    rule = charters.rules_of(subject.charter, subject.kind).steps.get(notice.step)
    return parts.Seat(rule.by) if rule and rule.by in charters.charter(subject.charter).roles else None


def notice_rows(notices: list[Notice], actor: Actor) -> list[parts.Event]:
    """Notices as a timeline with links to where it happened."""
    by_kind: dict[str, set[UUID]] = {}
    for notice in notices:
        by_kind.setdefault(notice.seat.subject.kind, set()).add(notice.seat.subject_id)
    titles = queries.titles_of(actor, by_kind)
    return [
        parts.Event(
            notice.at,
            event_words(notice.step),
            _whose_step(notice),
            icon="bell",
            detail=titles.get(notice.seat.subject_id, ""),
            url=reverse("turns:subject", args=[notice.seat.subject.kind, notice.seat.subject_id]),
            tone="" if notice.read_at else "good",
        )
        for notice in notices
    ]
