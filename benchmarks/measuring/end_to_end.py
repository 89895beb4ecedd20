"""The whole path: vendor SDK, collector, TLS with devo-sdk, relay with a ledger.

The calls are paced at 100 a second of 50 events, the highest rate a configuration
may ask for, so that the rate found may be this limit; the CPU time tells what the
collector could do.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from measuring.figures import Reading
from measuring.processes import cpu_s, rss_peak_mib
from measuring.stage import Stage, stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.sizes import Size


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Measure from the first call to the last event stored, start-up left out.

    Raises:
        RuntimeError: The ledgers differ: figures of lost events are worth nothing.
    """
    for repeat in range(size.repeats):
        with stage(events=size.events, seed=seed + repeat) as scene:
            yield from _once(scene, size.events)
            _check(scene, size.events)


def _once(scene: Stage, events: int) -> Iterator[Reading]:
    with scene.collector() as process:
        scene.await_first_call(process)
        began_at, cpu_before_s = time.monotonic(), cpu_s(process.pid)
        scene.await_stored(events, process)
        elapsed_s = time.monotonic() - began_at
        used_s = cpu_s(process.pid) - cpu_before_s
        yield Reading("rate", "events/s", events / elapsed_s)
        yield Reading("CPU of the collector", "s/million", used_s / events * 1e6)
        yield Reading("share of one core", "%", used_s / elapsed_s * 100)
        yield Reading("memory, highest", "MiB", rss_peak_mib(process.pid))


def _check(scene: Stage, events: int) -> None:
    found = scene.compared()
    if (found.delivered, found.lost, found.altered) != (events, 0, 0):
        message = f"not every event arrived once and unchanged: {found}"
        raise RuntimeError(message)
