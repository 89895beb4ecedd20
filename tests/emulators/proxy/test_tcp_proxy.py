"""The proxy forwards byte for byte, and spoils a link exactly as it is told."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from collector_emulators.certificates import write_certificates
from collector_emulators.proxy import TcpProxy, Way
from collector_emulators.relay.server import Relay
from emulators.relay.raw_peer import connected, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMEOUT_S = 10.0
AGES_S = 3_600.0


class Line:
    """A client and an upstream with a proxy between them."""

    def __init__(
        self, proxy: TcpProxy, client: socket.socket, upstream: socket.socket
    ) -> None:
        self.proxy = proxy
        self.client = client
        self.upstream = upstream

    def nothing_arrived(self) -> bool:
        """Tell whether upstream has nothing to read now."""
        self.upstream.settimeout(0)
        try:
            return not self.upstream.recv(1)
        except BlockingIOError:
            return True
        finally:
            self.upstream.settimeout(TIMEOUT_S)


@pytest.fixture
def link() -> Iterator[Line]:
    """Both ends of a link through a proxy."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        TcpProxy(listener.getsockname()) as proxy,
        socket.create_connection(proxy.address, TIMEOUT_S) as client,
    ):
        upstream, _ = listener.accept()
        with upstream:
            upstream.settimeout(TIMEOUT_S)
            assert proxy.tally.wait_for("links")
            yield Line(proxy, client, upstream)


def receive(end: socket.socket, size: int) -> bytes:
    """Read exactly `size` bytes, or fewer when the other side ends."""
    received = b""
    while len(received) < size and (data := end.recv(size - len(received))):
        received += data
    return received


def test_bytes_pass_both_ways_and_are_counted(link: Line) -> None:
    """Nothing is changed, whatever the size."""
    big = bytes(range(256)) * 1_000
    link.client.sendall(big)
    assert receive(link.upstream, len(big)) == big
    link.upstream.sendall(b"answer")
    assert receive(link.client, 6) == b"answer"

    assert link.proxy.tally.wait_for("sent_up", len(big))
    assert link.proxy.tally.wait_for("sent_down", 6)
    assert link.proxy.tally["links"] == 1


def test_an_end_passes_as_an_end_and_the_other_way_stays_open(link: Line) -> None:
    """A FIN of one side reaches the other, which may still answer."""
    link.client.sendall(b"last words")
    link.client.shutdown(socket.SHUT_WR)
    assert receive(link.upstream, 100) == b"last words"
    link.upstream.sendall(b"answer")
    link.upstream.close()

    assert receive(link.client, 100) == b"answer"
    assert link.proxy.tally.wait_for("closed")


def test_latency_holds_bytes_back_until_they_are_due(link: Line) -> None:
    """Delayed bytes arrive whole, once the delay is over or lifted."""
    link.proxy.set_latency(AGES_S)
    link.client.sendall(b"late")
    assert link.proxy.tally.wait_for("read_up", 4)
    assert link.nothing_arrived()

    link.proxy.set_latency(0.01)

    assert receive(link.upstream, 4) == b"late"


def test_a_limited_rate_passes_slices_until_it_is_lifted(link: Line) -> None:
    """At 20 bytes a second one byte goes at a time."""
    link.proxy.set_rate(20)
    link.client.sendall(b"x" * 10_000)
    assert receive(link.upstream, 1) == b"x"
    assert link.proxy.tally["sent_up"] < 10_000

    link.proxy.set_rate(None)

    assert receive(link.upstream, 9_999) == b"x" * 9_999


def test_a_black_hole_swallows_until_it_is_passed_through_again(link: Line) -> None:
    """Nothing is forwarded, nothing is closed, nothing is lost."""
    link.proxy.black_hole()
    link.client.sendall(b"where are you")
    assert link.proxy.tally.wait_for("read_up", 13)
    assert link.nothing_arrived()

    link.proxy.pass_through()

    assert receive(link.upstream, 13) == b"where are you"


def test_a_cut_ends_both_sides_in_order(link: Line) -> None:
    """Both ends see an end of file when nothing was on its way."""
    link.proxy.cut()

    assert link.client.recv(1) == b""
    assert link.upstream.recv(1) == b""
    assert link.proxy.tally["closed"] == 1


def test_a_reset_reaches_both_sides(link: Line) -> None:
    """Both ends see a connection reset."""
    link.proxy.reset()

    for end in (link.client, link.upstream):
        with pytest.raises(ConnectionResetError):
            end.recv(1)


def test_a_half_close_ends_one_way_and_drops_what_follows(link: Line) -> None:
    """Upstream sees the end, the client does not notice and is still answered."""
    link.proxy.half_close(Way.UP)
    assert link.upstream.recv(1) == b""
    link.client.sendall(b"never arrives")
    assert link.proxy.tally.wait_for("read_up", 13)
    link.upstream.sendall(b"answer")

    assert receive(link.client, 6) == b"answer"
    assert link.proxy.tally["sent_up"] == 0


def test_a_reset_by_one_side_is_passed_on_as_a_reset(link: Line) -> None:
    """The proxy does not turn a broken connection into an orderly end."""
    link.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    link.client.close()

    with pytest.raises(ConnectionResetError):
        link.upstream.recv(1)


def test_an_upstream_that_is_down_resets_the_client() -> None:
    """A connection that cannot be continued is not kept open."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and never listens
        with TcpProxy(bound.getsockname()) as proxy:
            with (
                pytest.raises(ConnectionResetError),
                socket.create_connection(proxy.address, TIMEOUT_S) as end,
            ):
                end.recv(1)

            assert proxy.tally["unreachable"] == 1


def test_tls_passes_through_and_a_cut_is_no_close_notify(tmp_path: Path) -> None:
    """Through the proxy a relay confirms; after a cut nobody does."""
    certificates = write_certificates(tmp_path / "certificates")
    with Relay(certificates) as relay, TcpProxy(relay.address) as proxy:
        with connected(proxy.address, certificates) as peer:
            peer.sendall(line(b"one"))
            peer.unwrap()
        with connected(proxy.address, certificates) as peer:
            peer.sendall(line(b"two"))
            assert relay.tally.wait_for("events", 2)
            proxy.cut()
            with pytest.raises(ssl.SSLEOFError):
                peer.unwrap()

        assert [entry.message for entry in relay.ledger.entries()] == [b"one", b"two"]
