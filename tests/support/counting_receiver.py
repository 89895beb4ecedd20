"""A receiver in memory that knows every event by its number.

One byte for each event holds how often it was stored. What was written on a
connection that ends without an answer is stored to its first half only: so a
collector that commits too early loses events, and one that is honest sends some twice.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from collector_emulators.comparison import ADDED_KEYS
from collector_host.delivery.items import Level
from collector_host.errors import ConnectError, UnconfirmedError
from support.lazy_trail import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.items import Batch
    from support.lazy_trail import LazyTrail

_CHECK_EVERY: Final = 101
"""Of so many messages one is compared with its event, byte for byte."""


class CountingReceiver:
    """Where all transports of all collectors of one run lead.

    Attributes:
        away: While set, no connection can be opened and none is answered.
        copies: How often each event was stored.
        stored: Different events stored.
        altered: Messages that differ from their event.
        connections: Connections opened.
        on_complete: Called when the last missing event was stored.
    """

    def __init__(self, trail: LazyTrail) -> None:
        self.away = False
        self.copies = bytearray(trail.count)
        self.stored = 0
        self.altered = 0
        self.connections = 0
        self.on_complete: Callable[[], None] = lambda: None
        self._trail = trail
        self._lock = threading.Lock()

    def store(self, messages: list[bytes]) -> None:
        with self._lock:
            for message in messages:
                self._store(message)
        if self.stored == len(self.copies):
            self.on_complete()

    @property
    def duplicates(self) -> int:
        """Count the copies beyond the first of each event."""
        counts = Counter(self.copies)
        return sum((copies - 1) * n for copies, n in counts.items() if copies > 1)

    @property
    def lost(self) -> int:
        """Count the events that never arrived."""
        return self.copies.count(0)

    def _store(self, message: bytes) -> None:
        number = number_of(message)
        self.stored += not self.copies[number]
        self.copies[number] += 1
        if number % _CHECK_EVERY == 0:
            body = self._trail.row(number).body
            added = message.removeprefix(body[:-1])
            self.altered += not (
                len(added) < len(message)
                and all(key.encode() in added for key in ADDED_KEYS)
            )


class MemoryTransport:
    """A connection of one sender to the receiver.

    Args:
        receiver: The other end.
        is_dead: Tells whether the process this transport belongs to was killed.
    """

    def __init__(self, receiver: CountingReceiver, is_dead: Callable[[], bool]) -> None:
        self._receiver = receiver
        self._is_dead = is_dead
        self._written: list[bytes] = []

    def open(self) -> None:
        if self._receiver.away or self._is_dead():
            message = "nobody listens"
            raise ConnectError(message)
        self._receiver.connections += 1

    def write(self, batch: Batch) -> None:
        self._check_answer()
        self._written += batch.messages

    def confirm(self, required: Level) -> Level:
        del required
        self._check_answer()
        self._receiver.store(self._written)
        self._written = []
        return Level.CLOSE_NOTIFY

    def probe(self) -> Level:
        self.open()
        return Level.CLOSE_NOTIFY

    def abort(self) -> None:
        self._receiver.store(self._written[: len(self._written) // 2])
        self._written = []

    def _check_answer(self) -> None:
        if self._receiver.away or self._is_dead():
            message = "no answer"
            raise UnconfirmedError(message)
