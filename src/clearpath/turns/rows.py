"""Turns what queries found into the plain rows that the components draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.turns import charters, queries
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Message, Notice, Seat
from clearpath.turns.page import first_page
from clearpath.turns.phrases import stage_words
from clearpath.turns.queries import Happened, Possible, TaskRow
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject
from clearpath.turns.topics import topics_of
from clearpath.web import parts
from clearpath.web.roles import role_words
from clearpath.web.words import word_for

KINDS_BY_ROLE = {
    "patient": ("journey", "complaint"),
    "facilitator": ("journey", "lead", "campaign", "agreement", "forum"),
    "provider": ("journey", "campaign", "creative", "agreement", "forum"),
    "doctor": ("journey", "creative"),
    "second_doctor": ("journey",),
    "home_doctor": ("journey",),
    "agency": ("lead", "campaign", "creative", "agreement", "forum"),
    "organizer": ("forum", "agreement"),
    "steward": ("organisation", "complaint", "agreement", "charter"),
}  # what each role's start page lists first; the charter alone decides what is in the lists


def kinds_of(actor: Actor) -> list[str]:
    """The kinds of subject that a role works on, those it meets most first."""
    return [kind for kind in KINDS_BY_ROLE.get(actor.role, ()) if kind in hooks.models]


def step_url(task: TaskRow | Possible, kind: str, subject_id: UUID) -> str:
    """Where a step is taken."""
    url = reverse("turns:take", args=[kind, subject_id, task.step])
    return f"{url}?lane={task.lane_id}" if task.lane_id else url


def turn_of(task: TaskRow, *, lanes: dict[UUID, str] | None = None) -> parts.Turn:
    """A task as the card or line that says whose turn it is."""
    lane = (lanes or {}).get(task.lane_id, "") if task.lane_id else ""
    sentence = _("At %(provider)s") % {"provider": lane} if lane else ("" if task.mine else task.title)
    return parts.Turn(
        title=word_for(task.step),
        role=task.position,
        name="" if task.mine else lane,
        sentence=sentence if task.mine else "",
        due_at=task.due_at,
        mine=task.mine,
        url=step_url(task, task.kind, task.subject_id) if task.mine else "",
        action=word_for(task.step) if task.mine else "",
    )


def task_row(task: TaskRow) -> parts.Row:
    """A task as a line of the desk."""
    return parts.Row(
        (
            parts.Cell(word_for(task.step), "link", url=step_url(task, task.kind, task.subject_id)),
            parts.Cell(task.title, "link", url=reverse("turns:subject", args=[task.kind, task.subject_id])),
            parts.Cell(task.due_at, "due"),
        )
    )


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
    url = reverse(f"turns:all_{kind}")
    return SubjectList(
        kind,
        word_for(f"kinds:{kind}"),
        (parts.Column(word_for(f"kind:{kind}")), parts.Column(_("Stage")), parts.Column(_("Since"))),
        [_subject_row(actor, kind, subject) for subject in page],
        f"{url}?after={page[-1].pk}" if len(found) > size else "",
        url,
    )


def _subject_row(actor: Actor, kind: str, subject: Subject) -> parts.Row:
    return parts.Row(
        (
            parts.Cell(
                queries.title_of(shown(subject, to=actor)),
                "link",
                url=reverse("turns:subject", args=[kind, subject.pk]),
            ),
            parts.Cell(stage_words(kind, subject.stage), "badge"),
            parts.Cell(subject.stage_since, "when"),
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


def grouped(possible: Iterable[Possible], subject: Subject) -> list[tuple[str, str]]:
    """What else the reader can do now: words and address."""
    return [
        (
            f"{word_for(each.step)} · {each.lane}" if each.lane else str(word_for(each.step)),
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
            if each.person_id and show_person
            else organisations.get(each.organisation_id or UUID(int=0), ""),
            organisations.get(each.organisation_id, "") if each.organisation_id and show_person else "",
            you,
        )
        detail = ""
        if each.for_person_id:
            detail = _("for %(name)s") % {"name": people.get(each.for_person_id, "")}
        found.append(parts.Event(each.at, word_for(each.step), who, role_words(each.role).icon, detail))
    return found


def thread_of(messages: list[Message], actor: Actor, subject: Subject) -> list[parts.Message]:
    """Messages as a thread."""
    topics = topics_of(subject.kind, [])
    return [
        parts.Message(
            each.written_at,
            parts.Seat(
                each.author_role,
                each.author.name if each.author_organisation_id is None or each.author_role == "doctor" else "",
                each.author_organisation.name if each.author_organisation else "",
                each.author_id == actor.person_id,
            ),
            each.text,
            each.author_id == actor.person_id,
            topics[each.topic].name if each.topic in topics else word_for(each.topic),
        )
        for each in messages
    ]


def notice_rows(notices: list[Notice], actor: Actor) -> list[parts.Event]:
    """Notices as a timeline with links to where it happened."""
    by_kind: dict[str, set[UUID]] = {}
    for notice in notices:
        by_kind.setdefault(notice.seat.subject.kind, set()).add(notice.seat.subject_id)
    titles = queries.titles_of(actor, by_kind)
    return [
        parts.Event(
            notice.at,
            word_for(notice.step),
            icon="bell",
            detail=titles.get(notice.seat.subject_id, ""),
            url=reverse("turns:subject", args=[notice.seat.subject.kind, notice.seat.subject_id]),
            tone="" if notice.read_at else "good",
        )
        for notice in notices
    ]
