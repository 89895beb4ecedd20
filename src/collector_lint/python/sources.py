"""Classes in the Python files of a plugin, found without importing anything."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.target import Target
    from collector_lint.workspace import Workspace

_CLASS: Final = re.compile(r"^class\s+(\w+)\s*(?:\(([^)]*)\))?", re.MULTILINE)
_SKIPPED: Final = frozenset({"node_modules", "build", "dist", "venv", "tests"})
_MAX_FILES: Final = 5_000


def source_classes(
    target: Target, workspace: Workspace
) -> Mapping[str, tuple[str, ...]]:
    """Return the bases of each class below the folder of a target's catalogue."""
    root = next(
        (root for root in workspace.roots if target.folder.is_relative_to(root)), None
    )
    if root is None:
        return {}
    return workspace.remembered(("classes", root), lambda: classes_below(root))


def classes_below(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the bases of each class in the Python files below a folder."""
    return dict(_classes(root))


def _classes(root: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for file in python_files(root):
        try:
            data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
        except UnreadableError:
            continue
        for match in _CLASS.finditer(data.decode("utf-8", "replace")):
            bases = (base.strip() for base in (match[2] or "").split(","))
            yield match[1], tuple(base.rpartition(".")[2] for base in bases if base)


def python_files(root: Path) -> Iterator[Path]:
    """Yield the Python files below a folder, in order; tests are left out."""
    count = 0
    for above, folders, files in os.walk(root):
        folders[:] = sorted(
            each for each in folders if each[0] != "." and each not in _SKIPPED
        )
        for name in sorted(files):
            count += 1
            if count > _MAX_FILES:
                return
            if name.endswith(".py"):
                yield Path(above) / name


def is_unlike(name: str, word: str, known: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a known class surely is not derived from a base named with a word.

    A word with `!` before it must not be in any base's name. A base that is known
    nowhere may be anything, unless its name has the word.
    """
    if name not in known:
        return False
    bases = set(bases_of(name, known))
    if word.startswith("!"):
        return any(word[1:] in base for base in bases)
    if any(word in base for base in bases):
        return False
    return all(base in known or _OTHER.search(base) for base in bases)


def bases_of(name: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the bases of a class, and theirs, as far as they are known."""
    yield from _bases(name, known, frozenset())


_OTHER: Final = re.compile(r"^(?:object|ABC)$|Puller|Setup|Calculator")


def _bases(
    name: str, known: Mapping[str, tuple[str, ...]], seen: frozenset[str]
) -> Iterator[str]:
    for base in known.get(name, ()):
        yield base
        if base not in seen:
            yield from _bases(base, known, seen | {base})
