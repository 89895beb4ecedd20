"""How long things waited, between two looks. Safe to use from several threads."""

from __future__ import annotations

import threading


class Waits:
    """Collects waiting times until they are taken."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._count = 0
        self._total_s = 0.0
        self._least_s = 0.0
        self._most_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one wait."""
        with self._mutex:
            self._least_s = min(self._least_s, seconds) if self._count else seconds
            self._most_s = max(self._most_s, seconds)
            self._count += 1
            self._total_s += seconds

    def take(self) -> dict[str, float]:
        """Return count, min, max and avg in seconds, and begin anew."""
        with self._mutex:
            count, total_s = self._count, self._total_s
            least_s, most_s = self._least_s, self._most_s
            self._count = 0
            self._total_s = self._least_s = self._most_s = 0.0
        return {
            "count": count,
            "min": round(least_s, 6),
            "max": round(most_s, 6),
            "avg": round(total_s / count, 6) if count else 0.0,
        }
