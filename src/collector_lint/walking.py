"""A walk through a folder that leaves out what nobody wants checked."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint.ignored import ignored_below
from collector_lint.project_files import is_project

if TYPE_CHECKING:
    from collections.abc import Iterator

_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "build", "dist", "venv"})


@dataclass(frozen=True, slots=True)
class Walk:
    """How to walk.

    Attributes:
        exclude: Patterns of names to leave out, e.g. `tests/*`; absolute ones hold
            from every folder.
        gitignore: Whether to leave out what git ignores.
        failed: Folders that could not be read on the walk.
    """

    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    failed: list[OSError] = field(default_factory=list[OSError])

    def below(self, folder: Path) -> Iterator[Path]:
        """Yield files, and of projects their folder alone, in order of their names."""
        self.failed.clear()
        ignored = ignored_below(folder) if self.gitignore else frozenset[str]()

        def is_out(path: Path) -> bool:
            name, whole = path.as_posix(), os.path.abspath(path)  # noqa: PTH100
            # Patterns of a settings file are absolute.
            return whole in ignored or any(
                fnmatch.fnmatch(whole if each.startswith("/") else name, each)
                for each in self.exclude
            )

        for above, folders, files in os.walk(folder, onerror=self.failed.append):
            here = Path(above)
            inner: list[str] = []
            for name in sorted(folders):
                if is_out(here / name):
                    continue
                if is_project(here / name):
                    yield here / name
                elif not name.startswith(".") and name not in _SKIPPED:
                    inner.append(name)
            folders[:] = inner
            yield from (p for name in sorted(files) if not is_out(p := here / name))
