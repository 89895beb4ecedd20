"""The plugin's side without the host: pulls, records, repetitions, shape, no delivery.

Everything runs in one thread. It knows neither queues nor receivers.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from alibaba_cloud.log_service.client import LogStoreClient
from alibaba_cloud.log_service.forwarding import Forwarder, Host
from alibaba_cloud.log_service.repeats import Repeats
from alibaba_cloud.log_service.saving import PositionKeeper
from alibaba_cloud.log_service.settings import Settings, read_settings
from alibaba_cloud.log_service.state import ShardPosition
from collector_emulators.accounts import EXAMPLE_KEY_ID, EXAMPLE_KEY_SECRET
from collector_host.telemetry.memory import keep_freed_memory
from devocollectorsdk.commons.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from alibaba_cloud.log_service.client import Reply

PULL_NAME: Final = "1767225600.000000"
_ROOT: Final = Path(__file__).resolve().parents[2]
_DEFINITION: Final = _ROOT / "definitions" / "actiontrail_log_service.yaml"
_MODULE: Final = "LogServiceStandardPuller"


class Cost(NamedTuple):
    """What reading everything cost.

    Attributes:
        events: Events read and shaped.
        cpu_s: CPU seconds of this process.
        elapsed_s: Seconds on the clock.
    """

    events: int
    cpu_s: float
    elapsed_s: float


def read_and_shape(
    ready: Mapping[str, Any], send: Callable[[Any], None] | None = None
) -> Cost:
    """Read a Log Store to its end.

    Args:
        ready: What the Log Service said when it was ready.
        send: Takes what is to be delivered, a piece at a time; None drops it.
    """
    keep_freed_memory()  # as the collector does
    settings = settings_of(ready)
    client = LogStoreClient(settings.connection, settings.credentials)
    keeper = PositionKeeper(_NoStore(), settings)
    now = datetime.now(UTC)
    keeper.load(now)
    host = Host(SystemClock(), send or _drop, lambda: False)
    repeats = Repeats(settings.rules.remembered_events, settings.rules.id_field)
    forwarder = Forwarder(settings, keeper, host, repeats, PULL_NAME)
    shards = client.list_shards()  # the first call also imports the vendor's SDK
    began_at, cpu_before_s = time.monotonic(), time.process_time()
    for shard in shards:
        cursor = client.cursor_at(shard.id, "begin")
        here = ShardPosition(cursor, now)
        keeper.note(keeper.position.with_shard(shard.id, here))
        for reply in replies(client, settings, shard.id, cursor):
            forwarder.forward(shard.id, reply)
    return Cost(
        forwarder.tally.sent,
        time.process_time() - cpu_before_s,
        time.monotonic() - began_at,
    )


def replies(
    client: LogStoreClient, settings: Settings, shard_id: int, cursor: str
) -> Iterator[Reply]:
    """Yield the answers to all pulls of a shard."""
    count = settings.rules.groups_per_pull
    while True:
        reply = client.pull(shard_id, cursor, groups_max=count)
        if reply.next == cursor:
            return
        cursor = reply.next
        yield reply


def settings_of(ready: Mapping[str, Any]) -> Settings:
    """Return the settings for a Log Store, with all checks on, as shipped."""
    shipped = yaml.safe_load(_DEFINITION.read_text(encoding="utf-8"))
    service = {key: ready[key] for key in ("endpoint", "region", "project", "logstore")}
    keys = {"access_key_id": EXAMPLE_KEY_ID, "access_key_secret": EXAMPLE_KEY_SECRET}
    return read_settings(
        {"id": "alibaba_1", "environment": "benchmark", "credentials": keys},
        {**service, "initial_start_time_in_utc": "2023-01-05T00:00:00Z"},
        shipped["definition"]["modules"][_MODULE],
        None,
    )


class _NoStore:
    """Keeps no state."""

    def load_state(self) -> dict[str, Any] | None:
        return None

    def save_state(self, object_to_save: object, *_: object, **__: object) -> None:
        pass


def _drop(shaped: Any) -> None:
    pass
