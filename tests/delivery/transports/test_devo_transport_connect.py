"""Connecting: what is used again, and what each failure tells the operator."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization

from collector_host.delivery.items import Level
from collector_host.delivery.transports import factory
from collector_host.errors import CertificateError, ConfigError, ConnectError
from delivery.transports import tls_peers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from collector_host.delivery.transports.devo_transport import DevoTransport
    from delivery.transports.tls_peers import Peer, Pki

    StartPeer = Callable[..., Peer]
    MakeTransport = Callable[..., DevoTransport]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port where connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def own_pki(tmp_path: Path) -> Pki:
    """Return certificates that a test may spoil."""
    return tls_peers.Pki.create(tmp_path)


def test_refused_port_names_the_address(make_transport: MakeTransport) -> None:
    """Nobody listens: the operator reads where, and what to check."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(ConnectError, match=f"localhost:{port} refuses connections"):
        make_transport(port).open()


def test_unknown_name_is_named(make_transport: MakeTransport) -> None:
    """A name without address is not confused with an unreachable one."""
    with pytest.raises(ConnectError, match="has no address"):
        make_transport(443, address="devo.invalid").open()


@pytest.mark.parametrize(
    ("address", "port"),
    [("", 443), ("a..b", 443), ("a b", 443), ("a", 0), ("a", 65_536), ("x" * 64, 1)],
)
def test_impossible_address_is_a_config_error(
    address: str, port: int, pki: Pki
) -> None:
    """What no socket accepts is refused before anything is opened."""
    with pytest.raises(ConfigError, match="not a host name and a port"):
        pki.settings(port, address=address)


def test_handshake_without_answer_ends(
    silent_port: int, make_transport: MakeTransport
) -> None:
    """A peer that takes the connection and says nothing is given up."""
    with pytest.raises(ConnectError, match="did not answer in time"):
        make_transport(silent_port, connect_timeout_s=0.1).open()


def test_plain_text_port_is_recognised(make_transport: MakeTransport) -> None:
    """A port that does not speak TLS gives a hint about the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = make_transport(listener.getsockname()[1])
        with (
            Answer(listener, b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            pytest.raises(ConnectError, match="speak TLS"),
        ):
            transport.open()


class Answer:
    """Answers one connection in plain text, and ends it."""

    def __init__(self, listener: socket.socket, text: bytes) -> None:
        self._listener = listener
        self._text = text
        self._thread = threading.Thread(target=self._answer)

    def _answer(self) -> None:
        plain, _ = self._listener.accept()
        with plain:
            plain.recv(1024)
            plain.sendall(self._text)
            plain.shutdown(socket.SHUT_WR)
            while plain.recv(1024):
                pass

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()


def test_wrong_server_name_is_refused(
    own_pki: Pki, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """A certificate for another name is not trusted, however valid it is."""
    own_pki.issue("other", "other.example")
    peer = start_peer(
        tls_peers.stores_then_answers, context=own_pki.server_context("other")
    )

    with pytest.raises(CertificateError, match="is not for localhost"):
        make_transport(peer.port, chain=own_pki.chain).open()


def test_unknown_authority_names_our_chain(
    own_pki: Pki, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """A receiver that our chain does not vouch for is not trusted."""
    peer = start_peer(tls_peers.stores_then_answers)

    with pytest.raises(CertificateError, match=str(own_pki.chain)):
        make_transport(peer.port, chain=own_pki.chain).open()


def test_expired_server_certificate_is_told_apart(
    own_pki: Pki, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """The hint is about expiry and clocks, not about the chain."""
    own_pki.issue("old", "localhost", expired=True)
    peer = start_peer(
        tls_peers.stores_then_answers, context=own_pki.server_context("old")
    )

    with pytest.raises(CertificateError, match="clock is wrong"):
        make_transport(peer.port, chain=own_pki.chain).open()


def test_certificate_refused_during_the_handshake(
    own_pki: Pki, pki: Pki, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """With TLS 1.2 the refusal of our certificate already fails the connect."""
    context = own_pki.server_context()
    context.load_cert_chain(pki.folder / "server.pem", pki.folder / "server.key")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    peer = start_peer(tls_peers.stores_then_answers, context=context)

    with pytest.raises(CertificateError, match="refused our certificate: unknown ca"):
        make_transport(peer.port).open()


def test_key_of_another_certificate_is_named(
    own_pki: Pki, make_transport: MakeTransport
) -> None:
    """Both files are named when they do not belong together."""
    key = own_pki.folder / "server.key"

    with pytest.raises(CertificateError, match=f"{key} is not the key of"):
        make_transport(1, key=key).open()


@pytest.mark.parametrize("setting", ["key", "cert", "chain"])
def test_missing_file_is_named(
    setting: str, tmp_path: Path, make_transport: MakeTransport
) -> None:
    """A missing file is named, with the setting that names it."""
    path = tmp_path / "missing.pem"

    with pytest.raises(CertificateError, match=f"{setting} {path} cannot be read"):
        make_transport(1, **{setting: path}).open()


@pytest.mark.parametrize(
    ("setting", "kind"),
    [("key", "private key"), ("cert", "certificate"), ("chain", "certificate")],
)
def test_file_of_another_kind_is_named(
    setting: str, kind: str, tmp_path: Path, make_transport: MakeTransport
) -> None:
    """A file without the expected PEM block is named before TLS sees it."""
    path = tmp_path / "notes.txt"
    path.write_text("nothing of use")

    with pytest.raises(CertificateError, match=f"{setting} {path} holds no {kind}"):
        make_transport(1, **{setting: path}).open()


def test_damaged_key_is_reported(
    own_pki: Pki, tmp_path: Path, make_transport: MakeTransport
) -> None:
    """A PEM block that cannot be parsed is a matter of certificates."""
    key = tmp_path / "damaged.key"
    text = (own_pki.folder / "client.key").read_text()
    key.write_text(text.replace("M", "N"))

    with pytest.raises(CertificateError, match=f"{key} is damaged"):
        make_transport(1, key=key).open()


def test_damaged_chain_is_reported(
    tmp_path: Path, make_transport: MakeTransport
) -> None:
    """A chain that cannot be parsed is not reported as a network problem."""
    chain = tmp_path / "damaged.pem"
    chain.write_text("-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n")

    with pytest.raises(CertificateError, match=f"{chain}, .* is damaged"):
        make_transport(1, chain=chain).open()


def test_receiver_that_hangs_up_during_the_handshake_is_named(
    make_transport: MakeTransport,
) -> None:
    """The operator learns that something answered, and ended it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = make_transport(listener.getsockname()[1])
        with Answer(listener, b""), pytest.raises(ConnectError, match="handshake"):
            transport.open()


def test_key_with_a_passphrase_asks_nobody(
    own_pki: Pki, tmp_path: Path, make_transport: MakeTransport
) -> None:
    """OpenSSL would ask the terminal; we say what to do instead."""
    plain = (own_pki.folder / "client.key").read_bytes()
    encrypted = serialization.load_pem_private_key(plain, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"passphrase"),
    )
    key = tmp_path / "encrypted.key"
    key.write_bytes(encrypted)

    with pytest.raises(CertificateError, match="protected by a passphrase"):
        make_transport(1, key=key).open()


def test_context_is_used_again_after_a_confirmed_close(
    start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """The second connection spares loading key and chain."""
    transport = make_transport(start_peer(tls_peers.stores_then_answers).port)
    first = opened_context(transport)
    transport.confirm(Level.CLOSE_NOTIFY)

    assert opened_context(transport) is first
    assert transport.confirm(Level.CLOSE_NOTIFY) is Level.CLOSE_NOTIFY


def test_context_is_made_anew_after_an_abort(
    start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """After a failure nothing of the old connection is trusted."""
    transport = make_transport(start_peer(tls_peers.stores_then_answers).port)
    first = opened_context(transport)
    transport.abort()

    assert opened_context(transport) is not first


def test_renewed_certificate_is_loaded(
    own_pki: Pki, start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """A file that is replaced while we run counts from the next connection on."""
    peer = start_peer(tls_peers.stores_then_answers, context=own_pki.server_context())
    settings = own_pki.settings(peer.port)
    transport = make_transport(
        peer.port, key=settings.key, cert=settings.cert, chain=settings.chain
    )
    first = opened_context(transport)
    transport.confirm(Level.CLOSE_NOTIFY)
    own_pki.issue("client", "renewed.example")

    assert opened_context(transport) is not first


def opened_context(transport: DevoTransport) -> ssl.SSLContext:
    """Open the transport and return its TLS context."""
    transport.open()
    assert transport._connection is not None
    return transport._connection.socket.context


def test_reused_context_reports_failures_alike(
    start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """A receiver that is gone at the second connection is named as at the first."""
    peer = start_peer(tls_peers.stores_then_answers)
    transport = make_transport(peer.port)
    transport.probe()
    peer.stop_listening()

    with pytest.raises(ConnectError, match="refuses connections"):
        transport.open()


def test_options_are_set_on_every_connection(
    start_peer: StartPeer, make_transport: MakeTransport
) -> None:
    """Both ways of connecting give a socket that notices a dead peer."""
    transport = make_transport(
        start_peer(tls_peers.stores_then_answers).port, user_timeout_s=7.5
    )
    for _ in range(2):
        transport.open()
        assert transport._connection is not None
        tls = transport._connection.socket
        assert tls.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert tls.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert tls.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7500
        assert tls.gettimeout() == 0
        transport.confirm(Level.CLOSE_NOTIFY)


def test_hostname_that_breaks_the_header_is_a_config_error(pki: Pki) -> None:
    """A blank in our own name would shift every field behind it."""
    with pytest.raises(ConfigError, match="two words"):
        pki.settings(443, hostname="two words")


def test_factory_makes_a_transport_that_connects(
    pki: Pki, start_peer: StartPeer
) -> None:
    """Plain values are all that is needed to reach a receiver."""
    peer = start_peer(tls_peers.stores_then_answers)

    assert factory.devo(pki.settings(peer.port)).probe() is Level.CLOSE_NOTIFY


def test_importing_the_package_does_not_load_devo_sdk() -> None:
    """A collector without a Devo output, or `--help`, does not pay for it."""
    program = (
        "import sys; import collector_host.delivery.transports.factory;"
        "import collector_host.delivery.transports.settings;"
        "sys.exit('devo' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
