"""What `--fix` would change as a patch, values and all: `git apply` takes it."""

from __future__ import annotations

import difflib
import os
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.mending.fixing import Change
    from collector_lint.reports.text import Piece

_STYLES = {"-": "red", "+": "green", "@": "cyan"}
_NO_END = "\\ No newline at end of file\n"


def patch(change: Change) -> Iterator[Piece]:
    """Yield the lines of a unified diff.

    Names of files start at the working folder; of what is outside, at the root: a
    patch must not lead upwards.
    """
    before = change.target.data.decode("utf-8")
    after = change.data.decode("utf-8")
    inside = PurePath(os.path.relpath(change.target.name))
    whole = PurePath(os.path.abspath(change.target.name))  # noqa: PTH100  (keeps links)
    path = whole.relative_to(whole.anchor) if inside.parts[0] == ".." else inside
    name = path.as_posix()
    # A name with a blank ends with a tab, as diff writes it.
    end = "\t" if " " in name else ""
    lines = difflib.unified_diff(
        _lines(before), _lines(after), f"a/{name}{end}", f"b/{name}{end}"
    )
    for number, line in enumerate(lines):
        style = "bold" if number < 2 else _STYLES.get(line[0], "")  # noqa: PLR2004  (names)
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}", style


def _lines(text: str) -> list[str]:
    """Return the lines as patches count them, which end with LF alone."""
    return [part for part in text.replace("\n", "\n\0").split("\0") if part]
