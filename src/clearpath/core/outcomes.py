"""What can come of a request besides success: three foreseen outcomes, each with a code and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Objection:
    """A reason for no: a stable code, and a sentence for people that says what is wrong and what to do."""

    code: str
    message: Any  # str or a lazy translation


class Outcome(Exception):  # noqa: N818 - an outcome is foreseen, not an error
    """Base of the foreseen outcomes."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.code)
        self.objection = objection

    @property
    def code(self) -> str:
        return self.objection.code


class NotFound(Outcome):
    """There is no such thing, or the actor may not see it: the two are told alike."""


class Refused(Outcome):
    """It cannot be done now."""


class NotYourPart(Refused):
    """It is somebody else's part, or something is missing first.

    `step` is the step that was tried, `rightful` the role or position whose part it is ("" when it is the
    actor's own part and only something is missing), `missing` the facts that must hold first.
    """

    def __init__(self, objection: Objection, *, step: str, rightful: str = "", missing: Sequence[str] = ()) -> None:
        super().__init__(objection)
        self.step = step
        self.rightful = rightful
        self.missing = tuple(missing)
        self.hand_off_url = ""  # set by the page, when the step can be handed over from there


def refuse_if(objection: Objection | None) -> None:
    """Raises Refused when there is an objection."""
    if objection is not None:
        raise Refused(objection)
