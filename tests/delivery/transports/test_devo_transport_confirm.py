"""What each kind of ending proves, over real TLS."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from typing import TYPE_CHECKING, cast

import pytest

from collector_host.delivery.items import Level
from collector_host.delivery.transports import drain
from collector_host.delivery.transports.sockets import Deadline
from collector_host.errors import CertificateError, DeliveryError, UnconfirmedError
from delivery.transports import tls_peers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from collector_host.delivery.items import Batch
    from collector_host.delivery.transports.devo_transport import DevoTransport
    from delivery.transports.tls_peers import Behaviour, Peer, Pki

    StartPeer = Callable[..., Peer]
    MakeTransport = Callable[..., DevoTransport]
    MakeBatch = Callable[..., Batch]

LINES = (
    b"<14>Jan  1 00:00:00 host my.app.a.b: one\n"
    b"<14>Jan  1 00:00:00 host my.app.a.b: two\n"
)


@pytest.fixture
def batch(make_batch: MakeBatch) -> Batch:
    """Return two messages, `LINES` on the wire."""
    return make_batch(b"one", b"two")


def opened_with(transport: DevoTransport, batch: Batch) -> DevoTransport:
    """Open the transport and write the batch."""
    transport.open()
    transport.write(batch)
    return transport


@pytest.mark.parametrize(
    ("behaviour", "level"),
    [
        pytest.param(tls_peers.stores_then_answers, Level.CLOSE_NOTIFY, id="orderly"),
        pytest.param(tls_peers.answers_only_to_fin, Level.CLOSE_NOTIFY, id="fin"),
        pytest.param(tls_peers.answers_with_bare_eof, Level.EOF, id="bare eof"),
    ],
)
def test_confirm_reports_the_proof_given_and_all_is_stored(
    behaviour: Behaviour,
    level: Level,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    batch: Batch,
) -> None:
    """The level is the peer's, whatever less was required; the bytes are exact."""
    peer = start_peer(behaviour)
    transport = opened_with(make_transport(peer.port), batch)

    assert transport.confirm(Level.EOF) is level
    assert peer.stored == [LINES]


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(tls_peers.answers_with_bare_eof, "without close_notify", id="eof"),
        pytest.param(tls_peers.resets, "reset", id="reset"),
        pytest.param(tls_peers.closes_without_reading, "reset", id="unread"),
        pytest.param(
            tls_peers.says_more_after_close_notify, "after its close_notify", id="more"
        ),
    ],
)
def test_confirm_names_why_the_proof_is_missing(
    behaviour: Behaviour,
    reason: str,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    batch: Batch,
) -> None:
    """Any other ending than close_notify and a clean end confirms nothing."""
    transport = opened_with(make_transport(start_peer(behaviour).port), batch)

    with pytest.raises(UnconfirmedError, match=reason):
        transport.confirm(Level.CLOSE_NOTIFY)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        pytest.param(tls_peers.stays_mute, "did not answer", id="mute"),
        pytest.param(tls_peers.keeps_tcp_open, "kept the connection", id="half open"),
    ],
)
def test_confirm_gives_up_at_the_close_timeout(
    behaviour: Behaviour,
    reason: str,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    batch: Batch,
) -> None:
    """A peer that does not finish the close blocks no longer than the timeout."""
    peer = start_peer(behaviour)
    transport = opened_with(make_transport(peer.port, close_timeout_s=0.2), batch)

    with pytest.raises(UnconfirmedError, match=reason):
        transport.confirm(Level.EOF)


@pytest.mark.parametrize(
    "behaviour", [tls_peers.closes_at_once, tls_peers.says_close_notify_at_once]
)
@pytest.mark.parametrize("level", [Level.SENT, Level.TCP_ACKED, Level.CLOSE_NOTIFY])
def test_end_before_our_close_is_no_answer(
    behaviour: Behaviour,
    level: Level,
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
) -> None:
    """A peer that ended by itself proved nothing about what it read."""
    context = pki.server_context()
    context.num_tickets = 0  # the end is then all there is to read
    peer = start_peer(behaviour, context=context)
    transport = make_transport(peer.port)
    transport.open()
    await_bytes(transport)

    with pytest.raises(UnconfirmedError, match="closed the connection before we did"):
        transport.confirm(level)


def test_data_before_our_close_is_ignored(
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A greeting that nobody asked for is counted, and the close goes on."""
    context = pki.server_context()
    context.num_tickets = 0
    peer = start_peer(tls_peers.talks_then_answers, context=context)
    transport = make_transport(peer.port)
    transport.open()
    await_bytes(transport)

    assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY
    assert caplog.messages == ["receiver sent 12 bytes, ignored"]


def test_peer_that_never_stops_talking_confirms_nothing(
    start_peer: StartPeer, make_transport: MakeTransport, batch: Batch
) -> None:
    """Ignoring unasked data has an end, or a close would never finish."""
    peer = start_peer(tls_peers.never_stops_talking)
    transport = opened_with(make_transport(peer.port), batch)

    with pytest.raises(UnconfirmedError):
        transport.confirm(Level.EOF)


class Talker:
    """A socket that always has more to read."""

    def recv(self, size: int) -> bytes:
        return bytes(size)


def test_reading_data_that_nobody_asked_for_has_an_end() -> None:
    """At 64 KiB the patience with a talking peer is over."""
    with pytest.raises(OSError, match="nobody asked for"):
        drain._read(cast("ssl.SSLSocket", Talker()))


class Full:
    """A socket whose TLS has no room to write, on a descriptor that stays full."""

    def __init__(self, descriptor: socket.socket) -> None:
        self._descriptor = descriptor
        descriptor.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                descriptor.send(bytes(65_536))

    def fileno(self) -> int:
        return self._descriptor.fileno()

    def setsockopt(self, *_option: int) -> None:
        """Take any option: a pair of sockets has none of TCP's."""

    def unwrap(self) -> None:
        raise ssl.SSLWantWriteError


def test_close_without_room_for_close_notify_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A buffer that stays full of what was sent ends it at the close timeout."""
    monkeypatch.setattr(drain, "wait_sent", lambda *_: True)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError, match="takes no more data"):
        drain._send_close_notify(cast("ssl.SSLSocket", Full(ours)), Deadline(0.05))


def test_older_tls_gives_the_same_proof(
    pki: Pki, start_peer: StartPeer, make_transport: MakeTransport, batch: Batch
) -> None:
    """A receiver that speaks TLS 1.2 answers close_notify all the same."""
    context = pki.server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    peer = start_peer(tls_peers.stores_then_answers, context=context)
    transport = opened_with(make_transport(peer.port), batch)

    assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY
    assert peer.stored == [LINES]


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(tls_peers.says_close_notify_at_once, id="tls"),
        pytest.param(tls_peers.closes_at_once, id="tcp"),
    ],
)
def test_end_that_crosses_our_close_proves_nothing(
    behaviour: Behaviour,
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
) -> None:
    """What the peer ended between our last look and our close is no answer to it."""
    context = pki.server_context()
    context.num_tickets = 0
    peer = start_peer(behaviour, context=context)
    transport = make_transport(peer.port)
    transport.open()

    with pytest.raises(UnconfirmedError, match="closed the connection before we did"):
        close_after_the_peer_spoke(transport)


def test_refusal_that_crosses_our_close_proves_nothing(
    pki: Pki, start_peer: StartPeer, make_transport: MakeTransport, tmp_path: Path
) -> None:
    """OpenSSL takes the alert of a refused certificate for an end; it is none."""
    context = tls_peers.Pki.create(tmp_path).server_context()
    context.load_cert_chain(pki.folder / "server.pem", pki.folder / "server.key")
    peer = start_peer(tls_peers.stores_then_answers, context=context)
    transport = make_transport(peer.port)
    transport.open()

    with pytest.raises((UnconfirmedError, ConnectionResetError)):
        close_after_the_peer_spoke(transport)


def close_after_the_peer_spoke(transport: DevoTransport) -> None:
    """Close as `confirm` does, but with the peer's last words unread."""
    assert transport._connection is not None
    transport._connection.socket.suppress_ragged_eofs = False  # type: ignore[attr-defined]
    await_bytes(transport)
    drain._send_close_notify(transport._connection.socket, Deadline(5))


def await_bytes(transport: DevoTransport) -> None:
    """Wait until the peer's next bytes, or its FIN, are here."""
    assert transport._connection is not None
    poll = select.poll()
    poll.register(transport._connection.socket, select.POLLIN | select.POLLRDHUP)
    assert poll.poll(10_000)


def test_tcp_acked_asks_only_the_kernel(
    start_peer: StartPeer, make_transport: MakeTransport, batch: Batch
) -> None:
    """A peer that never reads confirms `tcp_acked`: its kernel has the bytes."""
    transport = opened_with(
        make_transport(start_peer(tls_peers.never_reads).port), batch
    )

    assert transport.confirm(Level.TCP_ACKED) is Level.TCP_ACKED


def test_tcp_acked_is_not_given_while_bytes_are_under_way(
    start_peer: StartPeer, make_transport: MakeTransport, make_batch: MakeBatch
) -> None:
    """More than the peer's kernel has room for stays unconfirmed."""
    peer = start_peer(tls_peers.never_reads, receive_buffer_bytes=8192)
    transport = make_transport(peer.port, close_timeout_s=0.2)
    opened_with(transport, make_batch(bytes(b"x" * 60_000)))

    with pytest.raises(UnconfirmedError, match="did not acknowledge"):
        transport.confirm(Level.TCP_ACKED)


def test_sent_waits_for_nobody(
    start_peer: StartPeer, make_transport: MakeTransport, batch: Batch
) -> None:
    """`sent` is given to a mute peer, whatever the close timeout."""
    peer = start_peer(tls_peers.stays_mute)
    transport = opened_with(make_transport(peer.port, close_timeout_s=0), batch)

    assert transport.confirm(Level.SENT) is Level.SENT


@pytest.mark.parametrize(
    ("behaviour", "level"),
    [
        pytest.param(tls_peers.stores_then_answers, Level.CLOSE_NOTIFY, id="orderly"),
        pytest.param(tls_peers.answers_with_bare_eof, Level.EOF, id="bare eof"),
    ],
)
def test_probe_learns_the_best_level(
    behaviour: Behaviour,
    level: Level,
    start_peer: StartPeer,
    make_transport: MakeTransport,
) -> None:
    """An empty connection is enough to learn what a peer can prove."""
    transport = make_transport(start_peer(behaviour).port, close_timeout_s=0.5)

    assert transport.probe() is level


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(tls_peers.stays_mute, id="mute"),
        pytest.param(tls_peers.resets, id="resets"),
    ],
)
def test_probe_without_a_clean_end_teaches_nothing(
    behaviour: Behaviour, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """A peer that is starting or dying must not pass for a weak one."""
    transport = make_transport(start_peer(behaviour).port, close_timeout_s=0.5)

    with pytest.raises(UnconfirmedError):
        transport.probe()


def test_probe_finds_a_refused_certificate(
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    tmp_path: Path,
) -> None:
    """With TLS 1.3 connecting succeeds, and the refusal comes afterwards."""
    context = tls_peers.Pki.create(tmp_path).server_context()
    context.load_cert_chain(pki.folder / "server.pem", pki.folder / "server.key")
    peer = start_peer(tls_peers.stores_then_answers, context=context)

    with pytest.raises(CertificateError, match="unknown ca"):
        make_transport(peer.port).probe()


def test_confirm_finds_a_refused_certificate(
    pki: Pki,
    start_peer: StartPeer,
    make_transport: MakeTransport,
    batch: Batch,
    tmp_path: Path,
) -> None:
    """What was written before the refusal arrived is not confirmed."""
    context = tls_peers.Pki.create(tmp_path).server_context()
    context.load_cert_chain(pki.folder / "server.pem", pki.folder / "server.key")
    peer = start_peer(tls_peers.stores_then_answers, context=context)
    transport = make_transport(peer.port)
    transport.open()

    with pytest.raises(DeliveryError, match="refused"):  # noqa: PT012 - the alert may arrive before or after the write, and just before our close
        transport.write(batch)
        transport.confirm(Level.EOF)
    assert peer.stored == []


def test_confirm_refuses_a_replaced_connection(
    start_peer: StartPeer, make_transport: MakeTransport, batch: Batch
) -> None:
    """When devo-sdk counted a new connection, the old one's verdict is lost."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = opened_with(make_transport(peer.port), batch)
    assert transport._connection is not None
    transport._connection._sender.reconnection += 1

    with pytest.raises(DeliveryError, match="replaced"):
        transport.confirm(Level.SENT)


def test_closed_transport_confirms_nothing(make_transport: MakeTransport) -> None:
    """Without a connection there is nothing to prove."""
    with pytest.raises(DeliveryError, match="closed"):
        make_transport(1).confirm(Level.SENT)
