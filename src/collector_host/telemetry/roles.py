"""Which part of the collector a log line belongs to.

The collector is one process; its log keeps the names of the processes the collector
SDK has. It knows nothing of what the parts do.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

MAIN: Final = "MainProcess"
INPUT: Final = "InputProcess"
OUTPUT: Final = "OutputProcess"

_assigned: Final[ContextVar[str | None]] = ContextVar("process_role", default=None)


def current_role() -> str:
    """Return the role of the running thread.

    It is, in this order: the thread's own attribute `process_role`, what `role` set,
    MAIN for the main thread. Any other thread was started by a module or a vendor's
    SDK, hence INPUT.
    """
    thread = threading.current_thread()
    own = getattr(thread, "process_role", None)
    usual = MAIN if thread is threading.main_thread() else INPUT
    return own or _assigned.get() or usual


@contextmanager
def role(name: str) -> Generator[None]:
    """Give the running thread a role for as long as the block lasts."""
    token = _assigned.set(name)
    try:
        yield
    finally:
        _assigned.reset(token)
