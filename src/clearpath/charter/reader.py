"""Takes the parts of a charter file out of their nodes, and collects what is wrong with them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from fractions import Fraction

from clearpath.charter.nodes import List, Map, Node, Text, type_names
from clearpath.charter.terms import SEATED, Mistake

ANY = "any"
RESERVED = frozenset({SEATED, ANY, "every", "not", "own"})
DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?"
)
SUGGEST_FOR = 100  # looking for near names costs time; a hostile file has thousands of wrong ones
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
STEP_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}")


@dataclass(slots=True)
class Reader:
    """Collects mistakes while the parts of the file are taken out of their nodes."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def wrong(self, code: str, line: int, says: str, remedy: str) -> None:
        self.mistakes.append(Mistake(code, self.file, line, says, remedy))

    def near(self, word: str, known: Iterable[str]) -> str:
        """`Did you mean` ..., or the names that would be right."""
        names = list(known)
        near = get_close_matches(word[:60], names, n=1) if len(self.mistakes) < SUGGEST_FOR else []
        if near:
            return f"Did you mean `{near[0]}`?"
        listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        return f"Known here: {listed}." if names else "None is declared."

    def map(self, node: Node | None, what: str) -> Map:
        if isinstance(node, Map):
            return node
        if node is not None:
            self._shape(node, "Map", what)
        return Map(getattr(node, "line", 1), {}, {})

    def list(self, node: Node | None, what: str) -> list[Node]:
        if isinstance(node, List):
            return node.items
        if node is not None:
            self._shape(node, "List", what)
        return []

    def text(self, node: Node | None, what: str) -> str:
        if isinstance(node, Text):
            if not node.value.strip():
                self.wrong("CP910", node.line, f"{what} is empty.", "Write the value, or leave the key out.")
            return node.value.strip()
        if node is not None:
            self._shape(node, "Text", what)
        return ""

    def _shape(self, node: Node, wanted: str, what: str) -> None:
        found = type_names[type(node).__name__]
        remedy = {
            "Map": "Write {key: value, ...}.",
            "List": "Write [one, two].",
            "Text": "Write one plain value.",
        }
        self.wrong("CP910", node.line, f"{what} is {found}, not {type_names[wanted]}.", remedy[wanted])

    def keys(self, node: Map, known: Collection[str], required: Iterable[str], what: str) -> None:
        for key in node.entries:
            if key not in known:
                self.wrong("CP908", node.key_lines[key], f"{what} has no key `{key[:60]}`.", self.near(key, known))
        for key in required:
            if key not in node.entries:
                self.wrong("CP909", node.line, f"{what} has no `{key}`.", f"Add `{key}: ...`.")

    def name(self, word: str, line: int, what: str, pattern: re.Pattern[str] = NAME) -> bool:
        if pattern.fullmatch(word) and word not in RESERVED:
            return True
        form = "package.verb" if pattern is STEP_NAME else "lower_case_words"
        self.wrong(
            "CP917",
            line,
            f"`{word[:60]}` cannot be the name of {what}.",
            f"Write {form}; {', '.join(sorted(RESERVED))} are taken.",
        )
        return False

    def names(
        self, node: Node | None, what: str, known: Collection[str] | None, code: str, kind: str
    ) -> tuple[str, ...]:
        """A list of names, each of them `known` (None: any well-formed one)."""
        found: dict[str, None] = {}
        for item in self.list(node, what):
            word = self.text(item, what)
            if not word:
                continue
            if word in found:
                self.wrong("CP907", item.line, f"{what} names `{word[:60]}` twice.", "Keep one of the two.")
            elif known is None:
                if self.name(word, item.line, kind):
                    found[word] = None
            elif word in known:
                found[word] = None
            else:
                self.wrong(code, item.line, f"{what}: there is no {kind} `{word[:60]}`.", self.near(word, known))
        return tuple(found)

    def one_of(self, node: Node | None, what: str, known: Collection[str], code: str, kind: str) -> str:
        word = self.text(node, what)
        if node is None or not word or word in known:
            return word
        self.wrong(code, node.line, f"{what}: there is no {kind} `{word[:60]}`.", self.near(word, known))
        return ""

    def yes(self, node: Node | None, what: str) -> bool:
        if node is None:
            return False
        word = self.text(node, what)
        if word and word not in ("true", "false"):
            self.wrong("CP910", node.line, f"{what} is `{word[:60]}`, not true or false.", "Write true or false.")
        return word == "true"

    def share(self, node: Node | None, what: str) -> Fraction:
        word = self.text(node, what)
        if node is None or not word:
            return Fraction(0)
        if re.fullmatch(r"\d{1,3}(\.\d{1,9})?", word) and 0 <= (share := Fraction(word)) <= 1:
            return share
        self.wrong(
            "CP919",
            node.line,
            f"{what} is `{word[:60]}`, not a share from 0 to 1.",
            "Write for example 0.25.",
        )
        return Fraction(0)

    def count(self, node: Node | None, what: str) -> int:
        word = self.text(node, what)
        if node is None or not word:
            return 1
        if re.fullmatch(r"[1-9]\d{0,5}", word):
            return int(word)
        self.wrong(
            "CP919",
            node.line,
            f"{what} is `{word[:60]}`, not a whole number above zero.",
            "Write for example 10.",
        )
        return 1

    def duration(self, node: Node | None, what: str) -> timedelta | None:
        word = self.text(node, what)
        if node is None or not word:
            return None
        match = DURATION.fullmatch(word)
        length = timedelta(**{unit: int(n) for unit, n in match.groupdict().items() if n}) if match else timedelta()
        if not length:
            self.wrong(
                "CP918",
                node.line,
                f"{what} is `{word[:60]}`, not a length of time.",
                "Write an ISO 8601 duration in weeks, days, hours or minutes, such as PT48H or P3D.",
            )
            return None
        return length
