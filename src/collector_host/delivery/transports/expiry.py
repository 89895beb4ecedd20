"""Warns before our own certificate expires.

It knows neither where the certificate is used nor who reads the warning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

WARN_BEFORE: Final = timedelta(days=30)


def certificate_warnings(cert: Path, now: datetime) -> list[str]:
    """Say what is wrong with the validity of our certificate.

    Args:
        cert: PEM file; its first certificate is ours.
        now: Current instant, aware.

    Returns:
        One sentence each; empty while the certificate is valid for more than 30
        days.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no certificate in PEM form.
    """
    certificate = x509.load_pem_x509_certificate(cert.read_bytes())
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < start:
        return [f"certificate {cert} is not valid before {start:%Y-%m-%d %H:%M} UTC"]
    if now >= end:
        return [f"certificate {cert} expired on {end:%Y-%m-%d %H:%M} UTC"]
    if end - now <= WARN_BEFORE:
        days = (end - now).days
        return [f"certificate {cert} expires on {end:%Y-%m-%d}, in {days} days"]
    return []
