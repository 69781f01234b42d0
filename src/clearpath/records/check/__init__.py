"""What is wrong with FHIR data, found by three gates: JSON and structure, FHIR R4, the International Patient Summary.

Plain Python. Others call `check` and read `Finding`.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect."""

    severity: Severity
    rule: str  # stable name of the rule broken, such as `json`, `ele-1`, `cardinality`, `binding`
    path: str  # FHIRPath of where it is, such as `Bundle.entry[3].resource.code`
    says: str  # what is wrong and what would be right, in one plain sentence
    gate: Literal[1, 2, 3]


def check(content: bytes, *, profile: Literal["", "r4", "ips"] = "") -> list[Finding]:
    """Every defect of a FHIR R4 resource or bundle in JSON; of all three gates where it is a patient summary.

    `profile` "r4" leaves the third gate out, "ips" always asks it. Never raises for what the bytes hold.
    """
    raise NotImplementedError
