"""Log Service, a receiver and folders for the real collector between them.

Virtual time of the Log Store is two days behind: a day more of it is still the past
for the collector.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from collector_emulators.certificates import ensure_certificates
from collector_emulators.clock import DataClock, format_instant
from collector_emulators.comparison import (
    LOG_STORE_KEYS,
    Comparison,
    compare,
    fingerprints,
)
from collector_emulators.generator import Volume
from collector_emulators.log_service import Knobs, LogServiceEmulator
from collector_emulators.log_service.records import Received, make_entry
from collector_emulators.log_service.trail import Shape, generate_records
from collector_emulators.log_service.wire import Group
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from support.collecting import TESTS, Running
from support.stage import ENVIRONMENT, FAST, TIMEOUT_S, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from collector_emulators.ledger import Call, Served
    from collector_emulators.relay.ledger import Stored

Change: TypeAlias = "Callable[..., None]"

SERVICE = "actiontrail_log_service"
TABLE = "cloud.alibaba.log_service.events"
PROJECT, STORE = "example-project", "actiontrail_example"
DAY_S = 86_400
CLEAN = {"lost": 0, "altered": 0, "duplicates": 0}
_BASE_S = int(time.time()) - 2 * DAY_S


@lru_cache(maxsize=32)
def _generated(
    seed: int, volume: Volume, per_group: int
) -> tuple[tuple[Received, ...], frozenset[Served]]:
    """Return log groups and what is in them; making them costs as much as a run."""
    groups = tuple(generate_records(seed, volume, Shape(events_per_group=per_group)))
    return groups, served(groups)


def served(groups: Iterable[Received]) -> frozenset[Served]:
    """Return the records of log groups as a judge knows them."""
    return frozenset(
        record for one in groups for record in make_entry(one.group).served
    )


class Collector(Program):
    """The program, changed or not, in a folder of its own.

    Args:
        folder: Where configuration, state and logs go.
        changes: Functions that change the program before it starts.
    """

    def __init__(self, folder: Path, changes: Iterable[Change] = ()) -> None:
        super().__init__(folder)
        lines = [
            f"from {one.__module__} import {one.__name__}; {one.__name__}()"
            for one in changes
        ]
        lines.append("from collector_host.cli import main; main()")
        self._program = ["-c", "\n".join(lines)]

    def spawn(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the program; its log is read from the process."""
        return subprocess.Popen(
            [sys.executable, *self._program, *arguments],
            cwd=self.folder,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(TESTS)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run the program to its end; return exit code and log.

        One that does not end is told to say where all its threads are.
        """
        environment = {"PYTHONFAULTHANDLER": "1"} | environment
        with self.spawn(*arguments, **environment) as process:
            try:
                _, log = process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)
                _, log = process.communicate(timeout=TIMEOUT_S)
                message = f"the collector did not end: {log}"
                raise AssertionError(message) from None
        return process.returncode, log

    @contextmanager
    def running(self, *arguments: str, **environment: str) -> Generator[Running]:
        """Run the program, and leave no process behind."""
        with self.spawn("run", *arguments, **environment) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    def states(self) -> list[dict[str, Any]]:
        """Return what is saved for each module."""
        files = sorted((self.folder / "state").glob("alibaba-*.json"))
        texts = [one.read_text() for one in files if ".prev." not in one.name]
        return [json.loads(text)["state"] for text in texts]

    def state(self) -> dict[str, Any]:
        """Return what is saved for the only module."""
        (found,) = self.states()
        return found

    def unfinished(self) -> list[str]:
        """Return shards that may still get records, as far as is saved."""
        shards = self.state()["shards"].items()
        return [number for number, shard in shards if not shard["done"]]


class LogStoreStage(Collector):
    """Everything around the collector, in this process; the collector is not.

    Args:
        folder: Where configuration, state and logs go.
        certificates: Folder of the relay's certificates, made when missing.
        count: Events the Log Store holds at first.
        per_group: Events in one log group.
        shards: Shards at first.
        ttl_days: Virtual days a record is kept.
        knobs: Settings of the source; no quota when None.
        faults: What goes wrong at the relay.
        delivery: The output's `delivery` block.
        changes: As for `Collector`.
        service: Settings of the service that differ from the usual ones.
    """

    def __init__(
        self,
        folder: Path,
        *,
        certificates: Path,
        count: int = 300,
        per_group: int = 1,
        shards: int = 2,
        ttl_days: int = 30,
        knobs: Knobs | None = None,
        faults: tuple[str, ...] = (),
        delivery: str = FAST,
        changes: Iterable[Change] = (),
        **service: Any,
    ) -> None:
        super().__init__(folder, changes)
        self._stack = ExitStack()
        self._certificates = ensure_certificates(certificates)
        self._delivery = delivery
        self._service = service
        self._held: dict[str, set[Served]] = {}
        self._groups: list[Received] = []
        self._seed = 0
        self.source = LogServiceEmulator(
            knobs=knobs or Knobs(shard_reads_per_s=0, shard_bytes_per_s=0),
            data_clock=DataClock(_BASE_S),
        )
        plan = FaultPlan(*map(parse_fault, faults))
        self.relay = Relay(self._certificates, faults=plan)
        self.add_store(STORE, shards=shards, ttl_days=ttl_days)
        self.fill(count, per_group=per_group)

    where = (PROJECT, STORE)

    def __enter__(self) -> Self:
        self._stack.enter_context(self.source)
        self._stack.enter_context(self.relay)
        self.write_config()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    @property
    def start(self) -> str:
        """The first instant asked for, a day before the oldest record."""
        return format_instant(_BASE_S - DAY_S)

    @property
    def calls(self) -> list[Call]:
        """Every call the source got."""
        return self.source.requests()

    def add_store(self, store: str, *, shards: int = 2, ttl_days: int = 30) -> None:
        """Make one more Log Store."""
        self.source.create_store(PROJECT, store, shards=shards, ttl_days=ttl_days)

    def fill(self, count: int, *, per_group: int = 1, store: str = STORE) -> None:
        """Add events that were received over the last virtual two hours."""
        now = int(self.source.data_clock.seconds())
        groups, held = _generated(*self._next(count, now), per_group)
        self._add(groups, held, store, None)

    def receive(
        self, count: int, *, shard: int | None = None, at: float | None = None
    ) -> frozenset[Served]:
        """Add events that are received together: now, or at a virtual second."""
        arrival = self.source.data_clock.seconds() if at is None else at
        groups, held = _generated(*self._next(count, int(arrival)), 1)
        moved = [one._replace(at=arrival) for one in groups]
        self._add(moved, held, STORE, shard)
        return held

    def miss(self, count: int, *, days: float = 1) -> None:
        """Receive events, and let them grow too old before anybody reads them."""
        now = self.source.data_clock.seconds()
        groups, _ = _generated(*self._next(count, int(now)), 1)
        moved = [one._replace(at=now) for one in groups]
        self.source.append(PROJECT, STORE, moved)
        self.source.advance(days * DAY_S)

    def append(
        self, groups: Iterable[Group | bytes], *, store: str = STORE
    ) -> frozenset[Served]:
        """Add log groups that are received now; return their records."""
        now = self.source.data_clock.seconds()
        given = [Received(one, now) for one in groups]
        held = served(given)
        self._add(given, held, store, None)
        return held

    def _next(self, count: int, now: int) -> tuple[int, Volume]:
        self._seed += 1
        return self._seed, Volume(count=count, start=now - 7_200, end=now - 900)

    def _add(
        self,
        groups: Iterable[Received],
        held: Iterable[Served],
        store: str,
        shard: int | None,
    ) -> None:
        given = list(groups)
        self._groups += given
        self.source.append(PROJECT, store, given, shard=shard)
        self._held.setdefault(store, set()).update(held)

    def shard_ids(self) -> list[int]:
        """Return the numbers of the shards there are."""
        return [one["shardID"] for one in self.source.shards(PROJECT, STORE)]

    def split(self, shard: int) -> list[int]:
        """Split a shard of the Log Store; return its children."""
        return self.source.split(PROJECT, STORE, shard)

    def merge(self, shard: int) -> int:
        """Merge a shard with its right neighbour; return the new one."""
        return self.source.merge(PROJECT, STORE, shard)

    def write_config(self, folder: Path | None = None, **service: Any) -> None:
        """Write the configuration of the one service, changed by `service`."""
        settings = {**self.settings(), **self._service, **service}
        known = {name: one for name, one in settings.items() if one is not None}
        self.write_services({SERVICE: known}, folder)

    def settings(self) -> dict[str, Any]:
        """Return the usual settings of a service."""
        return {
            "region": "cn-hangzhou",
            "endpoint": self.source.endpoint,
            "project": PROJECT,
            "logstore": STORE,
            "initial_start_time_in_utc": self.start,
            "request_period_in_seconds": 1,
        }

    def write_services(
        self, services: Mapping[str, Any], folder: Path | None = None
    ) -> None:
        """Write a configuration with these services."""
        client = self._certificates.client
        output = {
            "address": "127.0.0.1",
            "port": self.port,
            "chain": str(self._certificates.chain),
            "cert": str(client.certificate),
            "key": str(client.key),
        }
        text = _CONFIG.format(
            output=json.dumps(output),
            delivery=self._delivery,
            services=json.dumps(services),
        )
        ((folder or self.folder) / "config.yaml").write_text(text, encoding="utf-8")

    @property
    def port(self) -> int:
        """Where the collector delivers to; the relay, if not set to another."""
        return self._port or self.relay.port

    @port.setter
    def port(self, port: int) -> None:
        self._port = port

    _port = 0

    def held(self, store: str = STORE) -> set[Served]:
        """Return every event of a Log Store, whether it was asked for or not."""
        return set(self._held[store])

    def texts(self) -> set[bytes]:
        """Return the text of every event the generator made, as it was written."""
        return {
            content[1]
            for one in self._groups
            if isinstance(one.group, Group)
            for log in one.group.logs
            for content in log.contents
        }

    def against(self, stored: Iterable[Stored], store: str = STORE) -> Comparison:
        """Hold everything a Log Store has against what some receiver stored."""
        return compare(self.held(store), stored, TABLE, LOG_STORE_KEYS)

    def compare(self) -> Comparison:
        """Hold everything the Log Store has against what the relay stored."""
        return self.against(self.relay.ledger.entries())

    def delivered(self) -> set[str]:
        """Return the fingerprints of what the relay stored."""
        return set(fingerprints(self.relay.ledger.entries(), TABLE, LOG_STORE_KEYS))

    def figures(self) -> dict[str, int]:
        """Return what must be zero in an undisturbed run."""
        result = self.compare()
        return {name: getattr(result, name) for name in CLEAN}


_CONFIG = """\
globals:
  id: stage
  name: example_collector
  persistence: {{type: filesystem, config: {{directory_name: state}}}}
outputs:
  devo_1:
    type: devo_platform
    config: {output}
    delivery: {{{delivery}}}
inputs:
  alibaba:
    id: alibaba_1
    enabled: true
    environment: prod
    credentials:
      access_key_id: "${{ALIBABA_CLOUD_ACCESS_KEY_ID}}"
      access_key_secret: "${{ALIBABA_CLOUD_ACCESS_KEY_SECRET}}"
    services: {services}
"""
