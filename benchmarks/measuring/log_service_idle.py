"""What a collector costs that finds nothing new in two shards, and asks as usual."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from measuring.emulators import wait_until
from measuring.figures import Reading
from measuring.goals import Goal
from measuring.log_source import Volume
from measuring.log_stage import log_stage
from measuring.processes import cpu_s, rss_mib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.sizes import Size

_EVENTS: Final = 1_000
_SHARE: Final = "share of one core"
GOALS: Final = (Goal(_SHARE, at_most=0.5),)


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Deliver what there is, then watch."""
    with log_stage(Volume(_EVENTS, seed=seed)) as scene:
        for _ in range(size.log_repeats):
            before = scene.sink.received().lines
            with scene.running_collector() as process:
                wait_until(
                    lambda: scene.sink.received().lines >= before + _EVENTS,  # noqa: B023
                    every_s=0.05,
                    by=process,
                )
                time.sleep(size.settle_s)
                began_at, before_s = time.monotonic(), cpu_s(process.pid)
                calls = scene.source.calls()
                time.sleep(size.idle_s)
                elapsed_s = time.monotonic() - began_at
                used_s = cpu_s(process.pid) - before_s
                made = scene.source.calls() - calls
                yield Reading(_SHARE, "%", used_s / elapsed_s * 100)
                yield Reading("calls", "1/s", made / elapsed_s)
                yield Reading("memory", "MiB", rss_mib(process.pid))
