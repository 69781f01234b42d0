"""May this actor take this step now? Pure, from tables that are compiled once per charter.

Facts become bits of one number per kind of subject: first the subject's own facts, then those of the lane
that the step is about, then one bit for each lane fact that holds on every lane, and one for each that
holds on any. A decision is then two masks and three look-ups. Every answer is built once and kept: the same
question has the same answer, so nothing can go stale. What is kept is bounded; when a table is full it is
emptied and fills again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clearpath.charter.actor import Actor
from clearpath.charter.standing import Standing
from clearpath.charter.terms import NETWORK, SEATED, Charter, Need, Separation, Step, SubjectRules

EVERY_STEP = "*"
MOST_KEPT = 65_536
OPEN, WRONG_STAGE, CLOSED = range(3)  # what the stage says, in two bits
NO_LANE = 4  # and in a third: a lane is asked for, but there is none
_WHERE = {OPEN: "allowed", WRONG_STAGE: "wrong_stage", CLOSED: "closed"}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the step may be taken now, and everything there is to say about it.

    `code` names the first thing in the way: unknown_step, not_your_part, not_appointed, not_seated, closed,
    wrong_stage, no_lane, missing_facts; or `allowed`. `rightful` is the role or position whose part the
    step is, whenever the actor's role is not it. `missing` are the needs that do not hold, as the charter
    writes them, whatever the code. `owed` are the separations that must have been disclosed because of the
    actor's other roles.
    """

    allowed: bool
    step: str
    code: str
    rightful: str = ""
    missing: tuple[str, ...] = ()
    owed: tuple[tuple[str, str], ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from a step: on the subject, on the lane that it is about, and for the other lanes."""

    gives: frozenset[str] = frozenset()
    drops: frozenset[str] = frozenset()
    lane_gives: frozenset[str] = frozenset()
    lane_drops: frozenset[str] = frozenset()
    to: str = ""  # the stage that the subject moves to; "" stays
    closes_other_lanes: bool = False
    opens: str = ""  # another kind of subject that the step creates


class Tables:
    """One charter, compiled. Safe to share between threads: it is only ever added to."""

    def __init__(self, charter: Charter) -> None:
        self.charter = charter
        self._rows: dict[tuple[str, str], _Row] = {}
        self._starts: dict[str, _Row] = {}
        self._rows_of: dict[str, tuple[_Row, ...]] = {}
        for rules in charter.subjects.values():
            facts = _Facts.of(rules)
            rows = tuple(_Row.of(step, rules, facts, charter.separations) for step in rules.steps.values())
            self._rows_of[rules.name] = rows
            self._rows |= {(rules.name, row.step.name): row for row in rows}
            self._starts |= {row.step.name: row for row in rows if row.step.starts}

    def decide(self, actor: Actor, step: str, standing: Standing | None) -> Decision:
        """May `actor` take `step` on the subject that stands there?

        A step that starts a subject takes no standing. Raises ValueError when another step has none.
        """
        if standing is None:
            return self._decide_start(actor, step)
        row = self._rows.get((standing.kind, step))
        if row is None:
            return _unknown(step, standing.kind)
        if row.starts:
            return self._decide_start(actor, step)
        part = row.parts.get((actor.role, standing.seated, standing.appointed, actor.also, actor.for_person_id is None))
        if part is None:
            part = row.part_of(actor, standing)
        held = row.held.get(standing.facts)
        if held is None:
            held = row.facts.held_by(standing.facts)
        where = row.where.get(standing.stage, WRONG_STAGE)
        if row.looks_at_lanes:
            on_lanes = row.on_lanes.get((standing.lanes, standing.lane))
            held |= row.facts.held_on_lanes(standing) if on_lanes is None else on_lanes
            if row.on_lane and not _has_lane(standing):
                where |= NO_LANE
        missing = (row.needed & ~held) | (row.refused & held)
        return part.answers.get((missing << 3) | where) or part.answer(missing, where)

    def _decide_start(self, actor: Actor, step: str) -> Decision:
        row = self._starts.get(step)
        if row is None:
            if any(name == step for _, name in self._rows):
                raise ValueError(f"{step} is taken on a subject: say where it stands")
            return _unknown(step, "")
        key = (actor.role, frozenset[str](), frozenset[str](), actor.also, actor.for_person_id is None)
        part = row.parts.get(key) or row.part_of(actor, None)
        return part.answers.get(OPEN) or part.answer(0, OPEN)

    def effects(self, step: str, standing: Standing | None) -> Effects:
        """What the step gives, drops and moves, as the charter says; raises KeyError for an unknown step."""
        row = self._starts[step] if standing is None else self._rows[(standing.kind, step)]
        return row.effects

    def takeable(self, standing: Standing) -> tuple[str, ...]:
        """The steps whose stage and needs hold, whoever takes them; for a lane step, on any lane."""
        return tuple(row.step.name for row in self._rows_of.get(standing.kind, ()) if _takeable(row, standing))

    def takeable_on(self, step: str, standing: Standing) -> bool:
        """Do the step's stage and needs hold, on the lane of `standing` when it is about one lane?"""
        row = self._rows[(standing.kind, step)]
        if row.starts or row.where.get(standing.stage, WRONG_STAGE) != OPEN:
            return False
        return not row.missing(standing) and not (row.step.on_lane and not _has_lane(standing))


def compile_charter(charter: Charter) -> Tables:
    """The tables that answer for this charter; make them once and keep them."""
    return Tables(charter)


def _takeable(row: "_Row", standing: Standing) -> bool:
    if row.starts or row.where.get(standing.stage, WRONG_STAGE) != OPEN:
        return False
    if not row.step.on_lane:
        return not row.missing(standing)
    return any(
        not row.missing(Standing(standing.kind, standing.stage, standing.facts, standing.lanes, lane))
        for lane in range(len(standing.lanes))
    )


def _has_lane(standing: Standing) -> bool:
    return standing.lane is not None and 0 <= standing.lane < len(standing.lanes)


def _unknown(step: str, kind: str) -> Decision:
    where = f" on the subject {kind}" if kind else ""
    return Decision(False, step, "unknown_step", says=f"The charter has no step {step}{where}.")


class _Bits(dict[str, int]):
    """The bit of each fact; a fact of another kind has none."""

    def __missing__(self, fact: str) -> int:
        return 0


@dataclass(slots=True)
class _Facts:
    """Which bit stands for which fact of one kind of subject."""

    common: "_Bits"
    lane: "_Bits"
    every: "_Bits"
    any: "_Bits"
    held: dict[frozenset[str], int] = field(default_factory=dict)
    on_lanes: dict[tuple[tuple[frozenset[str], ...], int | None], int] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: SubjectRules) -> "_Facts":
        lane_facts = rules.lanes.facts if rules.lanes else ()
        common = [fact for fact in rules.facts if fact not in lane_facts]
        bits = iter(range(len(common) + 3 * len(lane_facts)))

        def one_each(facts: Iterable[str]) -> dict[str, int]:
            return {fact: 1 << next(bits) for fact in facts}

        return cls(
            _Bits(one_each(common)),
            _Bits(one_each(lane_facts)),
            _Bits(one_each(lane_facts)),
            _Bits(one_each(lane_facts)),
        )

    def bit(self, need: Need) -> int:
        if need.over == "every":
            return self.every[need.fact]
        if need.over == "any":
            return self.any[need.fact]
        return self.lane[need.fact] or self.common[need.fact]

    def held_by(self, facts: frozenset[str]) -> int:
        held = sum(map(self.common.__getitem__, facts))
        if len(self.held) >= MOST_KEPT:
            self.held.clear()
        self.held[facts] = held
        return held

    def held_on_lanes(self, standing: Standing) -> int:
        """No lane at all: nothing holds on every lane, so that nobody's silence counts as their word."""
        lanes = standing.lanes
        held = 0
        if standing.lane is not None and 0 <= standing.lane < len(lanes):
            for fact in lanes[standing.lane]:
                held |= self.lane[fact]
        if lanes:
            for fact in lanes[0].intersection(*lanes[1:]):
                held |= self.every[fact]
            for lane in lanes:
                for fact in lane:
                    held |= self.any[fact]
        if len(self.on_lanes) >= MOST_KEPT:
            self.on_lanes.clear()
        self.on_lanes[(lanes, standing.lane)] = held
        return held


@dataclass(slots=True)
class _Row:
    """One step on one kind of subject, with every answer given so far."""

    step: Step
    rules: SubjectRules
    facts: _Facts
    separations: tuple[Separation, ...]
    effects: Effects
    needed: int
    refused: int
    where: Mapping[str, int]
    looks_at_lanes: bool
    on_lane: bool
    starts: bool
    held: dict[frozenset[str], int]
    on_lanes: dict[tuple[tuple[frozenset[str], ...], int | None], int]
    parts: dict[tuple[str, frozenset[str], frozenset[str], frozenset[str], bool], "_Part"] = field(default_factory=dict)

    @classmethod
    def of(cls, step: Step, rules: SubjectRules, facts: _Facts, separations: tuple[Separation, ...]) -> "_Row":
        where = {
            stage.name: OPEN if stage.name in step.stages else CLOSED if stage.final else WRONG_STAGE
            for stage in rules.stages.values()
        }
        return cls(
            step,
            rules,
            facts,
            separations,
            effects=_effects(step, rules),
            needed=sum(facts.bit(need) for need in step.needs if not need.negated),
            refused=sum(facts.bit(need) for need in step.needs if need.negated),
            where=where,
            looks_at_lanes=step.on_lane or any(need.over for need in step.needs),
            on_lane=step.on_lane,
            starts=step.starts,
            held=facts.held,
            on_lanes=facts.on_lanes,
        )

    def missing(self, standing: Standing) -> int:
        held = self.facts.held_by(standing.facts) | self.facts.held_on_lanes(standing)
        return (self.needed & ~held) | (self.refused & held)

    def names(self, missing: int, *, but_lanes: bool) -> tuple[str, ...]:
        """The needs behind the bits; those of the lane itself say nothing when there is no lane."""
        bits = self.facts.bit
        return tuple(
            str(need)
            for need in self.step.needs
            if bits(need) & missing and not (but_lanes and not need.over and need.fact in self.facts.lane)
        )

    def part_of(self, actor: Actor, standing: Standing | None) -> "_Part":
        seated = standing.seated if standing else frozenset[str]()
        appointed = standing.appointed if standing else frozenset[str]()
        code = self._part_code(actor, standing)
        owed = tuple(
            separation.roles
            for separation in self.separations
            if separation.rule == "disclosed" and _owes(actor, separation.roles)
        )
        rightful = self.step.by if code == "not_your_part" else ""
        part = _Part(self, actor.role, code, rightful, owed)
        if len(self.parts) >= MOST_KEPT // 8:
            self.parts.clear()
        self.parts[(actor.role, seated, appointed, actor.also, actor.for_person_id is None)] = part
        return part

    def _part_code(self, actor: Actor, standing: Standing | None) -> str:
        """`allowed` when the step is this actor's part, else the code of what is in the way."""
        if standing and actor.role in self.step.may_appoint and self._appoints(standing):
            return "allowed"
        if actor.role not in self.rules.roles_of(self.step.by):
            return "not_your_part"
        if self.step.by == NETWORK or standing is None:
            return "allowed"
        if actor.for_person_id is not None:
            return "allowed" if self._appoints(standing) else "not_appointed"
        sits = bool(standing.seated) if self.step.by == SEATED else self.step.by in standing.seated
        return "allowed" if sits else "not_seated"

    def _appoints(self, standing: Standing) -> bool:
        return self.step.name in standing.appointed or EVERY_STEP in standing.appointed


def _effects(step: Step, rules: SubjectRules) -> Effects:
    lane_facts = frozenset(rules.lanes.facts if rules.lanes else ())
    gives, drops = frozenset(step.gives), frozenset(step.drops)
    return Effects(
        gives=gives - lane_facts,
        drops=drops - lane_facts,
        lane_gives=gives & lane_facts,
        lane_drops=drops & lane_facts,
        to=rules.first if step.starts else step.to,
        closes_other_lanes=rules.lanes is not None and rules.lanes.until == step.name,
        opens=step.opens,
    )


def _owes(actor: Actor, roles: tuple[str, str]) -> bool:
    one, other = roles
    return (actor.role == one and other in actor.also) or (actor.role == other and one in actor.also)


@dataclass(slots=True)
class _Part:
    """One step as one kind of actor meets it: whose part it is, is settled; stage and facts are not."""

    row: _Row
    role: str
    code: str
    rightful: str
    owed: tuple[tuple[str, str], ...]
    answers: dict[int, Decision] = field(default_factory=dict)

    def answer(self, missing: int, where: int) -> Decision:
        names = self.row.names(missing, but_lanes=bool(where & NO_LANE))
        code = self.code
        if code == "allowed":
            code = _WHERE[where & ~NO_LANE]
        if code == "allowed" and where & NO_LANE:
            code = "no_lane"
        if code == "allowed" and names:
            code = "missing_facts"
        says = _sentence(code, self.row, self.role, names)
        decision = Decision(code == "allowed", self.row.step.name, code, self.rightful, names, self.owed, says)
        if len(self.answers) >= MOST_KEPT // 16:
            self.answers.clear()
        self.answers[(missing << 3) | where] = decision
        return decision


def _sentence(code: str, row: _Row, role: str, missing: tuple[str, ...]) -> str:
    """One English sentence; callers that speak other languages translate by `code`."""
    name, step = row.step.name, row.step
    whose = "whoever is seated" if step.by == SEATED else f"the {step.by}"
    stages = ", ".join(step.stages) or "no stage"
    return {
        "allowed": f"The {role} may take {name} now.",
        "not_your_part": f"{name} is not the part of the {role} but of {whose}.",
        "not_appointed": f"{name} needs a written appointment by the {role}.",
        "not_seated": f"{name} is the part of {whose}, but this {role} has no such seat here.",
        "closed": f"{name} comes too late: the {row.rules.name} has ended.",
        "wrong_stage": f"{name} is for these stages: {stages}.",
        "no_lane": f"{name} is about one lane: say which one.",
        "missing_facts": f"{name} must wait for: {', '.join(missing)}.",
    }[code]
