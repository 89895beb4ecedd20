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
        lint_files: Files that are linted in one call.
        lint_repeats: How often they are.
        log_repeats: How often a benchmark of Log Service is repeated.
        log_events: Events of a Log Store that each program delivers.
        log_single_events: The same, one event in each log group.
        log_growth_events: Sizes of a Log Store, smallest first.
        log_growth_shards: Numbers of shards, smallest first.
        log_shard_events: Events spread over them.
        log_memory_events: Events caught up with while memory is watched.
    """

    repeats: int
    events: int
    messages: int
    paced_s: float
    starts: int
    settle_s: float
    idle_s: float
    commits: int
    lint_files: int
    lint_repeats: int
    log_repeats: int
    log_events: int
    log_single_events: int
    log_growth_events: tuple[int, ...]
    log_growth_shards: tuple[int, ...]
    log_shard_events: int
    log_memory_events: int


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
        lint_files=20,
        lint_repeats=1,
        log_repeats=1,
        log_events=2_000,
        log_single_events=1_000,
        log_growth_events=(1_000, 2_000),
        log_growth_shards=(1, 2),
        log_shard_events=2_000,
        log_memory_events=4_000,
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
        lint_files=1_000,
        lint_repeats=3,
        log_repeats=2,
        log_events=240_000,
        log_single_events=60_000,
        log_growth_events=(10_000, 100_000),
        log_growth_shards=(1, 4, 16),
        log_shard_events=60_000,
        log_memory_events=480_000,
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
        lint_files=1_000,
        lint_repeats=10,
        log_repeats=3,
        log_events=480_000,
        log_single_events=240_000,
        log_growth_events=(10_000, 100_000, 1_000_000, 10_000_000),
        log_growth_shards=(1, 2, 4, 8, 16, 32, 64),
        log_shard_events=240_000,
        log_memory_events=10_000_000,
    ),
}
"""`tiny` only shows that every benchmark runs: its figures mean nothing."""
