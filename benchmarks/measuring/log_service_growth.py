"""Whether an event costs the same among few and many, in one shard and in many.

What starting and ending cost is measured with a Log Store that is all but empty, and
taken off. It writes a plot where the sizes are those to be published.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measuring.figures import Reading
from measuring.goals import Goal
from measuring.log_plot import Curve, write_plot
from measuring.log_source import GROUP_EVENTS, Volume
from measuring.log_stage import log_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.sizes import Size

PLOT: Final = Path(__file__).resolve().parents[2] / "docs" / "log-service-growth.svg"
_PUBLISHED_EVENTS: Final = 10_000_000
_OFTEN_EVENTS: Final = 1_000_000
_RATIO: Final = "dearest : cheapest"
GOALS: Final = (
    Goal(f"events, from 100,000 on, {_RATIO}", at_most=1.25),
    Goal(f"shards, {_RATIO}", at_most=1.25),
)


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Deliver Log Stores of growing size, then of a growing number of shards."""
    start_s = _cpu_s(Volume(GROUP_EVENTS, seed=seed), size.log_repeats)
    yield Reading("start and end: CPU", "s", statistics.median(start_s))
    taken_off_s = statistics.median(start_s)
    events, shards = Curve("Events"), Curve("Shards")
    for count in size.log_growth_events:
        repeats = size.log_repeats if count <= _OFTEN_EVENTS else 1
        costs = _per_event_us(Volume(count, seed=seed), repeats, taken_off_s)
        events.add(count, statistics.median(costs))
        yield from (Reading(f"{count:,} events", "µs/event", cost) for cost in costs)
    for count in size.log_growth_shards:
        volume = Volume(size.log_shard_events, shards=count, seed=seed)
        costs = _per_event_us(volume, size.log_repeats, taken_off_s)
        shards.add(count, statistics.median(costs))
        yield from (Reading(f"{count} shard(s)", "µs/event", cost) for cost in costs)
    many = [cost for count, cost in events.points if count >= 100_000]
    if many:
        name = f"events, from 100,000 on, {_RATIO}"
        yield Reading(name, "ratio", max(many) / min(many))
    each = [cost for _, cost in shards.points]
    yield Reading(f"shards, {_RATIO}", "ratio", max(each) / min(each))
    if size.log_growth_events[-1] >= _PUBLISHED_EVENTS:
        write_plot(PLOT, (events, shards))


def _per_event_us(volume: Volume, repeats: int, taken_off_s: float) -> list[float]:
    costs = _cpu_s(volume, repeats)
    return [(cost - taken_off_s) / volume.served_events * 1e6 for cost in costs]


def _cpu_s(volume: Volume, repeats: int) -> list[float]:
    with log_stage(volume) as scene:
        return [scene.deliver().cpu_s for _ in range(repeats)]
