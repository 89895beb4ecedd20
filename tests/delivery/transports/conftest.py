"""Certificates and receivers for the transport tests."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.items import Batch, Block
from collector_host.delivery.transports.devo_transport import DevoTransport
from collector_host.delivery.transports.plain import PlainTransport
from collector_host.delivery.transports.settings import TcpSettings
from delivery.transports.tls_peers import Peer, Pki

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from delivery.transports.tls_peers import Behaviour


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """Return the certificates that fit together."""
    return Pki.create(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def start_peer(pki: Pki) -> Iterator[Callable[..., Peer]]:
    """Start receivers that are closed when the test ends."""
    with ExitStack() as stack:

        def start(*behaviours: Behaviour, **options: object) -> Peer:
            context = options.pop("context", None) or pki.server_context()
            if options.pop("plain", False):
                context = None
            peer = Peer(context, *behaviours, **options)  # type: ignore[arg-type]
            return stack.enter_context(closing(peer))

        yield start


@pytest.fixture
def make_transport(
    pki: Pki, start_peer: Callable[..., Peer]
) -> Iterator[Callable[..., DevoTransport]]:
    """Make transports that are aborted before their receivers are closed."""
    del start_peer
    with ExitStack() as stack:

        def make(port: int, **changes: object) -> DevoTransport:
            transport = DevoTransport(pki.settings(port, **changes))
            stack.callback(transport.abort)
            return transport

        yield make


@pytest.fixture
def make_plain(start_peer: Callable[..., Peer]) -> Iterator[Callable[..., object]]:
    """Make plain transports that are aborted before their receivers are closed."""
    del start_peer
    with ExitStack() as stack:

        def make(port: int, **changes: object) -> PlainTransport:
            values: dict[str, object] = {
                "address": "localhost",
                "port": port,
                "hostname": "host",
                "connect_timeout_s": 5.0,
                "send_timeout_s": 5.0,
                "close_timeout_s": 5.0,
            }
            settings = TcpSettings(**(values | changes))  # type: ignore[arg-type]
            transport = PlainTransport(settings)
            stack.callback(transport.abort)
            return transport

        yield make


@pytest.fixture
def make_batch() -> Callable[..., Batch]:
    """Make batches for one table."""

    def make(*messages: bytes, tag: str = "my.app.a.b") -> Batch:
        return Batch(1, tag, "2023-01-05 00:00:00.000", Block.of(messages))

    return make
