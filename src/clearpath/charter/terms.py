"""The charter as Python sees it: frozen, complete, every name resolved, every line remembered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

NETWORK = "network"
SEATED = "seated"
SIGHTS = ("own", "seat", "consent", "count")
KINDS = ("clinical", "coordination", "commercial", "marketing", "governance", "own")
RULES = ("forbidden", "disclosed")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that keeps the file from being read as a charter."""

    code: str
    file: str
    line: int  # from 1
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code} {self.says} {self.remedy}".rstrip()


class CharterError(Exception):
    """The file is no charter; `mistakes` are all of them, in the order of the file."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that must hold, or must not, on the subject, on one lane, or on every or any lane."""

    fact: str
    negated: bool = False
    over: str = ""  # "", "every" or "any"

    def __str__(self) -> str:
        return " ".join(word for word in ("not" if self.negated else "", self.over, self.fact) if word)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a subject may stand; `seats` are the roles and positions that must be filled there."""

    name: str
    says: str
    seats: tuple[str, ...] = ()
    final: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does on a subject."""

    name: str
    by: str
    subject: str = ""
    consulted: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    kind: str = "own"
    stages: tuple[str, ...] = ()  # `in`, with `any` resolved to every stage that is not final
    starts: bool = False
    opens: str = ""
    when: str = ""
    needs: tuple[Need, ...] = ()
    gives: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    to: str = ""
    within: timedelta | None = None
    sees: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    hands_on: tuple[str, ...] = ()
    may_appoint: tuple[str, ...] = ()
    on_lane: bool = False  # about one lane: marked so, or taken by a role of the lanes
    every_subject: bool = False  # comes from `every_subject`
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which roles and facts are kept per provider asked, and the step that leaves one lane only."""

    roles: tuple[str, ...]
    facts: tuple[str, ...]
    until: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whose agreement enacts a proposal: more than `share` of the organisations of each role in `of`."""

    of: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Promise:
    """What can never happen; which fields are filled depends on `form`.

    `never`: `step`, `need`. `always`: `step`, `stages`. `reachable`: `stages` (one), `step` ("" or the one
    not used). `never_sees`: `role`, `classes`. `only_kinds`, `never_kinds`: `role`, `kinds`.
    """

    form: str
    says: str
    step: str = ""
    need: Need | None = None
    stages: tuple[str, ...] = ()
    role: str = ""
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Separation:
    """Two roles that one party, or connected parties, may not hold, or only when it is told."""

    roles: tuple[str, str]
    rule: str
    because: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """Everything the charter says of one kind of subject."""

    name: str
    says: str
    stages: Mapping[str, Stage]
    first: str  # the stage in which it begins
    may_sit: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    positions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lanes: Lanes | None = None
    quorum: Quorum | None = None
    steps: Mapping[str, Step] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    line: int = 0

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that a step of it gives, drops or needs, in the order of the file."""
        named: dict[str, None] = dict.fromkeys(self.lanes.facts if self.lanes else ())
        for step in self.steps.values():
            named.update(dict.fromkeys(need.fact for need in step.needs))
            named.update(dict.fromkeys((*step.gives, *step.drops)))
        return tuple(named)

    @property
    def open_stages(self) -> tuple[str, ...]:
        """The stages that are not final."""
        return tuple(name for name, stage in self.stages.items() if not stage.final)

    def roles_of(self, who: str) -> tuple[str, ...]:
        """The roles behind a name in `by`: a role itself, those of a position, or all who may be seated."""
        if who == SEATED:
            return self.seatable_roles
        return self.positions.get(who, (who,))

    @property
    def seatable_roles(self) -> tuple[str, ...]:
        """The roles that may sit on the subject in some stage, positions resolved."""
        seats = [*(seat for stage in self.stages.values() for seat in stage.seats), *self.may_sit]
        return tuple(dict.fromkeys(role for seat in seats for role in self.positions.get(seat, (seat,))))


@dataclass(frozen=True, slots=True)
class Charter:
    """Who does what and who sees what, in one network."""

    title: str
    version: str
    language: str
    roles: Mapping[str, str]  # name: what it is
    separations: tuple[Separation, ...]
    connected_at: Fraction
    disclose_from: Fraction
    data: Mapping[str, Mapping[str, str]]  # class: {role: own | seat | consent | count}
    smallest_group: int
    subjects: Mapping[str, SubjectRules]
    every_subject: tuple[Step, ...]
    promises: tuple[Promise, ...]
    file: str = "charter.yaml"
    lines: Mapping[str, int] = field(default_factory=dict)  # `roles.agency`: where it is said
    warnings: tuple[Mistake, ...] = ()  # what was read, but not as the file's YAML says it

    def all_steps(self) -> Iterator[Step]:
        """Every step once: those of each subject in the order of the file, then those on every subject."""
        for rules in self.subjects.values():
            yield from (step for step in rules.steps.values() if not step.every_subject)
        yield from self.every_subject

    def step(self, name: str) -> Step:
        """Raises KeyError when no subject has such a step."""
        for step in self.all_steps():
            if step.name == name:
                return step
        raise KeyError(name)

    def subject_of(self, name: str) -> SubjectRules | None:
        """The subject that the step belongs to; None for one on every subject.

        Raises KeyError when there is no such step.
        """
        step = self.step(name)
        return None if step.every_subject else self.subjects[step.subject]
