"""Closes a TLS connection in order and tells what the peer proved by its answer.

It adds to `closing` what TLS does differently, and knows neither devo-sdk nor what
was sent.

FIN goes out right behind close_notify: a TLS peer reads the two in order and can
still answer the first, and a peer that understands only FIN answers too.
"""

from __future__ import annotations

import errno
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector_host.delivery.transports.closing import (
    CLOSED_FIRST,
    RESET,
    End,
    broken,
    discard,
    prove,
    unconfirmed,
)
from collector_host.delivery.transports.diagnosis import refused_certificate
from collector_host.delivery.transports.sockets import (
    Deadline,
    hold_back,
    wait_readable,
    wait_sent,
    wait_writable,
)

if TYPE_CHECKING:
    from collector_host.delivery.items import Level

_TAKES_NO_MORE: Final = "it takes no more data"


def drain(sock: ssl.SSLSocket, wanted: Level, timeout_s: float) -> Level:
    """Close in order, waiting for no more than the wanted proof.

    The caller closes the socket afterwards, whatever the outcome.

    Args:
        sock: A connected, non-blocking socket with TCP_NODELAY.
        wanted: Waiting ends when this much is proved.
        timeout_s: Waiting ends here at the latest.

    Returns:
        The proof obtained; less than wanted only when the peer ended its stream
        without close_notify.

    Raises:
        UnconfirmedError: The connection broke, or nothing was proved in time.
        CertificateError: The peer refused our certificate.
    """
    # Else a bare end would read like a close_notify. Typeshed does not know it.
    sock.suppress_ragged_eofs = False  # pyright: ignore[reportAttributeAccessIssue]
    try:
        return prove(_TlsStream(sock), wanted, Deadline(timeout_s))
    except ssl.SSLError as error:
        reason = error.reason or str(error)
        raise refused_certificate(error) or unconfirmed(reason) from error
    except OSError as error:
        raise broken(error) from error


@dataclass(frozen=True, slots=True)
class _TlsStream:
    """What `closing` asks of a TLS connection."""

    socket: ssl.SSLSocket

    def read(self) -> End | None:
        return _read(self.socket)

    def say_goodbye(self, deadline: Deadline) -> None:
        _send_close_notify(self.socket, deadline)

    def after(self, end: End, deadline: Deadline) -> None:
        if end is End.CLOSE_NOTIFY:
            _await_fin(self.socket, deadline)


def _send_close_notify(sock: ssl.SSLSocket, deadline: Deadline) -> None:
    """Send it, and make sure that what is read next can be its answer.

    OpenSSL also reads in this call, and takes a fatal alert for the peer's end: a
    refused certificate would look like a close_notify. So the kernel holds ours back
    until nothing was there to read. What is found before that answers nothing.

    Python calls OpenSSL twice and may wait for its lock in between. Measured: where
    data still waited, ours left with them, and in one of a thousand connections its
    answer was there before the second call and passed for a close of the peer's own.
    """
    if not wait_sent(sock, deadline):
        raise TimeoutError(_TAKES_NO_MORE)
    hold_back(sock, held=True)
    while True:
        try:
            sock.unwrap()
        except ssl.SSLWantWriteError:
            if not wait_writable(sock, deadline):
                raise TimeoutError(_TAKES_NO_MORE) from None
        except ssl.SSLWantReadError:
            hold_back(sock, held=False)
            return
        except ssl.SSLEOFError as error:
            _bare_end(error)
            raise unconfirmed(CLOSED_FIRST) from error
        else:
            raise unconfirmed(CLOSED_FIRST)


def _bare_end(error: ssl.SSLEOFError) -> End:
    """Tell a peer's FIN from a reset, which Python's TLS reads report alike."""
    if error.reason != "UNEXPECTED_EOF_WHILE_READING":
        raise ConnectionResetError(errno.ECONNRESET, RESET)
    return End.BARE


def _read(sock: ssl.SSLSocket) -> End | None:
    """Read what is there; return how the stream ended, None while it has not."""
    try:
        discard(sock.recv)
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLEOFError as error:
        return _bare_end(error)
    except ssl.SSLZeroReturnError:
        return End.CLOSE_NOTIFY
    return End.CLOSE_NOTIFY


def _await_fin(sock: ssl.SSLSocket, deadline: Deadline) -> None:
    """Wait for the end of the TCP stream, which TLS has already announced."""
    if not wait_readable(sock, deadline):
        message = "it answered the close but kept the connection"
        raise TimeoutError(message)
    if socket.socket.recv(sock, 1):
        message = "it sent data after its close_notify"
        raise OSError(message)
