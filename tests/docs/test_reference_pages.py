"""The reference pages are made of the schemas, and say all that these say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collector_host.config.published import load_published
from collector_host.plugins.manager import Plugins
from collector_lint.publishing.cells import cell
from collector_lint.publishing.pages import pages
from docs.pages import ROOT

FOLDER = ROOT / "docs" / "reference"
PLUGINS = Plugins.installed()
PUBLISHED = load_published(definitions=PLUGINS.definitions, schemas=PLUGINS.schemas)
COLLECTOR = Path(sys.executable).with_name("collector")


def test_pages_are_current() -> None:
    """A change of a schema changes its page: make docs."""
    found = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir()}

    assert found == pages(PUBLISHED.ids, PUBLISHED.contents)


def _keys(schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", ()))
    for key, value in schema.items():
        if key in {"properties", "$defs"}:
            found |= {word for each in value.values() for word in _keys(each)}
        elif key in {"items", "additionalProperties"}:
            found |= _keys(value)
    return found


@pytest.mark.parametrize("name", PUBLISHED.ids)
def test_every_key_has_a_row(name: str) -> None:
    """Keys at any depth, and every description, are on the schema's page."""
    schema = PUBLISHED.contents[PUBLISHED.ids[name]]
    text = (FOLDER / f"{name}.md").read_text("utf-8")

    rows = set(re.findall(r"(?m)^\| `([^`]+)`", text))

    assert _keys(schema) <= rows
    for inner in schema.get("properties", {}).values():
        assert cell(inner["description"]) in text
        if "default" in inner and not isinstance(inner["default"], str | dict):
            assert f"| `{json.dumps(inner['default'])}` |" in text


def test_pages_that_are_not_current_are_named(tmp_path: Path) -> None:
    """`--check` writes nothing, and fails for a page changed, missing or too many."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COLLECTOR, "schema", "docs", *arguments, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    written = call()
    good = call("--check")
    (tmp_path / "config.md").write_text("changed")
    (tmp_path / "catalogue.md").unlink()
    (tmp_path / "old.md").write_text("of a schema that is gone")
    stale = call("--check")

    assert (written.returncode, good.returncode, stale.returncode) == (0, 0, 1)
    named = [line.split()[0] for line in stale.stdout.splitlines()]
    assert named == [str(tmp_path / f"{n}.md") for n in ("catalogue", "config", "old")]
    assert (tmp_path / "config.md").read_text() == "changed"
