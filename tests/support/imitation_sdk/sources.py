"""Both services with records in them, the same for every run, and who may read them."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.actiontrail.knobs import Knobs as TrailKnobs
from collector_emulators.generator import Volume, generate
from collector_emulators.log_service import Knobs as StoreKnobs
from collector_emulators.log_service import LogServiceEmulator
from collector_emulators.log_service.trail import Shape, generate_records

if TYPE_CHECKING:
    from collections.abc import Mapping

TRAIL, STORE, ACCESS = "actiontrail", "actiontrail_log_service", "access_log_service"
TABLES: Final = {
    TRAIL: "cloud.alibaba.actiontrail.events",
    STORE: "cloud.alibaba.log_service.events",
    ACCESS: "cloud.alibaba.log_service.access_log",
}
PAGE: Final = 50
"""Events of one page of the trail, which is also what is saved together."""
PART: Final = 60
"""Records of a Log Store that are saved together, at least."""
PART_AT_MOST: Final = PART + 64
KEY: Final = {
    "access_key_id": "example-key-id",
    "access_key_secret": "example-key-secret",
}
_PROJECT: Final = "example-project"
_SHARDS: Final = 2


class Sources:
    """One trail, and one Log Store of each kind.

    Attributes:
        counts: Service -> events it holds.
    """

    def __init__(self, *, count: int = 150) -> None:
        self._stack = ExitStack()
        self.trail = ActionTrailEmulator(knobs=TrailKnobs(rate_per_s=None))
        self.stores = LogServiceEmulator(
            knobs=StoreKnobs(shard_reads_per_s=0, shard_bytes_per_s=0)
        )
        self._now = datetime.now(UTC).replace(microsecond=0)
        self.counts = dict.fromkeys(TABLES, 0)
        self._seed = 0
        self.stores.create_store(_PROJECT, "events", shards=_SHARDS)
        self.stores.create_store(_PROJECT, "access", shards=1)
        self.fill(count)

    def __enter__(self) -> Self:
        self._stack.enter_context(self.trail)
        self._stack.enter_context(self.stores)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    @property
    def start(self) -> datetime:
        """The first instant asked for."""
        return self._now - timedelta(hours=3)

    def fill(self, count: int, *, minutes: tuple[int, int] = (170, 20)) -> None:
        """Add so many records to each, between so many minutes old."""
        self._seed += 1
        now = self._now.timestamp()
        begin, end = (now - 60 * each for each in minutes)
        volume = Volume(count=count, start=begin, end=end, burst=count // 3)
        self.trail.load([timed.event for timed in generate(self._seed, volume)])
        groups = generate_records(self._seed, volume, Shape())
        self.stores.append(_PROJECT, "events", [one._replace(at=end) for one in groups])
        times = range(int(volume.start), int(end), int(end - volume.start) // count)
        accesses = [
            {"__time__": time, "path": f"/{self._seed}/{number}", "status": "200"}
            for number, time in enumerate(times[:count])
        ]
        self.stores.append(_PROJECT, "access", accesses, at=end)
        for service in self.counts:
            self.counts[service] += count

    def services(self, **changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the settings of every service; `changes` are by service."""
        common = {
            "region": "cn-hangzhou",
            "initial_start_time_in_utc": f"{self.start:%Y-%m-%dT%H:%M:%SZ}",
            "request_period_in_seconds": 1,
        }
        store = {**common, "endpoint": self.stores.endpoint, "project": _PROJECT}
        trail = {**common, "endpoint": f"http://{self.trail.endpoint}"}
        found = {
            TRAIL: trail,
            STORE: {**store, "logstore": "events"},
            ACCESS: {**store, "logstore": "access"},
        }
        return {name: {**one, **changes.get(name, {})} for name, one in found.items()}
