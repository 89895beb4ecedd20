"""What is wrong with certificate, chain and key is told before a connection fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from collector_host.config.model import DevoPlatform
from collector_host.delivery.transports.credentials import faults
from collector_host.runtime.outputs import _file_warnings

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.delivery.transports.material import Setting

START = datetime(2023, 1, 5, tzinfo=UTC)
END = datetime(2024, 1, 5, tzinfo=UTC)
NOW = datetime(2023, 6, 1, tzinfo=UTC)
AUTHORITY = trustme.CA()
ISSUED = AUTHORITY.issue_cert("a.example", not_before=START, not_after=END)
CERT = ISSUED.cert_chain_pems[0].bytes()
KEY = ISSUED.private_key_pem.bytes()
CHAIN = AUTHORITY.cert_pem.bytes()


def _found(
    folder: Path,
    now: datetime = NOW,
    *,
    chain: bytes = CHAIN,
    cert: bytes = CERT,
    key: bytes = KEY,
) -> list[str]:
    files: dict[Setting, Path] = {}
    contents: dict[Setting, bytes] = {"chain": chain, "cert": cert, "key": key}
    for setting, content in contents.items():
        files[setting] = folder / setting
        files[setting].write_bytes(content)
    return [
        f"{one.setting} {one.kind}: {one.what}; {one.hint}"
        for one in faults(files, now)
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            START - timedelta(seconds=1),
            "cert out of time: is not valid before 2023-01-05 00:00 UTC; wait",
        ),
        (
            END - timedelta(days=30),
            "cert ends soon: expires on 2024-01-05, in 30 days; download",
        ),
        (
            END - timedelta(hours=1),
            "cert ends soon: expires on 2024-01-05, in 0 days; download",
        ),
        (END, "cert out of time: expired on 2024-01-05 00:00 UTC; download"),
    ],
)
def test_dates_of_a_certificate_are_told(
    now: datetime, expected: str, tmp_path: Path
) -> None:
    """Outside its validity and in its last 30 days."""
    [found] = _found(tmp_path, now)

    assert found.startswith(expected)


@pytest.mark.parametrize("now", [START, END - timedelta(days=30, seconds=1)])
def test_right_files_have_no_fault(now: datetime, tmp_path: Path) -> None:
    """Until 30 days before the end there is nothing to say."""
    assert _found(tmp_path, now) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - timedelta(days=99), "out of time: holds no valid authority before"),
        (NOW, ""),
        (
            END - timedelta(days=3),
            "ends soon: holds no valid authority from 2024-01-05",
        ),
        (END, "out of time: holds no valid authority since 2024-01-05 00:00 UTC"),
    ],
)
def test_dates_of_a_chain_are_those_of_all_authorities(
    now: datetime, expected: str, tmp_path: Path
) -> None:
    """One that has expired beside one that has not is left over, and harmless."""
    old = AUTHORITY.issue_cert(
        "old.example", not_before=START - timedelta(days=9), not_after=START
    )
    chain = old.cert_chain_pems[0].bytes() + CERT

    found = _found(tmp_path, now, chain=chain)

    about_chain = "".join(one for one in found if one.startswith("chain "))
    assert about_chain.removeprefix("chain ").startswith(expected)
    assert bool(about_chain) == bool(expected)


_LOADED = load_pem_private_key(KEY, None)
_SEALED = _LOADED.private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pear-tree")
)
_SEALED_OLD = _LOADED.private_bytes(
    Encoding.PEM,
    PrivateFormat.TraditionalOpenSSL,
    BestAvailableEncryption(b"pear-tree"),
)
_SSH = _LOADED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
_DER = load_pem_x509_certificate(CERT).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"cert": b"notes\n"}, "cert unusable: holds no certificate; use the file"),
        ({"cert": b""}, "cert unusable: holds no certificate; use the file"),
        (
            {"chain": KEY},
            "chain unusable: holds no certificate; it holds a private key",
        ),
        ({"cert": _DER}, "cert unusable: holds no certificate; it is in binary form"),
        ({"cert": CERT[:-60]}, "cert unusable: is damaged; download it again"),
        ({"key": CERT}, "key unusable: holds no private key; it holds a certificate"),
        ({"key": KEY[:-60]}, "key unusable: is damaged; download it again"),
        ({"key": _SEALED}, "key unusable: is protected by a passphrase; remove it"),
        ({"key": _SEALED_OLD}, "key unusable: is protected by a passphrase; remove it"),
        ({"key": _SSH}, "key unusable: is a key of SSH, which TLS cannot use; use"),
    ],
)
def test_file_of_another_kind_is_told(
    changed: dict[str, bytes], expected: str, tmp_path: Path
) -> None:
    """Each says what the file looks like, and nothing of what it holds."""
    [found] = _found(tmp_path, **changed)

    assert found.startswith(expected)
    assert len(found) < 130


def test_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    """Only one of a pair was replaced."""
    other = AUTHORITY.issue_cert("a.example").private_key_pem.bytes()

    [found] = _found(tmp_path, key=other)

    assert found.startswith("key stranger: does not belong to the certificate; use")


def test_key_and_certificate_may_share_a_file(tmp_path: Path) -> None:
    """In either order, as tools write them."""
    both = KEY + CERT

    assert _found(tmp_path, cert=both, key=CERT + KEY) == []


def test_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """The others are looked at all the same."""
    [fault] = faults({"cert": tmp_path / "absent"}, NOW)

    assert (fault.kind, fault.what) == (
        "unread",
        "cannot be read: no such file or directory",
    )


def test_start_tells_file_and_fault(tmp_path: Path) -> None:
    """As a warning each: the output may be mended while the collector waits."""
    places = [tmp_path / name for name in ("chain", "cert", "key")]
    for place, content in zip(places, (CHAIN, b"notes", KEY), strict=True):
        place.write_bytes(content)
    config = DevoPlatform("collector-eu.devo.io", 443, *places)

    assert list(_file_warnings(config, NOW)) == [
        f"certificate {tmp_path}/cert holds no certificate"
    ]
