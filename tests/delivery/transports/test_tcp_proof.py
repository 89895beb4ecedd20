"""What the kernel's own queue tells about a connection, on plain TCP."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from collector_host.delivery.transports import drain
from collector_host.delivery.transports.sockets import (
    Deadline,
    _unsent_bytes,
    hold_back,
    wait_acknowledged,
    wait_sent,
    wait_settled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Return both ends of a TCP connection."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as ours,
    ):
        theirs, _ = listener.accept()
        with theirs:
            yield ours, theirs


def test_unread_bytes_are_acknowledged_by_the_kernel(pair: Pair) -> None:
    """Acknowledged means the peer's kernel has it, not that anybody read it."""
    ours, _theirs = pair
    ours.sendall(b"x")

    assert wait_acknowledged(ours, Deadline(5))


def test_nothing_is_acknowledged_after_the_peer_closed(pair: Pair) -> None:
    """An empty queue of a connection that is going down proves nothing."""
    ours, theirs = pair
    theirs.close()
    assert ours.recv(1) == b""

    assert not wait_acknowledged(ours, Deadline(5))


def test_clean_end_on_both_sides_settles(pair: Pair) -> None:
    """Both sides closed and everything was read: no error is pending."""
    ours, theirs = pair
    ours.sendall(b"x")
    ours.shutdown(socket.SHUT_WR)
    assert theirs.recv(10) == b"x"
    theirs.close()
    assert ours.recv(1) == b""

    assert wait_settled(ours, Deadline(5))


def test_peer_that_closed_before_our_bytes_came_does_not_settle(pair: Pair) -> None:
    """Its FIN looks clean; the reset that follows tells the truth."""
    ours, theirs = pair
    theirs.close()
    assert ours.recv(1) == b""
    ours.sendall(b"too late")

    with pytest.raises(OSError, match="reset"):
        wait_settled(ours, Deadline(5))


def test_bytes_that_the_peer_has_no_room_for_do_not_settle(pair: Pair) -> None:
    """What waits in our kernel is not the peer's, whoever has closed."""
    ours, _theirs = pair
    _fill(ours)

    assert not wait_sent(ours, Deadline(0.02))
    assert not wait_settled(ours, Deadline(0.02))
    assert not wait_acknowledged(ours, Deadline(0.02))


def test_what_is_held_back_stays_once_everything_before_it_has_left(
    pair: Pair,
) -> None:
    """Written while older bytes wait, it would leave with them."""
    ours, theirs = pair
    hold_back(ours, held=True)
    size = _fill(ours)
    hold_back(ours, held=False)
    reader = _reader(theirs, size)

    assert wait_sent(ours, Deadline(30))
    hold_back(ours, held=True)
    ours.send(b"close_notify")
    reader.join(30)

    assert _unsent_bytes(ours) == len(b"close_notify")


def test_close_is_sent_only_when_nothing_waits_before_it(pair: Pair) -> None:
    """Else it may be answered before it is looked whether the peer closes first."""
    ours, theirs = pair
    size = _fill(ours)
    tls = _Watched(ours)
    reader = _reader(theirs, size)

    drain._send_close_notify(cast("Any", tls), Deadline(30))
    reader.join(30)

    assert tls.unsent_at_close == [0]


def test_close_of_a_peer_without_room_fails_in_time(pair: Pair) -> None:
    """It is not asked for an answer that it cannot give."""
    ours, _theirs = pair
    _fill(ours)
    tls = _Watched(ours)

    with pytest.raises(TimeoutError, match="takes no more"):
        drain._send_close_notify(cast("Any", tls), Deadline(0.02))
    assert not tls.unsent_at_close


class _Watched:
    """A connection that notes what still waited when TLS was asked to close."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self.unsent_at_close: list[int] = []
        self.fileno = plain.fileno
        self.setsockopt = plain.setsockopt

    def unwrap(self) -> None:
        self.unsent_at_close.append(_unsent_bytes(self._plain))
        raise ssl.SSLWantReadError


def _fill(sock: socket.socket) -> int:
    """Write until the kernel takes no more; return how many bytes it took."""
    sock.settimeout(0)
    size = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            size += sock.send(bytes(65_536))
    return size


def _reader(sock: socket.socket, size: int) -> threading.Thread:
    """Read so many bytes in a thread, no more."""

    def read() -> None:
        left = size
        while left:
            left -= len(sock.recv(min(left, 65_536)))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def test_deadline_without_time_is_over_at_once() -> None:
    """No time left is 0, never less."""
    assert Deadline(0).remaining_s() == 0
