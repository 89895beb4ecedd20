"""How much is measured: enough to see that it runs, to look, or to publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything.

    Attributes:
        repeats: How often each benchmark is repeated.
        events: Events that travel the whole path.
        messages: Messages given to the delivery room alone.
        paced_s: Seconds of delivery at a steady pace.
        starts: Starts of each command.
        settle_s: Seconds between the last event and the watch over an idle collector.
        idle_s: Seconds an idle collector is watched.
        commits: States that are committed.
    """

    repeats: int
    events: int
    messages: int
    paced_s: float
    starts: int
    settle_s: float
    idle_s: float
    commits: int


SIZES: Final = {
    "tiny": Size(
        repeats=1,
        events=200,
        messages=2_000,
        paced_s=1,
        starts=1,
        settle_s=0,
        idle_s=1,
        commits=10,
    ),
    "small": Size(
        repeats=3,
        events=10_000,
        messages=40_000,
        paced_s=5,
        starts=5,
        settle_s=8,
        idle_s=10,
        commits=200,
    ),
    "full": Size(
        repeats=5,
        events=50_000,
        messages=100_000,
        paced_s=20,
        starts=10,
        settle_s=8,
        idle_s=60,
        commits=1_000,
    ),
}
"""`tiny` only shows that every benchmark runs: its figures mean nothing."""
