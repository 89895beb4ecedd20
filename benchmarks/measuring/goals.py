"""Goals that were set for figures, and whether they are met.

A goal that is missed fails nothing: machines are noisy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measuring.figures import Figure


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for the median of a figure.

    Attributes:
        name: The figure's name.
        at_most: Upper bound, or None.
        at_least: Lower bound, or None.
    """

    name: str
    at_most: float | None = None
    at_least: float | None = None

    def is_met(self, value: float) -> bool:
        """Tell whether a value keeps the bounds."""
        return (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )

    @property
    def text(self) -> str:
        """The bounds in words."""
        bounds = (("at most", self.at_most), ("at least", self.at_least))
        return " and ".join(f"{how} {b:,g}" for how, b in bounds if b is not None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal and the figure it was set for."""

    goal: Goal
    figure: Figure

    @property
    def is_met(self) -> bool:
        """Whether the median keeps the goal."""
        return self.goal.is_met(self.figure.median)

    def to_json(self) -> dict[str, Any]:
        """Return goal, median and verdict."""
        return {
            "benchmark": self.figure.benchmark,
            "name": self.goal.name,
            "goal": self.goal.text,
            "median": self.figure.median,
            "met": self.is_met,
        }


def verdicts(goals: Iterable[Goal], measured: Iterable[Figure]) -> list[Verdict]:
    """Return a verdict for each goal whose figure was measured."""
    by_name = {figure.name: figure for figure in measured}
    return [Verdict(goal, by_name[goal.name]) for goal in goals if goal.name in by_name]
