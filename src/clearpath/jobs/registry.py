"""Which function does which kind of work, and what is done again and again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol


class Handler(Protocol):
    """Does one job. Must be idempotent: after a crash it is called again with the same payload."""

    def __call__(self, payload: Mapping[str, Any], /, *, now: datetime) -> object: ...


HANDLERS: dict[str, Handler] = {}
PERIODS: dict[str, timedelta] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of a kind of job. Raises ValueError when the kind has another one."""

    def register(function: Handler) -> Handler:
        known = HANDLERS.get(kind)
        if known is not None and home_of(known) != home_of(function):
            raise ValueError(f"two handlers for jobs of kind {kind!r}: {home_of(known)} and {home_of(function)}")
        HANDLERS[kind] = function
        return function

    return register


def every(seconds: float, kind: str) -> None:
    """Have a job of this kind done once in so many seconds, by whichever worker comes first."""
    PERIODS[kind] = timedelta(seconds=seconds)


def home_of(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def period_key(kind: str) -> str:
    """The idempotency key of the one row of a periodic job."""
    return f"every:{kind}"
