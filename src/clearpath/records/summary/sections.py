"""The sections of a summary, in the order in which a doctor reads them, and when a section says nothing.

Section codes: HL7 International Patient Summary 2.0.0, Composition (LOINC); further LOINC and SNOMED CT section codes
that real documents use. Codes for "none known" and "nobody knows": HL7 IPS code system absent-unknown-uv-ips 2.0.0.
"""

import re
from collections.abc import Iterable
from typing import Literal

Says = Literal["", "none", "unknown"]

ORDER = (
    "alerts", "allergies", "pregnancy", "problems", "medicines", "results", "reports", "vitals", "procedures",
    "devices", "immunisations", "social", "function", "family", "wishes", "directives", "plan", "encounters",
    "documents", "people", "other",
)  # fmt: skip
ALWAYS = ("allergies", "problems", "medicines")  # the sections that every summary must speak of: HL7 IPS 2.0.0

PAST = "past"  # history of past illness: a section of documents, and the past half of the problems here
SECTIONS_BY_CODE = {
    "11450-4": "problems",
    "11348-0": PAST,
    "48765-2": "allergies",
    "10160-0": "medicines",
    "11369-6": "immunisations",
    "30954-2": "results",
    "47519-4": "procedures",
    "46264-8": "devices",
    "42348-3": "directives",
    "104605-1": "alerts",
    "47420-5": "function",
    "10162-6": "pregnancy",
    "81338-6": "wishes",
    "18776-5": "plan",
    "29762-2": "social",
    "8716-3": "vitals",
    "10157-6": "family",
    "46240-8": "encounters",
    "1003642006": PAST,  # from here on SNOMED CT
    "422843007": "problems",  # chief complaint
    "721981007": "reports",  # diagnostic studies report
    "1003640003": "procedures",
    "1003606003": "medicines",
    "734163000": "plan",
    "4321000179101": "results",
    "41000179103": "immunisations",
    "440545006": "medicines",
}

NO_INFORMATION = re.compile(r"no-[a-z]+-info")
NONE_KNOWN = re.compile(r"no-known-[a-z-]+")
# SNOMED CT situations with the meaning of "none known", as the IPS examples and real senders use them.
NONE_KNOWN_CODES = {
    "716186003": "no-known-allergies",
    "160244002": "no-known-allergies",
    "409137002": "no-known-medication-allergies",
    "429625007": "no-known-food-allergies",
    "428607008": "no-known-environmental-allergies",
    "160245001": "no-known-problems",
    "787481004": "no-known-medications",
}
# In words, where the code is one that we do not know. English alone: other languages are shown as they were sent.
SAID_UNKNOWN = re.compile(r"no (information|infos?|data)\b|information not available|not asked", re.IGNORECASE)
SAID_NONE = re.compile(r"(no|nil) (known|current|active)\b|no (problems|allergies|medications)$", re.IGNORECASE)


def says_nothing(codes: Iterable[tuple[str, str]], name: str) -> Says:
    """Whether an entry only says that there is none (`none`), or that nobody knows (`unknown`)."""
    for _system, code in codes:
        if NO_INFORMATION.fullmatch(code):
            return "unknown"
        if NONE_KNOWN.fullmatch(code) or code in NONE_KNOWN_CODES:
            return "none"
    if SAID_UNKNOWN.match(name):
        return "unknown"
    return "none" if SAID_NONE.match(name) else ""
