"""Whether a value is what a definition fixes, and whether a code belongs to its value set."""

from typing import Any

from clearpath.records.check.definitions import Codes, Json, codes

SHOWN = 60  # characters of a value that a sentence repeats


def misses_pattern(value: Any, node: Json) -> str | None:
    """What is wrong, or None. `fixed` means exactly this, `pattern` at least this."""
    if "fixed" in node:
        return None if value == node["fixed"] else f"This must be exactly {shown(node['fixed'])}."
    return None if holds(value, node["pattern"]) else f"This must hold {shown(node['pattern'])}."


def holds(value: Any, pattern: Any) -> bool:
    """Whether the value has at least what the pattern has."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and holds(value[key], each) for key, each in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(holds(each, wanted) for each in value) for wanted in pattern)
    return bool(value == pattern)


def shown(value: Any) -> str:
    """A value as a person reads it: a coding by its code."""
    if isinstance(value, dict):
        codings = value.get("coding", [value])
        first = codings[0] if isinstance(codings, list) and codings else {}
        if isinstance(first, dict) and "code" in first:
            return f"the code {first['code']} of {first.get('system', 'its code system')}"
    text = str(value)
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"


def in_value_set(value: Any, name: str) -> str | None:
    """What is wrong with a code, coding or concept that must be of a value set; None where it is of it."""
    allowed = codes(name)
    if not allowed or _belongs(value, allowed):
        return None
    some = [code for each in allowed.values() for code in sorted(each)]
    choice = f"one of {', '.join(some[:12])}{'…' if len(some) > 12 else ''}"
    return f"{_coded(value)} is not allowed here: use {choice}."


def _belongs(value: Any, allowed: Codes) -> bool:
    if isinstance(value, str):
        return any(value in each for each in allowed.values())
    if not isinstance(value, dict):
        return True  # the first gate has said so
    codings = value.get("coding")
    if codings is None and "code" not in value:
        return "extension" in value  # a reason why it is absent
    given = codings if isinstance(codings, list) else [value]
    return any(_is_of(each, allowed) for each in given if isinstance(each, dict))


def _is_of(coding: Json, allowed: Codes) -> bool:
    system, code = coding.get("system"), coding.get("code")
    return isinstance(system, str) and isinstance(code, str) and code in allowed.get(system, ())


def _coded(value: Any) -> str:
    if isinstance(value, dict) and "code" not in value and not value.get("coding"):
        return "A concept without a code"
    said = shown(value)
    return said[:1].upper() + said[1:]
