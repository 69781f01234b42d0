"""What an organisation says of itself in a form, written as ownership statements.

Beneficial Ownership Data Standard 0.4. Records are named once and for all by what they are about, so that a
later word on the same holding replaces the earlier one.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from clearpath.parties.identity import scheme_of
from clearpath.parties.json_items import items


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or a company, on the network (`organisation_id`) or not. Country: ISO 3166-1 alpha-2."""

    name: str
    organisation_id: UUID | None = None
    country: str = ""
    register_number: str = ""
    is_person: bool = False

    @property
    def record(self) -> str:
        if self.organisation_id is not None:
            return f"organisation-{self.organisation_id.hex}"
        said = json.dumps([self.is_person, self.name.casefold(), self.country, self.register_number])
        return f"party-{sha256(said.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Share:
    """Who owns how much of whom. `part` is a fraction of one; None: not known, which counts in full."""

    owner: Somebody
    owned: Somebody
    part: Decimal | None = None
    controls: bool = False
    ended: bool = False


def written(share: Share, *, about: Somebody, on: date) -> bytes:
    """One holding as statements in JSON: the two parties and the relationship between them."""
    record = f"holding-{sha256((share.owner.record + ' ' + share.owned.record).encode()).hexdigest()[:32]}"
    said = [_statement(party.record, _kind(party), _party(party), about, on) for party in (share.owner, share.owned)]
    said.append(_statement(record, "relationship", _relationship(share), about, on, closed=share.ended))
    return json.dumps(said, ensure_ascii=False).encode()


def subject_of(file: bytes) -> str:
    """The record that all statements of a file declare something about; "" when they name none, or several."""
    said = (item.value for item in items(BytesIO(file)) if isinstance(item.value, dict))
    subjects = {each.get("declarationSubject") for each in said}
    found = subjects.pop() if len(subjects) == 1 else None
    return found if isinstance(found, str) else ""


def _statement(
    record: str, kind: str, details: dict[str, Any], about: Somebody, on: date, *, closed: bool = False
) -> dict[str, Any]:
    return {
        "statementId": str(uuid4()),
        "statementDate": on.isoformat(),
        "declarationSubject": about.record,
        "recordId": record,
        "recordType": kind,
        "recordStatus": "closed" if closed else "new",
        "source": {"type": ["selfDeclaration"]},
        "recordDetails": details,
    }


def _kind(party: Somebody) -> str:
    return "person" if party.is_person else "entity"


def _party(party: Somebody) -> dict[str, Any]:
    if party.is_person:
        names = [{"type": "legal", "fullName": party.name}]
        return {"isComponent": False, "personType": "knownPerson", "names": names}
    details: dict[str, Any] = {
        "isComponent": False,
        "entityType": {"type": "registeredEntity" if party.register_number else "legalEntity"},
        "name": party.name,
    }
    if party.country:
        details["jurisdiction"] = {"name": party.country, "code": party.country}
    if party.country and party.register_number:
        details["identifiers"] = [{"scheme": scheme_of(party.country), "id": party.register_number}]
    return details


def _relationship(share: Share) -> dict[str, Any]:
    held: dict[str, Any] = {"type": "shareholding", "directOrIndirect": "direct"}
    if share.part is not None:
        held["share"] = {"exact": float(share.part * 100)}
    interests = [held]
    if share.controls:
        interests.append({"type": "otherInfluenceOrControl", "directOrIndirect": "direct"})
    return {
        "isComponent": False,
        "subject": share.owned.record,
        "interestedParty": share.owner.record,
        "interests": interests,
    }
