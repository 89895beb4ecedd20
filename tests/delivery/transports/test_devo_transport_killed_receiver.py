"""What a receiver process that is really killed leaves as proof."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Level
from collector_host.errors import UnconfirmedError
from delivery.transports import tls_peers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from collector_host.delivery.items import Batch
    from collector_host.delivery.transports.devo_transport import DevoTransport
    from delivery.transports.tls_peers import Pki

    MakeTransport = Callable[..., DevoTransport]
    MakeBatch = Callable[..., Batch]


@pytest.fixture
def mortal(pki: Pki, request: pytest.FixtureRequest) -> Iterator[Mortal]:
    """Run a receiver process that waits at `request.param` to be killed."""
    server = pki.folder / "server.pem", pki.folder / "server.key", pki.chain
    program = Path(tls_peers.__file__).with_name("tls_mortal.py")
    with subprocess.Popen(
        [sys.executable, program, request.param, *server],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Mortal(process)
        process.kill()


class Mortal:
    """A receiver process and the moment it says it has reached."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill_when_reached(self) -> None:
        assert self._line() == "reached\n"
        self._process.kill()
        self._process.wait()


@pytest.mark.parametrize("mortal", ["unread"], indirect=True)
@pytest.mark.parametrize("level", [Level.TCP_ACKED, Level.EOF, Level.CLOSE_NOTIFY])
def test_receiver_killed_with_unread_data_confirms_nothing(
    level: Level, mortal: Mortal, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """A real SIGKILL before the close ends in a reset, at every level."""
    transport = make_transport(mortal.port)
    transport.open()
    transport.write(make_batch(b"one", b"two"))
    mortal.kill_when_reached()

    with pytest.raises(UnconfirmedError):
        transport.confirm(level)


@pytest.mark.parametrize("mortal", ["read"], indirect=True)
@pytest.mark.parametrize("level", [Level.EOF, Level.CLOSE_NOTIFY])
def test_receiver_killed_before_answering_cannot_fake_close_notify(
    level: Level, mortal: Mortal, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """A process killed after reading all ends like a bare EOF: `eof` may lie."""
    transport = make_transport(mortal.port)
    transport.open()
    transport.write(make_batch(b"one", b"two"))
    killer = threading.Thread(target=mortal.kill_when_reached)
    killer.start()

    if level is Level.EOF:
        assert transport.confirm(level) is Level.EOF
    else:
        with pytest.raises(UnconfirmedError, match="without close_notify"):
            transport.confirm(level)
    killer.join()
