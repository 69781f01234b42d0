"""Reads a charter file: every mistake at once, each with its line and what would be right."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources

from clearpath.charter.nodes import List, Map, Node, Text, compose
from clearpath.charter.reader import ANY, STEP_NAME, Reader
from clearpath.charter.terms import (
    KINDS,
    RULES,
    SEATED,
    SIGHTS,
    Charter,
    CharterError,
    Lanes,
    Mistake,
    Need,
    Promise,
    Quorum,
    Separation,
    Stage,
    Step,
    SubjectRules,
)

__all__ = [
    "Charter",
    "CharterError",
    "Lanes",
    "Mistake",
    "Need",
    "Promise",
    "Quorum",
    "Separation",
    "Stage",
    "Step",
    "SubjectRules",
    "default_charter",
    "default_source",
    "read",
]

DEFAULT_NAME = "charter.yaml"

CHARTER_KEYS = (
    "charter",
    "version",
    "language",
    "roles",
    "separations",
    "connected_at",
    "disclose_from",
    "data",
    "smallest_group",
    "subjects",
    "every_subject",
    "promises",
)
SUBJECT_KEYS = ("is", "stages", "positions", "may_sit", "many", "lanes", "quorum", "steps", "promises")
STEP_KEYS = (
    "by",
    "with",
    "tell",
    "kind",
    "in",
    "starts",
    "opens",
    "when",
    "needs",
    "gives",
    "drops",
    "to",
    "within",
    "sees",
    "writes",
    "hands_on",
    "may_appoint",
    "on_lane",
)
SHARED_STEP_KEYS = ("by", "with", "tell", "kind", "in", "sees", "writes")
MOST = 100  # subjects, and steps on every subject: each pair of them is one step
ROLE_PROMISES = ("never_sees", "only_kinds", "never_kinds")
SUBJECT_PROMISES = ("never", "always", "reachable")


def read(source: str | bytes, *, name: str = DEFAULT_NAME) -> Charter:
    """The charter in `source`; `name` is the file that mistakes point to.

    Raises CharterError with every mistake at once (only a file that is not YAML at all stops at the first).
    """
    reader = Reader(name)
    root = compose(source, name, reader.mistakes, reader.warnings)
    charter = _charter(reader, root)
    if reader.mistakes or charter is None:
        raise CharterError(tuple(sorted(reader.mistakes, key=lambda mistake: mistake.line)))
    return charter


def default_source() -> str:
    """The text of the charter that ships with Clearpath."""
    return resources.files("clearpath.charter").joinpath("data", DEFAULT_NAME).read_text(encoding="utf-8")


@cache
def default_charter() -> Charter:
    """The charter that ships with Clearpath, read once."""
    return read(default_source(), name=DEFAULT_NAME)


def _charter(reader: Reader, root: Node) -> Charter | None:
    if not isinstance(root, Map):
        reader.map(root, "The file")
        return None
    reader.keys(
        root,
        CHARTER_KEYS,
        (
            "charter",
            "version",
            "roles",
            "connected_at",
            "disclose_from",
            "data",
            "smallest_group",
            "subjects",
        ),
        "The charter",
    )
    get = root.entries.get
    roles = _roles(reader, get("roles"))
    data = _data(reader, get("data"), roles)
    subjects_node = reader.map(get("subjects"), "`subjects`")
    names = _Names(roles, data, frozenset(subjects_node.entries))
    shared_node = reader.map(get("every_subject"), "`every_subject`")
    for node, what in ((subjects_node, "subjects"), (shared_node, "steps on every subject")):
        if len(node.entries) > MOST:
            reader.wrong("CP902", node.line, f"There are more than {MOST} {what}.", "Split the network into two.")
            return None
    shared = _shared_steps(reader, shared_node, names)
    subjects = {
        name: _subject(reader, name, node, subjects_node.key_lines[name], names, shared)
        for name, node in subjects_node.entries.items()
        if reader.name(name, subjects_node.key_lines[name], "a subject")
    }
    _no_step_twice(reader, subjects_node, shared_node)
    lines = {f"roles.{name}": line for name, line in reader.map(get("roles"), "`roles`").key_lines.items()}
    lines |= {f"data.{name}": line for name, line in reader.map(get("data"), "`data`").key_lines.items()}
    lines |= root.key_lines
    return Charter(
        title=reader.text(get("charter"), "`charter`"),
        version=reader.text(get("version"), "`version`"),
        language=reader.text(get("language"), "`language`") or "en",
        roles=roles,
        separations=_separations(reader, get("separations"), roles),
        connected_at=reader.share(get("connected_at"), "`connected_at`"),
        disclose_from=reader.share(get("disclose_from"), "`disclose_from`"),
        data=data,
        smallest_group=reader.count(get("smallest_group"), "`smallest_group`"),
        subjects=subjects,
        every_subject=shared,
        promises=_role_promises(reader, get("promises"), names),
        file=reader.file,
        lines=lines,
        warnings=tuple(reader.warnings),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What the whole charter declares, for looking names up."""

    roles: Mapping[str, str]
    data: Mapping[str, Mapping[str, str]]
    subjects: frozenset[str]


def _roles(reader: Reader, node: Node | None) -> dict[str, str]:
    roles = {}
    entries = reader.map(node, "`roles`")
    for name, value in entries.entries.items():
        what = f"The role `{name[:60]}`"
        role = reader.map(value, what)
        reader.keys(role, ("is",), ("is",) if isinstance(value, Map) else (), what)
        if reader.name(name, entries.key_lines[name], "a role"):
            roles[name] = reader.text(role.entries.get("is"), what)
    return roles


def _data(reader: Reader, node: Node | None, roles: Collection[str]) -> dict[str, dict[str, str]]:
    classes = {}
    entries = reader.map(node, "`data`")
    for name, value in entries.entries.items():
        what = f"The class `{name[:60]}`"
        row = reader.map(value, what)
        sights = {}
        for role, sight in row.entries.items():
            if role not in roles:
                reader.wrong(
                    "CP911",
                    row.key_lines[role],
                    f"{what}: there is no role `{role[:60]}`.",
                    reader.near(role, roles),
                )
            elif said := reader.one_of(sight, f"{what}, {role}", SIGHTS, "CP920", "sight"):
                sights[role] = said
        if reader.name(name, entries.key_lines[name], "a data class"):
            classes[name] = sights
    return classes


def _separations(reader: Reader, node: Node | None, roles: Collection[str]) -> tuple[Separation, ...]:
    separations = []
    for item in reader.list(node, "`separations`"):
        row = reader.map(item, "A separation")
        if not row.entries:
            continue
        reader.keys(row, ("roles", "rule", "because"), ("roles", "rule", "because"), "A separation")
        pair = reader.names(row.entries.get("roles"), "A separation's `roles`", roles, "CP911", "role")
        rule = reader.one_of(row.entries.get("rule"), "A separation's `rule`", RULES, "CP920", "rule")
        because = reader.text(row.entries.get("because"), "`because`")
        if len(pair) == 2:
            separations.append(Separation((pair[0], pair[1]), rule, because, row.line))
        elif isinstance(listed := row.entries.get("roles"), List) and len(listed.items) != 2:
            reader.wrong("CP910", row.line, f"A separation names {len(listed.items)} roles.", "Name two roles.")
    return tuple(separations)


def _no_step_twice(reader: Reader, subjects: Map, shared: Map) -> None:
    """A step's name is its function's name as well, so it belongs to one subject only."""
    seen: dict[str, str] = {}
    homes: list[tuple[str, Node | None]] = [
        (name, node.entries.get("steps") if isinstance(node, Map) else None) for name, node in subjects.entries.items()
    ]
    for home, node in [*homes, ("every_subject", shared)]:
        for name, line in node.key_lines.items() if isinstance(node, Map) else ():
            if name in seen:
                reader.wrong(
                    "CP921",
                    line,
                    f"The step `{name[:60]}` belongs to `{seen[name]}` already.",
                    "Give it a name of its own.",
                )
            seen.setdefault(name, home)


def _subject(reader: Reader, name: str, node: Node, line: int, names: _Names, shared: tuple[Step, ...]) -> SubjectRules:
    what = f"The subject `{name[:60]}`"
    body = reader.map(node, what)
    if isinstance(node, Map):
        reader.keys(body, SUBJECT_KEYS, ("is", "stages", "steps"), what)
    get = body.entries.get
    positions = _positions(reader, get("positions"), names, what)
    sitters = [*names.roles, *positions]
    stages = _stages(reader, get("stages"), sitters, what)
    steps_node = reader.map(get("steps"), f"{what}'s `steps`")
    lanes = _lanes(reader, get("lanes"), names, steps_node, what)
    place = _Place(name, names, stages, positions, lanes)
    steps = {
        step_name: _step(reader, step_name, step_node, steps_node.key_lines[step_name], place)
        for step_name, step_node in steps_node.entries.items()
        if reader.name(step_name, steps_node.key_lines[step_name], "a step", STEP_NAME)
    }
    open_stages = tuple(stage.name for stage in stages.values() if not stage.final)
    steps |= {step.name: replace(step, subject=name, stages=open_stages) for step in shared if step.name not in steps}
    return SubjectRules(
        name=name,
        says=reader.text(get("is"), f"{what}'s `is`"),
        stages=stages,
        first=next(iter(stages), ""),
        may_sit=reader.names(get("may_sit"), f"{what}'s `may_sit`", sitters, "CP911", "role or position"),
        many=reader.names(get("many"), f"{what}'s `many`", sitters, "CP911", "role or position"),
        positions=positions,
        lanes=lanes,
        quorum=_quorum(reader, get("quorum"), what),
        steps=steps,
        promises=_subject_promises(reader, get("promises"), place, steps_node, steps, what),
        line=line,
    )


def _shared_steps(reader: Reader, entries: Map, names: _Names) -> tuple[Step, ...]:
    """The steps on every subject; they speak of no stage and no fact, since each subject has its own."""
    nowhere = _Place("", names, {}, {}, None)
    steps = []
    for name, node in entries.entries.items():
        line = entries.key_lines[name]
        if not reader.name(name, line, "a step", STEP_NAME):
            continue
        body = reader.map(node, f"`{name}`")
        for key in body.entries:
            if key in STEP_KEYS and key not in SHARED_STEP_KEYS:
                reader.wrong(
                    "CP908",
                    body.key_lines[key],
                    f"`{name}` is on every subject, so it has no `{key}`.",
                    "Write it under the subjects that need it.",
                )
        steps.append(replace(_step(reader, name, node, line, nowhere), every_subject=True, on_lane=False))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Place:
    """What one subject declares, for looking names up."""

    subject: str
    names: _Names
    stages: Mapping[str, Stage]
    positions: Mapping[str, tuple[str, ...]]
    lanes: Lanes | None

    @property
    def lane_facts(self) -> tuple[str, ...]:
        return self.lanes.facts if self.lanes else ()

    @property
    def lane_roles(self) -> tuple[str, ...]:
        return self.lanes.roles if self.lanes else ()


def _positions(reader: Reader, node: Node | None, names: _Names, what: str) -> dict[str, tuple[str, ...]]:
    positions = {}
    entries = reader.map(node, f"{what}'s `positions`")
    for name, roles in entries.entries.items():
        line = entries.key_lines[name]
        if name in names.roles:
            reader.wrong("CP917", line, f"The position `{name}` has the name of a role.", "Give it a name of its own.")
        elif reader.name(name, line, "a position"):
            positions[name] = reader.names(roles, f"The position `{name}`", names.roles, "CP911", "role")
    return positions


def _stages(reader: Reader, node: Node | None, sitters: Collection[str], what: str) -> dict[str, Stage]:
    stages = {}
    entries = reader.map(node, f"{what}'s `stages`")
    for name, value in entries.entries.items():
        of = f"The stage `{name[:60]}`"
        body = reader.map(value, of)
        reader.keys(body, ("is", "seats", "final"), ("is",) if isinstance(value, Map) else (), of)
        seats = reader.names(body.entries.get("seats"), f"{of}'s `seats`", sitters, "CP911", "role or position")
        if reader.name(name, entries.key_lines[name], "a stage"):
            stages[name] = Stage(
                name,
                reader.text(body.entries.get("is"), of),
                seats,
                reader.yes(body.entries.get("final"), f"{of}'s `final`"),
                entries.key_lines[name],
            )
    if isinstance(node, Map) and not stages:
        reader.wrong("CP909", node.line, f"{what} has no stage.", "Name at least the stage in which it begins.")
    return stages


def _lanes(reader: Reader, node: Node | None, names: _Names, steps: Map, what: str) -> Lanes | None:
    if node is None:
        return None
    of = f"{what}'s `lanes`"
    body = reader.map(node, of)
    if not isinstance(node, Map):
        return None
    reader.keys(body, ("roles", "facts", "until"), ("roles", "facts", "until"), of)
    get = body.entries.get
    return Lanes(
        reader.names(get("roles"), f"{of}, `roles`", names.roles, "CP911", "role"),
        reader.names(get("facts"), f"{of}, `facts`", None, "CP913", "a fact"),
        reader.one_of(get("until"), f"{of}, `until`", steps.entries, "CP916", "step"),
        body.line,
    )


def _quorum(reader: Reader, node: Node | None, what: str) -> Quorum | None:
    if node is None:
        return None
    of = f"{what}'s `quorum`"
    body = reader.map(node, of)
    reader.keys(body, ("of", "share"), ("of", "share"), of)
    return Quorum(
        reader.one_of(body.entries.get("of"), f"{of}, `of`", ("each_role_that_gains_or_loses",), "CP920", "group"),
        reader.share(body.entries.get("share"), f"{of}, `share`"),
    )


def _step(reader: Reader, name: str, node: Node, line: int, place: _Place) -> Step:
    what = f"`{name}`"
    body = reader.map(node, what)
    get = body.entries.get
    if isinstance(node, Map):
        reader.keys(body, STEP_KEYS, (), what)
    names, roles = place.names, place.names.roles
    who = [*roles, *place.positions, SEATED]
    starts = reader.yes(get("starts"), f"{what}, `starts`")
    by = _by(reader, get("by"), body.line, who, what)
    return Step(
        name=name,
        by=by,
        subject=place.subject,
        consulted=reader.names(get("with"), f"{what}, `with`", who, "CP911", "role or position"),
        tell=reader.names(get("tell"), f"{what}, `tell`", who, "CP911", "role or position"),
        kind=reader.one_of(get("kind"), f"{what}, `kind`", KINDS, "CP920", "kind") or "own",
        stages=_in(reader, body, starts, place, what),
        starts=starts,
        opens=reader.one_of(get("opens"), f"{what}, `opens`", names.subjects, "CP915", "subject"),
        when=_word(reader, get("when"), f"{what}, `when`", "a question"),
        needs=_needs(reader, get("needs"), place, f"{what}, `needs`"),
        gives=reader.names(get("gives"), f"{what}, `gives`", None, "CP913", "a fact"),
        drops=reader.names(get("drops"), f"{what}, `drops`", None, "CP913", "a fact"),
        to=reader.one_of(get("to"), f"{what}, `to`", place.stages, "CP912", "stage"),
        within=reader.duration(get("within"), f"{what}, `within`"),
        sees=reader.names(get("sees"), f"{what}, `sees`", names.data, "CP914", "data class"),
        writes=reader.names(get("writes"), f"{what}, `writes`", names.data, "CP914", "data class"),
        hands_on=reader.names(get("hands_on"), f"{what}, `hands_on`", roles, "CP911", "role"),
        may_appoint=reader.names(get("may_appoint"), f"{what}, `may_appoint`", roles, "CP911", "role"),
        on_lane=reader.yes(get("on_lane"), f"{what}, `on_lane`") or (not starts and by in place.lane_roles),
        line=line,
    )


def _by(reader: Reader, node: Node | None, line: int, who: Collection[str], what: str) -> str:
    """Exactly one responsible role: CP001 has its own code because it is the rule everything stands on."""
    if isinstance(node, Text):
        return reader.one_of(node, f"{what}, `by`", who, "CP911", "role or position")
    found = "no responsible role" if node is None else "more than one responsible role"
    reader.wrong("CP001", node.line if node else line, f"{what} has {found}.", "Write `by:` and one role.")
    return ""


def _in(reader: Reader, body: Map, starts: bool, place: _Place, what: str) -> tuple[str, ...]:
    node = body.entries.get("in")
    if starts:
        for key in ("in", "needs", "drops", "to", "within", "on_lane"):
            if key in body.entries:
                reader.wrong(
                    "CP908",
                    body.key_lines[key],
                    f"{what} starts its subject, so it has no `{key}`.",
                    f"Take `{key}` out, or `starts`.",
                )
        return ()
    if node is None:
        if body.entries:
            reader.wrong("CP909", body.line, f"{what} has no `in`.", "Name its stages, or write `in: any`.")
        return ()
    if isinstance(node, Text) and node.value.strip() == ANY:
        return tuple(name for name, stage in place.stages.items() if not stage.final)
    return reader.names(node, f"{what}, `in`", place.stages, "CP912", "stage")


def _word(reader: Reader, node: Node | None, what: str, kind: str) -> str:
    word = reader.text(node, what)
    return word if node is None or not word or reader.name(word, node.line, kind) else ""


def _needs(reader: Reader, node: Node | None, place: _Place, what: str) -> tuple[Need, ...]:
    needs: dict[Need, None] = {}
    for item in reader.list(node, what):
        need = _need(reader, item, place, what)
        if need is not None and need in needs:
            reader.wrong("CP907", item.line, f"{what} names `{need}` twice.", "Keep one of the two.")
        elif need is not None:
            needs[need] = None
    return tuple(needs)


def _need(reader: Reader, node: Node, place: _Place, what: str) -> Need | None:
    """`FACT`, `not FACT`, `every FACT`, `any FACT`, `not every FACT`, `not any FACT`."""
    said = reader.text(node, what)
    if not said:
        return None
    words = said.split()
    negated = words[0] == "not"
    words = words[1:] if negated else words
    over = words[0] if words and words[0] in ("every", "any") else ""
    words = words[1:] if over else words
    if len(words) != 1:
        reader.wrong(
            "CP913",
            node.line,
            f"{what}: `{said[:60]}` is not a fact.",
            "Write FACT, not FACT, every FACT or any FACT.",
        )
        return None
    if not reader.name(words[0], node.line, "a fact"):
        return None
    if over and words[0] not in place.lane_facts:
        reader.wrong(
            "CP913",
            node.line,
            f"{what}: `{words[0]}` is no fact of a lane, so it has no `{over}`.",
            reader.near(words[0], place.lane_facts),
        )
        return None
    return Need(words[0], negated, over)


def _subject_promises(
    reader: Reader, node: Node | None, place: _Place, steps_node: Map, steps: Mapping[str, Step], what: str
) -> tuple[Promise, ...]:
    known_facts = {
        word.value.split()[-1]
        for body in steps_node.entries.values()
        if isinstance(body, Map)
        for key in ("gives", "drops", "needs")
        if isinstance(listed := body.entries.get(key), List)
        for word in listed.items
        if isinstance(word, Text) and word.value.split()
    } | set(place.lane_facts)
    forms: dict[str, Callable[[Map], Promise]] = {
        "never": lambda row: _never(reader, row, place, known_facts, steps),
        "always": lambda row: _always(reader, row, place, steps),
        "reachable": lambda row: _reachable(reader, row, place, steps),
    }
    return _promises(reader, node, forms, f"{what}'s `promises`")


def _role_promises(reader: Reader, node: Node | None, names: _Names) -> tuple[Promise, ...]:
    def about_role(form: str, row: Map) -> Promise:
        what = f"A promise's `{form}`"
        reader.keys(row, ("role", form, "says"), ("role", "says"), "A promise about a role")
        role = reader.one_of(row.entries.get("role"), "A promise's `role`", names.roles, "CP911", "role")
        says = reader.text(row.entries.get("says"), "`says`")
        if form == "never_sees":
            classes = reader.names(row.entries[form], what, names.data, "CP914", "data class")
            return Promise(form, says, role=role, classes=classes, line=row.line)
        kinds = reader.names(row.entries[form], what, KINDS[:-1], "CP920", "kind")
        return Promise(form, says, role=role, kinds=kinds, line=row.line)

    forms: dict[str, Callable[[Map], Promise]] = {form: partial(about_role, form) for form in ROLE_PROMISES}
    return _promises(reader, node, forms, "`promises`")


def _promises(
    reader: Reader, node: Node | None, forms: Mapping[str, Callable[[Map], Promise]], what: str
) -> tuple[Promise, ...]:
    promises = []
    for item in reader.list(node, what):
        row = reader.map(item, "A promise")
        if not isinstance(item, Map):
            continue
        said = [form for form in forms if form in row.entries]
        if len(said) == 1:
            promises.append(forms[said[0]](row))
        else:
            found = " and ".join(f"`{form}`" for form in said) or "none of these forms"
            reader.wrong(
                "CP922",
                row.line,
                f"A promise in {what} has {found}.",
                f"Write exactly one of {', '.join(forms)}.",
            )
    return tuple(promises)


def _never(reader: Reader, row: Map, place: _Place, facts: Collection[str], steps: Mapping[str, Step]) -> Promise:
    reader.keys(row, ("never", "without", "says"), ("without", "says"), "A promise `never`")
    step = reader.one_of(row.entries["never"], "A promise's `never`", steps, "CP916", "step")
    node = row.entries.get("without")
    need = _need(reader, node, place, "A promise's `without`") if node else None
    if need and node and need.fact not in facts:
        reader.wrong(
            "CP913",
            node.line,
            f"A promise's `without`: there is no fact `{need.fact}`.",
            reader.near(need.fact, sorted(facts)),
        )
    if need and node and step and need.fact in place.lane_facts and not need.over and not steps[step].on_lane:
        reader.wrong(
            "CP922",
            node.line,
            f"`{step}` is not about one lane, so `{need.fact}` could be any lane's.",
            f"Write `every {need.fact}` or `any {need.fact}`.",
        )
    return Promise("never", reader.text(row.entries.get("says"), "`says`"), step=step, need=need, line=row.line)


def _always(reader: Reader, row: Map, place: _Place, steps: Mapping[str, Step]) -> Promise:
    reader.keys(row, ("always", "in", "says"), ("in", "says"), "A promise `always`")
    node = row.entries.get("in")
    if isinstance(node, Text) and node.value.strip() == ANY:
        stages = tuple(name for name, stage in place.stages.items() if not stage.final)
    else:
        stages = reader.names(node, "A promise's `in`", place.stages, "CP912", "stage")
    step = reader.one_of(row.entries["always"], "A promise's `always`", steps, "CP916", "step")
    return Promise("always", reader.text(row.entries.get("says"), "`says`"), step=step, stages=stages, line=row.line)


def _reachable(reader: Reader, row: Map, place: _Place, steps: Mapping[str, Step]) -> Promise:
    reader.keys(row, ("reachable", "without", "says"), ("says",), "A promise `reachable`")
    stage = reader.one_of(row.entries["reachable"], "A promise's `reachable`", place.stages, "CP912", "stage")
    step = reader.one_of(row.entries.get("without"), "A promise's `without`", steps, "CP916", "step")
    return Promise(
        "reachable", reader.text(row.entries.get("says"), "`says`"), step=step, stages=(stage,), line=row.line
    )
