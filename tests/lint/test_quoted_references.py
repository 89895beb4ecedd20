"""How a reference in quotes becomes a number depends on what may stand without them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_lint import example_files as files
from collector_lint.loader import parse
from collector_lint.references import resolve
from collector_lint.schemas import load_schemas
from support.linting import run_lint, write_files

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = "write it without quotes"
FLOW = "write it without quotes, on a line of its own outside [ ] and { }"
JSON = "in JSON a reference is always text: write the value itself"
SCHEMA = {
    "$id": "urn:example:schema:n:1",
    "properties": {
        "a": {"properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}}
    },
}


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("c.yaml", 'a:\n  n: "${N:-1}"\n', BLOCK),
        ("c.yaml", 'a: {n: "${N:-1}"}\n', FLOW),
        ("c.yaml", "x: [1]\na: {b: '${N:-true}'}\n", FLOW),
        ("c.yaml", 'x: {y: 1}\na:\n  n: "${N:-1}"\n', BLOCK),
        ("c.yaml", 'a: {n: "1"}\n', BLOCK),
        ("c.json", '{"a": {"n": "${N:-1}"}}', JSON),
        ("c.json", '{"a": {"n": "1"}}', BLOCK),
    ],
)
def test_hint_can_be_followed(tmp_path: Path, name: str, text: str, hint: str) -> None:
    """Inside brackets a reference without quotes would break the file."""
    (tmp_path / "s.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    schemas, _ = load_schemas([tmp_path / "s.schema.json"])
    document, _ = parse(text.encode(), name)
    assert document is not None
    resolved, _ = resolve(document, environment={}, folder=tmp_path)

    (found,) = schemas.check(resolved, SCHEMA["$id"])

    assert (found.code, found.hint) == ("ST103", hint)


def test_command_says_so_of_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference is resolved before the value is checked."""
    monkeypatch.chdir(tmp_path)
    flow = '{id: c1, name: collector, queue_max_size_in_mb: "${N:-1}"}'
    config = files.config("\n  id: c1\n  name: collector", f" {flow}")
    write_files(tmp_path, {**files.BESIDE_CONFIG, **config})

    assert FLOW in run_lint("config.yaml").out
