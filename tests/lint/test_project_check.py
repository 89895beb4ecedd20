"""Checking a project's own files: `python -m collector_lint`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from collector_lint.__main__ import check_project, main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy this project's own files."""
    shutil.copy(ROOT / "collector_definitions.yaml", tmp_path)
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    shutil.copytree(ROOT / "schemas/alibaba_cloud", tmp_path / "schemas/alibaba_cloud")
    return tmp_path


def test_own_project_has_no_findings() -> None:
    """What ships passes its own check."""
    assert check_project(ROOT) == ()


def test_mistakes_in_all_kinds_of_files_are_found_at_once(project: Path) -> None:
    """A catalogue, a definition and a schema, each with its place."""
    catalogue = project / "collector_definitions.yaml"
    catalogue.write_text(catalogue.read_text() + "\nunknown_key: 1\n")
    definition = project / "definitions/actiontrail.yaml"
    definition.write_text(definition.read_text().replace("input:", "inputt:"))
    schema = project / "schemas/alibaba_cloud/input.schema.json"
    schema.write_text(schema.read_text() + ",")

    files = {Path(finding.file).name for finding in check_project(project)}

    assert files >= {catalogue.name, definition.name, schema.name}


def test_exit_code_tells_whether_there_were_findings(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 without findings, 1 with; findings go to stderr."""
    monkeypatch.setattr("sys.argv", ["collector_lint", str(project)])
    assert main() == 0

    (project / "collector_definitions.yaml").write_text("a: [\n")

    assert main() == 1
    assert "collector_definitions.yaml:" in capsys.readouterr().err
