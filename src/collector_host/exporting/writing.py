"""Writes an export into a folder, and leaves alone what is the user's."""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from collector_host.exporting.project import CONFIG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MODULES: Final = PurePosixPath("agent/modules")


def write_project(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files of a project; return the paths that were left as they were.

    A plugin's package is replaced as a whole, so no module of an older export stays.
    The user's configuration is never replaced.
    """
    kept = [CONFIG] if CONFIG in files and (folder / CONFIG).exists() else []
    inits = (PurePosixPath(path) for path in files if path.endswith("/__init__.py"))
    for package in (path.parent for path in inits):
        if package.parent == _MODULES and (folder / package).is_dir():
            shutil.rmtree(folder / package)
    for path, content in files.items():
        if path in kept:
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return kept
