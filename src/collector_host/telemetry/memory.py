"""How much memory the process and the machine use, as the kernel tells.

It knows nothing of who asks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """One measurement.

    Attributes:
        global_percent: Share of the machine's memory that is not available.
        rss_bytes: Memory of this process that is in RAM.
        vms_bytes: Address space of this process.
    """

    global_percent: float
    rss_bytes: int
    vms_bytes: int


def measure(proc: Path = _PROC) -> Memory:
    """Measure now.

    Raises:
        OSError: The kernel's files cannot be read.
    """
    total_kib, available_kib = _machine(proc / "meminfo")
    vms_pages, rss_pages = map(int, (proc / "self/statm").read_text().split()[:2])
    page_bytes = os.sysconf("SC_PAGE_SIZE")
    return Memory(
        global_percent=100 * (total_kib - available_kib) / total_kib,
        rss_bytes=rss_pages * page_bytes,
        vms_bytes=vms_pages * page_bytes,
    )


def _machine(meminfo: Path) -> tuple[int, int]:
    lines = (line.split() for line in meminfo.read_text().splitlines())
    sizes = {words[0]: int(words[1]) for words in lines}
    return sizes["MemTotal:"], sizes["MemAvailable:"]
