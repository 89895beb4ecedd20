"""What the kernel's own queue tells about a connection, on plain TCP."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.transports.sockets import (
    Deadline,
    wait_acknowledged,
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
    ours.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        while True:
            ours.send(bytes(65_536))

    assert not wait_settled(ours, Deadline(0.02))
    assert not wait_acknowledged(ours, Deadline(0.02))


def test_deadline_without_time_is_over_at_once() -> None:
    """No time left is 0, never less."""
    assert Deadline(0).remaining_s() == 0
