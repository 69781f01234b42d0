"""A provider's entries as one FHIR bundle, and a bundle as sheets of rows; what has no place here is told."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from clearpath.offers.directory import fhir
from clearpath.offers.directory.fhir import Listed
from clearpath.offers.directory.kinds import DOCTOR, SERVICE, SITE, Kind, Values
from clearpath.offers.directory.sheets import Sheet, Unreadable
from clearpath.offers.directory.standing import entries_of
from clearpath.offers.finding.vocabulary import procedures
from clearpath.parties import queries as parties
from clearpath.records.check import check

KNOWN = {  # paths that are read; of the rest it is said that it is not kept
    "Location": "id meta identifier.system identifier.value status name address.line address.city address.country "
    "managingOrganization extension.airport extension.airport-km",
    "Practitioner": "id meta identifier.system identifier.value active name.text name.given name.family name.prefix "
    "qualification.identifier.value qualification.period.end qualification.code communication.coding.system "
    "communication.coding.code",
    "PractitionerRole": "id meta active practitioner organization specialty",
    "HealthcareService": "id meta identifier.system identifier.value active providedBy type location.reference "
    "location.display name extraDetails communication.coding.system communication.coding.code extension.price "
    "extension.stay-nights extension.recovery-days",
    "Organization": "id meta name active address identifier",
}
MOST_PATHS = 12
MOST_CHECKED = 3_000_000  # bytes; a larger bundle is read without being checked first


def bundle(provider_id: UUID) -> bytes:
    """Everything of a provider that FHIR R4 has a place for."""
    party = parties.parties_named([provider_id])[provider_id]
    listed = Listed(provider_id, party.name, party.country, party.city)
    known = procedures()
    resources = [fhir.organisation_to_fhir(listed)]
    resources += [fhir.site_to_fhir(listed, each) for each in entries_of(provider_id, SITE.key).values()]
    for doctor in entries_of(provider_id, DOCTOR.key).values():
        resources += [fhir.doctor_to_fhir(listed, doctor), fhir.role_to_fhir(listed, doctor)]
    for service in entries_of(provider_id, SERVICE.key).values():
        procedure = known.get(service["procedure"])
        named = {"name": procedure.name(), "icd9": procedure.icd9} if procedure else {}
        resources.append(fhir.service_to_fhir(listed, service, **named))
    return json.dumps(fhir.bundle_of(resources), ensure_ascii=False, indent=1).encode()


def is_fhir(content: bytes) -> bool:
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def sheets_of(content: bytes) -> tuple[list[Sheet], list[str]]:
    """The rows of a bundle by kind, numbered as its entries are, and what is told of it. Raises Unreadable."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unreadable(_("This is not JSON that can be read: %(error)s.") % {"error": error}) from error
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise Unreadable(_("This is no FHIR bundle. Bring a bundle with Location, Practitioner and HealthcareService."))
    entries = list(_entries(found))
    addresses = _addresses(entries)
    sheets = [sheet for kind, rows in _rows(entries, addresses).items() if (sheet := _sheet(kind, rows)) is not None]
    return sheets, [*_defects(content), *_not_kept(entries)]


Numbered = tuple[int, str, Mapping[str, Any]]  # place in the bundle, full URL, resource


def _entries(found: Mapping[str, Any]) -> Iterator[Numbered]:
    entries = found.get("entry")
    for number, each in enumerate(entries if isinstance(entries, list) else [], start=1):
        inside = each.get("resource") if isinstance(each, dict) else None
        if isinstance(inside, dict):
            yield number, str(each.get("fullUrl") or ""), inside


def _addresses(entries: list[Numbered]) -> dict[str, Mapping[str, Any]]:
    """Every resource by what may point to it."""
    found: dict[str, Mapping[str, Any]] = {}
    for _number, url, each in entries:
        found[url] = found[f"{each.get('resourceType')}/{each.get('id')}"] = each
    return found


def _pointed(pointer: Any, addresses: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    reference = pointer.get("reference") if isinstance(pointer, dict) else None
    return addresses.get(str(reference), {})


def _rows(entries: list[Numbered], addresses: Mapping[str, Mapping[str, Any]]) -> dict[Kind, list[tuple[int, Values]]]:
    specialities: dict[int, list[str]] = {}
    for _number, _url, each in entries:
        if each.get("resourceType") == "PractitionerRole":
            doctor = _pointed(each.get("practitioner"), addresses)
            specialities.setdefault(id(doctor), []).extend(fhir.specialities_from_fhir(each))
    icd9 = {procedure.icd9: key for key, procedure in procedures().items() if procedure.icd9}
    rows: dict[Kind, list[tuple[int, Values]]] = {SITE: [], DOCTOR: [], SERVICE: []}
    for number, _url, each in entries:
        match each.get("resourceType"):
            case "Location":
                rows[SITE].append((number, fhir.site_from_fhir(each)))
            case "Practitioner":
                rows[DOCTOR].append((number, fhir.doctor_from_fhir(each, specialities.get(id(each), []))))
            case "HealthcareService":
                places = each.get("location")
                first = places[0] if isinstance(places, list) and places else None
                site = fhir.site_from_fhir(_pointed(first, addresses)).get("reference", "")
                rows[SERVICE].append((number, fhir.service_from_fhir(each, str(site), icd9)))
    return rows


def _sheet(kind: Kind, rows: list[tuple[int, Values]]) -> Sheet | None:
    """Only columns that the bundle says something of, and those that must be there, so that it erases nothing else."""
    if not rows:
        return None
    said = {name for _number, cells in rows for name in cells}
    columns = tuple(column.key for column in kind.columns if column.required or column.key in said)
    whole = [(number, {name: cells.get(name) for name in columns}) for number, cells in rows]
    return Sheet(kind, whole, columns, (), len(whole))


def _defects(content: bytes) -> list[str]:
    if len(content) > MOST_CHECKED:
        return []
    wrong = [each for each in check(content, profile="r4", gates=(1, 2)) if each.severity == "error"]
    if not wrong:
        return []
    told = {"number": len(wrong), "path": wrong[0].path, "says": wrong[0].says}
    return [_("By FHIR R4 this bundle has %(number)d defects. The first: %(path)s. %(says)s") % told]


def _not_kept(entries: list[Numbered]) -> list[str]:
    """What stands in the bundle and has no place in the directory."""
    paths: dict[str, set[str]] = {}
    strange: dict[str, int] = {}
    for _number, _url, each in entries:
        kind = str(each.get("resourceType"))
        if kind not in KNOWN:
            strange[kind] = strange.get(kind, 0) + 1
            continue
        known = KNOWN[kind].split()
        lost = {path for path in _paths(each) if not any(path == one or path.startswith(f"{one}.") for one in known)}
        paths.setdefault(kind, set()).update(lost)
    told = [
        _("%(kind)s: this has no place in the directory and is left out: %(paths)s.")
        % {"kind": kind, "paths": ", ".join(sorted(lost)[:MOST_PATHS])}
        for kind, lost in paths.items()
        if lost
    ]
    told += [
        _("%(number)d resources of kind %(kind)s have no place in the directory.") % {"number": count, "kind": kind}
        for kind, count in strange.items()
    ]
    if "Organization" in paths:
        told.append(_("The organisation itself is not changed by a file."))
    return told


def _paths(found: Any, at: str = "") -> Iterator[str]:
    """Each leaf by its path; an extension by the end of its address; the second of what we keep one of is named so."""
    if isinstance(found, list):
        for each in found:
            yield from _paths(each, at)
    elif isinstance(found, dict):
        if at.endswith("extension"):
            url = str(found.get("url", ""))
            yield f"{at}.{url.removeprefix(fhir.OURS)}"
            return
        for name, value in found.items():
            if not (at == "" and name == "resourceType"):
                yield from _paths(value, f"{at}.{name}" if at else name)
    else:
        yield at
