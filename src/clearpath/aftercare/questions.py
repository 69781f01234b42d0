"""What the network asks of a journey in aftercare."""

from datetime import datetime
from typing import Any

from clearpath.aftercare import policies
from clearpath.aftercare.models import Report
from clearpath.turns.hooks import question


@question("an_answer_needs_a_doctor")
def an_answer_needs_a_doctor(journey: Any, _at: datetime) -> bool:
    """Whether a report needs a doctor and no warning was raised for it yet."""
    return Report.objects.filter(journey_id=journey.pk, warning=None).exclude(alarms=[]).exists()


@question("ninety_days_without_answer")
def ninety_days_without_answer(journey: Any, at: datetime) -> bool:
    """Whether nothing was heard for 90 days in aftercare, neither from the patient nor by coming home."""
    if journey.stage != "aftercare":
        return False
    last = Report.objects.filter(journey_id=journey.pk).order_by("-reported_at").first()
    heard = max(last.reported_at, journey.stage_since) if last else journey.stage_since
    return policies.is_silent(heard, at=at)
