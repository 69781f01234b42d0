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

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline  # of time.monotonic
        self.was_stopped = False

    @property
    def is_over(self) -> bool:
        return self.was_stopped or time.monotonic() >= self.deadline

    @property
    def seconds_left(self) -> float:
        return 0.0 if self.was_stopped else max(0.0, self.deadline - time.monotonic())

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
