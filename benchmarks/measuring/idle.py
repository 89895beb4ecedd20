"""What a collector costs that polls every 60 seconds and finds nothing new."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from measuring.figures import Reading
from measuring.processes import cpu_s, rss_mib
from measuring.stage import stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring.sizes import Size

_EVENTS: Final = 1_000


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Deliver what there is, then watch."""
    for _ in range(size.repeats):
        with stage(events=_EVENTS, seed=seed) as scene, scene.collector() as process:
            scene.await_stored(_EVENTS, process)
            time.sleep(size.settle_s)
            began_at, before_s = time.monotonic(), cpu_s(process.pid)
            time.sleep(size.idle_s)
            elapsed_s = time.monotonic() - began_at
            used_s = cpu_s(process.pid) - before_s
            yield Reading("share of one core", "%", used_s / elapsed_s * 100)
            yield Reading("memory", "MiB", rss_mib(process.pid))
