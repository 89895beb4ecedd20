"""Folders laid out for the Devo Collector SDK, and files that are a part of one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from collector_lint.target import Target

_DEFINITIONS: Final = Path("config_internal", "collector_definitions.yaml")
_SERVER_FILES: Final = frozenset({"job_config.json", "collector_config.json"})
"""The files of a Collector Server, which need not be below `config`."""
_SUFFIXES: Final = (".yaml", ".yml", ".json")
_LEVELS: Final = 3
"""How many folders above a file its project may be."""


def is_project(folder: Path) -> bool:
    """Tell whether a folder is laid out for the Devo Collector SDK."""
    return (folder / _DEFINITIONS).is_file()


def files_of_project(target: Target) -> list[str]:
    """Return the names of the files of a project that may hold comments for us."""
    if target.kind != "project":
        return []
    root = Path(target.name)
    usual = (Path("config", "config.yaml"), _DEFINITIONS)
    return [str(root / each) for each in usual if (root / each).is_file()]


def part_of_project(name: str, file: Path | None, data: bytes) -> Target | None:
    """Return the target for a file of a project: the project, and of it this file.

    Such a file means nothing without the others: a configuration is compared with the
    definitions of its project, by the contract of the SDK.

    Args:
        name: How the file was named.
        file: The file, or None where its text came from elsewhere.
        data: Its bytes.

    Returns:
        None where it is no configuration and no definitions of a project.
    """
    whole = Path(os.path.abspath(file or name))  # noqa: PTH100  (links are kept)
    if whole.suffix not in _SUFFIXES:
        return None
    for folder in whole.parents[:_LEVELS]:
        inner = whole.relative_to(folder)
        is_part = inner.parts[0] == "config" or inner == _DEFINITIONS
        if (is_part or whole.name in _SERVER_FILES) and is_project(folder):
            shown = os.path.relpath(folder)
            return Target(
                shown, "project", folder, folder, data, fixable=False, part=name
            )
    return None
