"""Looks at the three PEM files before a TLS library does.

OpenSSL does not say which file is wrong, and asks the terminal for a passphrase.
It parses nothing: whether the files fit together is found out by connecting.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeAlias

from collector_host.errors import CertificateError

if TYPE_CHECKING:
    from pathlib import Path

    from collector_host.delivery.transports.settings import DevoSettings

Fingerprint: TypeAlias = tuple[tuple[int, int, int], ...]
"""Changes when one of the files is replaced or rewritten."""

_CERTIFICATE: Final = b"CERTIFICATE-----"
_KEY: Final = b"PRIVATE KEY-----"
_ENCRYPTED: Final = b"ENCRYPTED"
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
        _check("chain", settings.chain, _CERTIFICATE),
        _check("cert", settings.cert, _CERTIFICATE),
        _check("key", settings.key, _KEY),
    )


def _check(setting: str, path: Path, marker: bytes) -> tuple[int, int, int]:
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            content = file.read()
    except OSError as error:
        message = f"{setting} {path} cannot be read: {error.strerror}"
        hint = "check path and permissions"
        raise CertificateError(message, hint=hint) from error
    if marker not in content:
        message = f"{setting} {path} holds no {marker.strip(b'-').decode().lower()}"
        raise CertificateError(message, hint=_REPLACE_HINT)
    if marker is _KEY and _ENCRYPTED in content:
        message = f"{setting} {path} is protected by a passphrase"
        raise CertificateError(message, hint="remove it with `openssl pkey`")
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
