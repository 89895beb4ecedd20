"""Plain TCP: the same lines, and as much proof as there is without TLS."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from devo.sender import Sender

from collector_host.delivery.items import Batch, Block, Level
from collector_host.delivery.transports import closing, factory, plain
from collector_host.delivery.transports.framing import header
from collector_host.delivery.transports.settings import TcpSettings
from collector_host.errors import (
    ConfigError,
    ConnectError,
    DeliveryError,
    UnconfirmedError,
)
from delivery.transports import tls_peers

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.delivery.transports.plain import PlainTransport
    from delivery.transports.tls_peers import Behaviour, Peer

    StartPeer = Callable[..., Peer]
    MakePlain = Callable[..., PlainTransport]

BATCH = Batch(1, "my.app.a.b", "t", Block.of([b"one", b"two"]))
LINES = (
    b"<14>Jan  1 00:00:00 host my.app.a.b: one\n"
    b"<14>Jan  1 00:00:00 host my.app.a.b: two\n"
)
LARGE = Batch(1, "my.app.a.b", "t", Block.of([bytes(100_000)] * 100))


def opened_with(transport: PlainTransport, *batches: Batch) -> PlainTransport:
    """Open a transport and write."""
    transport.open()
    for batch in batches:
        transport.write(batch)
    return transport


def test_header_is_that_of_the_devo_sender() -> None:
    """A relay gets from both kinds of output the same line."""
    composed = Sender.compose_mem(b"my.app.a.b", bytes=True, hostname=b"host")

    assert header("my.app.a.b", "host") == composed


@pytest.mark.parametrize("level", [Level.SENT, Level.TCP_ACKED, Level.EOF])
def test_orderly_receiver_proves_what_is_asked(
    level: Level, start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """Whole lines arrive, and each level is reached."""
    peer = start_peer(tls_peers.answers_with_bare_eof, plain=True)
    transport = opened_with(make_plain(peer.port), BATCH)

    assert transport.confirm(level) is level
    peer.stop_listening()
    assert peer.stored == [LINES]


def test_probe_learns_the_end_of_connection(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """An empty connection closed in order teaches the best plain TCP can give."""
    peer = start_peer(tls_peers.answers_with_bare_eof, plain=True)

    assert make_plain(peer.port).probe() is Level.EOF
    peer.stop_listening()
    assert peer.stored == [b""]


def test_transport_can_be_opened_again(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """After a confirmation a new connection carries on."""
    peer = start_peer(tls_peers.answers_with_bare_eof, plain=True)
    transport = make_plain(peer.port)

    for _ in range(2):
        opened_with(transport, BATCH).confirm(Level.EOF)
    peer.stop_listening()

    assert peer.stored == [LINES, LINES]


def test_close_notify_is_more_than_plain_tcp_proves(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """Asked for more than there is, nothing counts as delivered."""
    peer = start_peer(tls_peers.answers_with_bare_eof, plain=True)
    transport = opened_with(make_plain(peer.port), BATCH)

    with pytest.raises(UnconfirmedError, match="close_notify is required"):
        transport.confirm(Level.CLOSE_NOTIFY)


@pytest.mark.parametrize("level", [Level.TCP_ACKED, Level.EOF])
@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(tls_peers.closes_at_once, id="closes first"),
        pytest.param(tls_peers.ends_tcp, id="ends"),
        pytest.param(tls_peers.resets_when_released, id="resets first"),
    ],
)
def test_receiver_that_ends_by_itself_confirms_nothing(
    behaviour: Behaviour, level: Level, start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """An end that is there before ours answers nothing."""
    peer = start_peer(behaviour, plain=True)
    transport = opened_with(make_plain(peer.port))
    assert transport._connection is not None
    peer.released.set()
    tls_peers.await_end(transport._connection.socket)

    with pytest.raises(UnconfirmedError):
        transport.confirm(level)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(tls_peers.resets, id="resets"),
        pytest.param(tls_peers.closes_without_reading, id="unread"),
        pytest.param(tls_peers.never_stops_talking, id="talks"),
    ],
)
def test_end_that_is_not_clean_confirms_nothing(
    behaviour: Behaviour, start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """A reset, unread bytes and endless data are no proof."""
    peer = start_peer(behaviour, plain=True)
    transport = opened_with(make_plain(peer.port), BATCH)

    with pytest.raises(UnconfirmedError, match="no proof from the receiver"):
        transport.confirm(Level.EOF)


def test_mute_receiver_confirms_only_by_its_kernel(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """Without its FIN there is no eof; its kernel's acknowledgement is there."""
    peer = start_peer(tls_peers.stays_mute, plain=True)
    first, second = (make_plain(peer.port, close_timeout_s=0.05) for _ in range(2))

    with pytest.raises(UnconfirmedError, match="did not answer the close in time"):
        opened_with(first, BATCH).confirm(Level.EOF)
    opened_with(second, BATCH)
    assert second.confirm(Level.TCP_ACKED) is Level.TCP_ACKED


def test_bytes_that_wait_in_our_kernel_are_not_acknowledged(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """tcp_acked means the peer's kernel, not ours."""
    peer = start_peer(tls_peers.never_reads, plain=True, receive_buffer_bytes=4_096)
    transport = make_plain(peer.port, close_timeout_s=0.05)
    opened_with(transport, Batch(1, "my.app.a.b", "t", Block.of([bytes(200_000)])))

    with pytest.raises(UnconfirmedError, match="kernel did not acknowledge"):
        transport.confirm(Level.TCP_ACKED)


def test_receiver_that_takes_no_bytes_ends_the_write(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """The send timeout bounds the wait for room."""
    peer = start_peer(tls_peers.never_reads, plain=True, receive_buffer_bytes=4_096)
    transport = make_plain(peer.port, send_timeout_s=0.05)
    transport.open()

    with pytest.raises(DeliveryError, match=r"took no data for 0\.05 s"):
        transport.write(LARGE)


def test_pieces_larger_than_the_kernels_room_arrive_once_and_whole(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """A piece that the kernel takes in parts goes on where it stopped."""
    peer = start_peer(
        tls_peers.answers_with_bare_eof, plain=True, receive_buffer_bytes=4_096
    )
    messages = [b"%06d" % number * 1_000_000 for number in range(3)]
    batch = Batch(1, "my.app.a.b", "t", Block.of(messages))
    transport = opened_with(make_plain(peer.port), batch)

    assert transport.confirm(Level.EOF) is Level.EOF
    peer.stop_listening()
    start = header("my.app.a.b", "host")
    assert peer.stored == [b"".join(b"%b%b\n" % (start, each) for each in messages)]


def test_end_before_the_receiver_had_everything_confirms_nothing(
    start_peer: StartPeer, make_plain: MakePlain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end crossed our close, and our kernel still holds a part."""
    monkeypatch.setattr(closing, "_closes_by_itself", lambda *_: False)
    peer = start_peer(tls_peers.closes_at_once, plain=True, receive_buffer_bytes=4_096)
    transport = make_plain(peer.port, close_timeout_s=0.05)
    opened_with(transport, Batch(1, "my.app.a.b", "t", Block.of([bytes(200_000)])))

    with pytest.raises(UnconfirmedError, match="before it had everything"):
        transport.confirm(Level.EOF)


def test_socket_that_cannot_be_prepared_is_closed(
    start_peer: StartPeer, make_plain: MakePlain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that breaks while it is set up leaves no descriptor open."""
    made: list[socket.socket] = []

    def break_off(sock: socket.socket, **_options: float) -> None:
        made.append(sock)
        raise ConnectionResetError(104, "Connection reset by peer")

    monkeypatch.setattr(plain, "harden", break_off)
    peer = start_peer(tls_peers.never_reads, plain=True)

    with pytest.raises(ConnectError, match="Connection reset by peer"):
        make_plain(peer.port).open()
    assert [sock.fileno() for sock in made] == [-1]


def test_write_to_a_receiver_that_reset_is_a_delivery_error(
    start_peer: StartPeer, make_plain: MakePlain
) -> None:
    """The place is named; no certificate is blamed."""
    peer = start_peer(tls_peers.resets_when_released, plain=True)
    transport = opened_with(make_plain(peer.port))
    assert transport._connection is not None
    peer.released.set()
    tls_peers.await_end(transport._connection.socket)

    with pytest.raises(DeliveryError, match="broke") as caught:
        transport.write(BATCH)
    assert f"localhost:{peer.port}" in str(caught.value)
    assert "certificate" not in str(caught.value)


def test_nobody_listening_is_a_connect_error(make_plain: MakePlain) -> None:
    """The address is named with what to check."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(ConnectError, match=f"localhost:{port} refuses connections"):
        make_plain(port).open()


def test_connection_over_ipv6_is_possible(make_plain: MakePlain) -> None:
    """A relay in the house may have no other address."""
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        transport = make_plain(listener.getsockname()[1], address="::1")
        transport.open()
        accepted, _ = listener.accept()
        accepted.close()


@pytest.mark.parametrize(
    ("address", "shown"), [("a b", "'a b:514'"), (":::", r"'\[:::\]:514'")]
)
def test_impossible_address_is_refused(address: str, shown: str) -> None:
    """Before anything is connected."""
    with pytest.raises(ConfigError, match=shown):
        TcpSettings(address=address, port=514)


def test_factory_makes_plain_transports(start_peer: StartPeer) -> None:
    """The seam the runtime uses."""
    peer = start_peer(tls_peers.answers_with_bare_eof, plain=True)
    settings = TcpSettings(address="127.0.0.1", port=peer.port)

    assert factory.plain(settings).probe() is Level.EOF


_UNREAD = """
import signal, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
accepted, _ = listener.accept()
signal.pause()
"""


@pytest.mark.parametrize(
    ("level", "believed"), [(Level.TCP_ACKED, True), (Level.EOF, False)]
)
def test_killed_receiver_with_unread_bytes_is_believed_only_by_tcp_acked(
    level: Level, *, believed: bool, make_plain: MakePlain
) -> None:
    """What its kernel has and its process never read: lost by one level only."""
    with subprocess.Popen(
        [sys.executable, "-c", _UNREAD], stdout=subprocess.PIPE, text=True
    ) as receiver:
        assert receiver.stdout
        transport = opened_with(make_plain(int(receiver.stdout.readline())), BATCH)
        if believed:
            assert transport.confirm(level) is level
        os.kill(receiver.pid, signal.SIGKILL)
        receiver.wait()
    if not believed:
        with pytest.raises(UnconfirmedError):
            transport.confirm(level)
