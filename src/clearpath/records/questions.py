"""The doctor's queue: medical questions and nothing else, by clock. Scoped to the actor."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.charter.actor import Actor
from clearpath.records.models import Note, Record
from clearpath.records.pack import missing_in_pack
from clearpath.records.treated import pack_of
from clearpath.turns import charters, queries, stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Message
from clearpath.turns.sight import shown, visible
from clearpath.turns.topics import JOURNEY, MEDICAL
from clearpath.web.words import word_for

ASKED = {
    "records.give_opinion": gettext_lazy("Does the treatment suit this patient?"),
    "records.give_second_opinion": gettext_lazy("Do you agree with the first opinion?"),
    "records.clear_for_travel": gettext_lazy("Can the patient come?"),
    "records.explain_treatment": gettext_lazy("Explain the treatment to the patient"),
    "records.treat": gettext_lazy("Record the treatment"),
    "records.discharge": gettext_lazy("Can the patient leave the hospital?"),
    "records.discharge_early": gettext_lazy("The patient leaves: what do they need at home?"),
    "records.declare_fit_to_fly": gettext_lazy("From which day may the patient fly?"),
    "records.hand_over_home": gettext_lazy("Hand the records over"),
    "aftercare.answer_warning": gettext_lazy("A warning after treatment: what should the patient do?"),
}
NEEDS_PACK = frozenset({"records.discharge", "records.discharge_early", "records.hand_over_home"})


@dataclass(frozen=True, slots=True)
class Question:
    """One medical question: what is asked, about whom in one line, until when, and what is missing for an answer."""

    words: Any
    patient: str
    journey_id: UUID
    url: str
    due_at: datetime | None
    step: str = ""
    lane_id: UUID | None = None
    missing: tuple[Any, ...] = ()


def questions_for(actor: Actor) -> list[Question]:
    """Every medical question that waits for the actor: warnings first, then by clock; those without a clock last."""
    found = [*_tasks(actor), *_asked_back(actor), *_messages(actor)]
    far = datetime.max.replace(tzinfo=actor.now.tzinfo)
    return sorted(found, key=lambda each: (each.step not in queries.GO_FIRST, each.due_at or far, str(each.journey_id)))


def _tasks(actor: Actor) -> list[Question]:
    medical = medical_steps()
    tasks = [task for task in queries.my_tasks(actor) if task.kind == "journey" and task.step in medical]
    journeys = {task.subject_id for task in tasks}
    lines, records = patient_lines(actor, journeys), _missing_records(actor, journeys)
    return [
        Question(
            ASKED.get(task.step) or word_for(task.step),
            lines.get(task.subject_id, task.title),
            task.subject_id,
            case_url(task.subject_id, task.step, task.lane_id),
            task.due_at,
            task.step,
            task.lane_id,
            _missing_pack(task.subject_id, task.step) if task.step in NEEDS_PACK else records[task.subject_id],
        )
        for task in tasks
    ]


def medical_steps() -> frozenset[str]:
    """The steps of a journey that are medicine, by the charter in force."""
    steps = charters.rules_of(charters.in_force(), "journey").steps.values()
    return frozenset(step.name for step in steps if step.kind == "clinical")


def case_url(journey_id: UUID, step: str, lane_id: UUID | None) -> str:
    """Where one question is answered."""
    url = reverse("records:case", args=[journey_id, step])
    return f"{url}?{urlencode({'lane': lane_id})}" if lane_id else url


def summary_url(journey_id: UUID) -> str:
    """The summary of the records."""
    return reverse("records:summary", args=[journey_id])


def patient_lines(actor: Actor, journeys: Iterable[UUID]) -> dict[UUID, str]:
    """Each patient in one line: age, country, what they ask for, as far as the actor may see it. One query."""
    rows = visible(hooks.models["journey"], to=actor).filter(pk__in=set(journeys))
    return {row.pk: _line(shown(row, to=actor), actor.now.date()) for row in rows}


def _line(seen: Any, today: date) -> str:
    age = _("%(years)s years") % {"years": age_on(seen.born_on, today)} if seen.born_on else ""
    parts = [seen.patient_name, age, seen.country, seen.procedure]
    return " · ".join(str(each) for each in parts if each)


def age_on(born_on: date, today: date) -> int:
    """Whole years."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def missing_for(actor: Actor, journey_id: UUID, step: str) -> tuple[Any, ...]:
    """What an answer needs and is not there: records, what the doctor asked since the last one came, the pack."""
    return _missing_pack(journey_id, step) if step in NEEDS_PACK else _missing_records(actor, [journey_id])[journey_id]


def _missing_pack(journey_id: UUID, step: str) -> tuple[Any, ...]:
    return tuple(each.words for each in missing_in_pack(pack_of(journey_id)) if _counts_before(each.key, step))


def _missing_records(actor: Actor, journeys: Collection[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """For each journey; two queries, however many."""
    records = visible(Record, to=actor).filter(journey_id__in=journeys).order_by("pk")
    last = dict(records.values_list("journey_id", "pk"))
    asked = visible(Note, to=actor).filter(journey_id__in=journeys, kind=Note.Kind.QUESTION).order_by("pk")
    found: dict[UUID, tuple[Any, ...]] = {key: () if key in last else (_("health records"),) for key in journeys}
    for note in asked:
        text = shown(note, to=actor).text
        if text and note.journey_id in last and note.pk > last[note.journey_id]:
            found[note.journey_id] += (text,)
    return found


def _counts_before(key: str, step: str) -> bool:
    """What the form of a discharge itself asks for is not missing before it."""
    return step == "records.hand_over_home" or key.startswith(("operation", "implants"))


def _asked_back(actor: Actor) -> list[Question]:
    """Questions of doctors at home that no hand-over has answered since."""
    if actor.role != "doctor":
        return []
    notes = visible(Note, to=actor)
    asked = [note for note in notes.filter(kind=Note.Kind.ASKED_BACK).order_by("pk") if shown(note, to=actor).text]
    answers = notes.filter(kind=Note.Kind.HAND_OVER, journey_id__in=[note.journey_id for note in asked])
    answered: dict[UUID, UUID] = dict(answers.order_by("pk").values_list("journey_id", "pk"))
    waiting = [note for note in asked if note.journey_id not in answered or answered[note.journey_id] < note.pk]
    lines = patient_lines(actor, {note.journey_id for note in waiting})
    step = "records.hand_over_home"
    return [
        Question(
            _("The doctor at home asks: %(text)s") % {"text": shown(note, to=actor).text},
            lines.get(note.journey_id, ""),
            note.journey_id,
            case_url(note.journey_id, step, note.lane_id),
            None,
            step,
            note.lane_id,
        )
        for note in waiting
    ]


def _messages(actor: Actor) -> list[Question]:
    """Messages on the medical topic that nobody at the actor's seat has answered."""
    received = Message.objects.filter(
        stand.held_by(actor, prefix="to_seat__"),
        topic=MEDICAL,
        subject__kind="journey",
        subject__closed_at=None,
        passed_on=None,
    )
    waiting: dict[UUID, Message] = {}
    for message in received.select_related("subject").order_by("pk"):
        waiting[message.subject_id] = message
    own = Message.objects.filter(
        subject_id__in=list(waiting), author_role=actor.role, author_organisation_id=actor.organisation_id
    )
    for subject_id, key in own.order_by("pk").values_list("subject_id", "pk"):
        if subject_id in waiting and key > waiting[subject_id].pk:
            del waiting[subject_id]
    lines = patient_lines(actor, waiting)
    return [
        Question(
            JOURNEY[MEDICAL].name,
            lines.get(message.subject_id, ""),
            message.subject_id,
            reverse("turns:subject", args=["journey", message.subject_id]) + "#messages",
            None,
        )
        for message in waiting.values()
    ]


def following(actor: Actor, journey_id: UUID, step: str) -> tuple[Question | None, Question | None]:
    """The questions before and after one, of those that are answered on a page of their own."""
    asked = [each for each in questions_for(actor) if each.step]
    here = next((n for n, each in enumerate(asked) if (each.journey_id, each.step) == (journey_id, step)), None)
    if here is None:
        return None, asked[0] if asked else None
    return (asked[here - 1] if here else None), (asked[here + 1] if here + 1 < len(asked) else None)
