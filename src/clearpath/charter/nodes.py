"""YAML read as plain text nodes that remember their line, without the parts of YAML that can hurt.

A node is a text, a list or a map; what a text means (number, yes or no) is decided by whoever knows what
belongs there, so `no` and `2026.10` are never turned into something else. Anchors, aliases, tags, several
documents, duplicate keys and deep nesting are refused while reading, before they cost anything.
"""

from dataclasses import dataclass
from typing import Any

import yaml

from clearpath.charter.terms import CharterError, Mistake

MAX_BYTES = 256 * 1024  # six times the default charter
MAX_DEPTH = 12  # the grammar itself needs six
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HIDDEN = frozenset([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])  # reorder or hide text


@dataclass(slots=True)
class Text:
    line: int
    value: str


@dataclass(slots=True)
class List:
    line: int
    items: list["Node"]


@dataclass(slots=True)
class Map:
    line: int
    entries: dict[str, "Node"]
    key_lines: dict[str, int]


type_names = {"Text": "a text", "List": "a list", "Map": "a map of keys"}
Node = Text | List | Map


def compose(source: str | bytes, file: str, mistakes: list[Mistake], warnings: list[Mistake]) -> Node:
    """The one document in `source`.

    Duplicate keys are added to `mistakes` and the first one is kept; sentences that YAML cuts at a comma
    are put together again and added to `warnings`. Raises CharterError, with the one mistake that ended the
    reading, for anything else that is wrong.
    """
    return _Composer(_decoded(source, file), file, mistakes, warnings).document()


def _decoded(source: str | bytes, file: str) -> str:
    if len(source) > MAX_BYTES:
        raise _stop(
            "CP902",
            file,
            1,
            f"The file is larger than {MAX_BYTES // 1024} KiB.",
            "A charter that people can read is much smaller; split it into two networks.",
        )
    if isinstance(source, bytes):
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise _stop("CP901", file, line, "The file is not UTF-8.", "Save it as UTF-8.") from None
    for number, line_text in enumerate(source.split("\n"), 1):
        if not line_text.isprintable() and (character := _first_hidden(line_text)):
            raise _stop(
                "CP905",
                file,
                number,
                f"There is a control character (U+{ord(character):04X}).",
                "Delete it; it can hide what the line says.",
            )
    return source


def _first_hidden(text: str) -> str:
    for character in text:
        code = ord(character)
        if (code < 32 and character not in "\t\r\n") or 127 <= code < 160 or code in HIDDEN or 0xD800 <= code < 0xE000:
            return character
    return ""


def _stop(code: str, file: str, line: int, says: str, remedy: str) -> CharterError:
    return CharterError((Mistake(code, file, line, says, remedy),))


class _Composer:
    """Builds nodes from the events of the parser, one at a time, so that it can stop early."""

    def __init__(self, text: str, file: str, mistakes: list[Mistake], warnings: list[Mistake]) -> None:
        self.file = file
        self.mistakes = mistakes
        self.warnings = warnings
        self.loader = LOADER(text)

    def document(self) -> Node:
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise _stop(
                "CP906",
                self.file,
                line,
                f"This is not YAML: {error.problem or error.context}.",
                "Check the brackets, quotes and indentation on and above this line.",
            ) from None
        except (yaml.YAMLError, ValueError) as error:
            raise _stop(
                "CP906",
                self.file,
                1,
                f"This is not YAML: {str(error).splitlines()[0]}.",
                "Check the file in an editor that knows YAML.",
            ) from None
        finally:
            self.loader.dispose()

    def _document(self) -> Node:
        self.loader.get_event()  # stream start
        start = self.loader.get_event()
        if isinstance(start, yaml.StreamEndEvent):
            raise _stop("CP923", self.file, 1, "The file is empty.", "Start from the default charter.")
        node = self._node(self.loader.get_event(), 0)
        self.loader.get_event()  # document end
        after = self.loader.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._stop_at(after, "CP904", "A second document begins.", "Keep one charter in one file.")
        return node

    def _node(self, event: Any, depth: int) -> Node:
        line: int = event.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise self._stop_at(event, "CP903", f"The nesting is deeper than {MAX_DEPTH}.", "Flatten it.")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._stop_at(
                event,
                "CP904",
                "Anchors (&) and aliases (*) are not read.",
                "Write it out: every line of a charter says what it says.",
            )
        if event.tag:
            raise self._stop_at(event, "CP904", "Tags (!) are not read.", "Write the plain value.")
        if isinstance(event, yaml.ScalarEvent):
            return Text(line, self._visible(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(line, depth)
        return self._map(line, depth, flow=bool(event.flow_style))

    def _visible(self, event: Any) -> str:
        value: str = event.value
        if character := _first_hidden(value):
            raise self._stop_at(
                event,
                "CP905",
                f"The text holds a control character (U+{ord(character):04X}).",
                "Delete it; it can hide what the line says.",
            )
        return value

    def _list(self, line: int, depth: int) -> List:
        items: list[Node] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return List(line, items)

    def _map(self, line: int, depth: int, *, flow: bool) -> Map:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        last: Node | None = None
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                raise self._stop_at(event, "CP910", "A key is not a plain word.", "Write a word before the colon.")
            value = self._node(self.loader.get_event(), depth + 1)
            if flow and isinstance(last, Text) and self._is_cut_off(key, value):
                last.value = f"{last.value}, {key.value}"
                continue
            if key.value in entries:
                self.mistakes.append(
                    Mistake(
                        "CP907",
                        self.file,
                        key.line,
                        f"`{key.value[:60]}` is said twice; the first time on line {key_lines[key.value]}.",
                        "Keep one of the two.",
                    )
                )
                continue
            last = entries[key.value] = value
            key_lines[key.value] = key.line
        return Map(line, entries, key_lines)

    def _is_cut_off(self, key: Text, value: Node) -> bool:
        """`{is: Who travels, or acts for them}` is two keys to YAML, the second with nothing after it.

        No key of a charter has a space in it, so what follows the comma can only be the rest of the sentence.
        """
        cut = " " in key.value and isinstance(value, Text) and value.value == ""
        if cut:
            self.warnings.append(
                Mistake(
                    "CP924",
                    self.file,
                    key.line,
                    f"A comma cuts the text before `{key.value[:40]}` in two.",
                    "Put the whole text in double quotes; other readers of YAML lose its second half.",
                )
            )
        return cut

    def _stop_at(self, event: Any, code: str, says: str, remedy: str) -> CharterError:
        return _stop(code, self.file, event.start_mark.line + 1, says, remedy)
