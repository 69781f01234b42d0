"""How much of a doctor's attention went to medicine: counted from what reached their seats, and from nothing else."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clearpath.charter.actor import Actor
from clearpath.parties import queries as parties
from clearpath.turns import charters
from clearpath.turns.figures import withheld
from clearpath.turns.models import HandOff, Message, Seat, Task
from clearpath.turns.topics import MEDICAL

MONTHS = 6  # how far back a doctor sees


@dataclass(frozen=True, slots=True)
class Attention:
    """What reached a doctor in one month. `month` is its first moment."""

    month: datetime
    medical: int
    all: int

    @property
    def percent(self) -> int | None:
        """Medical items in 100 of all; None where nothing came."""
        return round(100 * self.medical / self.all) if self.all else None


@dataclass(frozen=True, slots=True)
class OfPractice:
    """The same for one practice, as a steward reads it: None where it would speak of too few patients."""

    name: str
    medical: int | None
    all: int | None

    @property
    def percent(self) -> int | None:
        return round(100 * (self.medical or 0) / self.all) if self.all else None


def own_attention(actor: Actor) -> list[Attention]:
    """The actor's practice, this month and those before, newest first; months in which nothing came are left out."""
    found = [_of(actor.organisation_id, month) for month in _months(actor.now)] if actor.organisation_id else []
    return [each for each in found if each.all]


def attention_of_practices(actor: Actor) -> list[OfPractice]:
    """Every practice this month, for the steward: withheld where it is about fewer patients than the charter says."""
    if actor.role != "steward":
        return []
    start = _months(actor.now)[0]
    practices = list(parties.verified_with("doctor"))
    smallest = charters.charter(charters.in_force()).smallest_group
    patients = withheld({each.id: _patients(each.id, start) for each in practices}, smallest_group=smallest)
    return [_of_practice(each, start, known=patients[each.id] is not None) for each in practices]


def _of_practice(practice: parties.Party, start: datetime, *, known: bool) -> OfPractice:
    if not known:
        return OfPractice(practice.name, None, None)
    found = _of(practice.id, start)
    return OfPractice(practice.name, found.medical, found.all)


def _of(organisation_id: UUID, start: datetime) -> Attention:
    steps = charters.charter(charters.in_force()).subjects["journey"].steps
    items = [*_tasks(organisation_id, start), *_hand_offs(organisation_id, start)]
    kinds = Counter("medical" if name in steps and steps[name].kind == "clinical" else "other" for name in items)
    medical, every = _messages(organisation_id, start)
    return Attention(start, kinds["medical"] + medical, kinds.total() + every)


def _seats(organisation_id: UUID) -> QuerySet[Seat]:
    return Seat.objects.filter(organisation_id=organisation_id, role="doctor", held_since__isnull=False)


def _here(organisation_id: UUID) -> Exists:
    seats = _seats(organisation_id).filter(subject_id=OuterRef("subject_id"))
    return Exists(seats.filter(Q(lane=None) | Q(lane_id=OuterRef("lane_id"))))


def _tasks(organisation_id: UUID, start: datetime) -> list[str]:
    found = Task.objects.filter(_here(organisation_id), position="doctor", subject__kind="journey")
    return list(found.filter(opened_at__gte=start, opened_at__lt=_next(start)).values_list("step", flat=True))


def _hand_offs(organisation_id: UUID, start: datetime) -> list[str]:
    seats = _seats(organisation_id).filter(subject_id=OuterRef("subject_id"))
    found = HandOff.objects.filter(Exists(seats), to_position="doctor", subject__kind="journey")
    return list(found.filter(offered_at__gte=start, offered_at__lt=_next(start)).values_list("step", flat=True))


def _messages(organisation_id: UUID, start: datetime) -> tuple[int, int]:
    """Medical ones and all that came; one that its author sent elsewhere did not come."""
    sent_elsewhere = Message.objects.filter(passes_on=OuterRef("pk"), author_id=OuterRef("author_id"))
    came = Message.objects.filter(
        ~Exists(sent_elsewhere),
        to_seat__in=_seats(organisation_id),
        subject__kind="journey",
        written_at__gte=start,
        written_at__lt=_next(start),
    )
    return came.filter(topic=MEDICAL, passed_on=None).count(), came.count()


def _patients(organisation_id: UUID, start: datetime) -> int:
    """How many patients the month's count is about."""
    tasks = Task.objects.filter(_here(organisation_id), position="doctor", subject__kind="journey")
    in_month = tasks.filter(opened_at__gte=start, opened_at__lt=_next(start))
    return in_month.values("subject__about_id").distinct().count()


def _months(now: datetime) -> list[datetime]:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < MONTHS:
        last = months[-1]
        months.append(
            last.replace(year=last.year - 1, month=12) if last.month == 1 else last.replace(month=last.month - 1)
        )
    return months


def _next(start: datetime) -> datetime:
    return start.replace(year=start.year + 1, month=1) if start.month == 12 else start.replace(month=start.month + 1)
