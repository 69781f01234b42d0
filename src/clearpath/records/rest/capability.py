"""The CapabilityStatement: made from the tables that the router and the searches use, so that it cannot lie."""

from datetime import UTC, datetime
from typing import Any

from clearpath.records.index.offered import MADE, OFFERED, Offered, offered
from clearpath.records.rest.interactions import INTERACTIONS, OPERATIONS, WRITING

Json = dict[str, Any]
MADE_ON = datetime(2026, 11, 25, tzinfo=UTC)  # when what is offered last changed
SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
KINDS = {"token": "token", "reference": "reference", "date": "date", "string": "string"}
COMMON = {"_id": "token", "_lastUpdated": "date"}
SUMMARY = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
VALIDATE = "http://hl7.org/fhir/OperationDefinition/Resource-validate"


def statement(base: str, token_url: str) -> Json:
    """What this server does, for programs that ask before they act."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": MADE_ON.date().isoformat(),
        "kind": "instance",
        "software": {"name": "Clearpath"},
        "implementation": {"description": "Clearpath", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(token_url),
                "resource": [_resource(name) for name in sorted(INTERACTIONS)],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
                "searchParam": [{"name": name, "type": kind} for name, kind in COMMON.items()],
            }
        ],
    }


def _security(token_url: str) -> Json:
    return {
        "cors": False,
        "service": [{"coding": [{"system": SECURITY, "code": "SMART-on-FHIR"}]}],
        "extension": [{"url": OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]}],
    }


def _resource(name: str) -> Json:
    does = INTERACTIONS[name]
    found: Json = {
        "type": name,
        "interaction": [{"code": each} for each in sorted(does)],
        "versioning": "versioned" if "vread" in does else "no-version",
        "readHistory": "vread" in does,
    }
    if does >= WRITING:
        found |= {"updateCreate": False, "conditionalCreate": True, "conditionalUpdate": False}
        found |= {"conditionalRead": "full-support", "conditionalDelete": "not-supported"}
    about = offered(name)
    if about is not None:
        found |= _searching(name, about)
    operations = [{"name": "summary", "definition": SUMMARY}] if name in OPERATIONS else []
    if does >= WRITING:
        operations.append({"name": "validate", "definition": VALIDATE})
    return found | ({"operation": operations} if operations else {})


def _searching(name: str, about: Offered) -> Json:
    kinds = COMMON | dict.fromkeys(about.names_patient, "reference")
    kinds |= {each: KINDS[parameter.kind] for each, parameter in about.parameters.items()}
    found: Json = {"searchParam": [{"name": each, "type": kind} for each, kind in kinds.items()]}
    if about.references:
        found["searchInclude"] = [f"{name}:{each}" for each in about.references]
    coming_back = [
        f"{other}:{each}" for other, them in OFFERED.items() for each in them.references if _leads_to(them, each, name)
    ]
    if coming_back:
        found["searchRevInclude"] = coming_back
    return found


def _leads_to(them: Offered, parameter: str, name: str) -> bool:
    """To a patient only what names one; to anything else any other reference may lead."""
    return (parameter in them.names_patient) == (name == "Patient") and (name not in MADE or name == "Patient")
