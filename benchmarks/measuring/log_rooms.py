"""Where the CPU time of an event goes: each room alone, one after the other.

One thread walks every page through all rooms, and a meter hangs at their doors. What
the threads of the collector cost each other does not show here.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from alibaba_cloud.log_service import vendor
from alibaba_cloud.log_service.client import LogStoreClient
from alibaba_cloud.log_service.records import RecordReader
from alibaba_cloud.log_service.repeats import Repeats
from alibaba_cloud.log_service.saving import PositionKeeper
from alibaba_cloud.log_service.shaper import Shaper
from collector_host.delivery.committer import Committer
from collector_host.delivery.items import Level
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.delivery.transports import socket_transport
from collector_host.delivery.transports.devo import Connection
from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.settings import DevoSettings
from collector_host.state.memory import MemoryStore
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.inputs._sending import SendingMixin
from measuring.log_reading import read_and_shape
from measuring.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_host.delivery.items import Batch

_OUTPUT: Final = "sink_1"
_TAG: Final = "cloud.alibaba.log_service.events"
_DATE: Final = "2026-01-01 00:00:00.000"
_WINDOW_EVENTS: Final = 5_000

PULL: Final = "HTTP, signature, lz4"
PARSE: Final = "protobuf"
WALK: Final = "records"
REPEATS: Final = "repetitions"
SHAPE: Final = "shape"
QUEUE: Final = "queue"
STATE: Final = "positions"
FRAMING: Final = "framing"
WRITE: Final = "TLS and kernel"
CONFIRM: Final = "confirmation, new connection"
REST: Final = "the rest"


class Receiver(NamedTuple):
    """Where to deliver: port and files of the client."""

    port: int
    chain: str
    cert: str
    key: str


def walk(ready: Mapping[str, Any], receiver: Receiver) -> tuple[int, dict[str, float]]:
    """Walk everything through; return the events and the CPU seconds of each room."""
    logging.disable(logging.WARNING)
    host = _Host(receiver)
    meter = _metered()
    cost = read_and_shape(ready, host.send)
    host.confirm()
    return cost.events, meter.read()


def _metered() -> Meter:
    # Imported before time is taken: that is no matter of events.
    import_module("aliyun.log.proto")
    meter = Meter(REST)
    for owner, name, room in (
        (LogStoreClient, "pull", PULL),
        (vendor, "log_groups", PARSE),
        (RecordReader, "read", WALK),
        (Repeats, "sift", REPEATS),
        (Repeats, "adopt", REPEATS),
        (Shaper, "shape", SHAPE),
        (PositionKeeper, "save", STATE),
        (Owner, "stage", STATE),
        (_Host, "queue", QUEUE),
        (DeliveryQueue, "take", QUEUE),
        (socket_transport, "pieces", FRAMING),
        (DevoTransport, "write", WRITE),
        (Connection, "send", WRITE),
        (_Host, "confirm", CONFIRM),
    ):
        meter.watch(owner, name, room)
    return meter


class _Host(SendingMixin):
    """The rooms of the host, and as much of a module as it takes to send."""

    environment = None

    def __init__(self, receiver: Receiver) -> None:
        clock = SystemClock()
        counters = Counters(clock)
        self._queue = DeliveryQueue(
            {_OUTPUT: True},
            Bounds(size_bytes=2**30, messages=10**6),
            clock,
            {_OUTPUT: Counters(clock)},
        )
        self._committer = Committer(self._queue, MemoryStore(), counters, clock)
        self.output_queue = Owner(
            "benchmark",
            None,
            queue=self._queue,
            committer=self._committer,
            rules=MessageRules(1024 * 1024, counters),
        )
        self._transport = DevoTransport(
            DevoSettings(
                address="localhost",
                port=receiver.port,
                key=Path(receiver.key),
                cert=Path(receiver.cert),
                chain=Path(receiver.chain),
            )
        )
        self._transport.open()
        self._sent = 0
        self._tail: list[Batch] = []

    def send(self, shaped: Any) -> None:
        """Queue what a pull sends, save behind it, and deliver it."""
        events = self.queue(shaped)
        self.output_queue.stage({"shards": {"0": {"cursor": "MTYw", "skip": events}}})
        if self._sent + events > _WINDOW_EVENTS:
            self.confirm()
        while batch := self._queue.take(_OUTPUT, 0):
            self._transport.write(batch)
            self._tail.append(batch)
        self._sent += events

    def queue(self, shaped: Any) -> int:
        """Queue it; return how many events it was."""
        if isinstance(shaped, list):
            self.send_standard_messages(_DATE, _TAG, shaped)
            return len(shaped)
        self.send_standard_lines(_DATE, _TAG, *shaped)
        return int(shaped.number)

    def confirm(self) -> None:
        """Confirm, and open the next connection."""
        self._transport.confirm(Level.CLOSE_NOTIFY)
        self._queue.confirm(_OUTPUT, [batch.number for batch in self._tail])
        self._committer.commit_ripe()
        self._tail.clear()
        self._sent = 0
        self._transport.open()
