"""An exported project, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from collector_host.exporting.offer import find_offer
from collector_host.exporting.project import build_project

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="session")
def project() -> Mapping[str, bytes]:
    """Return the files of this project's plugin, exported."""
    return build_project(find_offer(None))
