"""What a received file is and says, told from its bytes alone: the name and type that a sender gives prove nothing.

Plain functions of bytes: no database. Words: what a file *tells* is whom it is about, its numbers and what can be
understood in it; a file is *examined* once, before anybody waits for a lock.
"""

from clearpath.records.received.examining import Member, Received, examine
from clearpath.records.received.kinds import EXTENSIONS, FHIR, LARGEST, LARGEST_ARCHIVE, NAMES, media_type_of

__all__ = [
    "EXTENSIONS",
    "FHIR",
    "LARGEST",
    "LARGEST_ARCHIVE",
    "NAMES",
    "Member",
    "Received",
    "examine",
    "media_type_of",
]
