"""Reads a scenario file: who is on the network, and what they do one after another. Every mistake at once."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

from clearpath.charter.document import default_charter
from clearpath.charter.document import read as read_charter
from clearpath.charter.nodes import List, Map, Node, Text, compose
from clearpath.charter.terms import NETWORK, Charter, CharterError, Step
from clearpath.charter.terms import Mistake as NodeMistake
from clearpath.config.scenarios.arguments import Arguments, Parameters
from clearpath.config.scenarios.reader import (
    Mistake,
    Reader,
    ScenarioError,
    country_of,
    day_of,
    moment_of,
    near,
    time_zone_of,
)
from clearpath.config.scenarios.story import Act, Find, Line, Look, Organisation, Person, Scenario, Who
from clearpath.turns import sight
from clearpath.turns.hooks import hooks
from clearpath.turns.step import STEPS

STARTS = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
STEWARD = "steward"

SCENARIO_KEYS = ("scenario", "says", "starts", "charter", "parties", "steps")
PARTY_KEYS = ("organisations", "patients", "relatives", "people")
ORGANISATION_KEYS = (
    "name", "country", "city", "register_number", "roles", "people", "verified", "evidence_until", "time_zone",
)  # fmt: skip
PERSON_KEYS = ("name", "email", "language")
ACT_KEYS = ("lane", "with", "key", "expect", "code", "rightful", "missing", "name")  # only beside `do`
CHECK_KEYS = ("then", "told", "stage", "facts", "turn", "sees", "blank")
LINE_KEYS = ("says", "as", "role", "do", "on", *ACT_KEYS, "wait", "imports", "compares", "find", "where", *CHECK_KEYS)


def read(path: Path) -> Scenario:
    """The scenario in a file. Raises ScenarioError with every mistake, OSError when there is no such file."""
    reader = Reader(path.name, path.parent)
    found: list[NodeMistake] = []
    try:
        root = compose(path.read_bytes(), path.name, found, [])
    except CharterError as error:
        raise ScenarioError(Mistake(path.name, each.line, each.says) for each in error.mistakes) from None
    reader.mistakes += [Mistake(path.name, each.line, each.says) for each in found]
    scenario = _File(reader, reader.map(root, "The file")).scenario()
    if reader.mistakes:
        raise ScenarioError(reader.mistakes)
    return scenario


class _File:
    """The parts of one file, in the order in which they build on each other."""

    def __init__(self, reader: Reader, root: Map) -> None:
        self.reader = reader
        self.root = root
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.things: set[str] = set()

    def scenario(self) -> Scenario:
        reader, get = self.reader, self.root.entries.get
        reader.keys(self.root, SCENARIO_KEYS, ("scenario", "parties", "steps"), "The scenario")
        starts = get("starts")
        self.charter_source = self._charter_source(get("charter"))
        self.charter = self._charter()
        self._parties(reader.map(get("parties"), "`parties`"))
        lines = [line for item in reader.list(get("steps"), "`steps`") if (line := self._line(item))]
        if isinstance(get("steps"), List) and not lines:
            reader.wrong(self.root.key_lines["steps"], "`steps` is empty: nothing is played.")
        return Scenario(
            file=reader.file,
            title=reader.text(get("scenario"), "`scenario`"),
            says=reader.text(get("says"), "`says`"),
            starts=(reader.read_as(starts, moment_of, "`starts`", "a moment: 2026-06-01T08:00Z") if starts else None)
            or STARTS,
            charter=self.charter,
            charter_source=self.charter_source,
            organisations=self.organisations,
            people=self.people,
            lines=tuple(lines),
        )

    def _charter_source(self, node: Node | None) -> str:
        content = self.reader.bytes_of(node, "`charter`")
        try:
            return content.decode()
        except UnicodeDecodeError:
            self.reader.wrong(getattr(node, "line", 1), "`charter`: the file is not UTF-8 text.")
            return ""

    def _charter(self) -> Charter:
        if not self.charter_source:
            return default_charter()
        try:
            return read_charter(self.charter_source, name=self.reader.text(self.root.entries["charter"], "`charter`"))
        except CharterError as error:
            self.reader.mistakes += [Mistake(each.file, each.line, each.says) for each in error.mistakes]
            return default_charter()

    # Parties

    def _parties(self, node: Map) -> None:
        self.reader.keys(node, PARTY_KEYS, (), "`parties`")
        sections = {name: self.reader.map(node.entries.get(name), f"`{name}`") for name in PARTY_KEYS}
        for key, each, line in _entries(sections["organisations"]):
            self._organisation(key, each, line)
        if not any(STEWARD in each.roles for each in self.organisations.values()) and self._is_new(STEWARD, node.line):
            self.organisations[STEWARD] = Organisation(STEWARD, "The network's office", "CH", (STEWARD,), ("keeper",))
            self._add(Person("keeper", "The keeper of the network", STEWARD), node.line)
        for key, each, line in _entries(sections["patients"]):
            self._person(key, each, line, {"role": "patient"}, PERSON_KEYS)
        for key, each, line in _entries(sections["people"]):
            self._person(key, each, line, {}, (*PERSON_KEYS, "role"))
        for key, each, line in _entries(sections["relatives"]):
            self._person(key, each, line, {"role": "patient"}, (*PERSON_KEYS, "for"))

    def _organisation(self, key: str, value: Node, line: int) -> None:
        reader, what = self.reader, f"The organisation `{key}`"
        node = reader.map(value, what)
        if not self._is_new(key, line) or not isinstance(value, Map):
            return
        reader.keys(node, ORGANISATION_KEYS, ("name", "country", "roles", "people"), what)
        get = node.entries.get
        roles = tuple(
            reader.one_of(Text(getattr(get("roles"), "line", line), role), self.charter.roles, "`roles`")
            for role in reader.texts(get("roles"), "`roles`")
        )
        people = reader.map(get("people"), "`people`")
        country, zone, until = get("country"), get("time_zone"), get("evidence_until")
        self.organisations[key] = Organisation(
            key=key,
            name=reader.text(get("name"), "`name`"),
            country=(reader.read_as(country, country_of, "`country`", "its two letters: TR") if country else None)
            or "",
            roles=tuple(filter(None, roles)),
            people=tuple(people.entries),
            city=reader.text(get("city"), "`city`"),
            register_number=reader.text(get("register_number"), "`register_number`"),
            time_zone=(reader.read_as(zone, time_zone_of, "`time_zone`", "Europe/Istanbul") if zone else None) or "UTC",
            verified=reader.yes(get("verified"), "`verified`", default=True),
            evidence_until=reader.read_as(until, day_of, "`evidence_until`", "a day: 2027-01-01") if until else None,
        )
        if isinstance(get("people"), Map) and not people.entries:
            reader.wrong(people.line, f"Nobody works for `{key}`: name one person.")
        if isinstance(get("roles"), List) and not roles:
            reader.wrong(line, f"`{key}` holds no role: name one.")
        if STEWARD in roles and (
            len(roles) > 1 or any(STEWARD in o.roles for k, o in self.organisations.items() if k != key)
        ):
            reader.wrong(line, "One organisation is the steward, and nothing else.")
        for name, person, at in _entries(people):
            if self._is_new(name, at):
                self._add(Person(name, reader.text(person, "The name"), key), at)

    def _person(self, key: str, value: Node, line: int, given: dict[str, str], known: Collection[str]) -> None:
        reader, what = self.reader, f"`{key}`"
        if not self._is_new(key, line):
            return
        if isinstance(value, Text) and given.get("role") and "for" not in known:
            self._add(Person(key, reader.text(value, what), **given), line)
            return
        node = reader.map(value, what)
        if not isinstance(value, Map):
            return
        reader.keys(node, known, ["name", *(set(known) & {"role", "for"})], what)
        said = {name: reader.text(node.entries.get(name), f"`{name}`") for name in known if name in node.entries}
        if "for" in said:
            said["acts_for"] = reader.one_of(node.entries["for"], self._patients(), "`for`")
            del said["for"]
        if "role" in said:
            reader.one_of(node.entries["role"], self.charter.roles, "`role`")
        self._add(Person(key=key, **({"name": ""} | given | said)), line)

    def _patients(self) -> list[str]:
        return [key for key, each in self.people.items() if each.role == "patient" and not each.acts_for]

    def _is_new(self, key: str, line: int) -> bool:
        if key in self.organisations or key in self.people:
            self.reader.wrong(line, f"`{key}` is already the name of another party.")
            return False
        if key == NETWORK or key in hooks.models:
            self.reader.wrong(line, f"`{key}` has a meaning of its own here; choose another name.")
            return False
        return bool(self.reader.name_at(key, line, "A party"))

    def _add(self, person: Person, line: int) -> None:
        if person.key in self.people:
            self.reader.wrong(line, f"`{person.key}` is already the name of another party.")
        self.people[person.key] = person

    # Lines

    @property
    def names(self) -> set[str]:
        """Everything that can be named at this point of the scenario."""
        return {*self.organisations, *self.people, *self.things, *hooks.models}

    def _line(self, item: Node) -> Line | None:
        reader = self.reader
        node = reader.map(item, "A step")
        if not isinstance(item, Map):
            return None
        reader.keys(node, LINE_KEYS, (), "A step")
        get = node.entries.get
        by = self._who(get("as"), reader.text(get("role"), "`role`"), self._step(get("do")))
        act = self._act(node, by) if "do" in node.entries else None
        find = self._find(node) if "find" in node.entries else None
        turn, tasks = self._turn(get("turn"))
        wait = get("wait")
        line = Line(
            line=node.line,
            says=reader.text(get("says"), "`says`"),
            wait=reader.duration(wait, "`wait`") if wait is not None else None,
            imports=reader.bytes_of(get("imports"), "`imports`"),
            act=act,
            find=find,
            compares=self._named(get("compares"), "`compares`"),
            on=act.on if act else self._named(get("on"), "`on`"),
            lane=act.lane if act else self._named(get("lane"), "`lane`"),
            then=self._steps_of_network(get("then")),
            told=self._positions(get("told"), "`told`"),
            stage=reader.one_of(get("stage"), self._stages(), "`stage`"),
            facts=self._facts(get("facts")),
            turn=turn,
            tasks=tasks,
            readers=by,
            sees=self._looks(get("sees"), "`sees`"),
            blank=self._looks(get("blank"), "`blank`"),
        )
        self._why_not(node, line)
        return line

    def _why_not(self, node: Map, line: Line) -> None:
        """Mistakes in what stands together."""
        wrong, here = self.reader.wrong, node.entries
        if not here.keys() & {"do", "wait", "imports", "compares", "find", *CHECK_KEYS}:
            wrong(node.line, "This step does nothing and checks nothing.")
        if (line.sees or line.blank) and not here.keys() & {"as"}:
            wrong(node.line, "`sees` and `blank` need `as`: who is it that reads?")
        if "compares" in here and [who.role for who in line.readers] != ["patient"]:
            wrong(node.key_lines["compares"], "`compares` needs `as`: which patient sees the offers side by side?")
        if "do" not in here:
            for key in (key for key in ACT_KEYS if key in here and key != "lane"):
                if key == "name" and "find" in here:
                    continue
                wrong(node.key_lines[key], f"`{key}` means something only beside `do`.")
            if (line.stage or line.facts or line.turn is not None or line.tasks) and "on" not in here:
                wrong(node.line, "Say with `on` what this is about.")
            if line.told is not None and not here.keys() & {"wait", "imports"}:
                wrong(node.key_lines["told"], "`told` means something only beside `do`, `wait` or `imports`.")
        elif "find" in here:
            wrong(node.key_lines["find"], "`find` stands in a line of its own, without `do`.")

    def _step(self, node: Node | None) -> Step | None:
        name = self.reader.text(node, "`do`")
        try:
            return self.charter.step(name)
        except KeyError:
            return None

    def _who(self, node: Node | None, role: str, step: Step | None) -> tuple[Who, ...]:
        """The people who act or read; the role follows from the party unless it has several."""
        found = [self._one(word, role, node, step) for word in self.reader.texts(node, "`as`")] if node else []
        return tuple(each for each in found if each)

    def _one(self, word: str, role: str, node: Node, step: Step | None) -> Who | None:
        if word == NETWORK:
            return Who("", NETWORK)
        known = {*self.organisations, *self.people}
        if word not in known:
            if word:
                self.reader.wrong(node.line, f"`as`: nobody is called `{word[:60]}`. {near(word, known)}")
            return None
        organisation = self.organisations.get(word)
        person = self.people[organisation.people[0]] if organisation and organisation.people else self.people.get(word)
        if person is None:
            return None
        if not person.organisation:
            return Who(person.key, role or person.role, acts_for=person.acts_for)
        return Who(person.key, role or self._role_of(person, node, step), person.organisation)

    def _role_of(self, person: Person, node: Node, step: Step | None) -> str:
        organisation = self.organisations.get(person.organisation)
        roles = organisation.roles if organisation else ()
        if len(roles) > 1 and step is not None:
            rules = self.charter.subjects.get(step.subject)
            rightful = set(rules.roles_of(step.by)) if rules else set()
            roles = tuple(role for role in roles if role in rightful) or roles
        if len(roles) > 1:
            says = f"`{person.organisation}` holds several roles ({', '.join(roles)}); say with `role` which one."
            self.reader.wrong(node.line, says)
        return roles[0] if roles else ""

    def _act(self, node: Map, by: tuple[Who, ...]) -> Act | None:
        reader, get = self.reader, node.entries.get
        name = reader.one_of(get("do"), STEPS, "`do`")
        rule = self._step(get("do"))
        if name and rule is None:
            reader.wrong(node.key_lines["do"], f"The charter of this scenario has no step `{name}`.")
        if len(by) != 1:
            if not by and "as" not in node.entries:
                reader.wrong(node.line, "`do` needs `as`: who takes the step?")
            if len(by) > 1:
                reader.wrong(node.line, "One person takes a step; `as` names several.")
        on = self._named(get("on"), "`on`")
        if not name or rule is None:
            self._bind(get("name"))
            return None
        if rule.every_subject and not on:
            reader.wrong(node.line, f"Say with `on` what `{name}` is about.")
        parameters = Parameters.of(STEPS[name], starts=rule.starts)
        given = reader.map(get("with"), "`with`") if "with" in node.entries else Map(node.line, {}, {})
        arguments = Arguments(reader, self.names).read(given, parameters, f"`{name}`")
        refused = reader.one_of(get("expect"), ("done", "refused"), "`expect`") == "refused"
        for key in ("code", "rightful", "missing"):
            if key in node.entries and not refused:
                reader.wrong(node.key_lines[key], f"`{key}` means something only with `expect: refused`.")
        act = Act(
            step=name,
            by=by[0] if by else Who("", ""),
            on=on or ("" if rule.starts else rule.subject),
            lane=self._named(get("lane"), "`lane`"),
            things=parameters.things,
            arguments=arguments,
            key=reader.text(get("key"), "`key`"),
            refused=refused,
            code=reader.text(get("code"), "`code`"),
            rightful=reader.one_of(get("rightful"), self._all_positions(), "`rightful`"),
            missing=frozenset(reader.texts(get("missing"), "`missing`")) if "missing" in node.entries else None,
            names=self._bind(get("name")),
        )
        if act.names and refused:
            reader.wrong(node.key_lines["name"], "What is refused makes nothing that could have a name.")
        return act

    def _find(self, node: Map) -> Find:
        """A row of any model that anybody may see something of."""
        reader, get = self.reader, node.entries.get
        models = {each.model._meta.model_name: each.model for each in sight.registered()}
        name = reader.one_of(get("find"), {str(each) for each in models}, "`find`")
        where = reader.map(get("where"), "`where`") if "where" in node.entries else Map(node.line, {}, {})
        for key in where.entries:
            if name and not hasattr(models[name], key):
                reader.wrong(where.key_lines[key], f"`{name}` has no `{key[:60]}`.")
        words = {key: reader.text(value, f"`{key}`", empty=True) for key, value in where.entries.items()}
        names = self._bind(get("name"))
        if len(names) > 1:
            reader.wrong(node.line, "`find` finds one thing; give it one name.")
        return Find(name, words, next(iter(names), ""))

    def _bind(self, node: Node | None) -> tuple[str, ...]:
        """The names that later lines call what the step made."""
        names = self.reader.texts(node, "`name`") if node is not None else ()
        for name in names:
            self.reader.name_at(name, getattr(node, "line", 1), "What the step made")
            if name in {*self.organisations, *self.people, NETWORK}:
                self.reader.wrong(getattr(node, "line", 1), f"`{name}` is already the name of a party.")
        self.things.update(names)
        return names

    def _named(self, node: Node | None, what: str) -> str:
        return self.reader.one_of(node, self.names, what)

    def _steps_of_network(self, node: Node | None) -> tuple[str, ...]:
        own = {step.name for step in self.charter.all_steps() if step.by == NETWORK}
        return self._all_of(node, own, "`then`")

    def _positions(self, node: Node | None, what: str) -> frozenset[str] | None:
        return None if node is None else frozenset(self._all_of(node, self._all_positions(), what))

    def _all_of(self, node: Node | None, known: Collection[str], what: str) -> tuple[str, ...]:
        if node is None:
            return ()
        line = node.line
        return tuple(
            word
            for each in self.reader.texts(node, what)
            if (word := self.reader.one_of(Text(line, each), known, what))
        )

    def _all_positions(self) -> set[str]:
        return {*self.charter.roles, *(name for rules in self.charter.subjects.values() for name in rules.positions)}

    def _stages(self) -> set[str]:
        return {stage for rules in self.charter.subjects.values() for stage in rules.stages}

    def _facts(self, node: Node | None) -> tuple[str, ...]:
        known = {fact for rules in self.charter.subjects.values() for fact in rules.facts} | {"consent"}
        found = self.reader.texts(node, "`facts`") if node is not None else ()
        for each in found:
            bare = each.removeprefix("not ").removeprefix("any ").removeprefix("every ")
            self.reader.one_of(Text(getattr(node, "line", 1), bare), known, "`facts`")
        return found

    def _turn(self, node: Node | None) -> tuple[frozenset[str] | None, dict[str, tuple[str, ...]]]:
        if not isinstance(node, Map):
            return self._positions(node, "`turn`"), {}
        steps = {step.name for step in self.charter.all_steps()}
        for key in node.entries:
            self.reader.one_of(Text(node.key_lines[key], key), self._all_positions(), "`turn`")
        return None, {key: self._all_of(each, steps, f"`{key}`") for key, each in node.entries.items()}

    def _looks(self, node: Node | None, what: str) -> tuple[Look, ...]:
        if node is None:
            return ()
        if isinstance(node, Map) and what == "`sees`":
            words: Iterable[tuple[str, str | None, int]] = (
                (key, self.reader.text(value, f"`{key}`", empty=True), node.key_lines[key])
                for key, value in node.entries.items()
            )
        else:
            items = node.items if isinstance(node, List) else [node]
            words = [(self.reader.text(item, what), None, item.line) for item in items]
        found = []
        for word, value, line in words:
            thing, _dot, part = word.partition(".")
            if thing and self.reader.one_of(Text(line, thing), self.names, what):
                found.append(Look(line, thing, part, value))
        if not found and isinstance(node, List | Map) and not (node.items if isinstance(node, List) else node.entries):
            self.reader.wrong(node.line, f"{what} is empty: it checks nothing. Leave it out.")
        return tuple(found)


def _entries(node: Map) -> Iterable[tuple[str, Node, int]]:
    return [(key, value, node.key_lines[key]) for key, value in node.entries.items()]
