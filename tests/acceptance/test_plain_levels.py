"""What each level costs when a plain relay is killed, measured: `-m chaos -s`.

The transport alone, in windows of 100 messages of 1.5 KB, against a relay process
that is killed at random moments and started again at once. A message is lost when its
window was confirmed and no life of the relay has stored it.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_host.delivery.items import Batch, Block, Level
from collector_host.delivery.transports.plain import PlainTransport
from collector_host.delivery.transports.settings import TcpSettings
from collector_host.errors import DeliveryError
from support.mortal_relay import MortalRelay

WINDOW = 100
PAUSE_S = 0.002
READERS = {"fast": "slow@read,times=always,bytes_per_s=900000000"}
READERS["slow"] = "slow@read,times=always,bytes_per_s=1000000"


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("level", [Level.SENT, Level.TCP_ACKED, Level.EOF])
def test_level_of_plain_tcp_under_kills(
    level: Level,
    reader: str,
    tmp_path: Path,
    certificates: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ten kills: only `eof` may be held to a window for each, and to none lost here."""
    kills = 10
    lives = [[READERS[reader]]] * (kills + 2)
    paths = certificate_paths(certificates)
    with MortalRelay(paths, tmp_path / "ledger", lives, "--plain") as relay:
        killer = threading.Thread(target=_kill, args=(relay, kills))
        killer.start()
        confirmed = _deliver(relay.port, level, killer)
        relay.start()
        stored = {int(entry.message.split(b" ")[0]) for entry in relay.stored()}

    lost = len(confirmed - stored)
    with capsys.disabled():
        print(  # noqa: T201  (the figures are the point)
            f"\n{level.label}, {reader} reader: {len(confirmed)} confirmed,"
            f" {kills} kills, {lost} lost"
        )
    assert len(confirmed) > WINDOW
    if level is Level.EOF:
        assert lost <= kills * WINDOW


def _kill(relay: MortalRelay, times: int) -> None:
    draw = random.Random(7)  # noqa: S311  (a replayable draw, no secret)
    for _ in range(times):
        threading.Event().wait(draw.uniform(0.3, 0.9))
        relay.start()


def _deliver(port: int, level: Level, killer: threading.Thread) -> set[int]:
    """Deliver windows until the last kill is over; return what was confirmed."""
    settings = TcpSettings(address="127.0.0.1", port=port, close_timeout_s=2)
    transport = PlainTransport(settings)
    confirmed = set[int]()
    number = 0
    while killer.is_alive():
        numbers = range(number, number + WINDOW)
        messages = [b"%d " % each + bytes(1_500) for each in numbers]
        try:
            transport.open()
            transport.write(Batch(1, "my.app.a.b", "t", Block.of(messages)))
            transport.confirm(level)
        except DeliveryError:
            transport.abort()
            threading.Event().wait(0.02)
            continue
        confirmed.update(numbers)
        number += WINDOW
        threading.Event().wait(PAUSE_S)
    return confirmed
