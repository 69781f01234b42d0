"""Work for later: the network looks at subjects, and old hand-offs lapse."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.turns import charters
from clearpath.turns.models import HandOff, Subject
from clearpath.turns.network import look_at


@jobs.handler("turns.look")
def look(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Look at one subject and take what its questions now ask for."""
    look_at(UUID(payload["subject"]), at=now)


@jobs.handler("turns.sweep")
def sweep(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Look at every open subject that waits for the network, and let old hand-offs lapse."""
    HandOff.objects.filter(state=HandOff.State.OFFERED, lapses_at__lte=now).update(
        state=HandOff.State.LAPSED, answered_at=now
    )
    open_subjects = Subject.objects.filter(closed_at=None).order_by("pk").values_list("pk", "kind", "charter")
    for subject_id, kind, version in list(open_subjects):
        if charters.network_steps(version, kind):
            look_at(subject_id, at=now)


jobs.every(900, "turns.sweep")
