"""Reads about tasks, seats, hand-offs, messages and notices; always scoped to the actor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.terms import Step
from clearpath.core.outcomes import NotFound, NotYourPart, Objection
from clearpath.trust import log, vault
from clearpath.turns import charters, policies, sight, stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Appointment, Document, HandOff, Lane, Message, Notice, Seat, Task
from clearpath.turns.sight import HIDDEN, Shown, shown, visible
from clearpath.turns.subject import Subject
from clearpath.turns.words import says_no
from clearpath.web.words import word_for

NO_SUCH_THING = Objection("no_such_thing", _("There is no such thing here."))
TITLES = ("patient_name", "name", "title", "reference", "version")  # the first that is shown names a subject


@dataclass(frozen=True, slots=True)
class PersonalRole:
    """A role in which a person takes part without an organisation."""

    role: str
    for_person_id: UUID | None = None


def personal_roles(person_id: UUID) -> list[PersonalRole]:
    """Patient or home doctor by their own seat, or patient by appointment; the own ones first."""
    own = Seat.objects.filter(person_id=person_id, organisation=None, ended_at=None).values_list("role", flat=True)
    appointed = Appointment.objects.filter(person_id=person_id, revoked_at=None).values_list("by_person_id", flat=True)
    return [
        *(PersonalRole(role) for role in sorted(set(own))),
        *(PersonalRole("patient", patient) for patient in sorted(set(appointed))),
    ]


def organisations_asked_as(role: str, organisations: Iterable[UUID | None]) -> set[UUID]:
    """Those that hold, or are offered, a seat in a role on any subject."""
    found = Seat.objects.filter(role=role, organisation_id__in=list(organisations), ended_at=None)
    return {key for key in found.values_list("organisation_id", flat=True) if key}


def subject_for(actor: Actor, kind: str, subject_id: UUID) -> Subject:
    """Raises NotFound alike for a missing subject and for one the actor may not see."""
    model = hooks.models.get(kind)
    found = visible(model, to=actor).filter(pk=subject_id).first() if model else None
    if found is None and model and _is_seated_or_asked(actor, subject_id):
        found = model._default_manager.filter(pk=subject_id).first()
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found


def _is_seated_or_asked(actor: Actor, subject_id: UUID) -> bool:
    if not stand.may_stand_for(actor, subject_id):
        return False
    return any(
        stand.sits(seat, actor) or stand.offered_to(seat, actor)
        for seat in Seat.objects.filter(subject_id=subject_id, ended_at=None)
    )


def any_subject(kind: str, subject_id: UUID) -> Subject:
    """The subject whoever asks: only for `@step`, which refuses and logs. Raises NotFound when there is none."""
    model = hooks.models.get(kind)
    found = model._default_manager.filter(pk=subject_id).first() if model else None
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found


def title_of(row: Shown, kind: str) -> str:
    """What a reader calls a subject: its name where they may see it, else its kind and the end of its key."""
    for name in TITLES:
        value = getattr(row, name, HIDDEN) if name not in row.hidden else HIDDEN
        if value:
            return str(value)
    return f"{word_for(f'kind:{kind}')} {str(row.pk)[-6:].upper()}"


def what_it_is_about(row: Shown) -> str:
    """What a journey is about, where the reader may see it; empty for other kinds."""
    return str(row.procedure)


def titles_of(actor: Actor, subjects: Mapping[str, Iterable[UUID]]) -> dict[UUID, str]:
    """Titles of subjects by key; one query for each kind."""
    found: dict[UUID, str] = {}
    for kind, keys in subjects.items():
        model = hooks.models.get(kind)
        if model is not None:
            rows = visible(model, to=actor).filter(pk__in=set(keys))
            found |= {row.pk: title_of(shown(row, to=actor), kind) for row in rows}
    return found


# Whose turn


GO_FIRST = frozenset({"aftercare.answer_warning"})  # before every clock: a patient may be in danger
BY_CLOCK = (
    Case(When(step__in=sorted(GO_FIRST), then=0), default=1),
    F("due_at").asc(nulls_last=True),
    "pk",
)  # those without a clock last


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One step that is somebody's turn. `mine`: the reader's; `lane` names whom it is about, if a lane."""

    kind: str
    subject_id: UUID
    title: str
    step: str
    position: str
    lane_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    mine: bool


def _mine(actor: Actor) -> Exists:
    seats = Seat.objects.filter(stand.held_by(actor), subject_id=OuterRef("subject_id")).filter(
        Q(position=OuterRef("position")) | Q(role=OuterRef("position")),
        Q(lane=None) | Q(lane_id=OuterRef("lane_id")),
    )
    return Exists(seats)


def my_tasks(actor: Actor, *, limit: int = 100) -> list[TaskRow]:
    """What is the actor's turn on any subject: warnings first, then by clock; those without a clock last."""
    tasks = Task.objects.filter(_mine(actor), done_at=None).select_related("subject").order_by(*BY_CLOCK)[:limit]
    return _task_rows(actor, list(tasks), mine=True)


def tasks_on(actor: Actor, subject: Subject) -> list[TaskRow]:
    """Everybody's turns on one subject that the actor may know of, their own first."""
    open_tasks = Task.objects.filter(subject_id=subject.pk, done_at=None).select_related("subject")
    mine = {task.pk for task in open_tasks.filter(_mine(actor))}
    lanes = own_lanes(actor, subject)
    rows = [
        row
        for task in open_tasks.order_by(*BY_CLOCK)
        if lanes is None or task.lane_id is None or task.lane_id in lanes
        for row in _task_rows(actor, [task], mine=task.pk in mine)
    ]
    return sorted(rows, key=lambda row: not row.mine)


def _task_rows(actor: Actor, tasks: list[Task], *, mine: bool) -> list[TaskRow]:
    by_kind: dict[str, set[UUID]] = {}
    for task in tasks:
        by_kind.setdefault(task.subject.kind, set()).add(task.subject_id)
    titles = titles_of(actor, by_kind)
    return [
        TaskRow(
            task.subject.kind,
            task.subject_id,
            titles.get(task.subject_id, str(task.subject_id)[-6:].upper()),
            task.step,
            task.position,
            task.lane_id,
            task.opened_at,
            task.due_at,
            mine,
        )
        for task in tasks
    ]


def with_what_comes_first(tasks: list[TaskRow]) -> list[TaskRow]:
    """The tasks; one of the reader's that something must come before is told as that."""
    mine = [task for task in tasks if task.mine and task.step in hooks.comes_first]
    before = {
        name: hooks.comes_first[name]({task.subject_id for task in mine if task.step == name})
        for name in {task.step for task in mine}
    }
    return [
        replace(task, step=step)
        for task in tasks
        for step in (before.get(task.step, {}).get(task.subject_id) if task.mine else None) or (task.step,)
    ]


@dataclass(frozen=True, slots=True)
class FirstTurn:
    """The task of a subject that is due first."""

    step: str
    position: str
    mine: bool


def first_turns(actor: Actor, kind: str, subjects: Iterable[UUID]) -> dict[UUID, FirstTurn]:
    """For each subject whose turn it is first, the actor's own before others'; nobody's on another lane. One query."""
    tasks = Task.objects.filter(subject_id__in=list(subjects), done_at=None).annotate(asked_mine=_mine(actor))
    lanes = charters.rules_of(charters.in_force(), kind).lanes
    if lanes is not None and actor.role in lanes.roles:
        own = Seat.objects.filter(stand.held_by(actor), lane_id=OuterRef("lane_id"))
        tasks = tasks.filter(Q(lane=None) | Q(Exists(own)))
    found: dict[UUID, FirstTurn] = {}
    for task in tasks.order_by("-asked_mine", *BY_CLOCK):
        found.setdefault(task.subject_id, FirstTurn(task.step, task.position, task.asked_mine))
    return found


def own_lanes(actor: Actor, subject: Subject) -> set[UUID] | None:
    """The lanes on which the actor sits; None for who sees every lane (no lane seat of their own)."""
    rules = charters.rules_of(subject.charter, subject.kind)
    if rules.lanes is None or actor.role not in rules.lanes.roles:
        return None
    seats = Seat.objects.filter(stand.held_by(actor), subject_id=subject.pk, lane__isnull=False)
    return {key for key in seats.values_list("lane_id", flat=True) if key}


@dataclass(frozen=True, slots=True)
class Possible:
    """One step that the actor may take now, on a lane or on the subject as a whole."""

    step: str
    kind: str
    lane_id: UUID | None = None
    lane: str = ""


def possible_steps(actor: Actor, subject: Subject) -> list[Possible]:
    """Every step of this subject that the charter lets the actor take now, in its order."""
    rules = charters.rules_of(subject.charter, subject.kind)
    tables = charters.tables(subject.charter)
    (lanes, seats), known = stand.seated(subject), stand.known(subject, actor)
    names = lane_names(subject)
    own = own_lanes(actor, subject)
    found = []
    for step in rules.steps.values():
        if step.every_subject or step.starts:
            continue
        about: list[Lane | None] = [lane for lane in lanes if own is None or lane.pk in own] if step.on_lane else [None]
        for lane in about:
            standing = stand.standing(subject, lanes, seats, actor, lane, step.name, known)
            if tables.decide(actor, step.name, standing).allowed:
                found.append(
                    Possible(step.name, step.kind, lane.pk if lane else None, names.get(lane.pk, "") if lane else "")
                )
    return found


def why_not(actor: Actor, subject: Subject, name: str, lane: Lane | None) -> NotYourPart | None:
    """The refusal that the actor would get for this step now, or None. Nothing is logged: nothing was tried."""
    lanes, seats = stand.seated(subject)
    rule = charters.rules_of(subject.charter, subject.kind).steps.get(name)
    about = stand.which_lane(lane, [], lanes, seats, actor, must=True) if rule and rule.on_lane else None
    standing = stand.standing(subject, lanes, seats, actor, about, name, stand.known(subject, actor))
    decision = charters.tables(subject.charter).decide(actor, name, standing)
    if decision.allowed:
        return None
    return NotYourPart(says_no(decision), step=name, rightful=decision.rightful, missing=decision.missing)


def can_hand_off(actor: Actor, subject: Subject, refusal: NotYourPart) -> bool:
    """Whether the refused step can be handed to the role whose part it is."""
    if not refusal.rightful or refusal.rightful in {"network", "seated"} or subject.closed_at is not None:
        return False
    return any(stand.sits(seat, actor) for seat in stand.seats_of(subject))


def why_not_start(actor: Actor, name: str) -> NotYourPart | None:
    """The refusal for a step that begins something and is not the actor's to begin, or None."""
    decision = charters.tables(charters.in_force()).decide(actor, name, None)
    if decision.allowed:
        return None
    return NotYourPart(says_no(decision), step=name, rightful=decision.rightful, missing=decision.missing)


def starting_steps(actor: Actor) -> list[Step]:
    """The steps by which the actor can begin something new; who acts for an organisation founds no other one."""
    charter = charters.charter(charters.in_force())
    return [
        step
        for rules in charter.subjects.values()
        for step in rules.steps.values()
        if step.starts and actor.role in rules.roles_of(step.by)
        if not (rules.name == "organisation" and actor.organisation_id)
    ]


def lane_names(subject: Subject) -> dict[UUID, str]:
    """What a lane is called: the provider's name."""
    return _names_of_lanes(Q(subject_id=subject.pk, lane__isnull=False))


def names_of_lanes(lanes: Iterable[UUID | None]) -> dict[UUID, str]:
    """The same for lanes of many subjects; one query."""
    return _names_of_lanes(Q(lane_id__in={lane for lane in lanes if lane}))


def _names_of_lanes(which: Q) -> dict[UUID, str]:
    seats = Seat.objects.filter(which, role="provider").select_related("organisation")
    return {seat.lane_id: seat.organisation.name for seat in seats if seat.lane_id and seat.organisation}


# Seats


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat with who takes it. `offered`: it waits for an answer."""

    id: UUID
    position: str
    role: str
    organisation: str
    person: str
    lane: str
    offered: bool
    you: bool


def seat_rows(actor: Actor, subject: Subject) -> list[SeatRow]:
    """Who takes part now, as far as the reader may know: nobody on another lane than theirs."""
    lanes, names = own_lanes(actor, subject), lane_names(subject)
    seats = (
        Seat.objects.filter(subject_id=subject.pk, ended_at=None)
        .select_related("organisation", "person")
        .order_by("lane__number", "pk")
    )
    return [
        SeatRow(
            seat.pk,
            seat.position,
            seat.role,
            seat.organisation.name if seat.organisation else "",
            seat.person.name if seat.person and knows_name(actor, seat.role) else "",
            names.get(seat.lane_id, "") if seat.lane_id else "",
            seat.held_since is None,
            stand.sits(seat, actor) or stand.offered_to(seat, actor),
        )
        for seat in seats
        if lanes is None or seat.lane_id is None or seat.lane_id in lanes
    ]


def knows_name(actor: Actor, role: str) -> bool:
    """Whether the actor may read the name of a person in a role: a patient's name is of the class `identity`."""
    if role != "patient" or actor.role == role:
        return True
    return charters.charter(charters.in_force()).data.get("identity", {}).get(actor.role) in sight.MODES


def seats_offered_to(actor: Actor) -> list[Seat]:
    """Seats that wait for the actor's answer, oldest first."""
    mine = Q(organisation=None, person_id=actor.stands_for)
    if actor.organisation_id is not None:
        mine = Q(organisation_id=actor.organisation_id) & (Q(person=None) | Q(person_id=actor.person_id))
    found = Seat.objects.filter(mine, role=actor.role, held_since=None, ended_at=None)
    return list(found.select_related("subject").order_by("pk"))


# Hand-offs and notices


def hand_offs_to(actor: Actor) -> list[HandOff]:
    """Hand-offs that wait for the actor's answer, oldest first."""
    seats = Seat.objects.filter(stand.held_by(actor), subject_id=OuterRef("subject_id")).filter(
        Q(position=OuterRef("to_position")) | Q(role=OuterRef("to_position"))
    )
    here = Exists(seats.filter(Q(lane=None) | Q(lane_id=OuterRef("lane_id"))))
    found = HandOff.objects.filter(
        here | Q(Exists(seats), lane=None), state=HandOff.State.OFFERED, lapses_at__gt=actor.now
    )
    return list(found.select_related("subject", "from_seat__organisation").order_by("pk"))


def notices_for(actor: Actor, *, limit: int = 50) -> QuerySet[Notice]:
    """What the actor's seats were told, newest first."""
    found = Notice.objects.filter(stand.held_by(actor, prefix="seat__")).select_related("seat__subject")
    return found.order_by("-pk")[:limit]


def unread_count(actor: Actor) -> int:
    """How many notices nobody at the actor's seats has read; counted no further than 100."""
    return Notice.objects.filter(stand.held_by(actor, prefix="seat__"), read_at=None)[:100].count()


def messages_on(actor: Actor, subject: Subject) -> list[Message]:
    """The messages that the actor wrote or received, oldest first; without those that their author sent elsewhere."""
    found = sight.visible(Message, to=actor).filter(subject_id=subject.pk)
    mine = Q(author_id=actor.person_id) | Q(to_seat__person_id=actor.stands_for, to_seat__organisation=None)
    if actor.organisation_id is not None:
        mine = Q(author_organisation_id=actor.organisation_id, author_role=actor.role) | Q(
            to_seat__organisation_id=actor.organisation_id, to_seat__role=actor.role
        )
    moved = Message.objects.filter(passes_on=OuterRef("pk"), author_id=OuterRef("author_id"))
    kept = found.filter(mine).exclude(Q(Exists(moved)) & ~Q(author_id=actor.person_id))
    kept = kept.annotate(is_passed_on=Exists(Message.objects.filter(passes_on=OuterRef("pk"))))
    return list(kept.select_related("author", "author_organisation", "to_seat").order_by("pk"))


def documents_on(actor: Actor, subject: Subject) -> list[Document]:
    """The documents that the actor may open, newest first; their content stays sealed."""
    return list(visible(Document, to=actor).filter(subject_id=subject.pk).defer("sealed").order_by("-pk"))


def read_document(actor: Actor, subject_id: UUID, document_id: UUID) -> tuple[Document, bytes]:
    """A document with its content, opened for this reader; who reads health data is logged, and who was refused.

    Raises NotFound alike for a missing document and for one the actor may not see.
    """
    found = visible(Document, to=actor).filter(subject_id=subject_id, pk=document_id).first()
    if found is None:
        closed = Document.objects.filter(subject_id=subject_id, pk=document_id).first()
        if closed is not None:
            note_read(actor, closed.subject, "turns.attach", log.about(closed), decision="refused")
        raise NotFound(NO_SUCH_THING)
    if found.data_class == "clinical":
        note_read(actor, found.subject, "turns.attach", log.about(found))
    return found, vault.open_sealed(bytes(found.sealed), about=found.pk)


def note_read(actor: Actor, subject: Subject, step: str, about: tuple[str, UUID], *, decision: str = "read") -> None:
    """Log that the actor read something of a subject, or was refused; called by the one query that hands it out."""
    reason = "no_such_thing" if decision == "refused" else ""
    with transaction.atomic():
        Subject.objects.select_for_update().filter(pk=subject.pk).values_list("pk").first()
        log.append(
            chain=subject.pk,
            by=actor,
            step=step,
            decision=decision,
            charter=subject.charter,
            about=about,
            reason=reason,
        )


def hand_off_of(subject: Subject, hand_off_id: UUID) -> HandOff:
    """Raises NotFound when the subject has no such hand-off."""
    found = HandOff.objects.filter(subject_id=subject.pk, pk=hand_off_id).first()
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found


def seat_of(subject: Subject, seat_id: UUID) -> Seat:
    """Raises NotFound when the subject has no such seat."""
    found = Seat.objects.filter(subject_id=subject.pk, pk=seat_id).first()
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found


def seats_to_offer(actor: Actor, subject: Subject) -> list[tuple[str, str]]:
    """The seats that the actor can offer, and to whom, as choices of a form."""
    rules = charters.rules_of(subject.charter, subject.kind)
    seats = [seat for seat in stand.seats_of(subject) if seat.held_since]
    own = {seat.position for seat in seats if stand.sits(seat, actor)}
    taken = {seat.position for seat in seats}
    positions = [*rules.stages[subject.stage].seats, *rules.may_sit]
    lane_roles = rules.lanes.roles if rules.lanes else ()
    open_ones = [
        position
        for position in dict.fromkeys(positions)
        if position not in lane_roles and (position not in taken or position in own or position in rules.many)
    ]
    found = []
    for position in open_ones:
        for role in policies.roles_in(rules, position):
            for key, name in hooks.verified_with(role):
                if key != actor.organisation_id and not hooks.also_why_not_seat(key, None, role, subject):
                    found.append((f"{position}:{role}:{key}", f"{word_for(position)}: {name}"))
    return found


def classes_of(actor: Actor, subject: Subject | None) -> list[str]:
    """The data classes of documents that the actor's role may attach."""
    version = subject.charter if subject else charters.in_force()
    data = charters.charter(version).data
    return [name for name, sights in data.items() if sights.get(actor.role) in {"own", "seat", "consent"}]


def appointable(actor: Actor, subject: Subject | None) -> list[tuple[str, str]]:
    """The actor's own steps that the charter lets a role take for them, with that role."""
    if subject is None:
        return []
    rules = charters.rules_of(subject.charter, subject.kind)
    return [(step.name, role) for step in rules.steps.values() if step.by == actor.role for role in step.may_appoint]


def appointments_of(actor: Actor, subject: Subject) -> QuerySet[Appointment]:
    """The appointments in force that the actor, or the patient they stand for, gave on a subject."""
    given = Appointment.objects.filter(subject_id=subject.pk, by_person_id=actor.stands_for, revoked_at=None)
    return given.select_related("person").order_by("pk")


def hand_offs_on(actor: Actor, subject: Subject, *, limit: int = 10) -> list[tuple[HandOff, bool]]:
    """The latest hand-offs on a subject that the actor gave or got, and whether the actor can withdraw it."""
    own = {seat.position for seat in stand.seats_of(subject) if stand.sits(seat, actor)}
    mine = Q(to_position__in=own) | Q(from_seat__position__in=own)
    found = HandOff.objects.filter(mine, subject_id=subject.pk).select_related("from_seat__organisation", "subject")
    lanes = own_lanes(actor, subject)
    return [
        (each, each.state == HandOff.State.OFFERED and stand.sits(each.from_seat, actor))
        for each in found.order_by("-pk")[:limit]
        if lanes is None or each.from_seat.lane_id is None or each.from_seat.lane_id in lanes
    ]
