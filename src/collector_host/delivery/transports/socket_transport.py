"""Delivers batches over one connection after another and obtains the proof.

It knows neither queues nor state, and not whether TLS is in between.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from collector_host.delivery.transports.framing import check_tag, pieces
from collector_host.delivery.transports.sockets import hold_back
from collector_host.errors import DeliveryError, UnconfirmedError

if TYPE_CHECKING:
    import socket
    from collections.abc import Generator

    from collector_host.delivery.items import Batch, Level


class Connection(Protocol):
    """One open connection, used by one thread."""

    @property
    def socket(self) -> socket.socket:
        """A connected, non-blocking socket."""
        ...

    def header(self, tag: str) -> bytes:
        """Return what starts each line of a table."""
        ...

    def send(self, piece: bytes) -> None:
        """Hand whole lines to the kernel, waiting for room.

        Raises:
            CertificateError: The receiver refused our certificate.
            DeliveryError: The connection broke, or had no room in time.
        """
        ...

    def prove(self, wanted: Level, timeout_s: float) -> Level:
        """Close in order and return what the receiver proved by its answer.

        Raises:
            UnconfirmedError: Nothing was proved in time.
            CertificateError: The receiver refused our certificate.
            DeliveryError: The verdict on this connection is lost.
        """
        ...

    def close(self) -> None:
        """Close at once; never raises."""
        ...


Opened = TypeVar("Opened", bound=Connection, covariant=True)  # noqa: PLC0105 - what a connector opens


class Connector(Protocol[Opened]):
    """Makes connections, one at a time."""

    def connect(self) -> Opened:
        """Connect.

        Raises:
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused, or one of
                our files cannot be used.
        """
        ...

    def start_anew(self) -> None:
        """Trust nothing that was kept from earlier connections; never raises."""
        ...


class SocketTransport(Generic[Opened]):
    """One connection at a time to one receiver; the contract is `Transport`.

    A connection on which anything failed is closed at once and never used again.

    Args:
        connector: Makes the connections.
        close_timeout_s: Longest wait for the receiver's proof at a close.
        best: The best proof a connection of this kind can give.
    """

    def __init__(
        self, connector: Connector[Opened], *, close_timeout_s: float, best: Level
    ) -> None:
        self._connector = connector
        self._close_timeout_s = close_timeout_s
        self._best = best
        self._connection: Opened | None = None

    def open(self) -> None:
        """Connect, dropping a connection that is still open.

        Raises:
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused, or one of
                our files cannot be used.
        """
        self._close()
        with self._closed_on_error():
            self._connection = self._connector.connect()

    def write(self, batch: Batch) -> None:
        """Hand a batch to the kernel in pieces of whole lines.

        Raises:
            CertificateError: The receiver refused our certificate.
            DeliveryError: Nothing written since `open` counts as delivered.
        """
        with self._closed_on_error():
            connection = self._opened()
            try:
                check_tag(batch.tag)
            except ValueError as error:
                raise DeliveryError(str(error)) from error
            hold_back(connection.socket, held=True)
            for piece in pieces(connection.header(batch.tag), batch.block.content):
                connection.send(piece)
            hold_back(connection.socket, held=False)

    def confirm(self, required: Level) -> Level:
        """Close in order and return what the receiver proved by its answer.

        Raises:
            UnconfirmedError: Less than `required` was proved within the close
                timeout.
            CertificateError: The receiver refused our certificate.
            DeliveryError: The verdict on this connection is lost.
        """
        with self._closed_on_error():
            level = self._opened().prove(required, self._close_timeout_s)
            if level < required:
                message = (
                    f"the receiver proved {level.label}, {required.label} is required:"
                    " it closed without close_notify"
                )
                raise UnconfirmedError(message)
        self._close()
        return level

    def probe(self) -> Level:
        """Open an empty connection, close it in order, and report the best proof.

        A connection without a clean end teaches nothing: the peer may be starting,
        stalling or dying just now, and would look weaker than it is.

        Raises:
            UnconfirmedError: The connection had no clean end.
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused.
        """
        self.open()
        with self._closed_on_error():
            level = self._opened().prove(self._best, self._close_timeout_s)
        self._close()
        return level

    def abort(self) -> None:
        """Drop the connection without waiting for the peer; never raises."""
        self._close()
        self._connector.start_anew()

    def _opened(self) -> Opened:
        if self._connection is None:
            message = "the connection is closed"
            raise DeliveryError(message, hint="open it first")
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextlib.contextmanager
    def _closed_on_error(self) -> Generator[None]:
        try:
            yield
        except BaseException:
            self.abort()
            raise
