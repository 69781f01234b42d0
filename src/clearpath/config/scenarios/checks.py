"""What must hold after a line of a scenario: where the subject stands, whose turn it is, who sees what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import Model

from clearpath.charter.actor import Actor
from clearpath.config.scenarios.story import Find, Line, Look
from clearpath.config.scenarios.world import UnplayableError, World
from clearpath.core.outcomes import NotFound
from clearpath.turns import history, queries, sight, stand
from clearpath.turns.models import Task
from clearpath.turns.sight import HIDDEN, shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation; `found` says what was there instead when it does not hold."""

    says: str
    found: str = ""

    @property
    def holds(self) -> bool:
        return not self.found


def equal(says: str, wanted: object, found: object) -> Check:
    """An expectation that two things are the same, told in words."""
    if wanted == found:
        return Check(f"{says} is {in_words(wanted)}")
    return Check(f"{says} is {in_words(wanted)}", f"it is {in_words(found)}")


def in_words(value: object) -> str:
    if isinstance(value, frozenset | set | tuple | list):
        return ", ".join(sorted(map(str, value))) or "none"
    return str(value) or "nothing"


def of_line(world: World, line: Line) -> Iterator[Check]:
    """Every check of one line but those on the step itself. Raises UnplayableError."""
    if line.stage or line.facts or line.turn is not None or line.tasks:
        subject = world.subject(line.on)
        if line.stage:
            yield equal("the stage", line.stage, subject.stage)
        yield from _facts(world, line, subject)
        yield from _turns(line, subject)
    if line.find:
        yield _finds(world, line.find)
    for reader in line.readers:
        actor = world.actor(reader)
        name = world.scenario.people[reader.person].name if reader.person else "the network"
        who = f"{name} ({reader.role})"
        known = _parties_on(world.subject(line.on), actor) if line.on else None
        for look in line.sees:
            party = known is not None and world.is_party(look.thing) and not look.field
            yield _knows_of(world, look, known, who, sees=True) if party else _sees(world, look, actor, who)
        for look in line.blank:
            party = known is not None and world.is_party(look.thing) and not look.field
            yield _knows_of(world, look, known, who, sees=False) if party else _is_blank(world, look, actor, who)


# Where the subject stands


def _facts(world: World, line: Line, subject: Subject) -> Iterator[Check]:
    lanes = [frozenset(lane.facts) for lane in stand.lanes_of(subject)]
    own = frozenset(subject.facts)
    if stand.any_consent(subject, Actor(role="network", now=world.now)):
        own |= {"consent"}
    if line.lane:
        own |= frozenset(world.lane(subject, line.lane).facts)
    for fact in line.facts:
        bare = fact.removeprefix("not ")
        if bare.startswith(("any ", "every ")):
            over, name = bare.split(" ", 1)
            held = bool(lanes) and (any if over == "any" else all)(name in lane for lane in lanes)
        else:
            held = bare in own
        holds = held != fact.startswith("not ")
        yield Check(f"it holds: {fact}", "" if holds else f"what holds is: {in_words(own)}")


def _turns(line: Line, subject: Subject) -> Iterator[Check]:
    open_tasks = set(Task.objects.filter(subject_id=subject.pk, done_at=None).values_list("position", "step"))
    if line.turn is not None:
        yield equal("the turn", line.turn, frozenset(position for position, _step in open_tasks))
    for position, steps in line.tasks.items():
        own = {step for role, step in open_tasks if role == position}
        missing = sorted(set(steps) - own)
        says = f"it is the turn of {position}: {in_words(steps)}"
        yield Check(says, f"their turns are: {in_words(own)}" if missing else "")


def _finds(world: World, find: Find) -> Check:
    """The newest row in which every field is as said; it is then called by the name given."""
    model = next(each.model for each in sight.registered() if each.model._meta.model_name == find.model)
    wanted = {name: str(world.key(word)) if world.knows(word) else word for name, word in find.where.items()}
    rows = model._default_manager.order_by("-pk")
    found = next((row for row in rows if all(as_text(getattr(row, name)) == wanted[name] for name in wanted)), None)
    described = ", ".join(f"{name} {word}" for name, word in find.where.items())
    says = f"there is {find.model}" + (f" with {described}" if described else "")
    if found is None:
        return Check(says, f"of {rows.count()} there is none")
    world.remember((find.name,) if find.name else (), found)
    return Check(says)


# Who sees what


def _sees(world: World, look: Look, actor: Actor, who: str) -> Check:
    says = f"{who} sees {look}" + (f": {look.value}" if look.value is not None else "")
    row = _row(world, look)
    seen = _seen(row, look, actor)
    if seen is None:
        return Check(says, "they see nothing of it")
    if look.field and not is_something(seen):
        return Check(says, "that field is empty for them")
    if look.value is not None and as_text(seen) != look.value:
        return Check(says, f"they see: {as_text(seen)}")
    return Check(says, _disagreement(row, actor, expected=True))


def _is_blank(world: World, look: Look, actor: Actor, who: str) -> Check:
    says = f"{who} sees nothing of {look}"
    row = _row(world, look)
    if look.field and not is_something(getattr(row, look.field)):
        return Check(says, "the field is empty for everybody, so this shows nothing")
    seen = _seen(row, look, actor)
    if not look.field:
        return Check(says, _disagreement(row, actor, expected=False) if seen is None else "they do")
    if seen is not None and is_something(seen):
        return Check(says, f"they see: {as_text(seen)}")
    return Check(says, _told_in_title(row, look, actor))


def _parties_on(subject: Subject, actor: Actor) -> frozenset[str]:
    """The names and keys of the parties that pages about a subject show this reader."""
    try:
        queries.subject_for(actor, subject.kind, subject.pk)
    except NotFound:
        return frozenset()
    seats = queries.seat_rows(actor, subject)
    happened = history.timeline_of(actor, subject)
    lanes = {task.lane_id for task in queries.tasks_on(actor, subject)}
    names = {name for seat in seats for name in (seat.organisation, seat.person)}
    names |= {name for key, name in queries.lane_names(subject).items() if key in lanes}
    return frozenset(names | {str(key) for each in happened for key in (each.organisation_id, each.person_id)})


def _knows_of(world: World, look: Look, known: frozenset[str] | None, who: str, *, sees: bool) -> Check:
    """Whether seats, timeline and tasks of the subject show a party to the reader."""
    found = bool({world.name_of(look.thing), str(world.key(look.thing))} & (known or frozenset()))
    says = f"{who} sees {look}" if sees else f"{who} sees nothing of {look}"
    return Check(says, "" if found == sees else "they do" if found else "they do not")


def _row(world: World, look: Look) -> Model:
    row = world.thing(look.thing)
    if look.field and not hasattr(row, look.field):
        raise UnplayableError(f"`{look.thing}` is a {row._meta.model_name}, which has no `{look.field}`.")
    return row


def _seen(row: Model, look: Look, actor: Actor) -> Any:
    """What the actor sees of the row (True) or of one field; None when nothing. Asked in both ways there are."""
    marked = visible(type(row), to=actor).filter(pk=row.pk).first()
    if not look.field:
        return marked and True
    by_key = getattr(shown(row, to=actor), look.field)
    in_list = getattr(shown(marked, to=actor), look.field) if marked is not None else HIDDEN
    if as_text(by_key) != as_text(in_list):
        raise UnplayableError(f"`{look}` is shown one way in a list and another way alone.")
    return by_key


def _disagreement(row: Model, actor: Actor, *, expected: bool) -> str:
    """What a query of the row's own package says otherwise about whether the actor finds it; "" when it agrees."""
    for name, query in _queries_for(row):
        try:
            query(actor, row)
            found = True
        except NotFound:
            found = False
        if found != expected:
            return f"{name} {'finds' if found else 'does not find'} it for them"
    return ""


def _queries_for(row: Model) -> Iterator[tuple[str, Any]]:
    """The queries by which pages find this row: `turns` for a subject, and the package's own `<noun>_for`."""
    if isinstance(row, Subject):
        yield "turns.queries.subject_for", lambda actor, each: queries.subject_for(actor, each.kind, each.pk)
    name, package = f"{row._meta.model_name}_for", row._meta.app_label
    if find_spec(f"clearpath.{package}.queries"):
        query = getattr(import_module(f"clearpath.{package}.queries"), name, None)
        if query is not None:
            yield f"{package}.queries.{name}", lambda actor, each: query(actor, each.pk)


def _told_in_title(row: Model, look: Look, actor: Actor) -> str:
    """A title may not tell what the field does not."""
    if not isinstance(row, Subject):
        return ""
    secret = as_text(getattr(row, look.field))
    titles = queries.titles_of(actor, {row.kind: [row.pk]})
    return f"its title tells it: {titles[row.pk]}" if titles.get(row.pk) == secret else ""


def is_something(value: Any) -> bool:
    return value is not HIDDEN and value not in (None, "", [], {}, ())


def as_text(value: Any) -> str:
    """A value as a scenario writes it."""
    if value is None or value is HIDDEN:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(map(as_text, value))
    return str(value)
