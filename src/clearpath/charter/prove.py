"""Proves the promises of a charter, or shows the shortest way to break one.

Every subject is walked through every state that its steps can reach, with two lanes. Where there are too
many states, each promise is proved on a slice: only the facts that it turns out to depend on are kept, and
a need that speaks of another fact is taken to hold. A way that breaks the promise in the slice is tried on
the whole subject; if it is not possible there, the facts that stop it are kept as well and the slice is
walked again. When even the slice is too large, the promise counts as not proved: never as kept. See
docs/decisions/0011-proofs-by-slices.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearpath.charter.terms import Charter, Promise, Step, SubjectRules
from clearpath.charter.walk import (
    LANES,
    MOST_STATES,
    Machine,
    Move,
    Test,
    TooLarge,
    Walk,
    enabled,
    leading_to,
    predecessors,
    spelled,
    walk,
)

MOST_SLICED = 300_000  # states of one slice
MOST_REPLAYED = 2_000  # ways to tell the lanes apart while a broken promise is tried on the whole subject


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one promise."""

    subject: str  # "" for a promise about a role
    promise: Promise
    holds: bool
    says: str
    counterexample: tuple[str, ...] = ()  # a shortest sequence of steps that breaks it
    states: int = 0  # how many were walked


def prove(
    charter: Charter,
    *,
    lanes: int = LANES,
    most: int = MOST_STATES,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Proof, ...]:
    """Every promise of the charter, in the order of the file: those of each subject, then those about roles."""
    proofs: list[Proof] = []
    for rules in charter.subjects.values():
        if rules.promises:
            proofs.extend(_prove_subject(rules, lanes, most, progress))
    proofs.extend(_prove_role(charter, promise) for promise in charter.promises)
    return tuple(proofs)


def steps_never_taken(rules: SubjectRules, *, most: int = MOST_STATES) -> tuple[Step, ...]:
    """The steps whose stage and needs never hold together, in the order of the file.

    Where the subject has too many states only those found in a slice are named: each of them is certain.
    """
    steps = [step for step in rules.steps.values() if not step.starts and not step.every_subject]
    try:
        found = walk(Machine(rules), most=most)
    except TooLarge:
        return tuple(step for step in steps if _never_taken_in_slice(rules, step))
    return tuple(step for step in steps if _first_enabled(found, step) is None)


def _never_taken_in_slice(rules: SubjectRules, step: Step) -> bool:
    try:
        found = walk(Machine(rules, kept=_facts_of(step)), most=MOST_SLICED)
    except TooLarge:
        return False
    return _first_enabled(found, step) is None


def _first_enabled(found: Walk, step: Step) -> int | None:
    machine = found.machine
    tests = _tests(machine, step)
    for state in found.came:
        if any(test.holds(state) for _, test in tests[state >> machine.shift]):
            return state
    return None


def _prove_subject(rules: SubjectRules, lanes: int, most: int, progress: Callable[[str], None]) -> Iterator[Proof]:
    machine = Machine(rules, lanes=lanes)
    try:
        found = walk(machine, most=most)
    except TooLarge:
        progress(f"The {rules.name} has more than {most} states: each promise is proved on a slice.")
        for promise in rules.promises:
            progress(f"  {promise.says}")
            yield _prove_by_slices(rules, promise, lanes)
        return
    for promise in rules.promises:
        breach = _breach(found, promise)
        if breach is None:
            yield _kept(rules, promise, found.states)
        else:
            yield _broken(rules, promise, spelled(breach.path, machine), found.states)


def _kept(rules: SubjectRules, promise: Promise, states: int, slice_of: str = "") -> Proof:
    return Proof(rules.name, promise, True, f"{promise.says}: proved in {states} states{slice_of}.", (), states)


def _broken(rules: SubjectRules, promise: Promise, way: tuple[str, ...], states: int) -> Proof:
    what = {
        "never": f"{promise.step} can be taken without {promise.need}",
        "always": f"{promise.step} cannot be taken",
        "reachable": f"{promise.stages[0] if promise.stages else ''} can no longer be reached"
        + (f" without {promise.step}" if promise.step else ""),
    }[promise.form]
    steps = " -> ".join(way) or "(at the very start)"
    after = "by" if promise.form == "never" else "after"
    return Proof(rules.name, promise, False, f"{promise.says}: broken. {what} {after}: {steps}.", way, states)


# Checking one promise on one walk


@dataclass(frozen=True, slots=True)
class _Breach:
    """Where a promise is broken: the way there (with the forbidden step last), and the state before that step."""

    path: tuple[Move, ...]
    state: int


def _breach(found: Walk, promise: Promise) -> _Breach | None:
    """The first, hence shortest, way to break the promise."""
    return {"never": _never, "always": _always, "reachable": _reachable}[promise.form](found, promise)


def _tests(machine: Machine, step: Step) -> list[list[tuple[int | None, Test]]]:
    return [
        [(lane, test) for lane, test, possible in enabled(machine, step, bucket) if possible]
        for bucket in range(len(machine.buckets))
    ]


def _never(found: Walk, promise: Promise) -> _Breach | None:
    machine = found.machine
    step = machine.rules.steps[promise.step]
    needs = (promise.need,) if promise.need else ()
    rows = [
        [(lane, test, machine.test_of(needs, lane, bucket)[0]) for lane, test in row]
        for bucket, row in enumerate(_tests(machine, step))
    ]
    for state in found.came:
        for lane, test, kept in rows[state >> machine.shift]:
            if test.holds(state) and not kept.holds(state):
                last = machine.move_of(step, lane, state >> machine.shift)
                return _Breach((*found.path(state), last), state)
    return None


def _always(found: Walk, promise: Promise) -> _Breach | None:
    machine = found.machine
    rows = _tests(machine, machine.rules.steps[promise.step])
    for state in found.came:
        if machine.stage_of(state) in promise.stages and not any(
            test.holds(state) for _, test in rows[state >> machine.shift]
        ):
            return _Breach(tuple(found.path(state)), state)
    return None


def _reachable(found: Walk, promise: Promise) -> _Breach | None:
    before = predecessors(found, without=promise.step, only_exact=True)
    good = leading_to(_standing_in(found, promise.stages[0]), before)
    for state in found.came:
        if state not in good:
            return _Breach(tuple(found.path(state)), state)
    return None


def _standing_in(found: Walk, stage: str) -> list[int]:
    return [state for state in found.came if found.machine.stage_of(state) == stage]


# Slices


def _facts_of(step: Step) -> set[str]:
    return {need.fact for need in step.needs}


def _prove_by_slices(rules: SubjectRules, promise: Promise, lanes: int) -> Proof:
    """Keeps more and more facts, until the promise holds in the slice or is broken on the whole subject."""
    kept = _facts_of(rules.steps[promise.step]) if promise.form != "reachable" else set()
    kept |= {promise.need.fact} if promise.need else set()
    whole = Machine(rules, lanes=lanes)
    states = 0
    while True:
        try:
            found = walk(Machine(rules, lanes=lanes, kept=kept), most=MOST_SLICED)
        except TooLarge:
            says = (
                f"{promise.says}: not proved. It depends on {len(kept)} of {len(rules.facts)} facts, and these"
                f" alone have more than {MOST_SLICED} states. Split the subject, or need fewer facts."
            )
            return Proof(rules.name, promise, False, says, (), states)
        states += found.states
        breach = _breach(found, promise)
        if breach is None:
            return _kept(rules, promise, states, f", of {len(kept)} facts that it depends on")
        replay = _Replay.start(whole)
        missing = replay.take(found.machine, breach.path)
        if not missing and promise.form == "reachable":
            missing = _facts_ahead(found, breach.state, promise, replay)
        if not missing - kept:
            way = spelled(next(iter(replay.ways.values())), whole)
            return _broken(rules, promise, way, states)
        kept |= missing


def _facts_ahead(found: Walk, state: int, promise: Promise, replay: "_Replay") -> set[str]:
    """The facts that decide whether the goal can be reached from the state; none when nothing leads there at all."""
    ahead = _shortest_ahead(found, state, promise)
    if ahead is None:
        return set()
    stopped_by = replay.take(found.machine, ahead)
    if stopped_by - found.machine.kept:
        return stopped_by
    return {fact for move in ahead for fact in _facts_of(move.step)} - found.machine.kept


def _shortest_ahead(found: Walk, start: int, promise: Promise) -> tuple[Move, ...] | None:
    machine = found.machine
    ways: dict[int, tuple[Move, ...]] = {start: ()}
    frontier = [start]
    while frontier:
        ahead = []
        for state in frontier:
            if machine.stage_of(state) == promise.stages[0]:
                return ways[state]
            for number in machine.moves_in(state):
                move = machine.moves[number]
                if move.step.name == promise.step or not move.possible or not move.test.holds(state):
                    continue
                to = machine.after(state, move)
                if to not in ways:
                    ways[to] = (*ways[state], move)
                    ahead.append(to)
        frontier = ahead
    return None


@dataclass(slots=True)
class _Replay:
    """A way of a slice, tried on the whole subject; where lanes cannot be told apart, all of them are tried."""

    whole: Machine
    ways: dict[int, tuple[Move, ...]]  # state of the whole subject: the moves to it

    @classmethod
    def start(cls, whole: Machine) -> "_Replay":
        return cls(whole, {whole.start: ()})

    def take(self, machine: Machine, path: tuple[Move, ...]) -> set[str]:
        """Takes the steps; the facts that stopped one of them, or none when all could be taken."""
        sliced = {self.whole.project(state, machine) for state in self.ways}
        [at] = sliced
        for move in path:
            at = machine.after(at, move)
            ahead: dict[int, tuple[Move, ...]] = {}
            for state, way in self.ways.items():
                for taken in self._enabled(state, move.step):
                    to = self.whole.after(state, taken)
                    if self.whole.project(to, machine) == at and len(ahead) < MOST_REPLAYED:
                        ahead.setdefault(to, (*way, taken))
            if not ahead:
                return _facts_of(move.step) - machine.kept
            self.ways = ahead
        return set()

    def _enabled(self, state: int, step: Step) -> Iterator[Move]:
        bucket = state >> self.whole.shift
        for lane, test, possible in enabled(self.whole, step, bucket):
            if possible and test.holds(state):
                yield self.whole.move_of(step, lane, bucket)


# Promises about roles


def _prove_role(charter: Charter, promise: Promise) -> Proof:
    broken_by = {
        "never_sees": _seen_by,
        "only_kinds": _outside_kinds,
        "never_kinds": _inside_kinds,
    }[promise.form](charter, promise)
    if not broken_by:
        return Proof("", promise, True, f"{promise.says}: proved.")
    return Proof("", promise, False, f"{promise.says}: broken by {', '.join(broken_by)}.", tuple(broken_by[:1]))


def _seen_by(charter: Charter, promise: Promise) -> list[str]:
    """Sight by the table of data, by a step of the role, or by records handed on. A count is not sight."""
    table = [f"data.{name}" for name in promise.classes if charter.data[name].get(promise.role, "count") != "count"]
    steps = [
        step.name
        for rules in charter.subjects.values()
        for step in rules.steps.values()
        if (set(step.sees) & set(promise.classes) and promise.role in may_take(rules, step))
        or ("clinical" in promise.classes and promise.role in step.hands_on)
    ]
    return table + list(dict.fromkeys(steps))


def _outside_kinds(charter: Charter, promise: Promise) -> list[str]:
    """Steps that name the role. A position or `seated` takes a step in its own role's craft, whatever that is."""
    return [
        step.name
        for step in charter.all_steps()
        if promise.role in (step.by, *step.may_appoint) and step.kind not in (*promise.kinds, "own")
    ]


def _inside_kinds(charter: Charter, promise: Promise) -> list[str]:
    return [
        step.name
        for rules in charter.subjects.values()
        for step in rules.steps.values()
        if step.kind in promise.kinds and promise.role in may_take(rules, step)
    ]


def may_take(rules: SubjectRules, step: Step) -> tuple[str, ...]:
    """The roles that may take the step, appointed ones included."""
    return (*rules.roles_of(step.by), *step.may_appoint)
