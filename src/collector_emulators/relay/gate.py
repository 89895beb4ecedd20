"""Where stalled connections wait until a test releases them.

It knows nothing of why they wait.
"""

from __future__ import annotations

import threading


class Gate:
    """Holds threads back; `release` frees those waiting now, `open` all for good."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._released = 0
        self._open = False

    @property
    def is_open(self) -> bool:
        """Tell whether waiting has come to an end for good."""
        return self._open

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until released, opened, or out of time (None is no limit)."""
        with self._changed:
            before = self._released
            self._changed.wait_for(
                lambda: self._open or self._released > before, timeout_s
            )

    def pause(self, seconds: float) -> None:
        """Wait this long; only `open` ends it early."""
        with self._changed:
            self._changed.wait_for(lambda: self._open, seconds)

    def release(self) -> None:
        """Free everyone who waits now."""
        with self._changed:
            self._released += 1
            self._changed.notify_all()

    def open(self) -> None:
        """Free everyone, now and later."""
        with self._changed:
            self._open = True
            self._changed.notify_all()
