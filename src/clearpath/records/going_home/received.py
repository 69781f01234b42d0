"""What received bundles hold, named anew so that several of them fit into one document.

A resource stays as it was sent, but for its key, and for references, which must find it under its new name. What one
file says exactly as another did before is the same fact, told twice.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from clearpath.records.fhir.elements import URI
from clearpath.records.fhir.facts import Author, Filed
from clearpath.records.going_home.exact import dumped, loaded

Json = dict[str, Any]
RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/_history/[A-Za-z0-9\-.]{1,64})?")
SERVED = re.compile(r"(https?://.+/)[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
NAMES_ONLY_ITSELF = ("id", "meta", "text")  # differ between two copies of one fact


@dataclass(slots=True)
class Found:
    """A resource on its way into a document: under which name, from which files, where its sender put it."""

    name: str  # urn:uuid:…
    resource: Json
    files: list[Filed] = field(default_factory=list)  # none: we wrote it ourselves
    told_in: tuple[str, ...] = ()  # codes of the sections that named it
    by: Author | None = None  # who wrote it here
    sent: Json = field(default_factory=dict)  # as it came, where it stands as a document

    @property
    def kind(self) -> str:
        return str(self.resource["resourceType"])


@dataclass(frozen=True, slots=True)
class Told:
    """A section of a received document that has words and names no resource."""

    file: Filed
    code: str
    title: str
    words: str
    reason: str  # code of emptyReason


@dataclass(frozen=True, slots=True)
class Bundle:
    """One received file, taken apart."""

    file: Filed
    found: tuple[Found, ...]
    patients: tuple[Json, ...]
    told: tuple[Told, ...]
    authors: tuple[Json, ...]  # references to who wrote the document
    others: tuple[str, ...] = ()  # kinds of resources that are about another patient


def name_of(*parts: str) -> str:
    """The same name for the same thing each time, and another one in each document."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '|'.join(parts))}"


def bundle_of(file: Filed, content: bytes, patient: str, words_of: Callable[[str], str]) -> Bundle | None:
    """Take a file apart; `patient` is the name that its patient gets. None when it is not FHIR in JSON."""
    try:
        root = loaded(content)
    except ValueError:
        return None
    if not isinstance(root, dict) or not isinstance(root.get("resourceType"), str):
        return None
    entries = list(_entries(root))
    names = _names(file, entries)
    whose = _whose(entries, names)
    for full_url, resource in entries:
        if resource["resourceType"] == "Patient":
            for each in _called(full_url, resource):
                if names.get(each) in whose:
                    names[each] = patient
    if len(elsewhere := _patients_not_sent(entries, names)) == 1:
        names[elsewhere.pop()] = patient  # the file is about one patient, and does not hold them
    composition = next((each for _url, each in entries if each["resourceType"] == "Composition"), {})
    told_in = _told_in(composition, names)
    known = {*names.values(), patient}
    found, others = [], []
    for index, (full_url, resource) in enumerate(entries):
        kind, base = resource["resourceType"], _base(full_url)
        if kind in ("Composition", "Patient", "Bundle"):
            continue
        name = _own_name(file, index, full_url)
        copy = renamed(resource, partial(_resolved, names=names, base=base))
        if any(each in known or "Patient/" in each for each in _about(copy) - {patient}):
            others.append(kind)
            continue
        copy = loosened(copy, known.__contains__)
        copy["id"] = name.removeprefix("urn:uuid:")
        if isinstance(meta := copy.get("meta"), dict):
            meta.pop("versionId", None)  # names a version of the copy on the sender's server, not of this one
            copy = copy if meta else {key: each for key, each in copy.items() if key != "meta"}
        for number, held in enumerate(_held_for_nothing(copy)):
            own = name_of(file.sha256, str(index), full_url, str(number))
            found.append(Found(own, held | {"id": own.removeprefix("urn:uuid:")}, [file]))
        found.append(Found(name, copy, [file], tuple(told_in.get(name, ()))))
    return Bundle(
        file,
        tuple(found),
        tuple(each for url, each in entries if each["resourceType"] == "Patient" and _is(url, each, names, patient)),
        tuple(_told(file, composition, words_of)),
        tuple(renamed(each, lambda url: _resolved(url, names, "")) for each in _dicts(composition.get("author"))),
        tuple(others),
    )


def _entries(root: Json) -> Iterator[tuple[str, Json]]:
    """Each resource with its full URL; bundles inside a bundle are opened."""
    if root["resourceType"] != "Bundle":
        yield "", root
        return
    for entry in _dicts(root.get("entry")):
        resource = entry.get("resource")
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            continue
        if resource["resourceType"] == "Bundle":
            yield from _entries(resource)
        else:
            yield _text(entry.get("fullUrl")), resource


def _own_name(file: Filed, index: int, full_url: str) -> str:
    return name_of(file.sha256, str(index), full_url)


def _called(full_url: str, resource: Json) -> Iterator[str]:
    """Every name under which others may point to it."""
    if full_url:
        yield full_url
    if _text(resource.get("id")):
        yield f"{resource['resourceType']}/{resource['id']}"


def _names(file: Filed, entries: list[tuple[str, Json]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for index, (full_url, resource) in enumerate(entries):
        for each in _called(full_url, resource):
            names.setdefault(each, _own_name(file, index, full_url))
    return names


def _whose(entries: list[tuple[str, Json]], names: dict[str, str]) -> set[str]:
    """The patient whom the document is about, under the names that it has; else the first patient."""
    patients = [(url, each) for url, each in entries if each["resourceType"] == "Patient"]
    composition = next((each for _url, each in entries if each["resourceType"] == "Composition"), {})
    subject = _resolved(_text(_dict(composition.get("subject")).get("reference")), names, "")
    for url, each in patients:
        called = {names[name] for name in _called(url, each) if name in names}
        if subject in called or len(patients) == 1:
            return called
    return {names[name] for url, each in patients[:1] for name in _called(url, each) if name in names}


def _is(url: str, resource: Json, names: dict[str, str], patient: str) -> bool:
    called = [names.get(each) for each in _called(url, resource)]
    return patient in called or not called


def _about(resource: Json) -> set[str]:
    """The names of the patients whom a resource says that it is about."""
    return {_text(_dict(resource.get(each)).get("reference")) for each in ("subject", "patient")} - {""}


def _patients_not_sent(entries: list[tuple[str, Json]], names: dict[str, str]) -> set[str]:
    """References to a patient who is not in the file."""
    said = {url for _url, each in entries for url in _about(each)}
    return {url for url in said if "Patient/" in url and _resolved(url, names, "") == url}


def _base(full_url: str) -> str:
    served = SERVED.fullmatch(full_url)
    return served[1] if served else ""


def _resolved(url: str, names: dict[str, str], base: str) -> str:
    """The new name of what a reference names; where it is not in the file, its address on the server it came from."""
    if url in names:
        return names[url]
    if RELATIVE.fullmatch(url.split("#")[0]):
        plain = url.split("/_history/")[0]
        return names.get(plain) or names.get(base + plain) or (base + url)
    short = "/".join(url.split("/_history/")[0].split("/")[-2:])
    if url.startswith("http") and RELATIVE.fullmatch(short):
        return names.get(url.split("/_history/")[0]) or names.get(short) or url
    return url


def renamed(value: Any, new: Callable[[str], str]) -> Any:
    """A copy in which every reference, and every address of something in the file, has its new name."""
    if isinstance(value, list):
        return [renamed(each, new) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {key: renamed(each, new) for key, each in value.items()}
    for key in ("reference", "url", "valueUri"):
        if isinstance(url := copy.get(key), str) and not url.startswith("#"):
            copy[key] = new(url)
    return copy


def loosened(value: Any, is_there: Callable[[str], bool]) -> Any:
    """A copy in which a reference to what is not in the document is an identifier: it may not point to nothing."""
    if isinstance(value, list):
        return [loosened(each, is_there) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {key: loosened(each, is_there) for key, each in value.items()}
    url = copy.get("reference")
    if isinstance(url, str) and url.startswith("urn:") and not is_there(url):
        del copy["reference"]
        copy.setdefault("identifier", {"system": URI, "value": url})
    return copy


def _held_for_nothing(resource: Json) -> list[Json]:
    """Takes out what a resource contains and never names: FHIR forbids that, so it stands by itself."""
    contained = _dicts(resource.get("contained"))
    named = set(references_in(resource))
    held = [each for each in contained if f"#{each.get('id')}" not in named and not _names_neighbours(each)]
    if held:
        kept = [each for each in contained if each not in held]
        resource["contained"] = kept
        if not kept:
            del resource["contained"]
    return held


def _names_neighbours(resource: Json) -> bool:
    return any(url.startswith("#") for url in references_in(resource))


def _told_in(composition: Json, names: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section in _sections(composition):
        for entry in _dicts(section.get("entry")):
            name = _resolved(_text(entry.get("reference")), names, "")
            found.setdefault(name, []).extend(_codes(section.get("code")))
    return found


def _told(file: Filed, composition: Json, words_of: Callable[[str], str]) -> Iterator[Told]:
    for section in _sections(composition):
        if any(_text(entry.get("reference")) for entry in _dicts(section.get("entry"))):
            continue
        title = _text(section.get("title"))
        words = words_of(_text(_dict(section.get("text")).get("div")))
        reason = next(iter(_codes(section.get("emptyReason"))), "")
        if words or reason:
            yield Told(file, next(iter(_codes(section.get("code"))), ""), title, words, reason)


def _sections(inside: Json) -> Iterator[Json]:
    for section in _dicts(inside.get("section")):
        yield section
        yield from _sections(section)


def told_once(bundles: Iterable[Bundle]) -> list[Found]:
    """The resources of all files, what a later file repeats only once, with every file that says it."""
    everything = [each for bundle in bundles for each in bundle.found]
    shallow = {each.name: _digest(_bare(each.resource, lambda _url: "")) for each in everything}
    first: dict[str, Found] = {}
    same: dict[str, str] = {}
    kept = []
    for each in everything:
        digest = _digest(_bare(each.resource, lambda url: shallow.get(url, url)))
        earlier = first.setdefault(digest, each)
        if earlier is not each and each.files[0] not in earlier.files:
            same[each.name] = earlier.name
            earlier.files.append(each.files[0])
            earlier.told_in += each.told_in
        else:
            kept.append(each)
    for each in kept:
        each.resource = renamed(each.resource, lambda url: same.get(url, url)) if same else each.resource
    return kept


def _bare(resource: Json, new: Callable[[str], Any]) -> Json:
    said = {key: each for key, each in resource.items() if key not in NAMES_ONLY_ITSELF}
    return _pointing(said, new)  # type: ignore[no-any-return]


def _pointing(value: Any, new: Callable[[str], Any]) -> Any:
    if isinstance(value, list):
        return [_pointing(each, new) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _pointing(each, new) for key, each in value.items()}
    if isinstance(url := copy.get("reference"), str) and url.startswith("urn:uuid:"):
        copy["reference"] = new(url)
    return copy


def _digest(value: Any) -> str:
    return hashlib.sha256(dumped(value, sorted_keys=True)).hexdigest()


def references_in(value: Any) -> Iterator[str]:
    """Every name that a resource points to, also where an attachment is kept."""
    if isinstance(value, list):
        for each in value:
            yield from references_in(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in ("reference", "url") and isinstance(each, str):
                yield each
            else:
                yield from references_in(each)


def _codes(value: Any) -> list[str]:
    return [code for each in _dicts(_dict(value).get("coding")) if (code := _text(each.get("code")))]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
