"""Fixtures that several folders share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from collector_emulators.certificates import write_certificates

if TYPE_CHECKING:
    from pathlib import Path

# The same examples in every run, and no judgement about a machine's speed.
settings.register_profile(
    "check",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("check")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one set of certificates for all tests."""
    folder = tmp_path_factory.mktemp("certificates")
    write_certificates(folder)
    return folder
