"""The items of a list told apart as a profile slices them, and each beside its own slice: the third gate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from clearpath.records.check import shapes
from clearpath.records.check.definitions import Json, kind_of, profile_node, profiles
from clearpath.records.check.references import allowed_types
from clearpath.records.check.shapes import Element
from clearpath.records.check.values import holds, in_value_set

if TYPE_CHECKING:
    from clearpath.records.check.walk import At, Path

Visit = Callable[[Any, Element, "Path", "At"], None]
Match = Callable[[Any, "At"], bool]


@dataclass(slots=True)
class Slice:
    name: str
    element: Element
    matches: tuple[Match, ...]


def check(children: list[Any], element: Element, path: "Path", at: "At", visit: Visit) -> bool:
    """Whether a slice that must be there is missing."""
    known = _slices(element)
    by_kind = _by_kind(known) if element.node["by"][0] == ["type", "resource"] else None
    counts = dict.fromkeys([each.name for each in known], 0)
    for number, child in enumerate(children):
        candidates = known if by_kind is None else by_kind.get(_kind_inside(child), ())
        for each in candidates:
            if isinstance(child, dict) and all(match(child, at) for match in each.matches):
                counts[each.name] += 1
                visit(child, each.element, (path, number), at)
    missing = False
    for each in known:
        count, most = counts[each.name], each.element.max
        if count < each.element.min:
            missing = True
            at.add("error", "slice", path, _missing(each, element), each.name)
        if most is not None and count > most:
            says = f"{_named(each)} may be there {most} times at most, and is there {count} times."
            at.add("error", "slice", path, says, each.name)
    return missing


def _slices(element: Element) -> list[Slice]:
    if element.sliced is None:
        element.sliced = [
            Slice(
                name, shapes.of_slice(element, node), tuple(_match(kind, way, node) for kind, way in element.node["by"])
            )
            for name, node in element.node["slices"].items()
        ]
    return element.sliced


def _by_kind(known: list[Slice]) -> dict[str, list[Slice]]:
    """The slices of an entry by the type of its resource, for there are thirty."""
    found: dict[str, list[Slice]] = {}
    for each in known:
        for given in each.element.node["of"]["resource"]["types"]:
            found.setdefault(given[0], []).append(each)
    return found


def _kind_inside(entry: Any) -> str:
    return kind_of(entry.get("resource")) if isinstance(entry, dict) else ""


def _missing(one: Slice, element: Element) -> str:
    return f"{_named(one)} is missing from “{element.name}”: it must be there, even where nothing is known."


def _named(one: Slice) -> str:
    """`sectionProblems` as a person says it."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in one.name).strip()
    return f"The {words.removeprefix('section ')} section" if words.startswith("section ") else f"“{words}”"


# --- telling apart -------------------------------------------------------------------------------------------------


def _match(kind: str, way: str, node: Json) -> Match:
    match kind:
        case "type":
            return _by_type(way, node)
        case "profile":
            return _by_profile(way, node)
        case "exists":
            wanted = (_node_at(node, way) or {}).get("max") != 0
            return lambda item, at: (next(_values_at(item, way, at), None) is not None) is wanted
    profile: list[str] = next((each for given in node.get("types", ()) for each in given[1:2]), [])
    if way == "url" and profile:
        return lambda item, _at: item.get("url") in profile
    below = _node_at(node, way)
    return lambda item, at: any(looks_like(each, below) for each in _values_at(item, way, at))


def _by_type(way: str, node: Json) -> Match:
    inner = _node_at(node, way.removesuffix("resolve()").rstrip(".")) or {}
    if way.endswith("resolve()"):
        types = allowed_types(tuple(target for given in inner.get("types", ()) for target in (given[2:3] or [[]])[0]))
    else:
        types = frozenset(given[0] for given in inner.get("types", ()))
    return lambda item, at: any(_kind(each) in types for each in _values_at(item, way, at))


def _kind(value: Any) -> str:
    return str(value.get("resourceType", "")) if isinstance(value, dict) else ""


def _by_profile(way: str, node: Json) -> Match:
    inner = _node_at(node, way.removesuffix("resolve()").rstrip(".")) or {}
    at_reference = way.endswith("resolve()")
    wanted: list[str] = []
    for given in inner.get("types", ()):
        lists = given[2:3] if at_reference else given[1:2]
        wanted += lists[0] if lists and lists[0] else [] if at_reference else [given[0]]
    return lambda item, at: any(claims(each, one) for each in _values_at(item, way, at) for one in wanted)


def _node_at(node: Json, way: str) -> Json | None:
    for step in [] if way in {"", "$this"} else way.split("."):
        found = node.get("of", {}).get(step)
        if found is None:
            return None
        node = found
    return node


def _values_at(item: Any, way: str, at: "At") -> Iterator[Any]:
    found = [item]
    for step in [] if way in {"", "$this"} else way.split("."):
        if step == "resolve()":
            urls = [each.get("reference") for each in found if isinstance(each, dict)]
            found = [each for url in urls if isinstance(url, str) and (each := at.resolve(url)) is not None]
        else:
            below = [each.get(step) for each in found if isinstance(each, dict)]
            found = [one for each in below for one in (each if isinstance(each, list) else [each]) if one is not None]
    yield from found


def looks_like(value: Any, node: Json | None) -> bool:
    """Whether the value has what the node fixes, binds, or asks of its children."""
    if node is None:
        return True
    if "fixed" in node and value != node["fixed"]:
        return False
    if "pattern" in node and not holds(value, node["pattern"]):
        return False
    if "codes" in node and in_value_set(value, node["codes"]):
        return False
    for name, below in node.get("of", {}).items():
        if below.get("min") and _tells(below):
            children = value.get(name) if isinstance(value, dict) else None
            given = children if isinstance(children, list) else [children]
            if not any(looks_like(each, below) for each in given):
                return False
    return True


def _tells(node: Json) -> bool:
    return bool({"fixed", "pattern", "codes"} & node.keys()) or any(
        _tells(each) for each in node.get("of", {}).values()
    )


def claims(resource: Any, profile: str) -> bool:
    """Whether a resource is meant to be of a profile: it says so, or has the code or category that the profile fixes.

    Not whether it fulfils it: then every mistake would only take it out of its slice, and go unseen.
    """
    if not isinstance(resource, dict) or resource.get("resourceType") != profiles().get(profile, profile):
        return False
    return says_so(resource, profile) or all(_has(resource, name, node) for name, node in signature(profile))


def says_so(resource: Json, profile: str) -> bool:
    meta = resource.get("meta")
    told = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(told, list) and profile in {each.partition("|")[0] for each in told if isinstance(each, str)}


def only_by_category(resource: Json, profile: str) -> bool:
    """Whether nothing but a category such as `laboratory` speaks for the profile, which then asks no more than advice.

    The slices of IPS are open: a laboratory result that is not one of its profile may stand beside those that are.
    """
    names = {name for name, _ in signature(profile)}
    return names == {"category"} and not says_so(resource, profile)


@cache
def signature(profile: str) -> tuple[tuple[str, Json], ...]:
    """The code and the category that make a resource one of this profile."""
    below = (profile_node(profile) or {}).get("of", {})
    found = [("code", below["code"])] if "code" in below and _tells_apart(below["code"]) else []
    found += [("category", each) for each in below.get("category", {}).get("slices", {}).values() if each.get("min")]
    return tuple(found)


def _tells_apart(node: Json) -> bool:
    return bool({"fixed", "pattern", "codes"} & node.keys())


def _has(resource: Json, name: str, node: Json) -> bool:
    value = resource.get(name)
    return any(looks_like(each, node) for each in (value if isinstance(value, list) else [value]))
