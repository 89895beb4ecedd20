"""An editor with a YAML language server completes, explains and checks a config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from collector_host.config.published import USER_CONFIG, load_published
from collector_host.config.starting import starting_config
from collector_host.plugins.manager import Plugins
from support.language_server import Editor, is_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from collector_host.config.published import Published

pytestmark = pytest.mark.skipif(
    not is_here(),
    reason="yaml-language-server is not here: make peers",
)


@pytest.fixture(scope="module")
def published() -> Published:
    """What is installed, as schemas."""
    plugins = Plugins.installed()
    return load_published(definitions=plugins.definitions, schemas=plugins.schemas)


@pytest.fixture
def opened(published: Published, tmp_path: Path) -> Iterator[tuple[Editor, list[str]]]:
    """An editor with a file as `collector new config` writes it, a little edited."""
    text = starting_config(
        published.user_schema(),
        services=["actiontrail_log_service"],
        output_type="devo_platform",
        schema_file="s.json",
    )
    text = text.replace("#port: 443", "port: ${PORT:-443}")
    text = text.replace("#parallel_pulls: 4", "paralel_pulls: 4")
    text = text.replace("#network: public", "net")
    text = text.replace("#signature: v4  # for example", "signature: ")
    schema = json.dumps(published.schema(USER_CONFIG))
    (tmp_path / "s.json").write_text(schema, encoding="utf-8")
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    with Editor(file, text) as editor:
        yield editor, text.splitlines()


def _line(lines: list[str], start: str) -> int:
    return next(n for n, line in enumerate(lines) if line.strip().startswith(start))


def test_keys_and_values_are_completed(opened: tuple[Editor, list[str]]) -> None:
    """A key begun is offered with what it means; a value with what is allowed."""
    editor, lines = opened

    keys = editor.completions(_line(lines, "net"), len("        net"))
    values = editor.completions(_line(lines, "signature:"), len("        signature: "))

    assert keys["network"]["documentation"].startswith("Which of the region's")
    assert {"v1", "v4"} <= values.keys()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("project:", "Project of Log Service that the Log Store belongs to."),
        ("port:", "TCP port of the receiver."),
        ("actiontrail_log_service:", "What an operator may set under inputs.alibaba"),
    ],
)
def test_hover_shows_the_words_of_the_schema(
    key: str, expected: str, opened: tuple[Editor, list[str]]
) -> None:
    """The key heads its own description, and nothing of an alternative is shown."""
    editor, lines = opened
    number = _line(lines, key)

    shown = editor.hover(number, lines[number].index(key) + 1).replace("\\", "")

    heading, _, text = shown.partition("\n")
    assert key.rstrip(":") in heading
    assert text.strip().startswith(expected)
    assert "A text with" not in shown


def test_typo_is_a_mistake_and_a_reference_is_none(
    opened: tuple[Editor, list[str]],
) -> None:
    """An unknown key is named at its line; `${PORT:-443}` is fine for a number."""
    editor, lines = opened

    found = dict(editor.diagnostics())

    assert found[_line(lines, "paralel_pulls")] == (
        "Property paralel_pulls is not allowed."
    )
    assert _line(lines, "port:") not in found
    gaps = {n for n, line in enumerate(lines) if "# fill in" in line}
    assert gaps <= found.keys()
