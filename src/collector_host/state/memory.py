"""State that lives as long as the process: for trials that must leave no trace.

It keeps the contract of `Store` except the one about power.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from collector_host.errors import StateError
from collector_host.state.encoding import snapshot

if TYPE_CHECKING:
    from collector_host.state.protocol import State


class MemoryStore:
    """A `Store` in memory."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._states: dict[str, dict[str, Any]] = {}
        self._closed = False

    def load(self, owner: str) -> dict[str, Any] | None:
        """Return a fresh copy of the state committed last, or None."""
        with self._mutex:
            self._check_open()
            return snapshot(self._states.get(owner))

    def commit(self, owner: str, state: State | None) -> None:
        """Keep a copy of a state; None forgets it."""
        with self._mutex:
            self._check_open()
            if state is None:
                self._states.pop(owner, None)
            else:
                self._states[owner] = snapshot(state)

    def owners(self) -> tuple[str, ...]:
        """Return the owners that have a state, sorted."""
        with self._mutex:
            self._check_open()
            return tuple(sorted(self._states))

    def close(self) -> None:
        """Refuse all later calls."""
        with self._mutex:
            self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            message = "the state store is closed"
            raise StateError(message)
