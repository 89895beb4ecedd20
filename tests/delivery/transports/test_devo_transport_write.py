"""Writing: exact bytes, back-pressure without spinning, and broken connections."""

from __future__ import annotations

import gc
import socket
import time
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Level
from collector_host.errors import CertificateError, DeliveryError
from delivery.transports import tls_peers

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from collector_host.delivery.items import Batch
    from collector_host.delivery.transports.devo_transport import DevoTransport
    from delivery.transports.tls_peers import Behaviour, Peer, Pki

    StartPeer = Callable[..., Peer]
    MakeTransport = Callable[..., DevoTransport]
    MakeBatch = Callable[..., Batch]

HEADER = b"<14>Jan  1 00:00:00 host my.app.a.b: "


class Attempts:
    """Counts the calls of devo-sdk on an open transport."""

    def __init__(self, transport: DevoTransport) -> None:
        assert transport._connection is not None
        sender = transport._connection._sender
        self.count = 0
        self._send = sender.send_raw
        sender.send_raw = self._counted  # type: ignore[method-assign]

    def _counted(self, record: bytes) -> int:
        self.count += 1
        return self._send(record)


def tls_of(transport: DevoTransport) -> ssl.SSLSocket:
    """Return the socket of an open transport."""
    assert transport._connection is not None
    return transport._connection.socket


def test_batches_arrive_as_lines_of_their_tables(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """Each message is one line behind its table's header, in order."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    transport.open()

    transport.write(make_batch(b"one", "zwei ü".encode()))
    transport.write(make_batch(b"three", tag="my.app.c"))

    assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY
    other = HEADER.replace(b"my.app.a.b", b"my.app.c")
    assert peer.stored == [
        HEADER + b"one\n" + HEADER + "zwei ü\n".encode() + other + b"three\n"
    ]


def test_batch_leaves_at_once(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """What is held back for full packets goes out at the end of each batch."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    transport.open()

    transport.write(make_batch(b"one", "zwei ü".encode(), b"three"))

    assert not tls_of(transport).getsockopt(socket.IPPROTO_TCP, socket.TCP_CORK)
    transport.confirm(Level.CLOSE_NOTIFY)
    assert peer.stored == [
        HEADER + b"one\n" + HEADER + "zwei ü\n".encode() + HEADER + b"three\n"
    ]


def test_large_event_passes_a_small_window_unchanged(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """Partly written pieces are finished with the same bytes, none twice."""
    peer = start_peer(tls_peers.stores_then_answers, receive_buffer_bytes=8192)
    transport = make_transport(peer.port)
    transport.open()
    tls_of(transport).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    attempts = Attempts(transport)
    large = b"".join(b"%07d " % number for number in range(131_072))

    transport.write(make_batch(b"before", large, b"after"))

    assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY
    lines = (b"before", large, b"after")
    assert peer.stored == [b"".join(HEADER + line + b"\n" for line in lines)]
    pieces = 3
    assert attempts.count > pieces


def test_stalled_receiver_costs_no_cpu_and_ends_in_an_error(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """A receiver that stops reading is waited for in the kernel, then given up."""
    peer = start_peer(tls_peers.never_reads, receive_buffer_bytes=8192)
    transport = make_transport(peer.port, send_timeout_s=1.0)
    transport.open()
    tls_of(transport).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    attempts = Attempts(transport)
    batch = make_batch(bytes(1_000_000))

    started = time.thread_time()
    with pytest.raises(DeliveryError, match="took no data for 1 s"):
        transport.write(batch)

    # A loop without waiting makes tens of thousands of calls in that second.
    assert attempts.count < 100
    assert time.thread_time() - started < 0.5


def test_connection_that_failed_is_closed_and_not_used_again(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """After an error only a new connection carries messages."""
    peer = start_peer(tls_peers.never_reads, tls_peers.stores_then_answers)
    transport = make_transport(peer.port, send_timeout_s=0)
    transport.open()
    tls = tls_of(transport)
    with pytest.raises(DeliveryError):
        transport.write(make_batch(bytes(20_000_000)))

    assert tls.fileno() == -1
    with pytest.raises(DeliveryError, match="closed"):
        transport.write(make_batch(b"again"))


def test_certificate_refused_before_the_write_is_named(
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    make_batch: MakeBatch,
    tmp_path: Path,
) -> None:
    """The alert that waits in front of the first write says what is wrong."""
    context = tls_peers.Pki.create(tmp_path).server_context()
    context.load_cert_chain(pki.folder / "server.pem", pki.folder / "server.key")
    peer = start_peer(tls_peers.stores_then_answers, context=context)
    transport = make_transport(peer.port)
    transport.open()
    tls_peers.await_end(tls_of(transport))

    with pytest.raises(CertificateError, match="unknown ca"):
        transport.write(make_batch(b"one"))


@pytest.mark.parametrize(
    "behaviour", [tls_peers.closes_at_once, tls_peers.resets_at_once]
)
def test_write_to_a_receiver_that_closed_is_an_error(
    behaviour: Behaviour,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    make_batch: MakeBatch,
) -> None:
    """devo-sdk would connect again without a word; here it is an error."""
    peer = start_peer(behaviour)
    transport = make_transport(peer.port)
    transport.open()
    tls_peers.await_end(tls_of(transport))

    with pytest.raises(DeliveryError, match="the receiver closed it"):
        transport.write(make_batch(b"one"))


def test_silent_reconnection_of_devo_sdk_is_an_error(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """Should devo-sdk manage to connect again, what went before is unconfirmed."""
    peer = start_peer(tls_peers.ends_tcp, tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    transport.open()
    tls_peers.await_end(tls_of(transport))
    assert transport._connection is not None
    transport._connection._sender.socket_timeout = 5

    with pytest.raises(DeliveryError, match="was replaced"):
        transport.write(make_batch(b"one"))


@pytest.mark.parametrize("tag", ["", "my", "my..app", "my.app x", "my.app:x", "my.ä"])
def test_bad_tag_is_never_sent(
    tag: str,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    make_batch: MakeBatch,
) -> None:
    """A tag that would break the header is an error before any byte leaves."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    transport.open()
    attempts = Attempts(transport)

    with pytest.raises(DeliveryError, match="tag"):
        transport.write(make_batch(b"one", tag=tag))
    assert attempts.count == 0


def test_abort_neither_waits_nor_raises(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """Dropping a connection needs no peer, and may be repeated."""
    peer = start_peer(tls_peers.never_reads)
    transport = make_transport(peer.port)
    transport.open()
    transport.write(make_batch(b"one"))
    tls = tls_of(transport)
    sender = transport._connection._sender if transport._connection else None

    transport.abort()
    transport.abort()

    assert tls.fileno() == -1
    assert sender is not None
    assert sender.socket is None
    del sender
    gc.collect()


def test_open_drops_a_connection_that_is_still_open(
    start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """One transport has one connection."""
    transport = make_transport(start_peer(tls_peers.stores_then_answers).port)
    transport.open()
    first = tls_of(transport)

    transport.open()

    assert first.fileno() == -1
