"""TLS contexts of the relay, and every way to end a connection.

It knows neither records nor faults.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from collector_emulators.certificates import KeyPair

_POLL_MS: Final = 50
_FIN_REASON: Final = "UNEXPECTED_EOF_WHILE_READING"


def server_context(own: KeyPair, trusted: Path) -> ssl.SSLContext:
    """Build a context for mutual TLS 1.2 to 1.3.

    Args:
        own: What the relay shows.
        trusted: Authority that must have signed the client's certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(own.certificate, own.key)
    context.load_verify_locations(trusted)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def is_fin(error: OSError) -> bool:
    """Tell a bare FIN from a reset, in what reading from a TLS socket raised.

    Source: measured with Python 3.11 and OpenSSL 3.0: `recv` raises `SSLEOFError`
    for both, and only the FIN carries OpenSSL's reason.
    """
    reason = getattr(error, "reason", None)
    return isinstance(error, ssl.SSLEOFError) and reason == _FIN_REASON


def send_close_notify(connection: socket.socket) -> None:
    """Send close_notify without waiting for the peer's; nothing if TLS is not up."""
    if isinstance(connection, ssl.SSLSocket):
        connection.settimeout(0)
        with contextlib.suppress(OSError):
            connection.unwrap()


def send_fin(connection: socket.socket) -> None:
    """End our side of TCP, without any TLS goodbye."""
    with contextlib.suppress(OSError):
        # SSLSocket.shutdown would drop the TLS state another call may need.
        socket.socket.shutdown(connection, socket.SHUT_WR)


def reset(connection: socket.socket) -> None:
    """End with a TCP reset: close with a linger time of zero."""
    linger = struct.pack("ii", 1, 0)
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def send_anyway(connection: socket.socket, data: bytes) -> None:
    """Send bytes to a peer that may have gone."""
    with contextlib.suppress(OSError):
        connection.sendall(data)


def discard_raw(connection: socket.socket, timeout_s: float) -> None:
    """Read below TLS until the peer leaves or is silent for `timeout_s`.

    Closing with unread bytes would reset, and a reset may overtake an alert the
    peer is to read.
    """
    connection.settimeout(timeout_s)
    with contextlib.suppress(OSError):
        while socket.socket.recv(connection, 65_536):
            pass


def wait_for_leave(connection: socket.socket, given_up: Callable[[], bool]) -> None:
    """Wait, reading nothing, until the peer closed its side or the caller gave up."""
    poller = select.poll()
    poller.register(connection, select.POLLRDHUP)
    while not given_up():
        if poller.poll(_POLL_MS):
            return
