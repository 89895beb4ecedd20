"""The warning before our own certificate expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from collector_host.delivery.transports.expiry import certificate_warnings

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2023, 1, 5, tzinfo=UTC)
END = datetime(2024, 1, 5, tzinfo=UTC)


@pytest.fixture
def cert(tmp_path: Path) -> Path:
    """Return a certificate valid from `START` to `END`."""
    issued = trustme.CA().issue_cert("a.example", not_before=START, not_after=END)
    path = tmp_path / "cert.pem"
    issued.cert_chain_pems[0].write_to_path(path)
    return path


@pytest.mark.parametrize(
    ("now", "warning"),
    [
        (START - timedelta(seconds=1), "is not valid before 2023-01-05 00:00 UTC"),
        (END - timedelta(days=30), "expires on 2024-01-05, in 30 days"),
        (END - timedelta(hours=1), "expires on 2024-01-05, in 0 days"),
        (END, "expired on 2024-01-05 00:00 UTC"),
    ],
)
def test_warning_names_file_and_date(now: datetime, warning: str, cert: Path) -> None:
    """Outside its validity and in its last 30 days a certificate is announced."""
    assert certificate_warnings(cert, now) == [f"certificate {cert} {warning}"]


@pytest.mark.parametrize("now", [START, END - timedelta(days=30, seconds=1)])
def test_valid_certificate_gives_no_warning(now: datetime, cert: Path) -> None:
    """Until 30 days before its end there is nothing to say."""
    assert certificate_warnings(cert, now) == []


def test_file_without_certificate_is_an_error(tmp_path: Path) -> None:
    """Another file is not taken for a certificate without end."""
    path = tmp_path / "notes.txt"
    path.write_text("nothing of use")

    with pytest.raises(ValueError, match="PEM"):
        certificate_warnings(path, START)
