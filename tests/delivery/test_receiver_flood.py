"""A receiver that stores everything and answers no close is not flooded.

Sockets and the wait for an answer are real; the back-off is waited for on a clock
that the test owns, so an hour of it takes seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector_emulators.certificates import RelayCertificates, certificate_paths
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from collector_host.delivery.items import Level
from collector_host.delivery.queue import Bounds
from collector_host.delivery.room import DeliveryRoom
from collector_host.delivery.settings import DeliverySettings, OutputSettings
from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.settings import DevoSettings
from collector_host.delivery.window import WindowLimits
from collector_host.telemetry.counters import Counters
from devocollectorsdk.message.message import Message
from fakes.clocks import ManualClock
from fakes.delivery import Journal
from support.mutants import receiver as mutants

NEVER_ANSWERS = "stall@closing,after_bytes=1,times=always"
"""The empty connection that learns the level is answered, so close_notify is due."""

HOUR_S = 3_600.0
MOST_COPIES = 19
"""Tries after 0, 5, 15, 35, 75, 155 and 315 seconds, then every 300, the last one just
past the hour; and one more in the stop."""

EVENTS = 40
WINDOW = WindowLimits(interval_s=5, events_min=10, events_max=EVENTS, size_bytes=10**6)


class Watched(DevoTransport):
    """The real transport, telling of every connection before it is opened."""

    def __init__(self, settings: DevoSettings, told: Callable[[], None]) -> None:
        super().__init__(settings)
        self._told = told

    def open(self) -> None:
        self._told()
        super().open()


class Line:
    """A room with one sender, driven in the test's own thread."""

    def __init__(self, relay: Relay, certificates: RelayCertificates) -> None:
        self._settings = DevoSettings(
            address="127.0.0.1",
            port=relay.port,
            key=certificates.client.key,
            cert=certificates.client.certificate,
            chain=certificates.chain,
            close_timeout_s=0.1,
        )
        self._tries_left = 0
        self.clock = ManualClock()
        self.journal = Journal()
        self.room = DeliveryRoom(
            DeliverySettings((self._output(),), Bounds(10**6, 10**6), 10**6, 60),
            self.journal,
            Counters(self.clock),
            self.clock,
        )
        [self._sender] = self.room._senders

    def fill(self) -> None:
        """Queue events and a state behind them."""
        owner = self.room.owner("owner")
        for number in range(EVENTS):
            owner.put(Message("t", "a.b", f"event {number}"))
        owner.stage({"position": EVENTS})
        self.room.flush()

    def work(self, seconds: float, *, tries: int) -> None:
        """Deliver until nothing waits, time has passed, or it was tried too often."""
        end = self.clock.monotonic() + seconds
        self._tries_left = tries
        self._sender._ending.clear()
        self.clock.on_wait = lambda wait_s: (
            self._sender.end()
            if wait_s == pytest.approx(0.2) or self.clock.monotonic() >= end
            else None
        )
        self._sender.run()

    def _output(self) -> OutputSettings:
        return OutputSettings(
            name="devo",
            kind="Devo",
            required=True,
            senders=1,
            confirm=Level.CLOSE_NOTIFY,
            window=WINDOW,
            retry_initial_s=5.0,
            retry_maximum_s=300.0,
            transport=lambda: Watched(self._settings, self._count_try),
        )

    def _count_try(self) -> None:
        self._tries_left -= 1
        if self._tries_left <= 0:
            self._sender.end()


@pytest.fixture
def relay(certificates: Path) -> Iterator[Relay]:
    """Run a receiver that stores and never answers."""
    plan = FaultPlan(parse_fault(NEVER_ANSWERS))
    with Relay(certificate_paths(certificates), faults=plan) as relay:
        yield relay


@pytest.fixture
def line(relay: Relay, certificates: Path) -> Line:
    """Put a filled delivery room in front of the receiver."""
    line = Line(relay, certificate_paths(certificates))
    line.fill()
    return line


def _most_copies(relay: Relay) -> int:
    stored = Counter(entry.message for entry in relay.ledger.entries())
    return max(stored.values())


def test_receiver_that_never_answers_gets_few_copies_in_an_hour(
    relay: Relay, line: Line
) -> None:
    """The back-off bounds the copies; nothing is committed, and it all ends well."""
    line.work(HOUR_S, tries=10 * MOST_COPIES)

    assert 1 < _most_copies(relay) <= MOST_COPIES
    assert line.clock.monotonic() >= HOUR_S
    assert line.journal.disk == {}

    relay.faults.clear()
    relay.release()
    line.work(HOUR_S, tries=10 * MOST_COPIES)

    assert line.journal.disk == {"owner": {"position": EVENTS}}


def test_missing_back_off_is_found(
    relay: Relay, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hour floods the receiver if the sender does not wait."""
    mutants.never_back_off(monkeypatch.setattr)

    line.work(HOUR_S, tries=MOST_COPIES + 5)

    assert _most_copies(relay) > MOST_COPIES
