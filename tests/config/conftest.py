"""Spares the tests here from checking the same schemas again for every case."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from collector_host.config import loading
from collector_host.config.project import loading as project_loading
from collector_lint.schemas import Schemas, load_schemas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from collector_lint.findings import Finding


@cache
def _load_once(files: tuple[Path, ...]) -> tuple[Schemas, tuple[Finding, ...]]:
    return load_schemas(files)


def _load(files: Sequence[Path]) -> tuple[Schemas, tuple[Finding, ...]]:
    """Remember sets of fixed files; a relative name is a file made by one test."""
    is_fixed = all(file.is_absolute() for file in files)
    return _load_once(tuple(files)) if is_fixed else load_schemas(files)


@pytest.fixture(autouse=True)
def _schemas_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load_schemas", _load)
    monkeypatch.setattr(project_loading, "load_schemas", _load)
