"""The items of a JSON array or of JSON Lines, one at a time, however large the file.

A broken item does not hide the good ones after it.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

CHUNK = 1 << 20  # characters read at once
LARGEST = 1 << 20  # characters of one item: a statement of a megabyte is a mistake or an attack

_decode = json.JSONDecoder().raw_decode
_BETWEEN = re.compile(r"[\s,]*")
_NEXT = re.compile(r'\{\s*"statementId"')
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


class Item(NamedTuple):
    """One item and its place in the file, from 1; `fault` says why it could not be read ("" if it could).

    `text` is the item as it was written.
    """

    position: int
    value: Any
    fault: str = ""
    text: str = ""


def items(file: BinaryIO) -> Iterator[Item]:
    """Everything in a seekable file of UTF-8; an array if it begins with a bracket, else one item per line."""
    beginning = file.read(CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()
    file.seek(0)
    return _from_array(file) if beginning.startswith(b"[") else _from_lines(file)


def _from_lines(file: BinaryIO) -> Iterator[Item]:
    position = 0
    while line := file.readline(LARGEST):
        is_cut = len(line) == LARGEST and not line.endswith(b"\n")
        while is_cut and (rest := file.readline(LARGEST)):
            if rest.endswith(b"\n"):
                break
        if position == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            position += 1
            yield Item(position, None, "longer than a megabyte") if is_cut else _item_of(position, line)


def _item_of(position: int, line: bytes) -> Item:
    try:
        text = line.decode()
        return Item(position, json.loads(text), "", text)
    except (ValueError, RecursionError) as error:
        return Item(position, None, _fault(error))


def _from_array(file: BinaryIO) -> Iterator[Item]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape")
    buffer, position, is_all = text.read(CHUNK), 0, False
    at = buffer.index("[") + 1
    while True:
        at = _space_end(buffer, at)
        while len(buffer) - at < LARGEST and not is_all:  # a whole item is in sight, or the end
            more = text.read(CHUNK)
            buffer, at, is_all = buffer[at:] + more, 0, not more
            at = _space_end(buffer, at)
        if buffer[at : at + 1] in ("", "]"):
            break
        position += 1
        try:
            value, end = _decode(buffer, at)
            item = Item(position, value, "", buffer[at:end])
            at = end
        except (ValueError, RecursionError) as error:
            item = Item(position, None, _fault(error))
            at = _next_item(buffer, at)
        yield item
    if not buffer[at:]:
        yield Item(position + 1, None, "the array is not closed: ] is missing")
    text.detach()


def _space_end(buffer: str, at: int) -> int:
    found = _BETWEEN.match(buffer, at)
    return found.end() if found else at


def _next_item(buffer: str, at: int) -> int:
    """Where to go on after a broken item: behind its last bracket, or where the next statement begins."""
    following = _NEXT.search(buffer, at + 1)
    limit = following.start() if following else len(buffer)
    depth = 0
    for found in _STRUCTURE.finditer(buffer, at, limit):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        if depth <= 0:
            return max(found.end(), at + 1)
    return limit


def _fault(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start + 1}"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg}"
    return f"not JSON: {error}"


def depth_of(text: str) -> int:
    """How many objects and lists lie within each other at most; brackets in strings do not count."""
    if text.count("{") + text.count("[") < 50:  # as in nearly every statement: not deep, whatever it holds
        return 0
    depth = deepest = 0
    for found in _STRUCTURE.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest
