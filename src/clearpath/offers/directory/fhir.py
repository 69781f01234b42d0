"""Entries as FHIR R4 and back: Organization, Location, Practitioner, PractitionerRole, HealthcareService.

Pure functions. Outwards they take the plain entries of `standing`; inwards they give raw cells, so that a bundle is
read, shown and repaired as a sheet is. FHIR R4 knows no price range, stay, recovery or distance of a service: those
travel in extensions of our own. Packages and capacity have no place in it and stay behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from clearpath.core.money import from_minor
from clearpath.offers.directory.kinds import Values
from clearpath.records.fhir.elements import Resource, coding, concept, filled, resource

OURS = "urn:clearpath:directory:"  # of identifiers and extensions
PROCEDURE = "urn:clearpath:procedure"
ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"
LANGUAGE = "urn:ietf:bcp:47"
BUNDLE_KINDS = ("Location", "Practitioner", "PractitionerRole", "HealthcareService")


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider as its organisation: what of it a bundle says."""

    id: UUID
    name: str
    country: str
    city: str


def key_of(provider: Listed, kind: str, reference: str) -> str:
    """The same key for the same entry, each time that it is handed out."""
    return str(uuid5(provider.id, f"{kind}:{reference}"))


def urn(key: UUID | str) -> str:
    return f"urn:uuid:{key}"


def _points(provider: Listed, kind: str, reference: str, display: str = "") -> Resource:
    return filled({"reference": urn(key_of(provider, kind, reference)), "display": display})


def _organisation(provider: Listed) -> Resource:
    return {"reference": urn(provider.id), "display": provider.name}


def _named(kind: str, reference: str) -> list[Resource]:
    return [{"system": OURS + kind, "value": reference}]


def _extension(name: str, value_kind: str, value: Any) -> list[Resource]:
    return [] if value in (None, "") else [{"url": OURS + name, f"value{value_kind}": value}]


def organisation_to_fhir(provider: Listed) -> Resource:
    return resource(
        "Organization",
        provider.id,
        active=True,
        name=provider.name,
        address=[found] if (found := filled({"city": provider.city, "country": provider.country})) else [],
    )


def site_to_fhir(provider: Listed, site: Values) -> Resource:
    """A site as Location; the airport and how far it is in extensions."""
    lines = [site["address"]] if site.get("address") else []
    return resource(
        "Location",
        key_of(provider, "site", site["reference"]),
        extension=_extension("airport", "Code", site.get("airport"))
        + _extension("airport-km", "UnsignedInt", site.get("airport_km")),
        identifier=_named("site", site["reference"]),
        status="active" if site["is_shown"] else "inactive",
        name=site["name"],
        address=filled({"line": lines, "city": site["city"], "country": site["country"]}),
        managingOrganization=_organisation(provider),
    )


def doctor_to_fhir(provider: Listed, doctor: Values) -> Resource:
    """A doctor as Practitioner, the licence as a qualification that ends on its last day."""
    ends = doctor.get("licence_ends_on")
    licence = filled(
        {
            "identifier": [{"value": doctor["licence"]}] if doctor.get("licence") else [],
            "period": {"end": (ends - timedelta(days=1)).isoformat()} if ends else {},
        }
    )
    return resource(
        "Practitioner",
        key_of(provider, "doctor", doctor["reference"]),
        identifier=_named("doctor", doctor["reference"]),
        active=bool(doctor["is_shown"]),
        name=[{"text": doctor["name"]}],
        qualification=[{**licence, "code": concept(text="Licence")}] if licence else [],
        communication=[concept(coding(LANGUAGE, code)) for code in doctor["languages"]],
    ) | ({} if doctor["is_shown"] else {"active": False})


def role_to_fhir(provider: Listed, doctor: Values) -> Resource:
    """What a doctor does at this provider, as PractitionerRole."""
    return resource(
        "PractitionerRole",
        key_of(provider, "role", doctor["reference"]),
        practitioner=_points(provider, "doctor", doctor["reference"], doctor["name"]),
        organization=_organisation(provider),
        specialty=[concept(text=each) for each in doctor["specialities"]],
    ) | {"active": bool(doctor["is_shown"])}


def service_to_fhir(provider: Listed, service: Values, *, name: str = "", icd9: str = "") -> Resource:
    """A service as HealthcareService. `name` and `icd9` of its procedure, as the vocabulary has them."""
    codes = [coding(PROCEDURE, service["procedure"], name)] + ([coding(ICD9, icd9)] if icd9 else [])
    prices = [
        {
            "url": each,
            "valueMoney": {"value": _number(service[f"price_{each}"], service), "currency": service["currency"]},
        }
        for each in ("from", "to")
    ]
    of_day = [{"url": "on", "valueDate": service["priced_on"].isoformat()}] if service.get("priced_on") else []
    return resource(
        "HealthcareService",
        key_of(provider, "service", service["reference"]),
        extension=[
            {"url": OURS + "price", "extension": prices + of_day},
            *_extension("stay-nights", "UnsignedInt", service["stay_nights"]),
            *_extension("recovery-days", "UnsignedInt", service["recovery_days"]),
        ],
        identifier=_named("service", service["reference"]),
        providedBy=_organisation(provider),
        type=[concept(*codes, text=name)],
        location=[_points(provider, "site", service["site"])],
        name=service["title"],
        extraDetails=service.get("includes"),
        communication=[concept(coding(LANGUAGE, code)) for code in service["languages"]],
    ) | {"active": bool(service["is_shown"])}


def _number(minor: int, service: Values) -> int | float:
    found = from_minor(minor, service["currency"])
    return int(found) if found == found.to_integral_value() else float(found)


def bundle_of(resources: list[Resource]) -> Resource:
    """A collection in which each resource is found by the URN of its key."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": urn(each["id"]), "resource": each} for each in resources],
    }


# Inwards: raw cells by column. Whatever is not where we look for it is missing there, and the page asks for it.


def site_from_fhir(found: Mapping[str, Any]) -> Values:
    address = _first(found.get("address"))
    return _said(
        reference=_reference(found, "site"),
        name=found.get("name"),
        country=address.get("country"),
        city=address.get("city"),
        address=", ".join(map(str, _list(address.get("line")))),
        airport=_ours(found, "airport", "Code"),
        airport_km=_ours(found, "airport-km", "UnsignedInt"),
        is_shown=_yes(found.get("status") in (None, "active")),
    )


def doctor_from_fhir(found: Mapping[str, Any], specialities: list[str]) -> Values:
    """`specialities` stand in the roles that name the doctor."""
    name, licence = _first(found.get("name")), _first(found.get("qualification"))
    parts = [*_list(name.get("prefix")), *_list(name.get("given")), name.get("family")]
    return _said(
        reference=_reference(found, "doctor"),
        name=name.get("text") or " ".join(str(each) for each in parts if each),
        specialities=", ".join(specialities),
        languages=_languages(found.get("communication")),
        licence=_first(licence.get("identifier")).get("value"),
        licence_ends_on=_first(licence.get("period")).get("end"),
        is_shown=_yes(found.get("active") is not False),
    )


def specialities_from_fhir(found: Mapping[str, Any]) -> list[str]:
    """The specialities of a PractitionerRole, in words."""
    return [words for each in _list(found.get("specialty")) if (words := _words(each))]


def service_from_fhir(found: Mapping[str, Any], site: str, icd9: Mapping[str, str]) -> Values:
    """`site`: the reference of its first location; `icd9`: procedures by their code."""
    price = _first([each for each in _list(found.get("extension")) if _dict(each).get("url") == OURS + "price"])
    parts = {str(_dict(each).get("url")): _dict(each) for each in _list(price.get("extension"))}
    least, most = (_dict(parts.get(each, {}).get("valueMoney")) for each in ("from", "to"))
    return _said(
        reference=_reference(found, "service"),
        site=site,
        procedure=_procedure(found, icd9),
        title=found.get("name"),
        includes=found.get("extraDetails"),
        stay_nights=_ours(found, "stay-nights", "UnsignedInt"),
        recovery_days=_ours(found, "recovery-days", "UnsignedInt"),
        languages=_languages(found.get("communication")),
        price_from=_amount(least),
        price_to=_amount(most),
        currency=least.get("currency"),
        priced_on=parts.get("on", {}).get("valueDate"),
        is_shown=_yes(found.get("active") is not False),
    )


def _procedure(found: Mapping[str, Any], icd9: Mapping[str, str]) -> str:
    """Our own code, else ICD-9-CM where we know it, else what it is called."""
    kinds = [_dict(each) for each in _list(found.get("type"))]
    codes = [_dict(code) for each in kinds for code in _list(each.get("coding"))]
    own = next((code.get("code") for code in codes if code.get("system") == PROCEDURE), None)
    known = next((icd9[str(code.get("code"))] for code in codes if str(code.get("code")) in icd9), None)
    named = next((words for each in kinds if (words := _words(each))), "")
    return str(own or known or named or "")


def _amount(money: Mapping[str, Any]) -> Any:
    value = money.get("value")
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else value


def _reference(found: Mapping[str, Any], kind: str) -> Any:
    """The provider's own identifier, else the first, else the key of the resource."""
    names = [_dict(each) for each in _list(found.get("identifier"))]
    own = next((each.get("value") for each in names if each.get("system") == OURS + kind), None)
    return own or next((each.get("value") for each in names if each.get("value")), None) or found.get("id")


def _ours(found: Mapping[str, Any], name: str, value_kind: str) -> Any:
    extensions = [_dict(each) for each in _list(found.get("extension"))]
    return next((each.get(f"value{value_kind}") for each in extensions if each.get("url") == OURS + name), None)


def _languages(given: Any) -> str:
    codes = [_first(_dict(each).get("coding")).get("code") for each in _list(given)]
    return ", ".join(str(code) for code in codes if code)


def _words(given: Any) -> str:
    each = _dict(given)
    shown = _first(each.get("coding"))
    return str(each.get("text") or shown.get("display") or shown.get("code") or "")


def _said(**cells: Any) -> Values:
    """What was said, with dates and numbers as they came; structures where a text belongs are not said."""
    return {
        name: cell
        for name, cell in cells.items()
        if isinstance(cell, str | int | float | Decimal | date) and cell != ""
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [] if given is None else [given]


def _dict(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _first(given: Any) -> Mapping[str, Any]:
    return _dict(next(iter(_list(given)), {}))
