"""A credential that a module may read without naming it is not called misspelt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_host.linting import example_project as project
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = "    id: f1\n    credentials: {client_name: ann}"
_ALL = "class PearSetup: ...\n\n\nclass PearPuller:\n    def pull(self, now):\n        "


def _codes(folder: Path, line: str) -> list[str]:
    files = project.project(("    id: f1", BLOCK))
    write_files(folder, {**files, "agent/modules/fruit.py": f"{_ALL}{line}\n"})
    outcome = run_lint(str(folder), "--select", "PJ402", "--format", "json")
    return [finding["path"] for finding in json.loads(outcome.out)["findings"]]


@pytest.mark.parametrize(
    "line",
    [
        "Client(**self.credentials)",
        'Client(**self.input_config["credentials"])',
        "for key, value in credentials.items(): use(key, value)",
        "use({key: value for key, value in self.credentials.items()})",
        'use({**self.input_config["credentials"], "more": 1})',
        'use(credentials["client_name"])',
        "this is no Python",
    ],
)
def test_key_that_may_be_read_is_left_alone(tmp_path: Path, line: str) -> None:
    """As a whole, by its name, or in a file that cannot be read."""
    assert _codes(tmp_path, line) == []


@pytest.mark.parametrize(
    "line", ["Client(**self.options)", 'use(credentials["password"])']
)
def test_key_that_nothing_reads_is_reported(tmp_path: Path, line: str) -> None:
    """Other blocks may be handed on, and other keys read."""
    assert _codes(tmp_path, line) == ["$.inputs.fruit.credentials.client_name"]
