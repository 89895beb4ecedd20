"""Delivers batches to Devo over mutual TLS and obtains the proof.

It knows neither queues nor state, and devo-sdk only through its doorman.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from collector_host.delivery.transports.devo import Connection, Connector
from collector_host.delivery.transports.drain import drain, learn
from collector_host.delivery.transports.framing import check_tag, pieces
from collector_host.delivery.transports.sockets import hold_back
from collector_host.errors import DeliveryError, UnconfirmedError

if TYPE_CHECKING:
    from collections.abc import Generator

    from collector_host.delivery.items import Batch, Level
    from collector_host.delivery.transports.settings import DevoSettings


class DevoTransport:
    """One connection at a time to one receiver; the contract is `Transport`.

    A connection on which anything failed is closed at once and never used again.

    Args:
        settings: Where to deliver, who we are, how long to wait.
    """

    def __init__(self, settings: DevoSettings) -> None:
        self._settings = settings
        self._connector = Connector(settings)
        self._connection: Connection | None = None

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
            DeliveryError: devo-sdk has replaced the connection.
        """
        with self._closed_on_error():
            connection = self._opened()
            connection.check_intact()
            level = drain(connection.socket, required, self._settings.close_timeout_s)
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

        Raises:
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused.
        """
        self.open()
        with self._closed_on_error():
            level = learn(self._opened().socket, self._settings.close_timeout_s)
        self._close()
        return level

    def abort(self) -> None:
        """Drop the connection without waiting for the peer; never raises."""
        self._close()
        self._connector.start_anew()

    def _opened(self) -> Connection:
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
