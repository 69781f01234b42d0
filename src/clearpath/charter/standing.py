"""Where a subject stands, as far as one actor's decision needs to know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject at one moment, seen from one actor.

    `facts` are the subject's own facts, `lanes` one set of facts per lane that still runs, `lane` the index in
    `lanes` of the lane that the step is about (None: about the subject as a whole). `seated` are the positions
    and roles in which the actor sits there (on that lane or on the subject); `appointed` the steps that the
    responsible one appointed the actor to take (`*`: all of them).
    """

    kind: str
    stage: str
    facts: frozenset[str] = frozenset()
    lanes: tuple[frozenset[str], ...] = ()
    lane: int | None = None
    seated: frozenset[str] = frozenset()
    appointed: frozenset[str] = frozenset()
