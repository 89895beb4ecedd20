"""A delivery room without a collector around it, in a process of its own.

Messages go in at a module's door, and through queue, sender and devo-sdk over
mutual TLS to a relay. State is kept in memory: what a commit costs is measured by
itself. It knows nothing of variants or repeats.
"""

from __future__ import annotations

import itertools
import logging
import string
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.generator import Volume, generate
from collector_emulators.ledger import compact_json
from collector_emulators.relay.control import RelayControl
from collector_host.config.model import MEBIBYTE
from collector_host.delivery.queue import Bounds
from collector_host.delivery.room import DeliveryRoom
from collector_host.delivery.settings import DeliverySettings, OutputSettings
from collector_host.delivery.transports import factory
from collector_host.delivery.transports.settings import DevoSettings
from collector_host.state.memory import MemoryStore
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.inputs._sending import SendingMixin
from measuring.emulators import PATIENCE_S, wait_until
from measuring.stage import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from collector_host.delivery.items import Level
    from collector_host.delivery.owner import Owner
    from collector_host.delivery.window import WindowLimits

_DATE: Final = "2026-01-01 00:00:00.000"
_DISTINCT_EVENTS: Final = 5_000
_BOUNDS: Final = Bounds(size_bytes=16 * MEBIBYTE, messages=10_000)


@dataclass(frozen=True, slots=True)
class Order:
    """What to deliver, and how.

    Attributes:
        ready: What the relay said when it was ready.
        events: Messages, a multiple of `page_events`.
        seed: Seed of the messages.
        window: When a confirmation is due.
        confirm: Proof asked for; None for the best the relay gives.
        per_s: Messages per second; None for as fast as possible.
        page_events: Messages sent at once, as they come from the service: a page,
            then its state. 50 is a page of ActionTrail.
        text_bytes: Size of every message; None for events of ActionTrail, of about
            1.2 kB.
    """

    ready: Mapping[str, Any]
    events: int
    seed: int
    window: WindowLimits
    confirm: Level | None = None
    per_s: float | None = None
    page_events: int = 50
    text_bytes: int | None = None


class Outcome(NamedTuple):
    """How it went.

    Attributes:
        elapsed_s: From the first message sent to the last one stored.
        cpu_s: CPU time of this process until the last confirmation.
        connections: Connections that carried messages.
    """

    elapsed_s: float
    cpu_s: float
    connections: int


def deliver(order: Order) -> Outcome:
    """Carry out an order.

    Raises:
        TimeoutError: The messages did not arrive, or were not confirmed.
    """
    # Full speed means a full queue: no need to warn of it.
    logging.getLogger("collector_host").setLevel(logging.ERROR)
    pages = _pages(order)
    counters = _counters(order.ready)
    before = counters()
    room = _room(order)
    owner = room.owner("benchmark")
    began_at, cpu_before_s = time.monotonic(), time.process_time()
    room.start()
    _send(owner, pages, order)
    # Looked at before anything is asked to close: an unconfirmed close may lose.
    wait_until(lambda: not owner.qsize(), every_s=0.005)
    expected = before["events"] + order.events
    wait_until(lambda: counters()["events"] >= expected, every_s=0.02)
    elapsed_s = time.monotonic() - began_at
    _confirm(room)
    used_s = time.process_time() - cpu_before_s
    opened = counters()["connections"] - before["connections"]
    return Outcome(elapsed_s, used_s, opened - 1)  # one only asked for the level


class _Module(SendingMixin):
    """As much of a puller as it takes to send."""

    environment = None

    def __init__(self, owner: Owner) -> None:
        self.output_queue = owner


def _send(owner: Owner, pages: Iterator[list[str]], order: Order) -> None:
    module = _Module(owner)
    period_s = order.page_events / order.per_s if order.per_s else 0.0
    began_at = time.monotonic()
    for number, page in enumerate(pages):
        time.sleep(max(0.0, began_at + number * period_s - time.monotonic()))
        module.send_standard_messages(_DATE, TABLE, page)
        owner.stage({"pages": number + 1})


def _confirm(room: DeliveryRoom) -> None:
    room.flush()
    if not room.wait_confirmed(PATIENCE_S):
        message = "the messages were not confirmed"
        raise TimeoutError(message)


def _counters(ready: Mapping[str, Any]) -> Callable[[], Counter[str]]:
    secret = Path(ready["control_secret_file"]).read_text("ascii")
    control = RelayControl(ready["control"], secret)
    return lambda: Counter(control.counters())


def _pages(order: Order) -> Iterator[list[str]]:
    """Return as many pages as ordered, made of texts made beforehand."""
    texts = list(_texts(order))
    firsts = range(0, len(texts), order.page_events)
    pages = [texts[first : first + order.page_events] for first in firsts]
    return itertools.islice(itertools.cycle(pages), order.events // order.page_events)


def _texts(order: Order) -> Iterator[str]:
    if order.text_bytes is not None:
        letters = string.ascii_letters + string.digits + " /.:="
        random = Random(order.seed)  # noqa: S311  (nothing secret)
        for number in range(_DISTINCT_EVENTS):
            start = f'{{"number": {number}, "text": "'
            length = order.text_bytes - len(start) - len('"}')
            yield f'{start}{"".join(random.choices(letters, k=length))}"}}'
        return
    volume = Volume(count=_DISTINCT_EVENTS, start=0, end=3_600)
    for timed in generate(order.seed, volume):
        yield compact_json(timed.event).decode()


def devo_settings(ready: Mapping[str, Any]) -> DevoSettings:
    """Return what it takes to connect to a relay.

    Args:
        ready: What it said when it was ready.
    """
    return DevoSettings(
        address=ready["address"],
        port=ready["port"],
        key=Path(ready["key"]),
        cert=Path(ready["cert"]),
        chain=Path(ready["chain"]),
    )


def _room(order: Order) -> DeliveryRoom:
    devo = devo_settings(order.ready)
    output = OutputSettings(
        name="relay_1",
        kind="Devo",
        required=True,
        senders=1,
        confirm=order.confirm,
        window=order.window,
        retry_initial_s=5,
        retry_maximum_s=300,
        transport=partial(factory.devo, devo),
    )
    settings = DeliverySettings((output,), _BOUNDS, MEBIBYTE, statistics_period_s=300)
    clock = SystemClock()
    return DeliveryRoom(settings, MemoryStore(), Counters(clock), clock)
