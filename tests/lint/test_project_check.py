"""The project's own files pass its own linter, as `make check` has it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from collector_lint.explaining import page
from collector_lint.plugins import Registry
from support.linting import run_lint
from tools.rules_page import screenshot

ROOT = Path(__file__).parents[2]


def test_own_files_have_no_finding_but_those_put_up_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the project's settings, whatever lies in its folder."""
    monkeypatch.chdir(ROOT)

    outcome = run_lint()

    assert (outcome.code, outcome.err) == (0, ""), outcome.out
    assert re.match(r"nothing found in [2-9][0-9] files ", outcome.out)


def test_mistakes_in_all_kinds_of_files_are_found_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue, a definition and a schema, each with its place."""
    shutil.copy(ROOT / "collector_definitions.yaml", tmp_path)
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    shutil.copytree(ROOT / "schemas/alibaba_cloud", tmp_path / "schemas/alibaba_cloud")
    monkeypatch.chdir(tmp_path)
    catalogue = tmp_path / "collector_definitions.yaml"
    catalogue.write_text(catalogue.read_text() + "\nunknown_key: 1\n")
    definition = tmp_path / "definitions/actiontrail.yaml"
    definition.write_text(definition.read_text().replace("input:", "inputt:"))
    schema = tmp_path / "schemas/alibaba_cloud/input.schema.json"
    schema.write_text(schema.read_text() + ",")

    lines = run_lint(".", "--format", "github").out.splitlines()

    for file in (catalogue, definition, schema):
        assert any(f"{file.name},line=" in line for line in lines)


def test_page_of_rules_is_current() -> None:
    """`make docs` writes it again."""
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")

    assert text == page(Registry.installed().rules), "run make docs"


def test_picture_of_a_run_is_current() -> None:
    """`make docs` makes it again."""
    picture = (ROOT / "docs" / "linting.svg").read_text("utf-8")

    assert picture == screenshot(), "run make docs"


def test_no_page_shows_a_key_whole() -> None:
    """Only its end, by which examples can be told apart."""
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")

    assert "-----BEGIN PRIVATE KEY-----\n…" in text
    assert not re.search(r"^[A-Za-z0-9+/=]{60,}$", text, re.MULTILINE)
