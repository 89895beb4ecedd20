"""Memory of a collector that catches up with millions of events."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from measuring.figures import Reading
from measuring.goals import Goal
from measuring.log_source import Volume
from measuring.log_stage import log_stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from measuring.log_run import Sample
    from measuring.sizes import Size

_HIGHEST: Final = "memory, highest"
_SLOPE: Final = "slope of the second half"
GOALS: Final = (Goal(_HIGHEST, at_most=250), Goal(_SLOPE, at_most=1))
_MANY: Final = 8


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Deliver everything once, looking at the memory four times a second."""
    with log_stage(Volume(size.log_memory_events, seed=seed)) as scene:
        outcome = scene.deliver()
    samples = outcome.samples
    middle = len(samples) // 2
    yield Reading(_HIGHEST, "MiB", outcome.rss_peak_mib)
    if len(samples) >= _MANY:
        early = statistics.median(s.rss_mib for s in samples[middle // 2 : middle])
        late = statistics.median(s.rss_mib for s in samples[-middle // 2 :])
        yield Reading("memory, second quarter", "MiB", early)
        yield Reading("memory, last quarter", "MiB", late)
        yield Reading(_SLOPE, "MiB/million", _slope(samples[middle:]))
    yield Reading("events", "events", outcome.events)


def _slope(samples: Sequence[Sample]) -> float:
    """Return by how much memory grows with each million events, by least squares."""
    millions = [sample.lines / 1e6 for sample in samples]
    if len(set(millions)) == 1:
        return 0.0
    memory = [sample.rss_mib for sample in samples]
    return statistics.linear_regression(millions, memory).slope
