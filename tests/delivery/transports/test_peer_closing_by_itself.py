"""A peer that closes in order because of what it read: its close is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.relay.faults import FaultPlan, parse_fault
from collector_emulators.relay.server import Relay
from collector_host.delivery.items import Batch, Block, Level
from collector_host.delivery.transports import closing
from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.settings import DevoSettings
from collector_host.errors import UnconfirmedError

MESSAGES = tuple(b"%01300d" % number for number in range(20))


@pytest.mark.parametrize("fault", ["close@read", "close@stored"])
@pytest.mark.parametrize("level", [Level.EOF, Level.CLOSE_NOTIFY])
def test_close_that_comes_while_ours_is_due_is_no_answer(
    level: Level, fault: str, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer has read a part and closes: it gets a moment to, and is found."""
    monkeypatch.setattr(closing, "_REACTION_S", 5.0)  # however slow the peer is here
    paths = certificate_paths(certificates)
    with Relay(paths, faults=FaultPlan(parse_fault(fault))) as relay:
        transport = DevoTransport(
            DevoSettings(
                address="127.0.0.1",
                port=relay.port,
                key=paths.client.key,
                cert=paths.client.certificate,
                chain=paths.chain,
            )
        )
        transport.open()
        transport.write(Batch(1, "my.app.a.b", "t", Block.of(MESSAGES)))

        with pytest.raises(UnconfirmedError, match="before we did"):
            transport.confirm(level)
