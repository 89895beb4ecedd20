"""What a level that asks for little must not cost: a healthy receiver gets all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_emulators.certificates import ensure_certificates
from collector_emulators.relay.server import Relay
from collector_host.delivery.items import Batch, Block, Level
from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.settings import DevoSettings

if TYPE_CHECKING:
    from pathlib import Path

CONNECTIONS = 30
MESSAGES = tuple(f"{number:01600d}".encode() for number in range(100))


@pytest.mark.parametrize("level", [Level.SENT, Level.TCP_ACKED])
def test_healthy_receiver_loses_nothing_at_a_weak_level(
    level: Level, certificates: Path
) -> None:
    """Our own close must not throw away what the kernel has not sent yet."""
    paths = ensure_certificates(certificates)
    batch = Batch(1, "my.app.a.b", "t", Block.of(MESSAGES))
    with Relay(paths) as relay:
        settings = DevoSettings(
            address="127.0.0.1",
            port=relay.port,
            key=paths.client.key,
            cert=paths.client.certificate,
            chain=paths.chain,
        )
        for _ in range(CONNECTIONS):
            transport = DevoTransport(settings)
            transport.open()
            transport.write(batch)
            transport.confirm(level)
        assert relay.tally.wait_for("closed", CONNECTIONS, 20)

        assert len(list(relay.ledger.entries())) == CONNECTIONS * len(MESSAGES)
