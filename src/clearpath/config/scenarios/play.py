"""Plays a scenario, line by line: time passes, a step is taken, the network does its part, everything is checked."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from clearpath import jobs
from clearpath.charter.terms import NETWORK
from clearpath.config.scenarios import checks
from clearpath.config.scenarios.checks import Check
from clearpath.config.scenarios.story import Act, Line, Scenario
from clearpath.config.scenarios.world import UnplayableError, World
from clearpath.core.outcomes import NotYourPart, Outcome
from clearpath.offers import queries as offers
from clearpath.offers.choices import note_comparison_seen
from clearpath.trust import log
from clearpath.turns.models import Notice
from clearpath.turns.step import STEPS
from clearpath.turns.subject import Subject

STEP_TAKES = timedelta(minutes=1)  # so that what comes later is later


@dataclass(slots=True)
class Played:
    """One line as it was played. `decision`: done, refused, or broke when the step itself failed; "" without one."""

    line: Line
    at: datetime
    decision: str = ""
    code: str = ""
    message: str = ""
    rightful: str = ""
    missing: tuple[str, ...] = ()
    network: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return all(check.holds for check in self.checks)


def play(scenario: Scenario, tell: Callable[[Played], None]) -> bool:
    """Play every line on the database in use, which must be empty; `tell` gets each. False when any check failed.

    Raises Refused when the parties cannot be brought on the network.
    """
    with _quiet():
        world = World(scenario)
        world.found()
        _follow(world)
        seen, passed = _Seen(), True
        seen.network()
        for line in scenario.lines:
            played = _play(world, line, seen)
            passed = passed and played.passed
            tell(played)
    return passed


def _play(world: World, line: Line, seen: "_Seen") -> Played:
    played = Played(line, world.now)
    try:
        if line.wait is not None:
            world.now += line.wait
            _follow(world)
        if line.imports:
            world.publish(line.imports)
            _follow(world)
        if line.wait is None or line.act:
            world.now += STEP_TAKES
        played.at = world.now
        if line.compares:
            _compare(world, line)
        if line.act:
            _take(world, line.act, played)
            if line.told is not None:
                played.checks.append(checks.equal("who is told", line.told, seen.told_of(line.act.step)))
            _follow(world)
        elif line.told is not None:
            played.checks.append(checks.equal("who is told", line.told, seen.told_of("")))
        played.network = seen.network()
        missing = sorted(set(line.then) - set(played.network))
        if line.then:
            found = f"it took: {checks.in_words(played.network)}" if missing else ""
            played.checks.append(Check(f"the network then takes {checks.in_words(line.then)}", found))
        played.checks += checks.of_line(world, line)
    except (UnplayableError, OverflowError) as error:  # a clock that runs past the last year is one of its mistakes
        played.checks.append(Check("the line can be played", str(error)))
    seen.notices()
    return played


def _compare(world: World, line: Line) -> None:
    """The patient sees the offers side by side, as on their page: the time to think begins."""
    journey, reader = world.subject(line.compares), world.actor(line.readers[0])
    note_comparison_seen(journey, offers.open_offers_for(reader, journey), reader)


def _take(world: World, act: Act, played: Played) -> None:
    """Take the step through its own function, and hold what came of it against what was expected."""
    subject = [world.subject(act.on)] if act.on else []
    lane = world.lane(subject[0], act.lane) if act.lane and subject else None
    details = {name: value(world) for name, value in act.arguments.items()}
    things = [details.pop(name) for name in act.things if name in details]
    made: Any = None
    try:
        made = STEPS[act.step](*subject, *things, by=world.actor(act.by), lane=lane, key=act.key, **details)
        played.decision = "done"
    except Outcome as outcome:
        _note(outcome, played)
    except Exception as error:  # a step that fails otherwise is a defect, which the report must name
        played.decision, played.message = "broke", f"{type(error).__name__}: {error}"
    played.checks += _of_act(act, played)
    if played.decision == "done" and not act.refused:
        world.remember(act.names, made)


def _note(outcome: Outcome, played: Played) -> None:
    played.decision, played.code, played.message = "refused", outcome.code, str(outcome.objection.message)
    if isinstance(outcome, NotYourPart):
        played.rightful, played.missing = outcome.rightful, outcome.missing


def _of_act(act: Act, played: Played) -> Iterator[Check]:
    wanted = "refused" if act.refused else "done"
    why = " ".join(filter(None, [f"it is {played.decision}:", played.code, played.message]))
    found = "" if played.decision == wanted else why.removesuffix(":")
    yield Check(f"the step is {wanted}", found)
    if act.code:
        yield checks.equal("the code", act.code, played.code)
    if act.rightful:
        yield checks.equal("the rightful role", act.rightful, played.rightful)
    if act.missing is not None:
        yield checks.equal("what is missing", act.missing, frozenset(played.missing))


def _follow(world: World) -> None:
    """What follows from a step or from time, by the same jobs that a worker runs. Raises UnplayableError."""
    try:
        jobs.run_due(now=world.now, strict=True)
    except Exception as error:  # whatever job it is, the report must name it
        raise UnplayableError(f"what follows failed: {type(error).__name__}: {error}") from None


class _Seen:
    """What was there already, so that each line knows what is new."""

    def __init__(self) -> None:
        self._revisions: dict[Any, int] = {}
        self._entries: dict[Any, int] = {}
        self._notices: set[Any] = set()
        self.notices()

    def network(self) -> list[str]:
        """The steps that the network took since it was last asked, in order."""
        found = []
        revisions = dict(Subject.objects.values_list("pk", "revision"))
        changed = [key for key, revision in revisions.items() if self._revisions.get(key) != revision]
        self._revisions = revisions
        for key in changed:
            new = log.entries_of(key).filter(number__gt=self._entries.get(key, 0)).values_list(
                "number", "pk", "role", "step", "decision"
            )  # fmt: skip
            for number, pk, role, step, decision in new:
                self._entries[key] = number
                if role == NETWORK and decision == "done":
                    found.append((pk, step))
        return [step for _pk, step in sorted(found)]

    def notices(self) -> None:
        """Everybody who was told until now."""
        self._notices = set(Notice.objects.values_list("pk", flat=True))

    def told_of(self, step: str) -> frozenset[str]:
        """The roles that were told of this step since; "": of anything."""
        new = Notice.objects.exclude(pk__in=self._notices)
        return frozenset((new.filter(step=step) if step else new).values_list("seat__role", flat=True))


@contextmanager
def _quiet() -> Iterator[None]:
    """No mail leaves the machine, no job runs by the wall clock, no charter is remembered from another database."""
    kept = {name: getattr(settings, name) for name in ("EMAIL_BACKEND", "JOBS_INLINE")}
    settings.EMAIL_BACKEND, settings.JOBS_INLINE = "django.core.mail.backends.dummy.EmailBackend", False
    loud = logging.getLogger("clearpath.jobs").level
    logging.getLogger("clearpath.jobs").setLevel(logging.CRITICAL)  # the report names what failed
    forget_charters()
    try:
        yield
    finally:
        forget_charters()
        logging.getLogger("clearpath.jobs").setLevel(loud)
        for name, value in kept.items():
            setattr(settings, name, value)


def forget_charters() -> None:
    """What `turns` keeps per process it keeps by version; another database may have another charter of that name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("clearpath.turns."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
