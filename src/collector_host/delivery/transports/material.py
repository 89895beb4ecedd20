"""Looks at the three PEM files before a TLS library does.

OpenSSL does not say which file is wrong, and asks the terminal for a passphrase.
It parses nothing: whether the files fit together is found out by connecting.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from collector_host.errors import CertificateError

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.delivery.transports.settings import DevoSettings

Fingerprint: TypeAlias = tuple[tuple[int, int, int], ...]
"""Changes when one of the files is replaced or rewritten."""

Setting: TypeAlias = Literal["chain", "cert", "key"]

MAX_BYTES: Final = 16 * 1024 * 1024
"""No more of a file is read: bundles of all authorities are far smaller."""
_CERTIFICATE: Final = b"CERTIFICATE-----"
_KEY: Final = b"PRIVATE KEY-----"
_NOUNS: Final = {_CERTIFICATE: "certificate", _KEY: "private key"}
_ENCRYPTED: Final = b"ENCRYPTED"
_OPENSSH: Final = b"BEGIN OPENSSH PRIVATE KEY"
_BINARY: Final = (b"\x30\x80", b"\x30\x81", b"\x30\x82")
"""How DER and PKCS#12 begin, which hold the same in binary form."""
_REPLACE_HINT: Final = "use the file as downloaded from Devo, in PEM form"


def check_files(settings: DevoSettings) -> Fingerprint:
    """Check that each file is there and holds what its setting says.

    Returns:
        A value that stays the same as long as none of the files is replaced.

    Raises:
        CertificateError: A file is missing, unreadable, of another kind, or
            protected by a passphrase.
    """
    return (
        _check("chain", settings.chain),
        _check("cert", settings.cert),
        _check("key", settings.key),
    )


def problem(setting: Setting, content: bytes) -> tuple[str, str] | None:
    """Return what is wrong with a file and what to do, or None.

    Args:
        setting: What the file is for.
        content: What it holds.
    """
    wanted, other = (_KEY, _CERTIFICATE) if setting == "key" else (_CERTIFICATE, _KEY)
    if wanted not in content:
        return f"holds no {_NOUNS[wanted]}", _hint(content, other)
    if setting == "key" and _ENCRYPTED in content:
        return "is protected by a passphrase", "remove it with `openssl pkey`"
    if setting == "key" and _OPENSSH in content:
        return "is a key of SSH, which TLS cannot use", _REPLACE_HINT
    return None


def _hint(content: bytes, other: bytes) -> str:
    if other in content:
        return f"it holds a {_NOUNS[other]}: two files seem to be interchanged"
    if content.startswith(_BINARY):
        return f"it is in binary form; {_REPLACE_HINT}"
    return _REPLACE_HINT


def _check(setting: Setting, path: Path) -> tuple[int, int, int]:
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            content = file.read(MAX_BYTES)
    except OSError as error:
        message = f"{setting} {path} cannot be read: {error.strerror}"
        hint = "check path and permissions"
        raise CertificateError(message, hint=hint) from error
    wrong = problem(setting, content)
    if wrong is not None:
        what, hint = wrong
        message = f"{setting} {path} {what}"
        raise CertificateError(message, hint=hint)
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
