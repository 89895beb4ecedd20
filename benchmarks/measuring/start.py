"""How long a start takes: the command line, the imports, the first event stored."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measuring.figures import Reading
from measuring.stage import Stage, stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from measuring.sizes import Size

_EVENTS: Final = 100

_COMMANDS: Final = {
    "collector --help": (Path(sys.executable).with_name("collector"), "--help"),
    "Python alone": (sys.executable, "-c", "pass"),
    "Python, the host imported": (
        *(sys.executable, "-c"),
        "import collector_host.cli.run",
    ),
    "Python, devo-sdk imported": (
        *(sys.executable, "-c"),
        "import collector_host.delivery.transports.devo_transport",
    ),
    "Python, the vendor's SDK imported": (
        *(sys.executable, "-c"),
        "import alibabacloud_actiontrail20200706.client",
    ),
}


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Time short commands in turn, then whole starts with an empty state."""
    for _ in range(size.starts):
        for name, command in _COMMANDS.items():
            yield from _timed(name, command)
    for _ in range(size.starts):
        with stage(events=_EVENTS, seed=seed) as scene:
            yield from _until_stored(scene)


def _timed(name: str, command: Sequence[str | Path]) -> Iterator[Reading]:
    began_at, cpu_before_s = time.perf_counter(), _children_cpu_s()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    elapsed_s = time.perf_counter() - began_at
    yield Reading(name, "ms", elapsed_s * 1e3)
    yield Reading(f"{name}: CPU", "ms", (_children_cpu_s() - cpu_before_s) * 1e3)


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _until_stored(scene: Stage) -> Iterator[Reading]:
    began_at = time.perf_counter()
    with scene.collector() as process:
        scene.await_first_call(process)
        called_s = time.perf_counter() - began_at
        scene.await_first_event(process)
        stored_s = time.perf_counter() - began_at
    yield Reading("collector run, to the first call", "s", called_s)
    yield Reading("collector run, to the first event stored", "s", stored_s)
