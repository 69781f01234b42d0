"""Work for later: a lease table in the same database, so that the transaction that causes work queues it.

A *job* is one piece of work of a *kind*; it is *claimed* under a lease, and its owner's token fences off a
worker that comes back too late. Handlers run at least once, never in a transaction of ours, and must be
idempotent.

Others call `later`, `handler`, `every` and `run_due`, and write their handlers in `tasks.py`, which is found
at start-up. Payloads hold keys, never content.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from clearpath.jobs.registry import every, handler

if TYPE_CHECKING:
    from clearpath.jobs.leases import claim, extend, fail, finish, later
    from clearpath.jobs.runner import run_due

__all__ = ["claim", "every", "extend", "fail", "finish", "handler", "later", "run_due"]

HOMES = {"run_due": "runner"}


def __getattr__(name: str) -> Any:
    # The package is imported before Django may load its models.
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{HOMES.get(name, 'leases')}"), name)
