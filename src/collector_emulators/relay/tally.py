"""Named counters that several threads raise and others wait for.

It knows nothing of what is counted.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=str)


class Tally(Generic[Name]):
    """Counters that only grow; waiting for one replaces sleeping in a test."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts: Counter[Name] = Counter()

    def add(self, name: Name, amount: int = 1) -> None:
        """Raise a counter and wake those who wait for it."""
        with self._changed:
            self._counts[name] += amount
            self._changed.notify_all()

    def __getitem__(self, name: Name) -> int:
        with self._changed:
            return self._counts[name]

    def wait_for(self, name: Name, at_least: int = 1, timeout_s: float = 10.0) -> bool:
        """Wait until a counter reaches `at_least`; False when time ran out."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._counts[name] >= at_least, timeout_s
            )

    def snapshot(self) -> dict[Name, int]:
        """Return a copy of all counters above zero."""
        with self._changed:
            return dict(self._counts)
