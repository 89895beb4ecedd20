"""The delivery room as a whole, with journals for receivers and store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Level
from collector_host.delivery.queue import Bounds
from collector_host.delivery.room import DeliveryRoom
from collector_host.delivery.settings import DeliverySettings, OutputSettings
from collector_host.delivery.window import WindowLimits
from collector_host.errors import OutputGoneError
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.clock import SystemClock
from devocollectorsdk.message.message import Message
from fakes.delivery import Journal

if TYPE_CHECKING:
    from collector_host.delivery.items import Batch


class Gone(Journal):
    """A receiver that will never come back."""

    def write(self, batch: Batch) -> None:
        del batch
        message = "the reader of the output stream is gone"
        raise OutputGoneError(message)


def _output(name: str, journal: Journal, *, required: bool) -> OutputSettings:
    window = WindowLimits(0.05, 1, 100, 10_000)
    return OutputSettings(
        name, "Devo", required, 1, None, window, 0.01, 0.01, lambda: journal
    )


def _room(store: Journal, *outputs: OutputSettings) -> DeliveryRoom:
    clock = SystemClock()
    settings = DeliverySettings(outputs, Bounds(10_000, 100), 1000, 300)
    return DeliveryRoom(settings, store, Counters(clock), clock)


def _send_and_save(room: DeliveryRoom) -> None:
    owner = room.owner("me")
    owner.put(Message("t", "my.app.a.b", "x"))
    owner.stage({"n": 1})


def test_state_is_committed_once_every_required_output_confirmed() -> None:
    """Both receivers have the message, and only then the store has the state."""
    store, one, two = Journal(), Journal(), Journal(level=Level.EOF)
    room = _room(
        store,
        _output("one", one, required=True),
        _output("two", two, required=True),
    )
    room.start()

    _send_and_save(room)
    room.close()
    confirmed = room.end(drain_s=20)

    assert confirmed
    assert store.disk == {"me": {"n": 1}}
    assert one.lines == ["probe", "open", "write x", "confirm close_notify"]
    assert two.lines == ["probe", "open", "write x", "confirm eof"]
    assert room.delivered == 1


@pytest.mark.parametrize("required", [True, False])
def test_output_that_is_gone_matters_only_if_it_is_required(*, required: bool) -> None:
    """An optional output never stops progress; a required one ends it, said aloud."""
    store, good = Journal(), Journal()
    room = _room(
        store,
        _output("good", good, required=True),
        _output("gone", Gone(), required=required),
    )
    room.start()
    _send_and_save(room)
    [dead] = [sender for sender in room._senders if sender.output == "gone"]
    dead.join(20)

    assert not dead.is_alive()
    assert room.is_broken is required
    room.close()
    assert room.end(drain_s=0 if required else 20) is not required
    assert store.disk == ({} if required else {"me": {"n": 1}})


def test_state_that_cannot_be_written_is_no_success() -> None:
    """Everything is delivered, and yet a restart would deliver it again."""
    store, good = Journal(), Journal()
    store.failures["commit"] = 1000
    room = _room(store, _output("good", good, required=True))
    room.start()

    _send_and_save(room)
    room.close()

    assert not room.end(drain_s=20)


def test_output_reports_at_its_own_period_if_it_has_one() -> None:
    """The period of all outputs holds for the rest."""
    own = replace(_output("own", Journal(), required=True), statistics_period_s=7)

    room = _room(Journal(), own, _output("other", Journal(), required=True))

    assert [monitor._period_s for monitor in room._monitors] == [7, 300]


def test_what_an_optional_output_misses_at_the_end_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody waits for it, and nothing is read again for it."""
    store, here, away = Journal(), Journal(), Journal()
    away.failures = {"probe": 10**6, "open": 10**6}
    room = _room(
        store,
        _output("here", here, required=True),
        _output("away", away, required=False),
    )
    room.start()
    _send_and_save(room)
    _send_and_save(room)
    room.close()

    assert room.wait_empty(30)
    assert room.end(30)

    assert store.disk == {"me": {"n": 1}}
    assert 'Output "away" is optional: 2 message(s) were not delivered' in caplog.text
    assert '"here" is optional' not in caplog.text
