"""Errors of sockets and TLS in the operator's words, without any socket."""

from __future__ import annotations

import errno
import ssl
from typing import TYPE_CHECKING

import pytest

from collector_host.delivery.transports.diagnosis import (
    connect_failure,
    refused_certificate,
    write_failure,
)
from collector_host.errors import CertificateError, ConnectError, DeliveryError

if TYPE_CHECKING:
    from delivery.transports.tls_peers import Pki


def tls_error(reason: str | None, library: str = "SSL") -> ssl.SSLError:
    """Return an error as OpenSSL reports it."""
    error = ssl.SSLError(1, f"[{library}: {reason}]")
    error.reason, error.library = reason, library  # type: ignore[assignment]
    return error


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (OSError(errno.EHOSTUNREACH, "No route to host"), ConnectError, "No route"),
        (RuntimeError("odd"), ConnectError, "cannot be used: odd"),
        (tls_error("UNSUPPORTED_PROTOCOL"), ConnectError, "UNSUPPORTED_PROTOCOL"),
        (tls_error(None), CertificateError, "damaged"),
        (tls_error("NO_CERTIFICATE_OR_CRL_FOUND", "X509"), CertificateError, "damaged"),
    ],
)
def test_connect_failure_names_the_reason(
    error: Exception, kind: type[DeliveryError], text: str, pki: Pki
) -> None:
    """What is not worth a text of its own still reaches the operator."""
    failure = connect_failure(error, pki.settings(443))

    assert type(failure) is kind
    assert text in str(failure)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "broke: Broken pipe"),
        (tls_error("BAD_LENGTH"), "BAD_LENGTH"),
    ],
)
def test_write_failure_names_the_reason(error: Exception, text: str, pki: Pki) -> None:
    """A broken write names the receiver and the kernel's or TLS's reason."""
    failure = write_failure(error, pki.settings(443))

    assert type(failure) is DeliveryError
    assert "localhost:443" in str(failure)
    assert text in str(failure)


@pytest.mark.parametrize(
    ("reason", "text", "hint"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate required", "together"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "certificate expired", "new certificate"),
        ("SSLV3_ALERT_CERTIFICATE_REVOKED", "certificate revoked", "new certificate"),
    ],
)
def test_alert_about_our_certificate_is_explained(
    reason: str, text: str, hint: str
) -> None:
    """The alert is named in words, with what to do about it."""
    refusal = refused_certificate(tls_error(reason))

    assert refusal is not None
    assert text in str(refusal)
    assert hint in refusal.hint


def test_other_alert_is_no_refusal() -> None:
    """An internal error of the receiver says nothing about our certificate."""
    assert refused_certificate(tls_error("TLSV1_ALERT_INTERNAL_ERROR")) is None
