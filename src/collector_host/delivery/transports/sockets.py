"""What we ask of the kernel about a TCP socket: options, waiting, and its queue.

It knows neither TLS nor what the bytes mean. Linux only. Deadlines count the
machine's own time, because they bound what the kernel does.
"""

from __future__ import annotations

import fcntl
import math
import select
import struct
import termios
import time
from socket import (
    IPPROTO_TCP,
    SO_ERROR,
    SO_KEEPALIVE,
    SOL_SOCKET,
    TCP_CORK,
    TCP_INFO,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    TCP_NODELAY,
    TCP_USER_TIMEOUT,
)
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

_KEEPALIVE_IDLE_S: Final = 10
_KEEPALIVE_INTERVAL_S: Final = 5
_KEEPALIVE_PROBES: Final = 3
_ESTABLISHED: Final = 1
_FD_SETSIZE: Final = 1024
_POLL_S: Final = 0.002
_SIOCOUTQNSD: Final = 0x894B
"""Source: Linux, include/uapi/linux/sockios.h."""
_RTT: Final = struct.Struct("=68xI")
"""`tcpi_rtt` of Linux's `struct tcp_info`."""


class Deadline:
    """An instant on the monotonic clock until which waiting makes sense."""

    def __init__(self, timeout_s: float) -> None:
        self._end = time.monotonic() + timeout_s

    def remaining_s(self) -> float:
        """Return the seconds left, never below 0."""
        return max(0.0, self._end - time.monotonic())


def harden(sock: socket.socket, *, user_timeout_s: float) -> None:
    """Make a dead peer visible, and answer a close without delay.

    Measured at ten messages a second into a link that went dead: the first error
    came after 32 s without a user timeout, after 6 s with one of 5 s. A TLS close
    took 40 ms with Nagle's algorithm, 0.6 ms without.
    """
    sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    sock.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
    sock.setsockopt(IPPROTO_TCP, TCP_KEEPIDLE, _KEEPALIVE_IDLE_S)
    sock.setsockopt(IPPROTO_TCP, TCP_KEEPINTVL, _KEEPALIVE_INTERVAL_S)
    sock.setsockopt(IPPROTO_TCP, TCP_KEEPCNT, _KEEPALIVE_PROBES)
    sock.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, int(user_timeout_s * 1000))


def hold_back(sock: socket.socket, *, held: bool) -> None:
    """Let the kernel wait for full packets, or send what it still has.

    TLS writes a record of 16 KiB at a time, and each would be a packet of its own.
    Measured on loopback: a sixth of the CPU time of everything that is written.
    """
    sock.setsockopt(IPPROTO_TCP, TCP_CORK, held)


def is_beyond_select(sock: socket.socket) -> bool:
    """Tell whether `select` cannot wait for this socket, whatever library calls it.

    Its sets of file descriptors end at 1,023; a higher one is refused with a
    ValueError.

    Source: man 2 select (FD_SETSIZE).
    """
    return sock.fileno() >= _FD_SETSIZE


def wait_readable(sock: socket.socket, deadline: Deadline) -> bool:
    """Wait until a read would not block; return False at the deadline."""
    return _wait(sock, select.POLLIN, deadline)


def wait_writable(sock: socket.socket, deadline: Deadline) -> bool:
    """Wait until the kernel has room; return False at the deadline."""
    return _wait(sock, select.POLLOUT, deadline)


def wait_sent(sock: socket.socket, deadline: Deadline) -> bool:
    """Wait until every byte has left this kernel once; return False at the deadline.

    Call it before `hold_back` where that has to hold: Linux appends what is written
    next to the last packet that waits, and lets that go as it was told before.
    """
    while _unsent_bytes(sock):
        if not deadline.remaining_s():
            return False
        _pause()
    return True


def round_trip_s(sock: socket.socket) -> float:
    """Return the kernel's estimate of the round trip, in seconds."""
    (rtt_us,) = _RTT.unpack(sock.getsockopt(IPPROTO_TCP, TCP_INFO, _RTT.size))
    return float(rtt_us) / 1e6


def wait_acknowledged(sock: socket.socket, deadline: Deadline) -> bool:
    """Wait until the peer's kernel has every byte of an open connection.

    Returns:
        False at the deadline, and when either side has closed the connection: an
        empty queue proves nothing then.
    """
    while _state(sock) == _ESTABLISHED and deadline.remaining_s():
        if not _unacknowledged_bytes(sock):
            # Asked again: a reset in between empties the queue, too.
            return _state(sock) == _ESTABLISHED
        _pause()
    return False


def wait_settled(sock: socket.socket, deadline: Deadline) -> bool:
    """Wait until the peer's kernel took everything, our FIN included.

    Call it after both sides have closed. A peer that closed before it had our
    bytes answers them with a reset, which arrives later than its FIN.

    Returns:
        False at the deadline.

    Raises:
        OSError: The connection was reset.
    """
    while _unacknowledged_bytes(sock):
        _raise_pending_error(sock)
        if not deadline.remaining_s():
            return False
        _pause()
    _raise_pending_error(sock)
    return True


def _wait(sock: socket.socket, event: int, deadline: Deadline) -> bool:
    """Wait for the event, or for an end or error that the next call will report."""
    poll = select.poll()
    poll.register(sock, event)
    # Rounded up: a wait that ends too early would be repeated until the deadline.
    return bool(poll.poll(math.ceil(deadline.remaining_s() * 1000)))


def _pause() -> None:
    # The kernel reports no event when an acknowledgement arrives.
    time.sleep(_POLL_S)


def _unacknowledged_bytes(sock: socket.socket) -> int:
    """Return what is unsent or unacknowledged (SIOCOUTQ, the same as TIOCOUTQ)."""
    return _queued_bytes(sock, termios.TIOCOUTQ)


def _unsent_bytes(sock: socket.socket) -> int:
    """Return what waits for room at the peer or for more to fill a packet."""
    return _queued_bytes(sock, _SIOCOUTQNSD)


def _queued_bytes(sock: socket.socket, request: int) -> int:
    answer = fcntl.ioctl(sock.fileno(), request, struct.pack("i", 0))
    return int(struct.unpack("i", answer)[0])


def _state(sock: socket.socket) -> int:
    return sock.getsockopt(IPPROTO_TCP, TCP_INFO, 1)[0]


def _raise_pending_error(sock: socket.socket) -> None:
    number = sock.getsockopt(SOL_SOCKET, SO_ERROR)
    if number:
        raise OSError(number, "the connection was reset")
