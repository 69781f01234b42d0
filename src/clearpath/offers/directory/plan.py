"""What a file would change in a provider's directory: new, changed field by field, unchanged, retired."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.offers.directory.kinds import CAPACITY, KINDS, LINE, Key, Kind, Values
from clearpath.offers.directory.reading import Reading, Told, no_word
from clearpath.offers.directory.standing import entries_of

NEW, CHANGED, RETIRED = "new", "changed", "retired"
WORDS = {NEW: _("New"), CHANGED: _("Changed"), RETIRED: _("No longer shown")}
LINES = _("Lines of the price")
UNSET = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that becomes another. `before` and `after` hold the fields that differ; `whole` is what then stands."""

    kind: str
    what: str
    key: Key
    before: Values
    after: Values
    whole: Values


@dataclass(slots=True)
class Plan:
    """Every change, in the order of the kinds, and how many entries stay as they are."""

    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind are new, changed, retired and unchanged."""
        found = {kind: {NEW: 0, CHANGED: 0, RETIRED: 0, "unchanged": count} for kind, count in self.unchanged.items()}
        for change in self.changes:
            found[change.kind][change.what] += 1
        return found


Entries = dict[str, dict[Key, Values]]


def plan_for(provider_id: UUID, entries: Entries, *, retire: Collection[str] = (), tell: Told = no_word) -> Plan:
    """Lay entries against what stands. `retire`: kinds of which everything that the entries do not name is retired."""
    plan = Plan()
    for kind in KINDS.values():
        if kind is LINE or kind.key not in entries:
            continue
        wanted = entries[kind.key]
        retires = kind.key in retire and kind is not CAPACITY
        standing = entries_of(provider_id, kind.key, None if retires else wanted.keys())
        tell("comparing", 0, len(wanted))
        before = len(plan.changes)
        plan.changes.extend(_changes(kind, wanted, standing))
        plan.unchanged[kind.key] = len(wanted) - (len(plan.changes) - before)
        if retires:
            plan.changes.extend(
                Change(kind.key, RETIRED, key, {"is_shown": True}, {"is_shown": False}, values | {"is_shown": False})
                for key, values in standing.items()
                if key not in wanted and values["is_shown"]
            )
        tell("comparing", len(wanted), len(wanted))
    return plan


def _changes(kind: Kind, wanted: dict[Key, Values], standing: dict[Key, Values]) -> Iterator[Change]:
    defaults = {column.key: column.default for column in kind.columns}
    named = {"is_shown": True} if "is_shown" in defaults else {}  # who names an entry anew means it to be seen
    for key, told in wanted.items():
        old, values = standing.get(key), named | told
        if old is None:
            yield Change(kind.key, NEW, key, {}, values, defaults | values)
            continue
        after = {name: value for name, value in values.items() if _as_kept(old.get(name, UNSET)) != _as_kept(value)}
        if after:
            gone = after == {"is_shown": False}
            before = {name: old.get(name, "") for name in after}
            yield Change(kind.key, RETIRED if gone else CHANGED, key, before, after, old | values)


def _as_kept(value: Any) -> Any:
    """Lists and tuples are the same once they are kept."""
    return list(value) if isinstance(value, tuple) else value


def plan_of(provider_id: UUID, reading: Reading, *, retire_absent: bool, tell: Told = no_word) -> Plan:
    """The same for what was read."""
    retire = to_retire(reading, retire_absent=retire_absent)
    return plan_for(provider_id, reading.entries, retire=retire, tell=tell)


def to_retire(reading: Reading, *, retire_absent: bool) -> set[str]:
    """Kinds of which a file says everything; not one of which a row is wrong, for that row may be the missing one."""
    return set(reading.entries) - {each.kind for each in reading.wrong} if retire_absent else set()


def written(kind: str, name: str, value: Any) -> str:
    """A value as the file writes it; the amounts of money stay for `money_written`."""
    column = KINDS[kind].by_key.get(name)
    if column is None or value in (None, ""):
        return ""
    write: Callable[[Any], Any] = column.write
    return str(write(value))
