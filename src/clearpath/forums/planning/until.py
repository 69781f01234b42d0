"""When a search ends: at a moment, or by Ctrl-C, and what was found until then counts."""

import signal
import threading
import time
from types import FrameType
from typing import Self


class Until:
    """Asked between two steps of a search, so that no step is left half done.

    The first Ctrl-C ends the search, a second one the program. In a thread only the time counts.
    """

    def __init__(self, deadline: float, whole: "Until | None" = None) -> None:
        self.deadline = deadline  # of time.monotonic
        self._whole = whole
        self.was_stopped = False

    @property
    def is_over(self) -> bool:
        return self.seconds_left <= 0

    @property
    def seconds_left(self) -> float:
        if self.was_stopped or (self._whole is not None and self._whole.was_stopped):
            return 0.0
        return max(0.0, self.deadline - time.monotonic())

    def before(self, share: float) -> "Until":
        """The same, but a share of the time that is left is kept for later."""
        return Until(self.deadline - share * self.seconds_left, whole=self)

    def keep(self, seconds: float) -> None:
        """For what comes after the search, so that it ends that much earlier."""
        self.deadline -= seconds

    def __enter__(self) -> Self:
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.was_stopped:
            raise KeyboardInterrupt
        self.was_stopped = True

    def __exit__(self, *_raised: object) -> None:
        if self._is_main:
            signal.signal(signal.SIGINT, self._before)
