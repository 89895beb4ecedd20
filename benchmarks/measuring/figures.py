"""Readings, and the figures made of repeated ones.

It knows nothing of what was measured.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reading(NamedTuple):
    """One value of one repeat.

    Attributes:
        name: What was measured; repeats carry the same name.
        unit: Of the value, e.g. `events/s`.
        value: The number.
    """

    name: str
    unit: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """All values of one name, in the order they were measured."""

    benchmark: str
    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value to quote."""
        return statistics.median(self.values)

    def to_json(self) -> dict[str, Any]:
        """Return the raw values with their minimum, median and maximum."""
        return {
            "benchmark": self.benchmark,
            "name": self.name,
            "unit": self.unit,
            "minimum": min(self.values),
            "median": self.median,
            "maximum": max(self.values),
            "values": list(self.values),
        }


def figures(benchmark: str, readings: Iterable[Reading]) -> list[Figure]:
    """Gather readings of the same name and unit, in order of first appearance."""
    values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for reading in readings:
        values[reading.name, reading.unit].append(reading.value)
    return [
        Figure(benchmark, name, unit, tuple(found))
        for (name, unit), found in values.items()
    ]
