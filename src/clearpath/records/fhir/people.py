"""Patient, doctors and organisations as FHIR R4."""

from uuid import UUID, uuid5

from clearpath.records.fhir.elements import Resource, absent, concept, day, filled, pointer, resource
from clearpath.records.fhir.facts import Author, Organised, Traveller


def patient_to_fhir(patient: Traveller) -> Resource:
    """The patient; a day of birth that nobody told is said to be unknown, as a patient summary requires."""
    found = resource(
        "Patient",
        patient.id,
        name=[{"text": patient.name} if patient.name else absent()],
        telecom=[
            {"system": system, "value": value}
            for system, value in (("email", patient.email), ("phone", patient.phone))
            if value
        ],
        birthDate=day(patient.born_on),
        deceasedDateTime=day(patient.died_on),
        address=[{"country": patient.country}] if patient.country else [],
        communication=[{"language": concept(_language(patient.language)), "preferred": True}]
        if patient.language
        else [],
    )
    if patient.born_on is None:
        found["_birthDate"] = absent()
    return found


def _language(code: str) -> Resource:
    return {"system": "urn:ietf:bcp:47", "code": code}


def practitioner_to_fhir(author: Author) -> Resource:
    return resource("Practitioner", author.id, name=[{"text": author.name} if author.name else absent()])


def practitioner_role_to_fhir(author: Author) -> Resource:
    """A person in their work; its key is the person's, or one of its own where the person works for somebody."""
    organisation = author.organisation
    return resource(
        "PractitionerRole",
        role_key(author),
        practitioner=pointer("Practitioner", author.id, author.name),
        organization=pointer("Organization", organisation.id, organisation.name) if organisation else None,
        code=[concept(text=author.role)],
    )


def role_key(author: Author) -> str:
    """The same for one person at one organisation."""
    return str(uuid5(author.id, str(author.organisation.id)) if author.organisation else author.id)


def who(author: Author) -> Resource:
    """A reference to the author: patients as themselves, everybody else in their work."""
    if author.role == "patient":
        return pointer("Patient", author.id, author.name)
    return pointer("PractitionerRole", role_key(author), author.name)


def organisation_to_fhir(organisation: Organised) -> Resource:
    return resource(
        "Organization",
        organisation.id,
        active=True,
        name=organisation.name,
        address=[filled({"city": organisation.city, "country": organisation.country})]
        if organisation.city or organisation.country
        else [],
    )


def assembler_to_fhir(key: UUID) -> Resource:
    """This software, which put a document together and answers for nothing in it."""
    return resource(
        "Device",
        key,
        deviceName=[{"name": "Clearpath", "type": "user-friendly-name"}],
        type=concept(text="Software that assembles documents"),
    )
