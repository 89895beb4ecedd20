"""A stand-in for the Devo relay on loopback that stores before it answers.

It listens and keeps the threads; what happens on a connection is not its concern.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from collector_emulators.relay import tls
from collector_emulators.relay.connection import Answer, Connection, Count, House
from collector_emulators.relay.faults import NEED_TLS, Action, FaultPlan
from collector_emulators.relay.gate import Gate
from collector_emulators.relay.ledger import Ledger, MemoryLedger
from collector_emulators.relay.tally import Tally

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from collector_emulators.certificates import RelayCertificates

HOST: Final = "127.0.0.1"
_BACKLOG: Final = 128
_STOP_S: Final = 0.8


class Relay:
    """Mutual TLS, or plain TCP, on loopback, one thread per connection.

    Args:
        certificates: Files as `write_certificates` makes them; None for plain TCP.
        port: 0 takes any free port.
        ledger: Where messages go; in memory when None. The caller closes it.
        answer: What a peer gets that closed, once everything is stored.
        faults: What shall go wrong; may be changed at any time.
        receive_buffer_bytes: SO_RCVBUF of every connection; None leaves the
            kernel's, which may take megabytes nobody has read.

    Attributes:
        ledger: What was stored.
        faults: The plan.
        tally: Counters, see `Count`; a test waits on them.

    Raises:
        ValueError: Without certificates a fault is planned that needs TLS.
    """

    def __init__(  # noqa: PLR0913 independent settings, all by name
        self,
        certificates: RelayCertificates | None,
        *,
        port: int = 0,
        ledger: Ledger | None = None,
        answer: Answer = Answer.CLOSE_NOTIFY,
        faults: FaultPlan | None = None,
        receive_buffer_bytes: int | None = None,
    ) -> None:
        self.ledger: Ledger = MemoryLedger() if ledger is None else ledger
        self.faults = FaultPlan() if faults is None else faults
        if certificates is None:
            self.faults.forbid(NEED_TLS)
        self.tally: Tally[Count] = Tally()
        self._gate = Gate()
        self._house = House(
            contexts=_contexts(certificates) if certificates else None,
            ledger=self.ledger,
            plan=self.faults,
            gate=self._gate,
            tally=self.tally,
            answer=answer,
        )
        self._requested_port = port
        self._receive_buffer_bytes = receive_buffer_bytes
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._listener: socket.socket | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to connect to.

        Raises:
            RuntimeError: The relay is not listening.
        """
        if self._listener is None:
            message = "the relay is not listening"
            raise RuntimeError(message)
        return HOST, self._listener.getsockname()[1]

    @property
    def port(self) -> int:
        """Port to connect to."""
        return self.address[1]

    def start(self) -> None:
        """Listen, and return; connections are served by threads.

        Raises:
            OSError: The port is taken.
        """
        self._listener = self._listen()
        threading.Thread(
            target=self._accept_all,
            args=(self._listener,),
            name="relay-listener",
            daemon=True,
        ).start()

    def release(self) -> None:
        """Let the connections go on that are stalled now."""
        self._gate.release()

    def stop(self) -> None:
        """Stop within a second: store what was read, answer nobody. For good."""
        self._gate.open()
        if self._listener is not None:
            # Wakes the thread that blocks in accept; closing alone would not.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            threads = list(self._threads)
        deadline = time.monotonic() + _STOP_S
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._receive_buffer_bytes is not None:
            # Set before listen, or the window offered at connecting is already wide.
            listener.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer_bytes
            )
        listener.bind((HOST, self._requested_port))
        listener.listen(_BACKLOG)
        return listener

    def _accept_all(self, listener: socket.socket) -> None:
        number = 0
        while True:
            try:
                accepted, _ = listener.accept()
            except OSError:
                return
            number += 1
            connection = Connection(accepted, number, self._house)
            thread = threading.Thread(
                target=self._serve,
                args=(connection,),
                name=f"relay-connection-{number}",
                daemon=True,
            )
            with self._lock:
                self._threads.add(thread)
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        finally:
            with self._lock:
                self._threads.remove(threading.current_thread())


def _contexts(
    certificates: RelayCertificates,
) -> Mapping[Action | None, ssl.SSLContext]:
    chain, server = certificates.chain, certificates.server
    return {
        None: tls.server_context(server, chain),
        Action.REFUSE: tls.server_context(server, certificates.stranger_chain),
        Action.EXPIRED: tls.server_context(certificates.expired_server, chain),
        Action.MISNAMED: tls.server_context(certificates.misnamed_server, chain),
    }
