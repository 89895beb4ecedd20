"""Certificates made once for all tests of the relay."""

from __future__ import annotations

import pytest

from collector_emulators.certificates import RelayCertificates, write_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> RelayCertificates:
    """One set of certificates: making it is the slowest step."""
    return write_certificates(tmp_path_factory.mktemp("certificates"))
