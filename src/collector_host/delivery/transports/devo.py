"""Connects and sends through devo-sdk; no other module imports it.

What devo-sdk 7.0.2 does by itself would lose messages without a word: it connects
again when the peer closes, waits without a verdict in `close`, and drops what it
wrote half after a timeout. So a connected `Sender` gets no time to wait: every
call is one attempt, which cannot connect again, and we do the waiting. Only public
names are used. It knows neither batches nor what a close proves.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

from devo.sender import Sender, SenderConfigSSL
from devo.sender.data import ERROR_MSGS, DevoSenderException

from collector_host.delivery.transports import diagnosis
from collector_host.delivery.transports.drain import drain
from collector_host.delivery.transports.material import check_files
from collector_host.delivery.transports.sockets import (
    Deadline,
    harden,
    is_beyond_select,
    wait_writable,
)
from collector_host.errors import DeliveryError
from collector_host.telemetry.logs import quiet

if TYPE_CHECKING:
    from collector_host.delivery.items import Level
    from collector_host.delivery.transports.material import Fingerprint
    from collector_host.delivery.transports.settings import DevoSettings

_LOGGER = logging.getLogger(__name__)
# On a failed connect devo-sdk prints a warning without place or reason; ours has both.
quiet(["devo.sender.data"], logging.ERROR)
_WOULD_BLOCK: Final = str(ERROR_MSGS.ERROR_AFTER_TIMEOUT)
_NEVER: Final = sys.maxsize


class _Sender(Protocol):
    """The part of devo-sdk's untyped `Sender` that we use."""

    socket: ssl.SSLSocket | None
    reconnection: int
    socket_timeout: float
    socket_max_connection: int

    def send_raw(self, record: bytes) -> int: ...

    def compose_mem(self, tag: bytes, **kwargs: object) -> bytes: ...


class _NewSender(Protocol):
    """How we make one; devo-sdk takes fractions of a second, too."""

    def __call__(
        self,
        config: SenderConfigSSL,
        *,
        timeout: float,
        inactivity_timeout: int,
        logger: logging.Logger,
    ) -> _Sender: ...


class Connection:
    """One open connection, used by one thread.

    Attributes:
        socket: Non-blocking TLS socket.
    """

    def __init__(
        self, sender: _Sender, tls: ssl.SSLSocket, settings: DevoSettings
    ) -> None:
        self.socket = tls
        self._sender = sender
        self._reconnection = sender.reconnection
        self._settings = settings

    def header(self, tag: str) -> bytes:
        """Return what starts each line of a table, as devo-sdk writes it.

        Its date is a constant: Devo stamps the arrival, the event carries its own
        time, and a date without year and zone could only mislead.
        """
        hostname = self._settings.hostname.encode()
        return self._sender.compose_mem(tag.encode(), bytes=True, hostname=hostname)

    def send(self, piece: bytes) -> None:
        """Hand whole lines to the kernel, waiting for room.

        Raises:
            CertificateError: The receiver refused our certificate.
            DeliveryError: The connection broke, or had no room in time.
        """
        deadline = Deadline(self._settings.send_timeout_s)
        while not self._attempt(piece):
            if not wait_writable(self.socket, deadline):
                limit_s = self._settings.send_timeout_s
                message = f"{self._settings.endpoint} took no data for {limit_s:g} s"
                raise DeliveryError(message)

    def check_intact(self) -> None:
        """Check that devo-sdk has not replaced the connection that was opened.

        Raises:
            DeliveryError: It has; the verdict on what was sent is lost.
        """
        if not self._intact():
            message = f"the connection to {self._settings.endpoint} was replaced"
            raise DeliveryError(message)

    def prove(self, wanted: Level, timeout_s: float) -> Level:
        """Close in order; see `drain`.

        Raises:
            DeliveryError: devo-sdk has replaced the connection.
            UnconfirmedError: Nothing was proved in time.
            CertificateError: The receiver refused our certificate.
        """
        self.check_intact()
        return drain(self.socket, wanted, timeout_s)

    def close(self) -> None:
        """Close at once; a `Sender` left with a socket could block when collected."""
        current, self._sender.socket = self._sender.socket, None
        for tls in (self.socket, current):
            if tls is not None:
                with contextlib.suppress(OSError):
                    tls.close()

    def _attempt(self, piece: bytes) -> bool:
        """Try once; return False when the kernel has no room for all of it.

        TLS then keeps its place in the piece, and goes on when it is called with
        the same bytes again; any other bytes would destroy the stream.
        """
        if is_beyond_select(self.socket):
            return self._attempt_without_select(piece)
        try:
            self._sender.send_raw(piece)
        except DevoSenderException as error:
            if error.message == _WOULD_BLOCK and self._intact():
                return False
            cause = error.__cause__ or error
            raise diagnosis.write_failure(cause, self._settings) from error
        self.check_intact()
        return True

    def _attempt_without_select(self, piece: bytes) -> bool:
        """Try once, past devo-sdk: its `send_raw` fails for a high file descriptor.

        It calls `select`, and reports `filedescriptor out of range` as an error of
        the connection. What goes on the wire is the same.
        """
        try:
            self.socket.sendall(piece)
        except ssl.SSLWantWriteError:
            return False
        except OSError as error:
            raise diagnosis.write_failure(error, self._settings) from error
        return True

    def _intact(self) -> bool:
        same = self._sender.socket is self.socket
        return same and self._sender.reconnection == self._reconnection


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What every connection may use as long as our files stay the same."""

    sender: _Sender
    context: ssl.SSLContext
    files: Fingerprint


class Connector:
    """Makes connections, loading key and chain as rarely as possible.

    The first connection is made by devo-sdk. The next ones use its `Sender` and
    TLS context again and hand it a fresh socket: half the CPU time (measured: 1.8
    against 3.3 ms; a chain of all public authorities costs 20 ms more). The TLS
    session is not used again, though it would spare more: a receiver that asks for
    certificates but has no session context refuses such a handshake.

    Source: OpenSSL documentation of SSL_CTX_set_session_id_context.
    """

    def __init__(self, settings: DevoSettings) -> None:
        self._settings = settings
        self._prepared: _Prepared | None = None

    def connect(self) -> Connection:
        """Connect and complete the handshake.

        Raises:
            ConnectError: The receiver cannot be reached.
            CertificateError: A certificate of either side was refused, or one of
                our files cannot be used.
        """
        files = check_files(self._settings)
        try:
            sender, tls = self._connect(files)
            connection = Connection(sender, tls, self._settings)
            harden(tls, user_timeout_s=self._settings.unacknowledged_s)
        except DevoSenderException as error:
            cause = error.__cause__ or error
            raise diagnosis.connect_failure(cause, self._settings) from error
        except OSError as error:
            raise diagnosis.connect_failure(error, self._settings) from error
        return connection

    def start_anew(self) -> None:
        """Let devo-sdk make the next connection: after an error, trust nothing."""
        self._prepared = None

    def _connect(self, files: Fingerprint) -> tuple[_Sender, ssl.SSLSocket]:
        if self._prepared is None or self._prepared.files != files:
            sender = self._new_sender()
            tls = cast("ssl.SSLSocket", sender.socket)
            self._prepared = _Prepared(sender, tls.context, files)
            return sender, tls
        sender = self._prepared.sender
        tls = self._new_socket(self._prepared.context)
        sender.socket = tls
        return sender, tls

    def _new_sender(self) -> _Sender:
        config = SenderConfigSSL(
            address=(self._settings.address, self._settings.port),
            key=str(self._settings.key),
            cert=str(self._settings.cert),
            chain=str(self._settings.chain),
        )
        # Without a logger every Sender adds one more handler to the same logger.
        make = cast("_NewSender", Sender)
        sender = make(
            config,
            timeout=self._settings.connect_timeout_s,
            inactivity_timeout=_NEVER,
            logger=_LOGGER,
        )
        sender.socket_timeout = 0
        sender.socket_max_connection = _NEVER
        return sender

    def _new_socket(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        # IPv4 only, as devo-sdk: both ways of connecting must reach the same peer.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as plain:
            plain.settimeout(self._settings.connect_timeout_s)
            plain.connect((self._settings.address, self._settings.port))
            tls = context.wrap_socket(plain, server_hostname=self._settings.address)
        tls.settimeout(0)
        return tls
