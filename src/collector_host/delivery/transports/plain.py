"""Connects and sends over plain TCP, for a relay in the house.

The framing is devo-sdk's. Its own plain `Sender` is not used: its sockets do not
block, and when the kernel takes a part of a piece it begins the piece again.
Measured with devo-sdk 7.0.2 and pieces of 64 KiB: 2,544 messages twice and 70 lines
torn, without an exception. It knows neither batches nor TLS.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.delivery.items import Level
from collector_host.delivery.transports import diagnosis
from collector_host.delivery.transports.closing import End, broken, discard, prove
from collector_host.delivery.transports.framing import header
from collector_host.delivery.transports.socket_transport import SocketTransport
from collector_host.delivery.transports.sockets import Deadline, harden, wait_writable
from collector_host.errors import DeliveryError

if TYPE_CHECKING:
    from collector_host.delivery.transports.settings import TcpSettings


class PlainConnection:
    """One open connection, used by one thread.

    Attributes:
        socket: Non-blocking socket.
    """

    def __init__(self, sock: socket.socket, settings: TcpSettings) -> None:
        self.socket = sock
        self._settings = settings

    def header(self, tag: str) -> bytes:
        """Return what starts each line of a table, as devo-sdk writes it."""
        return header(tag, self._settings.hostname)

    def send(self, piece: bytes) -> None:
        """Hand whole lines to the kernel, waiting for room.

        Raises:
            DeliveryError: The connection broke, or had no room in time.
        """
        deadline = Deadline(self._settings.send_timeout_s)
        rest = memoryview(piece)
        while rest:
            try:
                rest = rest[self.socket.send(rest) :]
            except BlockingIOError:
                self._wait_for_room(deadline)
            except OSError as error:
                raise diagnosis.broken_connection(error, self._settings) from error

    def prove(self, wanted: Level, timeout_s: float) -> Level:
        """Close in order and return what the receiver proved by its answer.

        Raises:
            UnconfirmedError: The connection broke, or nothing was proved in time.
        """
        stream = _PlainStream(self.socket)
        try:
            return prove(stream, wanted, Deadline(timeout_s))
        except OSError as error:
            raise broken(error) from error

    def close(self) -> None:
        """Close at once; never raises."""
        with contextlib.suppress(OSError):
            self.socket.close()

    def _wait_for_room(self, deadline: Deadline) -> None:
        if not wait_writable(self.socket, deadline):
            limit_s = self._settings.send_timeout_s
            message = f"{self._settings.endpoint} took no data for {limit_s:g} s"
            raise DeliveryError(message)


@dataclass(frozen=True, slots=True)
class _PlainStream:
    """What `closing` asks of a plain connection: our FIN is the whole goodbye."""

    socket: socket.socket

    def read(self) -> End | None:
        try:
            discard(self.socket.recv)
        except BlockingIOError:
            return None
        return End.BARE

    def say_goodbye(self, deadline: Deadline) -> None:
        """Send nothing: the FIN that follows says it all."""

    def after(self, end: End, deadline: Deadline) -> None:
        """Wait for nothing: the end found was that of the TCP stream."""


class PlainConnector:
    """Makes connections; it keeps nothing of earlier ones."""

    def __init__(self, settings: TcpSettings) -> None:
        self._settings = settings

    def connect(self) -> PlainConnection:
        """Connect.

        Raises:
            ConnectError: The receiver cannot be reached.
        """
        settings = self._settings
        place = (settings.address, settings.port)
        with contextlib.ExitStack() as closed_on_error:
            try:
                sock = socket.create_connection(place, settings.connect_timeout_s)
                closed_on_error.enter_context(sock)
                harden(sock, user_timeout_s=settings.unacknowledged_s)
            except OSError as error:
                raise diagnosis.unreachable(error, settings) from error
            sock.settimeout(0)
            closed_on_error.pop_all()
        return PlainConnection(sock, settings)

    def start_anew(self) -> None:
        """Do nothing: nothing is kept."""


class PlainTransport(SocketTransport[PlainConnection]):
    """One plain connection at a time to one receiver; the contract is `Transport`.

    Args:
        settings: Where to deliver, how long to wait.
    """

    def __init__(self, settings: TcpSettings) -> None:
        super().__init__(
            PlainConnector(settings),
            close_timeout_s=settings.close_timeout_s,
            best=Level.EOF,
        )
