"""What the commands about schemas share."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from collector_host.config.published import Published, load_published
from collector_host.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def installed() -> Published:
    """Load the schemas of the host and of every installed plugin.

    Raises:
        ConfigError: One of their files has a mistake.
        PluginError: A plugin cannot be used.
    """
    plugins = Plugins.installed()
    return load_published(definitions=plugins.definitions, schemas=plugins.schemas)


def as_text(schema: Mapping[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def unknown(name: str, known: Iterable[str], *, kind: str) -> click.UsageError:
    """Return the error for a name that nothing has."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    more = f"did you mean {near[0]}?" if near else f"known here: {', '.join(names)}"
    return click.UsageError(f"there is no {kind} {name}; {more}")


def write(file: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a file, replacing what is there; its folder must be there.

    A folder that is missing is more often a mistake in writing than a wish.

    Raises:
        click.UsageError: It cannot be written.
    """
    try:
        file.touch(mode)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}"
        raise click.UsageError(message) from error
