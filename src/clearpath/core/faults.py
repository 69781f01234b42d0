"""What is wrong with a line of a file: where, and what to do about it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` as a spreadsheet counts them, from 1; `column` as the file calls it, "" when it is the whole line."""

    line: int
    column: str
    code: str
    says: Any  # str or a lazy translation; never what stood in the cell


class UnreadableSheet(Exception):  # noqa: N818 - an answer to who sent it
    """Nothing can be read of the file: `says` why and what to do."""

    def __init__(self, says: Any) -> None:
        super().__init__(str(says))
        self.says = says
