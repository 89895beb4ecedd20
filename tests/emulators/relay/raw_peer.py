"""A sender made of Python's ssl alone, for tests of what the relay does."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_emulators.certificates import KeyPair, RelayCertificates

TAG = "cloud.alibaba.actiontrail.events"
TIMEOUT_S = 10.0


def line(message: bytes, tag: str = TAG) -> bytes:
    """Frame a message as devo-sdk's plain `send` does."""
    return b"<14>Jan  1 00:00:00 host %s: %s\n" % (tag.encode(), message)


def counted(message: bytes) -> bytes:
    """Frame a message as devo-sdk's `multiline=True` does."""
    record = line(message)
    return b"%d %s" % (len(record), record)


def client_context(
    certificates: RelayCertificates, pair: KeyPair | None = None
) -> ssl.SSLContext:
    """Build what a customer's sender builds from chain, cert and key."""
    own = pair or certificates.client
    context = ssl.create_default_context(cafile=str(certificates.chain))
    context.load_cert_chain(own.certificate, own.key)
    return context


@contextlib.contextmanager
def connected(
    address: tuple[str, int],
    certificates: RelayCertificates,
    *,
    pair: KeyPair | None = None,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> Iterator[ssl.SSLSocket]:
    """Connect, and close the file descriptor whatever happens."""
    context = client_context(certificates, pair)
    context.maximum_version = version
    with (
        socket.create_connection(address, TIMEOUT_S) as raw,
        context.wrap_socket(
            raw, server_hostname="localhost", suppress_ragged_eofs=False
        ) as peer,
    ):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield peer


def close_and_read_verdict(peer: ssl.SSLSocket, timeout_s: float = TIMEOUT_S) -> bytes:
    """Send close_notify, and only then read what the peer has to say.

    `unwrap` reads too, and takes a fatal alert for a clean end. So our close_notify
    is held back (TCP_CORK) until `unwrap` has found nothing to read: what it finds
    cannot be an answer, and what `recv` finds later is told apart by its type.

    Returns:
        Bytes the peer sent instead of an end.

    Raises:
        SSLZeroReturnError: The peer said close_notify: the one good end.
        OSError: Anything else.
    """
    peer.settimeout(0)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    for look in (lambda: peer.recv(1), peer.unwrap):
        with contextlib.suppress(ssl.SSLWantReadError):
            look()
            message = "the peer spoke before it could know of our end"
            raise ConnectionError(message)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
    while True:
        if not select.select([peer], [], [], timeout_s)[0]:
            raise TimeoutError
        with contextlib.suppress(ssl.SSLWantReadError):
            return peer.recv(1)
