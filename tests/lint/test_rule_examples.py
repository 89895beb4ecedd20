"""Every rule's bad example shows it and nothing else, and its good one nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector_lint.discovery import discover
from collector_lint.engine import lint
from collector_lint.plugins import Registry
from collector_lint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_lint.rule import Rule

REGISTRY = Registry.installed()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
_each = pytest.mark.parametrize(
    "rule", REGISTRY.rules.values(), ids=list(REGISTRY.rules)
)


def _found(folder: Path, files: Mapping[str, str], *, here: bool) -> set[str]:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        # Certificates and keys in one .pem file show a key that everybody may read.
        file.chmod(0o600 if name.endswith(".key") else 0o644)
    workspace = Workspace(discover(["."]), {}, NOW, here)
    chosen = frozenset(
        rule.id for rule in REGISTRY.rules.values() if here or not rule.machine
    )
    return {finding.code for finding in lint(workspace, REGISTRY, chosen).findings}


@_each
def test_bad_example_shows_its_rule_alone(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly this identifier."""
    monkeypatch.chdir(tmp_path)

    found = _found(tmp_path, {**rule.beside, **rule.bad}, here=rule.machine)

    assert found == {rule.id}


@_each
def test_good_example_has_no_finding(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing at all."""
    monkeypatch.chdir(tmp_path)

    assert _found(tmp_path, {**rule.beside, **rule.good}, here=False) == set()
