"""Says what went wrong with a connection, where, and how to mend it.

Errors of sockets and of TLS come in, errors of ours go out; it opens nothing.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

from collector_host.errors import CertificateError, ConnectError, DeliveryError

if TYPE_CHECKING:
    from collector_host.delivery.transports.settings import DevoSettings, TcpSettings

_HOSTNAME_MISMATCH: Final = frozenset({62, 64})
_EXPIRED: Final = 10

_UNKNOWN_AUTHORITY_HINT: Final = (
    "use the certificate, key and chain downloaded together from one Devo domain"
)
_RENEW_HINT: Final = "get a new certificate from Devo"

_REFUSALS: Final = {
    "TLSV1_ALERT_UNKNOWN_CA": _UNKNOWN_AUTHORITY_HINT,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": _UNKNOWN_AUTHORITY_HINT,
    "TLSV1_ALERT_ACCESS_DENIED": _UNKNOWN_AUTHORITY_HINT,
    "SSLV3_ALERT_BAD_CERTIFICATE": _UNKNOWN_AUTHORITY_HINT,
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": _UNKNOWN_AUTHORITY_HINT,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": _UNKNOWN_AUTHORITY_HINT,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": _RENEW_HINT,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": _RENEW_HINT,
}
"""Alerts of RFC 8446 section 6.2 about certificates, as OpenSSL names them."""


def refused_certificate(error: ssl.SSLError) -> CertificateError | None:
    """Return our error when the peer's alert was about our certificate."""
    hint = _REFUSALS.get(error.reason)
    if hint is None:
        return None
    alert = error.reason.partition("_ALERT_")[2].lower().replace("_", " ")
    message = f"the receiver refused our certificate: {alert}"
    return CertificateError(message, hint=hint)


def connect_failure(error: BaseException, settings: DevoSettings) -> DeliveryError:
    """Name the reason why no connection came about.

    Args:
        error: What devo-sdk gave as the cause, never its own exception text: that
            calls a missing file a connection error.
        settings: Whose address and files the message names.
    """
    match error:
        case ssl.SSLCertVerificationError():
            return _distrusted(error, settings)
        case ssl.SSLEOFError():
            what = "closed the connection during the handshake"
            hint = "check address, port, and proxies in between"
        case ssl.SSLError():
            return refused_certificate(error) or _handshake_failure(error, settings)
        case _:
            return unreachable(error, settings)
    return ConnectError(f"{settings.endpoint} {what}", hint=hint)


def unreachable(error: BaseException, settings: TcpSettings) -> ConnectError:
    """Name the reason why no TCP connection came about."""
    match error:
        case socket.gaierror():
            what, hint = "has no address", "check the name, and DNS on this machine"
        case ConnectionRefusedError():
            what, hint = "refuses connections", "check address and port"
        case TimeoutError():
            what = "did not answer in time"
            hint = "check address, port, and firewalls in between"
        case OSError():
            what, hint = f"cannot be reached: {error.strerror or error}", ""
        case _:
            what, hint = f"cannot be used: {error}", ""
    return ConnectError(f"{settings.endpoint} {what}", hint=hint)


def broken_connection(
    error: BaseException, settings: TcpSettings, *, hint: str = ""
) -> DeliveryError:
    """Name the reason why an open connection broke."""
    reason = getattr(error, "strerror", None) or str(error)
    message = f"the connection to {settings.endpoint} broke: {reason}"
    return DeliveryError(message, hint=hint)


def write_failure(error: BaseException, settings: DevoSettings) -> DeliveryError:
    """Name the reason why an open connection took no more."""
    if isinstance(error, ssl.SSLError):
        refusal = refused_certificate(error)
        if refusal is not None:
            return refusal
    if isinstance(error, BlockingIOError):
        # devo-sdk saw the end, and its attempt to connect again has no time to wait.
        error = ConnectionError("the receiver closed it")
    hint = "right after connecting this can mean that our certificate was refused"
    return broken_connection(error, settings, hint=hint)


def _distrusted(
    error: ssl.SSLCertVerificationError, settings: DevoSettings
) -> CertificateError:
    if error.verify_code in _HOSTNAME_MISMATCH:
        hint = f"its certificate is not for {settings.address}: check the address"
    elif error.verify_code == _EXPIRED:
        hint = "its certificate has expired, or this machine's clock is wrong"
    else:
        hint = f"check that {settings.chain} is the chain of this Devo domain"
    return CertificateError(
        f"{settings.endpoint} is not trusted: {error.verify_message}", hint=hint
    )


def _handshake_failure(error: ssl.SSLError, settings: DevoSettings) -> DeliveryError:
    if error.reason == "KEY_VALUES_MISMATCH":
        return CertificateError(
            f"{settings.key} is not the key of {settings.cert}",
            hint="use the files that were downloaded together",
        )
    if error.library == "X509" or not error.reason:
        return CertificateError(
            f"{settings.chain}, {settings.cert} or {settings.key} is damaged",
            hint="use the files as downloaded from Devo",
        )
    if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        hint = "check the port: it does not speak TLS"
    else:
        hint = ""
    return ConnectError(
        f"no TLS connection to {settings.endpoint}: {error.reason}", hint=hint
    )
