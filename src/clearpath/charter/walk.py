"""Walks every state that the steps of one subject can reach.

A state is one number: the stage, whether one lane is left, the facts of the subject, and the facts of each
lane. Lanes are interchangeable, so their facts are sorted and two states that differ only in the names of
the lanes are one. The walk goes breadth first in the order of the file: the first way found to any state is
a shortest one.

A machine may keep only some of the facts (`kept`). A need that speaks of another fact is then taken to
hold: every way of the whole subject is still there, and perhaps more. What cannot happen in such a machine
cannot happen at all.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from clearpath.charter.terms import Need, Step, SubjectRules

LANES = 2
MOST_STATES = 500_000  # about 100 MB and a few seconds


class TooLarge(Exception):  # noqa: N818 - an answer, not an error
    """There are more states than the walk may keep."""


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a state: the bits that matter, what they must be, and what is not one pattern of bits."""

    care: int
    want: int
    some: tuple[int, ...] = ()  # of each, at least one bit is set
    not_all: tuple[int, ...] = ()  # of each, at least one bit is not set

    def holds(self, state: int) -> bool:
        return (
            state & self.care == self.want
            and all(state & bits for bits in self.some)
            and all(state & bits != bits for bits in self.not_all)
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One step taken in one kind of state (stage, all lanes or one), on one lane when it is about one."""

    step: Step
    lane: int | None
    test: Test
    possible: bool  # false when its needs contradict each other
    exact: bool  # no need was left out: where the test holds, the step can really be taken
    keep: int
    put: int
    closes: bool


class Machine:
    """One subject as moves between numbers, keeping all facts or some of them."""

    def __init__(self, rules: SubjectRules, *, lanes: int = LANES, kept: Collection[str] | None = None) -> None:
        self.rules = rules
        lane_facts = rules.lanes.facts if rules.lanes else ()
        facts = [fact for fact in rules.facts if kept is None or fact in kept]
        self.lane_facts = tuple(fact for fact in facts if fact in lane_facts)
        self.common_facts = tuple(fact for fact in facts if fact not in lane_facts)
        self.kept = frozenset(facts)
        self.lanes = lanes if rules.lanes else 0
        self.width = len(self.lane_facts)
        self.lane_mask = (1 << self.width) - 1
        self.lanes_bits = self.width * self.lanes
        self.single = 1 << (self.lanes_bits + len(self.common_facts))
        self.shift = self.single.bit_length() - 1  # from here on: one lane left, stage
        self.stages = tuple(rules.stages)
        self.moves: list[Move] = []
        self.start = self.stages.index(rules.first) << (self.shift + 1)
        self.buckets = [self._bucket(number) for number in range(2 * len(self.stages))]

    def bit(self, fact: str, lane: int = 0) -> int:
        if fact in self.lane_facts:
            return 1 << (lane * self.width + self.lane_facts.index(fact))
        return 1 << (self.lanes_bits + self.common_facts.index(fact))

    def stage_of(self, state: int) -> str:
        return self.stages[state >> (self.shift + 1)]

    def moves_in(self, state: int) -> list[int]:
        return self.buckets[state >> self.shift]

    def running(self, bucket: int) -> int:
        """How many lanes run in states of this bucket."""
        return 1 if bucket & 1 and self.lanes else self.lanes

    def _bucket(self, number: int) -> list[int]:
        stage = self.stages[number >> 1]
        found = []
        for step in self.rules.steps.values():
            if stage not in step.stages or not (step.gives or step.drops or step.to):
                continue
            for lane in range(self.running(number)) if step.on_lane else (None,):
                found.append(len(self.moves))
                self.moves.append(self.move_of(step, lane, number))
        return found

    def move_of(self, step: Step, lane: int | None, bucket: int) -> Move:
        test, possible, exact = self.test_of(step.needs, lane, bucket)
        put = sum(self.bit(fact, lane or 0) for fact in step.gives if fact in self.kept)
        drop = sum(self.bit(fact, lane or 0) for fact in step.drops if fact in self.kept)
        if step.to:
            drop |= -1 << (self.shift + 1)
            put |= self.stages.index(step.to) << (self.shift + 1)
        closes = self.lanes > 1 and self.rules.lanes is not None and self.rules.lanes.until == step.name
        return Move(step, lane, test, possible, exact, ~drop, put, closes)

    def test_of(self, needs: Collection[Need], lane: int | None, bucket: int) -> tuple[Test, bool, bool]:
        """The needs as a test, whether they can hold at all, and whether none of them was left out."""
        want = refuse = 0
        some: list[int] = []
        not_all: list[int] = []
        exact = True
        for need in needs:
            if need.fact not in self.kept:
                exact = False
                continue
            bits = self._bits(need, lane, bucket)
            if need.over == "any" and not need.negated:
                some.append(bits)
            elif need.over == "every" and need.negated:
                not_all.append(bits)
            elif need.negated:
                refuse |= bits
            else:
                want |= bits
        return Test(want | refuse, want, tuple(some), tuple(not_all)), not want & refuse, exact

    def _bits(self, need: Need, lane: int | None, bucket: int) -> int:
        if need.over:
            return sum(self.bit(need.fact, number) for number in range(self.running(bucket)))
        return self.bit(need.fact, lane or 0)

    def after(self, state: int, move: Move) -> int:
        """The state after the move, lanes sorted."""
        state = state & move.keep | move.put
        if move.closes:
            return self._close(state, move.lane or 0)
        if move.lane is None or state & self.single:
            return state
        return self.sort(state)

    def _close(self, state: int, lane: int) -> int:
        left = state >> (lane * self.width) & self.lane_mask
        return state >> self.lanes_bits << self.lanes_bits | self.single | left

    def project(self, state: int, other: "Machine") -> int:
        """The state as a machine sees it that keeps fewer facts of the same subject."""
        lanes = [
            sum(other.bit(fact) for fact in other.lane_facts if state & self.bit(fact, lane))
            for lane in range(self.lanes)
        ]
        common = sum(other.bit(fact) for fact in other.common_facts if state & self.bit(fact))
        facts = sum(held << lane * other.width for lane, held in enumerate(lanes))
        return other.sort(state >> self.shift << other.shift | common | facts)

    def sort(self, state: int) -> int:
        width, mask = self.width, self.lane_mask
        if self.lanes == 2:
            one, two = state & mask, state >> width & mask
            return state if one >= two else state ^ (one ^ two) ^ ((one ^ two) << width)
        if self.lanes < 2:
            return state
        facts = sorted((state >> lane * width & mask for lane in range(self.lanes)), reverse=True)
        lanes = sum(held << lane * width for lane, held in enumerate(facts))
        return state >> self.lanes_bits << self.lanes_bits | lanes


@dataclass(slots=True)
class Walk:
    """Every state that can be reached, in the order in which the walk came to it, and from where."""

    machine: Machine
    came: dict[int, int]  # state: where from and by which move, in one number; -1 for the first

    @property
    def states(self) -> int:
        return len(self.came)

    def path(self, state: int) -> list[Move]:
        """A shortest way from the beginning to the state."""
        moves = []
        while (back := self.came[state]) >= 0:
            moves.append(self.machine.moves[back & 0xFFFFF])
            state = back >> 20
        return moves[::-1]

    def by_stage(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {stage: [] for stage in self.machine.stages}
        for state in self.came:
            found[self.machine.stage_of(state)].append(state)
        return found


def walk(machine: Machine, *, most: int = MOST_STATES) -> Walk:
    """Raises TooLarge when more than `most` states can be reached."""
    came = {machine.start: -1}
    frontier = [machine.start]
    moves_of = _compiled(machine)
    shift = machine.shift
    while frontier:
        ahead: list[int] = []
        for state in frontier:
            for care, want, odd, keep, put, settle, number in moves_of[state >> shift]:
                if state & care != want or (odd is not None and not odd(state)):
                    continue
                to = state & keep | put
                if settle is not None:
                    to = settle(to)
                if to not in came:
                    came[to] = state << 20 | number
                    ahead.append(to)
        if len(came) > most:
            raise TooLarge
        frontier = ahead
    return Walk(machine, came)


_Compiled = tuple[int, int, Callable[[int], bool] | None, int, int, Callable[[int], int] | None, int]


def _compiled(machine: Machine) -> list[list[_Compiled]]:
    """The moves as tuples, since the loop above runs a million times."""
    return [
        [_compile(machine, number, bucket) for number in numbers if machine.moves[number].possible]
        for bucket, numbers in enumerate(machine.buckets)
    ]


def _compile(machine: Machine, number: int, bucket: int) -> _Compiled:
    move = machine.moves[number]
    odd = move.test.holds if move.test.some or move.test.not_all else None
    settle: Callable[[int], int] | None = None
    if move.closes:
        lane = move.lane or 0
        settle = lambda state: machine._close(state, lane)  # noqa: E731
    elif move.lane is not None and machine.running(bucket) > 1:
        settle = machine.sort
    return (move.test.care, move.test.want, odd, move.keep, move.put, settle, number)


def spelled(path: Sequence[Move], machine: Machine) -> tuple[str, ...]:
    """The steps of a way, each with the lane it is about as long as there are several; the first used is lane 1."""
    names: dict[int, int] = {}
    facts = [(0, lane) for lane in range(machine.lanes)]  # what each slot holds, and which lane it is
    said = []
    for move in path:
        if move.lane is None or len(facts) < 2:
            said.append(move.step.name)
            continue
        held, lane = facts[move.lane]
        said.append(f"{move.step.name} (lane {names.setdefault(lane, len(names) + 1)})")
        if move.closes:
            facts = [(held, lane)]
            continue
        slot = move.lane * machine.width
        put = move.put >> slot & machine.lane_mask
        keep = move.keep >> slot & machine.lane_mask
        facts[move.lane] = (held & keep | put, lane)
        facts.sort(key=lambda one: one[0], reverse=True)
    return tuple(said)


def predecessors(found: Walk, *, without: str = "", only_exact: bool = False) -> dict[int, list[int]]:
    """For every state, those from which one move leads to it."""
    machine = found.machine
    before: dict[int, list[int]] = {}
    moves_of = [
        [
            one
            for one in row
            if machine.moves[one[6]].step.name != without and (machine.moves[one[6]].exact or not only_exact)
        ]
        for row in _compiled(machine)
    ]
    for state in found.came:
        for care, want, odd, keep, put, settle, _ in moves_of[state >> machine.shift]:
            if state & care != want or (odd is not None and not odd(state)):
                continue
            to = state & keep | put
            if settle is not None:
                to = settle(to)
            if to != state:
                before.setdefault(to, []).append(state)
    return before


def leading_to(goal: Collection[int], before: dict[int, list[int]]) -> set[int]:
    """The states from which some way leads to a state of `goal`."""
    found = set(goal)
    waiting = list(goal)
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in found:
                found.add(state)
                waiting.append(state)
    return found


def enabled(machine: Machine, step: Step, bucket: int) -> Iterator[tuple[int | None, Test, bool]]:
    """The tests of a step in states of a bucket, one for each lane that it may be about.

    With each: whether it can hold at all.
    """
    if machine.stages[bucket >> 1] not in step.stages:
        return
    for lane in range(machine.running(bucket)) if step.on_lane else (None,):
        test, possible, _ = machine.test_of(step.needs, lane, bucket)
        yield lane, test, possible
