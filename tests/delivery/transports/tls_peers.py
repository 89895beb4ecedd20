"""Small receivers over real TLS or plain TCP, one behaviour each, for these tests only.

Blocking TLS in threads: only so is the moment of each answer ours.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import trustme

from collector_host.delivery.transports.settings import DevoSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Behaviour = Callable[["Peer", ssl.SSLSocket], None]


@dataclass(frozen=True)
class Pki:
    """A certificate authority, a receiver's certificate, and ours."""

    folder: Path
    authority: trustme.CA

    @classmethod
    def create(cls, folder: Path) -> Pki:
        pki = cls(folder, trustme.CA())
        pki.authority.cert_pem.write_to_path(folder / "chain.pem")
        pki.issue("server", "localhost")
        pki.issue("client", "collector.example")
        return pki

    def issue(self, name: str, identity: str, *, expired: bool = False) -> None:
        end = datetime(2020, 1, 1, tzinfo=UTC) if expired else None
        start = end and end - timedelta(days=365)
        issued = self.authority.issue_cert(identity, not_before=start, not_after=end)
        issued.private_key_pem.write_to_path(self.folder / f"{name}.key")
        issued.cert_chain_pems[0].write_to_path(self.folder / f"{name}.pem")

    @property
    def chain(self) -> Path:
        return self.folder / "chain.pem"

    def server_context(self, name: str = "server") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            self.folder / f"{name}.pem", self.folder / f"{name}.key"
        )
        context.load_verify_locations(self.chain)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def settings(self, port: int, **changes: object) -> DevoSettings:
        values: dict[str, object] = {
            "address": "localhost",
            "port": port,
            "key": self.folder / "client.key",
            "cert": self.folder / "client.pem",
            "chain": self.chain,
            "hostname": "host",
            "connect_timeout_s": 5.0,
            "send_timeout_s": 5.0,
            "close_timeout_s": 5.0,
        }
        return DevoSettings(**(values | changes))  # type: ignore[arg-type]


class Peer:
    """Accepts connections until it is closed; each runs one behaviour.

    Without a TLS context the connections are plain, and behaviours get their sockets.

    Attributes:
        stored: What each connection's behaviour stored, in order.
        refusals: Handshakes that failed on this side.
        breaks: Connections that broke under a behaviour.
        released: Set when the peer closes; ends behaviours that wait.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None,
        *behaviours: Behaviour,
        receive_buffer_bytes: int | None = None,
    ) -> None:
        self.stored: list[bytes] = []
        self.refusals: list[OSError] = []
        self.breaks: list[OSError] = []
        self.released = threading.Event()
        self._context = context
        self._behaviours = list(behaviours)
        self._listener = socket.socket()
        if receive_buffer_bytes:
            self._listener.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes
            )
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def stop_listening(self) -> None:
        # Wakes the blocked accept; closing alone would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def close(self) -> None:
        self.released.set()
        if self._listener.fileno() != -1:
            self.stop_listening()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with plain:
                self._serve(plain)

    def _serve(self, plain: socket.socket) -> None:
        behaviour = self._behaviours[0]
        try:
            tls = self._wrap(plain)
        except OSError as error:
            self.refusals.append(error)
            return
        if len(self._behaviours) > 1:
            self._behaviours.pop(0)
        with tls:
            try:
                behaviour(self, tls)
            except OSError as error:
                self.breaks.append(error)

    def _wrap(self, plain: socket.socket) -> ssl.SSLSocket:
        if self._context is None:
            return cast("ssl.SSLSocket", plain)
        return self._context.wrap_socket(plain, server_side=True)


def await_end(sock: socket.socket) -> None:
    """Wait until the peer's FIN, or its reset, is here."""
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    assert poll.poll(10_000)


def read_to_end(tls: ssl.SSLSocket) -> bytes:
    """Read until close_notify."""
    received = bytearray()
    while block := tls.recv(65_536):
        received += block
    return bytes(received)


def stores_then_answers(peer: Peer, tls: ssl.SSLSocket) -> None:
    """The orderly receiver: read, store, answer close_notify, close."""
    peer.stored.append(read_to_end(tls))
    tls.unwrap().close()


def answers_with_bare_eof(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Read and store, then close TCP alone."""
    peer.stored.append(read_to_end(tls))


def answers_only_to_fin(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Take no notice of close_notify; answer it only after our FIN."""
    peer.stored.append(read_to_end(tls))
    assert socket.socket.recv(tls, 1) == b""
    tls.unwrap().close()


def talks_then_answers(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Greet a client that expects nothing, then behave."""
    tls.sendall(b"220 welcome\n")
    stores_then_answers(peer, tls)


def never_stops_talking(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Send data for as long as it is taken."""
    while not peer.released.is_set():
        tls.sendall(bytes(65_536))


def closes_at_once(peer: Peer, tls: ssl.SSLSocket) -> None:
    """End TCP before anybody asked, with everything read so far."""
    tls.shutdown(socket.SHUT_WR)
    peer.released.wait()


def says_close_notify_at_once(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Send close_notify before anybody asked."""
    tls.settimeout(0)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.unwrap()
    peer.released.wait()


def resets(_peer: Peer, tls: ssl.SSLSocket) -> None:
    """Read to the end, then answer with a reset."""
    read_to_end(tls)
    tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes_without_reading(_peer: Peer, tls: ssl.SSLSocket) -> None:
    """Close when everything, our FIN too, has arrived in the kernel unread."""
    await_end(tls)


def stays_mute(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Read to the end and never answer."""
    peer.stored.append(read_to_end(tls))
    peer.released.wait()


def keeps_tcp_open(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Answer close_notify and never end the TCP stream."""
    peer.stored.append(read_to_end(tls))
    with tls.unwrap():
        peer.released.wait()


def says_more_after_close_notify(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Answer close_notify and go on outside TLS."""
    peer.stored.append(read_to_end(tls))
    with tls.unwrap() as plain:
        plain.sendall(b"!")


def ends_tcp(_peer: Peer, _tls: ssl.SSLSocket) -> None:
    """Close TCP at once and go on with the next connection."""


def resets_at_once(_peer: Peer, tls: ssl.SSLSocket) -> None:
    """Reset the connection before anybody asked."""
    tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def resets_when_released(peer: Peer, tls: ssl.SSLSocket) -> None:
    """Reset the connection when the test says so."""
    peer.released.wait()
    resets_at_once(peer, tls)


def never_reads(peer: Peer, _tls: ssl.SSLSocket) -> None:
    """Leave everything in the kernel."""
    peer.released.wait()
