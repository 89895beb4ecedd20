"""Certificates for a relay on loopback, good ones and bad ones.

Named like the files a Devo customer downloads. It knows no sockets.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import trustme

if TYPE_CHECKING:
    from pathlib import Path

DOMAIN: Final = "demo"
"""Devo domain the demo client belongs to; names the client's files."""

_HOSTS: Final = ("localhost", "127.0.0.1")
_LONG_AGO: Final = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A PEM certificate and its PEM private key."""

    certificate: Path
    key: Path

    def exists(self) -> bool:
        """Tell whether both files are there."""
        return self.certificate.exists() and self.key.exists()


@dataclass(frozen=True, slots=True)
class RelayCertificates:
    """Where each file of a folder of certificates is.

    Attributes:
        chain: The authority both sides trust, `chain.crt`.
        client: What a customer has, `<domain>.crt` and `<domain>.key`.
        server: The relay's own, valid for localhost and 127.0.0.1.
        expired_client: Signed by the authority, but out of date.
        stranger_client: Valid, but signed by an authority the relay does not know.
        expired_server: Signed by the authority, but out of date.
        misnamed_server: Signed by the authority, for another host name.
        stranger_chain: The authority the relay does not know.
    """

    chain: Path
    client: KeyPair
    server: KeyPair
    expired_client: KeyPair
    stranger_client: KeyPair
    expired_server: KeyPair
    misnamed_server: KeyPair
    stranger_chain: Path

    def exist(self) -> bool:
        """Tell whether every file is there."""
        return all(getattr(self, field.name).exists() for field in fields(self))


def certificate_paths(folder: Path, domain: str = DOMAIN) -> RelayCertificates:
    """Name the files of `folder`, whether they exist or not."""

    def pair(stem: str) -> KeyPair:
        return KeyPair(folder / f"{stem}.crt", folder / f"{stem}.key")

    return RelayCertificates(
        chain=folder / "chain.crt",
        client=pair(domain),
        server=pair("server"),
        expired_client=pair(f"{domain}-expired"),
        stranger_client=pair(f"{domain}-stranger"),
        expired_server=pair("server-expired"),
        misnamed_server=pair("server-misnamed"),
        stranger_chain=folder / "stranger-chain.crt",
    )


def write_certificates(folder: Path, domain: str = DOMAIN) -> RelayCertificates:
    """Make a new authority and every certificate, replacing what was there.

    Args:
        folder: Created with mode 0700 when missing; keys get mode 0600.
        domain: Common name of the client certificates.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = certificate_paths(folder, domain)
    authority, stranger = trustme.CA(), trustme.CA()
    start, end = _LONG_AGO
    _write_pair(paths.server, authority.issue_cert(*_HOSTS))
    _write_pair(paths.client, authority.issue_cert(domain, common_name=domain))
    _write_pair(
        paths.expired_client,
        authority.issue_cert(
            domain, common_name=domain, not_before=start, not_after=end
        ),
    )
    _write_pair(paths.stranger_client, stranger.issue_cert(domain, common_name=domain))
    _write_pair(
        paths.expired_server,
        authority.issue_cert(*_HOSTS, not_before=start, not_after=end),
    )
    _write_pair(paths.misnamed_server, authority.issue_cert("elsewhere.invalid"))
    authority.cert_pem.write_to_path(paths.chain)
    stranger.cert_pem.write_to_path(paths.stranger_chain)
    return paths


def ensure_certificates(folder: Path, domain: str = DOMAIN) -> RelayCertificates:
    """Use the certificates of `folder`, making all of them when one is missing."""
    paths = certificate_paths(folder, domain)
    return paths if paths.exist() else write_certificates(folder, domain)


def _write_pair(pair: KeyPair, leaf: trustme.LeafCert) -> None:
    pair.certificate.write_bytes(leaf.cert_chain_pems[0].bytes())
    # Made anew so that the mode holds before the first byte is written.
    pair.key.unlink(missing_ok=True)
    pair.key.touch(mode=0o600)
    pair.key.write_bytes(leaf.private_key_pem.bytes())
