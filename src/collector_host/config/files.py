"""Where the files that a configuration names may lie."""

from __future__ import annotations

import os
from pathlib import Path


def candidates(name: str, folder: Path) -> tuple[Path, ...]:
    """Return where a file of an output may lie, in the order they are tried.

    The Devo Collector SDK looks in `certs` of the project, and the collector's public
    guide keeps `certs` beside `config`.

    Args:
        name: As written, absolute or relative.
        folder: Folder of the configuration file.
    """
    given = Path(name)
    if given.is_absolute():
        return (given,)
    above = folder.parent
    return tuple(
        place / given for place in (folder, folder / "certs", above / "certs", above)
    )


def find_file(name: str, folder: Path) -> Path | None:
    """Return the first candidate that is a readable regular file."""
    readable = (p for p in candidates(name, folder) if _is_readable(p))
    return next(readable, None)


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False
