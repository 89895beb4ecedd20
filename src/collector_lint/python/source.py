"""Python files as syntax trees, and what is wrong where there is none.

Nothing is imported or run. The Python that runs parses them, as it would to import.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_lint.files import MAX_FILE_BYTES, UnreadableError, read_regular

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a file is no Python.

    Attributes:
        line: Where, from 1.
        column: Where, from 1.
        reason: What the parser says; it names no values.
    """

    line: int
    column: int
    reason: str


def parse_python(file: Path) -> ast.Module | Broken | None:
    """Return the tree of a file, what is wrong with it, or None if it is unreadable."""
    try:
        data = read_regular(file, max_bytes=MAX_FILE_BYTES).data
        with warnings.catch_warnings():
            # Doubtful escapes are the business of whoever imports it.
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        return Broken(line, column, error.msg)
    except ValueError:
        return Broken(1, 1, "the file has a character of the number 0")
    except (UnreadableError, RecursionError, MemoryError):
        return None
