"""The lock is installed as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["Makefile", "docs/setup.md"])
def test_lock_is_installed_without_resolving(name: str) -> None:
    """A release newer than the lock cannot stop an installation.

    With `pytest-cov` in the lock, pip looked for `coverage[toml]`, found a release
    that the lock does not name, and refused everything.
    """
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()

    installing = [line for line in lines if "--require-hashes" in line]

    assert installing
    assert all("--no-deps" in line for line in installing)
