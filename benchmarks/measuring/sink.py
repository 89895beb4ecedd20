"""A receiver that only counts: stunnel, which is compiled, before a null reader.

Without stunnel the project's relay takes its place, and reports must say so: it costs
more than the program that is measured. It knows nothing of what is sent.
"""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from collector_emulators.certificates import ensure_certificates
from measuring.emulators import relay
from measuring.processes import cpu_s, started

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from collector_emulators.certificates import RelayCertificates

PROGRAMS: Final = Path(__file__).resolve().parents[1] / "programs"
_COUNTERS: Final = struct.Struct("=QQQ")
_START_S: Final = 10.0

_STUNNEL: Final = """\
foreground = yes
debug = err
pid =
[sink]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{reader}
cert = {server.certificate}
key = {server.key}
CAfile = {chain}
verifyChain = yes
TIMEOUTclose = 10
"""


class Received(NamedTuple):
    """What arrived so far.

    Attributes:
        connections: Connections that carried something.
        size_bytes: Bytes inside TLS.
        lines: Events.
    """

    connections: int
    size_bytes: int
    lines: int


@dataclass(frozen=True, slots=True)
class Sink:
    """A running receiver.

    Attributes:
        kind: What it is, for reports.
        port: Where it listens, on loopback.
        certificates: What a client needs.
        pids: Its processes.
        received: Counts what arrived so far.
    """

    kind: str
    port: int
    certificates: RelayCertificates
    pids: tuple[int, ...]
    received: Callable[[], Received]

    def cpu_s(self) -> float:
        """Return the CPU seconds of all its processes so far."""
        return sum(map(cpu_s, self.pids))


@contextmanager
def sink(folder: Path) -> Generator[Sink]:
    """Run a receiver that asks for certificates and answers close_notify."""
    certificates = ensure_certificates(folder / "certificates")
    program = shutil.which("stunnel") or shutil.which("stunnel4")
    with ExitStack() as exits:
        if program is None:
            print("stunnel is missing: the relay receives, and bounds every rate")
            yield exits.enter_context(_relay(folder, certificates))
        else:
            yield exits.enter_context(_stunnel(program, folder, certificates))


@contextmanager
def _stunnel(
    program: str, folder: Path, certificates: RelayCertificates
) -> Generator[Sink]:
    counters = folder / "received.counters"
    counters.write_bytes(bytes(_COUNTERS.size))
    reader_command = (sys.executable, PROGRAMS / "null_reader.py", counters)
    with (
        (folder / "sink.log").open("wb") as log,
        started(*reader_command, log=log, stdout=subprocess.PIPE) as reader,
    ):
        line = reader.stdout.readline() if reader.stdout else b""
        port, config = _free_port(), folder / "stunnel.conf"
        config.write_text(
            _STUNNEL.format(
                port=port,
                reader=int(line),
                server=certificates.server,
                chain=certificates.chain,
            ),
            encoding="utf-8",
        )
        with started(program, config, log=log) as tls:
            _await_listening(port)

            def received() -> Received:
                return Received(*_COUNTERS.unpack(counters.read_bytes()))

            pids = (tls.pid, reader.pid)
            yield Sink("stunnel and a null reader", port, certificates, pids, received)


@contextmanager
def _relay(folder: Path, certificates: RelayCertificates) -> Generator[Sink]:
    with relay(folder) as receiver:

        def received() -> Received:
            counted = receiver.control.counters()
            size_bytes = counted.get("bytes", 0)
            return Received(
                counted.get("connections", 0), size_bytes, counted.get("events", 0)
            )

        port = int(receiver.ready["port"])
        pids = (receiver.pid,)
        yield Sink("the project's relay", port, certificates, pids, received)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _await_listening(port: int) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
