"""Fail when a Python file is longer than a reader can hold: 400 lines."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400


def main() -> int:
    """Check the folders given as arguments; return the exit code."""
    long = [
        (count, file)
        for folder in sys.argv[1:]
        for file in sorted(Path(folder).rglob("*.py"))
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > LIMIT
    ]
    for count, file in long:
        sys.stderr.write(f"{file}: {count} lines, more than {LIMIT}: split it\n")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
