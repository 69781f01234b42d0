"""`@step`: the one way to bind anybody.

It locks the subject, reads everything afresh, asks the charter version that the subject was opened under, runs
the function, applies what the charter says follows, appends to the audit log, opens and closes tasks, and tells
whom it must. A refusal rolls back, is logged in a transaction of its own, and is raised again.
"""

import functools
import hashlib
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.decide import Decision
from clearpath.charter.standing import Standing
from clearpath.core.outcomes import NotFound, NotYourPart, Objection, Refused, refuse_if
from clearpath.trust import log
from clearpath.turns import charters, follow, policies, sight, stand
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Lane, Seat, Taken
from clearpath.turns.subject import Subject
from clearpath.turns.words import says_no

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound=Subject)

STEPS: dict[str, Callable[..., Any]] = {}


@dataclass(slots=True)
class _Taking:
    """What one running step has begun and said so far."""

    name: str
    by: Actor
    content: dict[str, object] = field(default_factory=dict)
    begun: list[Subject] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    seated: set[UUID] = field(default_factory=set)  # subjects on which seats were taken
    version: str = ""  # the charter in force, read at most once, in the step's own transaction

    def in_force(self) -> str:
        self.version = self.version or charters.in_force()
        return self.version


_taking: ContextVar[_Taking | None] = ContextVar("taking", default=None)


def step(name: str) -> Callable[[F], F]:
    """Make a function the one that takes this step of the charter.

    The function's first parameter is the subject (none for a step that `starts` one); the actor comes as `by`.
    Callers may add `lane=` (whose lane the step is about, when the actor has several) and `key=` (an opaque
    request key: the same key takes effect once).
    Raises NotFound, NotYourPart, Refused.
    """

    def decorate(function: F) -> F:
        if name in STEPS:
            raise RuntimeError(f"The step {name!r} has two functions.")
        parameters = inspect.signature(function).parameters
        wants_lane = "lane" in parameters
        wants_subject = any(each.kind is each.POSITIONAL_OR_KEYWORD for each in parameters.values())

        @functools.wraps(function)
        def take(*things: Any, by: Actor, lane: UUID | Lane | None = None, key: str = "", **details: Any) -> Any:
            taking = _Taking(name, by)
            token = _taking.set(taking)
            try:
                with transaction.atomic(durable=True):
                    if not wants_subject:
                        return _take_first(function, taking, key, things, details)
                    subject, *rest = things
                    return _take(function, taking, subject, rest, lane, key, details, wants_lane)
            except (Refused, NotFound) as refusal:
                _log_refusal(refusal, taking, things)
                raise
            finally:
                _taking.reset(token)

        STEPS[name] = take
        return cast(F, take)

    return decorate


def check(name: str, subject: Subject, *, by: Actor, lane: UUID | Lane | None = None) -> None:
    """Ask whether the step may be taken now, without taking it; a no is logged and raised as by the step itself."""
    taking = _Taking(name, by)
    try:
        with transaction.atomic():
            _decide(taking, subject, [], lane)
    except (Refused, NotFound) as refusal:
        _log_refusal(refusal, taking, (subject,))
        raise


def begin(model: type[S], *, kind: str, seats: list[Seat], **fields: Any) -> S:
    """Open a subject of `model` in the first stage of the charter in force, with these seats taken.

    Called inside a step that `starts` or `opens` a subject; what must follow (log, tasks) follows when the
    step ends. Seats come unsaved and without a subject.
    """
    taking = _current()
    version = taking.in_force()
    rules = charters.charter(version).subjects[kind]
    now = taking.by.now
    subject = model(kind=kind, charter=version, stage=rules.first, opened_at=now, stage_since=now, **fields)
    subject.save(force_insert=True)
    take_seats(subject, seats, at=now)
    taking.begun.append(subject)
    return subject


def take_seats(subject: Subject, seats: list[Seat], *, at: datetime) -> None:
    """Seat these at once. Refused when a seat's organisation may not take it now."""
    for seat in seats:
        objection = hooks.why_not_seat(seat.organisation_id, seat.role, subject, at)
        if objection is not None:
            raise Refused(objection)
        seat.subject_id = subject.pk
        seat.offered_at = seat.held_since = at
    Seat.objects.bulk_create(seats)
    _current().seated.add(subject.pk)


def remember(**content: object) -> None:
    """Add to the content of which the log keeps a salted digest."""
    _current().content.update(content)


def tell_also(*positions: str) -> None:
    """Tell these seats too, besides those that the charter names."""
    _current().told.update(positions)


def announce(signal: Signal, **facts: Any) -> None:
    """Send a signal once the step's transaction is committed."""
    transaction.on_commit(lambda: signal.send_robust(sender=None, **facts))


def without_function() -> list[str]:
    """Steps of the charter in force that no function takes: refused to all."""
    charter = charters.charter(charters.in_force())
    return sorted(name for rules in charter.subjects.values() for name in rules.steps if name not in STEPS)


def _current() -> _Taking:
    taking = _taking.get()
    if taking is None:
        raise RuntimeError("Only a step can do this.")
    return taking


@dataclass(slots=True)
class _Read:
    """What was read afresh under the lock of the subject."""

    subject: Subject
    known: stand.Known
    lanes: list[Lane]
    seats: list[Seat]
    about: Lane | None
    standing: Standing


def _decide(
    taking: _Taking, given: Subject, things: list[Any], lane: UUID | Lane | None, *, wants_lane: bool = False
) -> _Read:
    """Lock the subject, read everything afresh, and ask its charter. Raises NotFound, NotYourPart, Refused."""
    by = taking.by
    subject, known = stand.locked(given, by, taking.name)
    lanes, seats = stand.seated(subject)
    rule = charters.rules_of(subject.charter, subject.kind).steps.get(taking.name)
    if rule is not None and rule.starts:
        raise RuntimeError(f"The charter says that {taking.name} starts a subject; its function takes one.")
    must = rule is not None and rule.on_lane
    about = stand.which_lane(lane, things, lanes, seats, by, must=must) if must or wants_lane else None
    standing = stand.standing(subject, lanes, seats, by, about, taking.name, known)
    _refuse_two_parts(by, taking.name)
    _refuse_unless(charters.tables(subject.charter).decide(by, taking.name, standing), known.why_not_act)
    return _Read(subject, known, lanes, seats, about, standing)


def _take(
    function: Callable[..., Any],
    taking: _Taking,
    given: Subject,
    rest: list[Any],
    lane: UUID | Lane | None,
    key: str,
    details: dict[str, Any],
    wants_lane: bool,
) -> Any:
    by = taking.by
    read = _decide(taking, given, [*rest, *details.values()], lane, wants_lane=wants_lane)
    subject, lanes, seats, about = read.subject, read.lanes, read.seats, read.about
    things = [_fresh(thing, subject) for thing in rest]
    details = {word: _fresh(value, subject) for word, value in details.items()}
    _once(key, by)
    if by.role == "network":
        follow.answer_yes_once(subject, taking.name)
    if wants_lane:
        details["lane"] = about
    result = function(subject, *things, by=by, **details)

    effects = charters.tables(subject.charter).effects(taking.name, read.standing)
    before = stand.state(subject, lanes, consent=read.known.any_consent)
    follow.apply(subject, lanes, about, effects, by.now)
    if effects.to or effects.closes_other_lanes or subject.pk in taking.seated:
        lanes, seats = stand.seated(subject)
    follow.why_not_in_stage(subject, seats)
    _log(subject, taking, result, things)
    touched = "consent" in effects.gives | effects.drops
    consent = stand.any_consent(subject, by) if touched else read.known.any_consent
    now = stand.state(subject, lanes, consent=consent)
    follow.after(subject, before, now, seats, taking.name, about, by, also=taking.told)
    _finish_begun(taking)
    return result


def _take_first(
    function: Callable[..., Any], taking: _Taking, key: str, things: tuple[Any, ...], details: dict[str, Any]
) -> Any:
    by = taking.by
    works = hooks.works_at(by)
    why_not_act = hooks.why_not_act(works.first()) if works is not None else None
    _refuse_two_parts(by, taking.name)
    if by.for_person_id is not None and not stand.acts_for_everything(by):
        raise NotYourPart(Objection("not_appointed", _("You were not appointed to do this.")), step=taking.name)
    _refuse_unless(charters.tables(taking.in_force()).decide(by, taking.name, None), why_not_act)
    _once(key, by)
    result = function(*things, by=by, **details)
    _finish_begun(taking, first=taking.name, result=result)
    return result


def _finish_begun(taking: _Taking, first: str = "", result: Any = None) -> None:
    """Log and follow each subject that the step began."""
    for subject in taking.begun:
        tables = charters.tables(subject.charter)
        if first:
            follow.apply(subject, [], None, tables.effects(first, stand.bare(subject)), taking.by.now)
        _lanes, seats = stand.seated(subject)
        _log(subject, taking, result, [])
        follow.after(subject, None, stand.state(subject, [], consent=False), seats, first, None, taking.by)


def _fresh(thing: Any, subject: Subject) -> Any:
    """Read a model instance again by its key; one of another subject is not found."""
    if not isinstance(thing, models.Model):
        return thing
    again = type(thing)._default_manager.filter(pk=thing.pk).first()
    if again is None or sight.subject_id_of(again) not in {None, subject.pk}:
        raise NotFound(Objection("no_such_thing", _("There is no such thing here.")))
    return again


def _refuse_two_parts(by: Actor, name: str) -> None:
    """Who works for an organisation acts for no patient, also when they began to work there after the appointment."""
    if by.role == "patient" and by.for_person_id is not None and hooks.works_somewhere(by.somebody):
        raise NotYourPart(policies.WORKS_HERE, step=name)


def _refuse_unless(decision: Decision, why_not_act: Objection | None) -> None:
    refuse_if(why_not_act)
    if not decision.allowed:
        raise NotYourPart(
            says_no(decision), step=decision.step, rightful=decision.rightful or "", missing=decision.missing
        )


def _once(key: str, by: Actor) -> None:
    """Refuses a request whose key has already taken effect for the same person; others may use the same key."""
    if not key:
        return
    try:
        if by.person_id is not None:
            own = hashlib.sha256(f"{by.person_id} {key}".encode()).hexdigest()
            Taken.objects.create(key=own, person_id=by.person_id, at=by.now)
            return
    except IntegrityError:
        pass  # the transaction is over, and the refusal ends it
    raise Refused(Objection("already_done", _("This was already done. Nothing was done twice.")))


def _log(subject: Subject, taking: _Taking, result: Any, things: list[Any]) -> None:
    log.append(
        chain=subject.pk,
        by=taking.by,
        step=taking.name,
        decision="done",
        charter=subject.charter,
        about=_about(subject, [result, *things]),
        content=taking.content,
    )


def _about(subject: Subject, things: list[Any]) -> tuple[str, UUID]:
    for thing in things:
        if isinstance(thing, models.Model) and isinstance(thing.pk, UUID):
            return thing._meta.label_lower, thing.pk
    return subject._meta.label_lower, subject.pk


def _log_refusal(refusal: Refused | NotFound, taking: _Taking, things: tuple[Any, ...]) -> None:
    """Append the refusal in a transaction of its own, in the chain of the subject, or of the person."""
    by = taking.by
    subject = things[0] if things and isinstance(things[0], Subject) else None
    with transaction.atomic():
        locked = subject and Subject.objects.select_for_update().filter(pk=subject.pk).first()
        people = get_user_model().objects.select_for_update()
        if locked is None and not people.filter(pk=by.person_id or UUID(int=0)).exists():
            return
        chain = locked.pk if locked else cast(UUID, by.person_id)
        log.append(
            chain=chain,
            by=by,
            step=taking.name,
            decision="refused",
            charter=locked.charter if locked else charters.in_force(),
            about=(locked._meta.label_lower, locked.pk) if locked else None,
            reason=refusal.code,
        )
