"""JSON as it was sent: a decimal keeps every digit that it came with."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson

LONGEST_INTEGER = 18  # digits that are sure to fit the 64 bits of the writer


def loaded(content: bytes) -> Any:
    """What the bytes say. Raises ValueError where they are not JSON."""
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_int=_integer, parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def dumped(value: Any, *, sorted_keys: bool = False) -> bytes:
    """The same as bytes. Half a character, which JSON can name and no text can hold, becomes a question mark."""
    option = orjson.OPT_SORT_KEYS if sorted_keys else 0
    try:
        return orjson.dumps(value, default=_digits, option=option)
    except TypeError:
        return orjson.dumps(_whole(value), default=_digits, option=option)


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= LONGEST_INTEGER else Decimal(text)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _digits(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
