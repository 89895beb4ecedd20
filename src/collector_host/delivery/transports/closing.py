"""Closes a connection in order and tells what the peer proved by its answer.

The proof is explained in docs/delivery.md. It knows neither TLS nor what was sent;
`drain` adds TLS, `plain` nothing.

The order is ours: look whether the peer closes by itself (that is no answer), say
goodbye and send FIN, read to the peer's end, and let nothing but a clean end follow.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from collector_host.delivery.items import Level
from collector_host.delivery.transports.sockets import (
    Deadline,
    round_trip_s,
    wait_acknowledged,
    wait_readable,
    wait_settled,
)
from collector_host.errors import UnconfirmedError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)
_READ_BYTES: Final = 16 * 1024
_IGNORED_MAX_BYTES: Final = 64 * 1024
_REACTION_S: Final = 0.005
RESET: Final = "it reset the connection"
CLOSED_FIRST: Final = "it closed the connection before we did, or refused it"


class End(Enum):
    """What ended the peer's half of the stream."""

    CLOSE_NOTIFY = "close_notify"
    BARE = "bare end of stream"


class Stream(Protocol):
    """What differs between TLS and plain TCP when a connection is closed."""

    @property
    def socket(self) -> socket.socket:
        """A connected, non-blocking socket with TCP_NODELAY."""
        ...

    def read(self) -> End | None:
        """Read what is there; return how the stream ended, None while it has not.

        Raises:
            OSError: The connection broke.
        """
        ...

    def say_goodbye(self, deadline: Deadline) -> None:
        """Send what comes before our FIN, if anything.

        Raises:
            OSError: The connection broke, or takes nothing in time.
        """
        ...

    def after(self, end: End, deadline: Deadline) -> None:
        """Wait until the end of the TCP stream has followed the end found.

        Raises:
            OSError: Something else followed, or nothing in time.
        """
        ...


def prove(stream: Stream, wanted: Level, deadline: Deadline) -> Level:
    """Close in order, waiting for no more than the wanted proof.

    The caller closes the socket afterwards, whatever the outcome.

    Args:
        stream: A connection on which nothing has failed.
        wanted: Waiting ends when this much is proved.
        deadline: Waiting ends here at the latest.

    Returns:
        The proof obtained; less than wanted only when the peer ended its stream
        with less.

    Raises:
        UnconfirmedError: Nothing was proved in time.
        OSError: The connection broke; see `broken`.
    """
    if _closes_by_itself(stream, wanted, deadline):
        raise unconfirmed(CLOSED_FIRST)
    if wanted is Level.TCP_ACKED and not wait_acknowledged(stream.socket, deadline):
        reason = "its kernel did not acknowledge everything"
        raise unconfirmed(reason)
    stream.say_goodbye(deadline)
    # SSLSocket.shutdown would forget the TLS state, and with it the answer.
    socket.socket.shutdown(stream.socket, socket.SHUT_WR)
    if wanted <= Level.TCP_ACKED:
        _let_go(stream.socket, deadline)
        return wanted
    return _clean_end(stream, _await_end(stream, deadline), deadline)


def unconfirmed(reason: str) -> UnconfirmedError:
    """Return the error of a close that proved nothing."""
    return UnconfirmedError(f"no proof from the receiver: {reason}")


def broken(error: OSError) -> UnconfirmedError:
    """Return the error of a connection that broke while it was closed."""
    # A reset that was here before our FIN leaves nothing to shut down.
    reset = error.errno == errno.ENOTCONN
    return unconfirmed(RESET if reset else error.strerror or str(error))


def discard(receive: Callable[[int], bytes]) -> None:
    """Read to the end of a stream that should be empty; what it holds is ignored.

    Args:
        receive: Returns what is there, at most so many bytes, or b"" at the end. Its
            exceptions pass through, that of a read that would block among them.

    Raises:
        OSError: More came than a receiver could have to say.
    """
    ignored_bytes = 0
    try:
        while data := receive(_READ_BYTES):
            ignored_bytes += len(data)
            if ignored_bytes > _IGNORED_MAX_BYTES:
                message = "it keeps sending data that nobody asked for"
                raise OSError(message)
    finally:
        if ignored_bytes:
            _LOGGER.warning("receiver sent %d bytes, ignored", ignored_bytes)


def _closes_by_itself(stream: Stream, wanted: Level, deadline: Deadline) -> bool:
    """Tell whether the peer ends the connection of its own accord.

    A receiver may close because of what it has just read. If its close is not here
    before ours leaves, it passes for an answer: so it gets a round trip and a
    moment. That narrows the gap and cannot close it. Measured on loopback with a
    peer that closes after its first read of 26 KB and reads nothing more: its close
    passed for an answer in 36 of 40 connections without the moment, in 0 of 40 with
    it, in 1 of 10 on a machine with four times the work it can do.
    """
    if wanted <= Level.TCP_ACKED:
        return stream.read() is not None
    sock = stream.socket
    moment_s = min(round_trip_s(sock) + _REACTION_S, deadline.remaining_s())
    moment = Deadline(moment_s)
    while (end := stream.read()) is None and wait_readable(sock, moment):
        pass
    return end is not None


def _await_end(stream: Stream, deadline: Deadline) -> End:
    while (end := stream.read()) is None:
        if not wait_readable(stream.socket, deadline):
            message = "it did not answer the close in time"
            raise TimeoutError(message)
    return end


def _clean_end(stream: Stream, end: End, deadline: Deadline) -> Level:
    stream.after(end, deadline)
    if not wait_settled(stream.socket, deadline):
        reason = "it closed before it had everything"
        raise unconfirmed(reason)
    return Level.CLOSE_NOTIFY if end is End.CLOSE_NOTIFY else Level.EOF


def _let_go(sock: socket.socket, deadline: Deadline) -> None:
    """Give the kernel time to send what it has; how it ends is not asked for.

    TLS session tickets, or anything else the peer said, may lie unread in our
    socket. Closing it then makes the kernel reset the connection and drop what it
    has not sent yet. Measured over TLS with `sent` and 100 small messages a
    connection: 54 of 60 closes lost some.
    """
    with contextlib.suppress(OSError):
        wait_settled(sock, deadline)
