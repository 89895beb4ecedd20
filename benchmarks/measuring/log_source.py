"""A Log Service in a process of its own, filled before it is measured.

It knows how to start it and what it was asked, not who asks.
"""

from __future__ import annotations

import json
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from measuring.emulators import emulator
from measuring.processes import cpu_s

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

EVENT_BYTES: Final = 1_600
GROUP_EVENTS: Final = 40
DISTINCT_EVENTS: Final = 240_000
"""Of each of two shards more than the collector remembers: when they come round again,
they are new to it, even where only one shard is left to read."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What a Log Store holds.

    Attributes:
        events: Events; above the distinct ones rounded to whole rounds of them.
        group_events: Events in a log group.
        shards: Shards they are spread over.
        seed: Seed of the events.
    """

    events: int
    group_events: int = GROUP_EVENTS
    shards: int = 2
    seed: int = 1

    @property
    def distinct_events(self) -> int:
        """Events of one round."""
        return min(self.events, DISTINCT_EVENTS)

    @property
    def rounds(self) -> int:
        """How often they are served."""
        return max(round(self.events / self.distinct_events), 1)

    @property
    def served_events(self) -> int:
        """Events of all rounds."""
        return self.distinct_events * self.rounds


@dataclass(frozen=True, slots=True)
class LogSource:
    """A running Log Service.

    Attributes:
        pid: Its process.
        ready: What it said when it was ready.
    """

    pid: int
    ready: dict[str, Any]

    @property
    def events(self) -> int:
        """How many events it holds."""
        return int(self.ready["events"])

    def calls(self) -> int:
        """Return how many calls it had so far."""
        request = urllib.request.Request(  # noqa: S310  (http on loopback)
            f"{self.ready['control_url']}summary",
            headers={"x-emulator-secret": self.ready["control_secret"]},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return int(json.load(answer)["calls"])

    def cpu_s(self) -> float:
        """Return the CPU seconds it has used so far."""
        return cpu_s(self.pid)


@contextmanager
def log_source(folder: Path, volume: Volume) -> Generator[LogSource]:
    """Run a Log Service without limits of rate."""
    with emulator(
        folder,
        *("log-service", "--count-only", "--rate-bytes", 0, "--rate-calls", 0),
        *("--count", volume.distinct_events, "--repeat", volume.rounds),
        *("--events-per-group", volume.group_events, "--event-bytes", EVENT_BYTES),
        *("--shards", volume.shards, "--seed", volume.seed),
    ) as (_, ready):
        source = LogSource(int(ready["pid"]), ready)
        yield source
