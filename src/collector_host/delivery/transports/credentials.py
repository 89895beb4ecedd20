"""Looks into the certificate, chain and key of an output, and at their dates.

It is what an operator wants to know before a connection fails. It knows neither where
the files are used nor who reads what it says, and never says what a file holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from collector_host.delivery.transports.material import MAX_BYTES, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import (
        PrivateKeyTypes,
        PublicKeyTypes,
    )

    from collector_host.delivery.transports.material import Setting

Kind: TypeAlias = Literal["unread", "unusable", "out of time", "ends soon", "stranger"]

WARN_BEFORE: Final = timedelta(days=30)
NOUNS: Final[Mapping[Setting, str]] = {
    "chain": "chain",
    "cert": "certificate",
    "key": "key",
}
_RENEW: Final = "download a new one from Devo: certificate, key and chain together"
_CLOCK: Final = "wait, or set the clock of this machine"
_TOGETHER: Final = "use the files that were downloaded together"
_DAMAGED: Final = "download it again; it may have been cut or edited"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one of the files.

    Attributes:
        setting: Which file.
        kind: In which way.
        what: The rest of a sentence about it, e.g. "expired on 2024-01-05 00:00 UTC".
        hint: How to mend it.
        is_error: Whether no connection can be made.
    """

    setting: Setting
    kind: Kind
    what: str
    hint: str
    is_error: bool = True


def faults(files: Mapping[Setting, Path], now: datetime) -> list[Fault]:
    """Return everything that is wrong with the files of an output.

    Args:
        files: Those that are there; one alone is looked at, too.
        now: Current instant, aware.
    """
    found: list[Fault] = []
    certificates: dict[Setting, list[x509.Certificate]] = {}
    key: PrivateKeyTypes | None = None
    for setting, path in files.items():
        try:
            content = _content(setting, path)
            if setting == "key":
                key = _key(content)
            else:
                certificates[setting] = _certificates(setting, content)
        except _FaultError as error:
            found.append(error.fault)
    own, chain = certificates.get("cert"), certificates.get("chain")
    found += _own_dates(own[0], now) if own else ()
    found += _chain_dates(chain, now) if chain else ()
    if own and key and _shape(own[0].public_key()) != _shape(key.public_key()):
        what = "does not belong to the certificate"
        found.append(Fault("key", "stranger", what, _TOGETHER))
    return found


class _FaultError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def _content(setting: Setting, path: Path) -> bytes:
    """Return what a file holds if it is of the kind that the setting wants."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'unreadable').lower()}"
        hint = "check path and permissions"
        raise _FaultError(Fault(setting, "unread", what, hint)) from None
    wrong = problem(setting, content)
    if wrong is not None:
        raise _FaultError(Fault(setting, "unusable", *wrong))
    return content


# The libraries' own texts are dropped below: they may quote what the file holds.


def _certificates(setting: Setting, content: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise _FaultError(Fault(setting, "unusable", "is damaged", _DAMAGED)) from None


def _key(content: bytes) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(content, None)
    except UnsupportedAlgorithm:
        what, hint = "is of a kind that TLS does not use", "use the key Devo gave out"
    except (ValueError, TypeError):
        what, hint = "is damaged", _DAMAGED
    raise _FaultError(Fault("key", "unusable", what, hint))


def _shape(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _own_dates(own: x509.Certificate, now: datetime) -> Iterator[Fault]:
    start, end = own.not_valid_before_utc, own.not_valid_after_utc
    if now < start:
        what = f"is not valid before {start:%Y-%m-%d %H:%M} UTC"
        yield Fault("cert", "out of time", what, _CLOCK)
    elif now >= end:
        what = f"expired on {end:%Y-%m-%d %H:%M} UTC"
        yield Fault("cert", "out of time", what, _RENEW)
    elif end - now <= WARN_BEFORE:
        days = (end - now).days
        what = f"expires on {end:%Y-%m-%d}, in {days} days"
        yield Fault("cert", "ends soon", what, _RENEW, is_error=False)


def _chain_dates(chain: list[x509.Certificate], now: datetime) -> Iterator[Fault]:
    """Tell when no authority is valid, or soon none will be.

    One that is left over from an earlier chain does no harm.
    """
    last = max(each.not_valid_after_utc for each in chain)
    first = min(each.not_valid_before_utc for each in chain)
    if now >= last:
        what = f"holds no valid authority since {last:%Y-%m-%d %H:%M} UTC"
        yield Fault("chain", "out of time", what, _RENEW)
    elif now < first:
        what = f"holds no valid authority before {first:%Y-%m-%d %H:%M} UTC"
        yield Fault("chain", "out of time", what, _CLOCK)
    elif last - now <= WARN_BEFORE:
        days = (last - now).days
        what = f"holds no valid authority from {last:%Y-%m-%d} on, in {days} days"
        yield Fault("chain", "ends soon", what, _RENEW, is_error=False)
