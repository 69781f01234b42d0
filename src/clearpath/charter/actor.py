"""Who is acting: built once at the edge, so that nothing below reads the clock or the session."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in one role, for an organisation unless they are patient, home doctor or the network."""

    role: str
    now: datetime
    person_id: UUID | None = None  # None for the network itself, and for who has no account and takes no steps
    organisation_id: UUID | None = None
    for_person_id: UUID | None = None  # the patient who appointed this person in writing
    also: frozenset[str] = field(default=frozenset())  # other roles held by the same or a connected party
    language: str = "en"

    @property
    def stands_for(self) -> UUID | None:
        """The person whose things are this actor's own: the patient, when a relative acts for them."""
        return self.for_person_id if self.role == "patient" and self.for_person_id else self.person_id

    @property
    def somebody(self) -> UUID:
        """The person who acts. Raises ValueError for the network, which is nobody."""
        if self.person_id is None:
            raise ValueError("The network itself acts here: there is no person.")
        return self.person_id

    @property
    def party(self) -> UUID:
        """Whose interests the actor acts in: the organisation, or the person that they are or stand for."""
        return self.organisation_id or self.stands_for or self.somebody
