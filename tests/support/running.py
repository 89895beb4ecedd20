"""The real program with changes made to it before it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from support.stage import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.mutants.patching import Patch
    from support.stage import Stage

_TESTS = Path(__file__).resolve().parents[1]


def spawn_changed(
    stage: Stage,
    *changes: Callable[[Patch], None],
    arguments: tuple[str, ...] = ("run",),
    **environment: str,
) -> subprocess.Popen[str]:
    """Start the collector of a stage with changes; its log is read from the process."""
    lines = [
        f"from {one.__module__} import {one.__name__}; {one.__name__}()"
        for one in changes
    ]
    code = "\n".join([*lines, "from collector_host.cli import main; main()"])
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=stage.folder,
        env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(_TESTS)} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Read the log up to a line that holds `text`; return what was read.

    Raises:
        AssertionError: The log ends before.
    """
    assert process.stderr
    seen: list[str] = []
    for line in process.stderr:
        seen.append(line)
        if text in line:
            return "".join(seen)
    message = f"no line with {text!r} in the log: {''.join(seen)}"
    raise AssertionError(message)
