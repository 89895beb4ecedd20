"""Sockets above the 1,023 file descriptors that `select` can wait for."""

from __future__ import annotations

import fcntl
import resource
import socket
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Batch, Block, Level
from collector_host.delivery.transports.sockets import (
    Deadline,
    is_beyond_select,
    wait_readable,
    wait_writable,
)
from collector_host.errors import DeliveryError
from delivery.transports import tls_peers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from collector_host.delivery.transports.devo_transport import DevoTransport
    from collector_host.delivery.transports.plain import PlainTransport
    from delivery.transports.tls_peers import Peer

HIGH = 1_500
BATCH = Batch(1, "my.app.a.b", "t", Block.of([b"%01000d" % n for n in range(500)]))
LARGE = Batch(1, "my.app.a.b", "t", Block.of([bytes(100_000)] * 200))


@pytest.fixture(autouse=True)
def _many_descriptors() -> Iterator[None]:
    """Let this process have descriptors beyond the limit of `select`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard <= HIGH + 100:
        pytest.skip("this machine allows too few file descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, HIGH + 100), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def raise_descriptor(sock: socket.socket) -> int:
    """Return a copy of a socket's descriptor, above the limit."""
    return fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, HIGH)


@pytest.fixture
def high_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every socket made from here on have a high descriptor."""
    create = socket.socket.__init__

    def init(self: socket.socket, *args: int, **options: int | None) -> None:
        create(self, *args, **options)  # type: ignore[arg-type]
        if self.fileno() < HIGH:
            high = raise_descriptor(self)
            family, kind, protocol = self.family, self.type, self.proto
            timeout = self.gettimeout()
            self.close()
            create(self, family, kind, protocol, fileno=high)
            self.settimeout(timeout)

    monkeypatch.setattr(socket.socket, "__init__", init)


def test_waiting_works_above_the_limit() -> None:
    """Readable, writable, and neither in time."""
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(fileno=raise_descriptor(ours)) as high:
        assert is_beyond_select(high)
        assert not is_beyond_select(ours)
        assert wait_writable(high, Deadline(5))
        assert not wait_readable(high, Deadline(0.001))
        theirs.sendall(b"x")
        assert wait_readable(high, Deadline(5))


def test_wait_ends_when_the_peer_is_gone() -> None:
    """An end or an error is something to read, as it is for `select`."""
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()

        assert wait_readable(ours, Deadline(5))
        assert wait_writable(ours, Deadline(5))


@pytest.mark.usefixtures("high_sockets")
def test_tls_delivery_works_above_the_limit(
    start_peer: Callable[..., Peer], make_transport: Callable[..., DevoTransport]
) -> None:
    """devo-sdk's own sending would fail there with `filedescriptor out of range`."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    for _ in range(2):
        transport.open()
        assert transport._connection is not None
        assert is_beyond_select(transport._connection.socket)
        transport.write(BATCH)
        assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY
    peer.stop_listening()

    assert [stored.count(b"\n") for stored in peer.stored] == [500, 500]


@pytest.mark.usefixtures("high_sockets")
def test_tls_receiver_without_room_is_waited_for_above_the_limit(
    start_peer: Callable[..., Peer], make_transport: Callable[..., DevoTransport]
) -> None:
    """The wait for room and its end are the same as below the limit."""
    peer = start_peer(tls_peers.never_reads, receive_buffer_bytes=4_096)
    transport = make_transport(peer.port, send_timeout_s=0.05)
    transport.open()

    with pytest.raises(DeliveryError, match="took no data"):
        transport.write(LARGE)


@pytest.mark.usefixtures("high_sockets")
def test_tls_write_to_a_broken_connection_fails_above_the_limit(
    start_peer: Callable[..., Peer], make_transport: Callable[..., DevoTransport]
) -> None:
    """A reset is an error of delivery there, too."""
    peer = start_peer(tls_peers.resets_when_released)
    transport = make_transport(peer.port)
    transport.open()
    assert transport._connection is not None
    peer.released.set()
    tls_peers.await_end(transport._connection.socket)

    with pytest.raises(DeliveryError, match="broke"):
        transport.write(BATCH)


@pytest.mark.usefixtures("high_sockets")
def test_plain_delivery_works_above_the_limit(
    start_peer: Callable[..., Peer], make_plain: Callable[..., PlainTransport]
) -> None:
    """Nothing in the plain way waits with `select`."""
    peer = start_peer(
        tls_peers.answers_with_bare_eof, plain=True, receive_buffer_bytes=4_096
    )
    transport = make_plain(peer.port)
    transport.open()
    transport.write(BATCH)

    assert transport.confirm(Level.EOF) is Level.EOF
    peer.stop_listening()
    assert [stored.count(b"\n") for stored in peer.stored] == [500]
