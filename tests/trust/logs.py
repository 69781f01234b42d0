"""Small logs to test with."""

from uuid import UUID, uuid4

from django.db import transaction

from clearpath.charter.actor import Actor
from clearpath.trust import log
from tests.conftest import NOON

JOURNEY, OTHER, OFFER = UUID(int=1), UUID(int=2), UUID(int=9)
PATIENT = Actor(role="patient", now=NOON, person_id=UUID(int=7))
RELATIVE = Actor(role="patient", now=NOON, person_id=uuid4(), for_person_id=uuid4(), organisation_id=uuid4())


def append(chain=JOURNEY, by=PATIENT, step="offers.accept", decision="done", charter="1.0", **more):
    with transaction.atomic():
        return log.append(chain=chain, by=by, step=step, decision=decision, charter=charter, **more)


def small_log():
    """Two chains that grew side by side: three entries and two, with every column filled somewhere."""
    return [
        append(by=RELATIVE, about=("offers.offer", OFFER), content={"total_minor": 420_000}),
        append(OTHER, step="records.read_summary", decision="read"),
        append(decision="refused", reason="offer_expired"),
        append(OTHER),
        append(step="journeys.close"),
    ]
