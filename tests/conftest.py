"""Fixtures that several folders share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_emulators.certificates import write_certificates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one set of certificates for all tests."""
    folder = tmp_path_factory.mktemp("certificates")
    write_certificates(folder)
    return folder
