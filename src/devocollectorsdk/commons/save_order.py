"""Whether a module saves its state behind what it sends, as it should.

It counts what passes an owner; it knows neither queues nor states.
"""

from __future__ import annotations

import threading


class SaveOrder:
    """Counts items behind the last save. Safe to use from several threads."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._saves = self._saves_before_pull = 0
        self._behind = 0
        self._reported = False

    def sent(self) -> None:
        """Count an item of any kind that was queued: a page, a lookup, a message."""
        with self._mutex:
            self._behind += 1

    def saved(self) -> None:
        """Note a save: nothing is behind it yet."""
        with self._mutex:
            self._saves += 1
            self._behind = 0

    def begin_pull(self) -> None:
        """Note the beginning of a pull."""
        with self._mutex:
            self._saves_before_pull = self._saves

    def to_report(self) -> int:
        """Return how many items the pull that ends sent after its last save.

        Returns:
            0 if there are none, if the pull saved nothing, or if it was told before.
        """
        with self._mutex:
            saved = self._saves > self._saves_before_pull
            if self._reported or not (saved and self._behind):
                return 0
            self._reported = True
            return self._behind
