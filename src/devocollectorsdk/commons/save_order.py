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
        self._behind = self._unsendable = 0
        self._reported = False

    def sent(self) -> None:
        """Count an item of any kind that was queued: a page, a lookup, a message."""
        with self._mutex:
            self._behind += 1

    def unsendable(self) -> None:
        """Count what cannot be sent, and of which the module was told by an error."""
        with self._mutex:
            self._unsendable += 1

    @property
    def has_unsendable(self) -> bool:
        """Tell whether there was such a thing since the last save."""
        return self._unsendable > 0

    def saved(self) -> int:
        """Note a save: nothing is behind it yet.

        Returns:
            How many things that cannot be sent it steps over.
        """
        with self._mutex:
            self._saves += 1
            skipped, self._unsendable = self._unsendable, 0
            self._behind = 0
            return skipped

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
