"""How long many files take to lint, beside check-jsonschema doing the smaller part.

Both get the same files in one call. check-jsonschema compares each with one schema,
the whole one of user configurations; the linter does that and everything else.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measuring.configurations import write_configurations
from measuring.figures import Reading
from measuring.goals import Goal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from measuring.sizes import Size

_BIN: Final = Path(sys.executable).parent
_LINT: Final = "collector lint"
_OTHER: Final = "check-jsonschema"
_ONE: Final = "collector lint, one file"
_HELP: Final = "collector lint --help"
_RATIO: Final = "check-jsonschema : collector lint"

GOALS: Final = (
    Goal(_LINT, at_most=2),
    Goal(_HELP, at_most=0.2),
    Goal("collector --help", at_most=0.2),
    Goal(_RATIO, at_least=1),
)
"""For 1,000 files on two cores."""


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Time the programs in turn over the same files, then short calls."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schema = folder / "config.schema.json"
        _run([_BIN / "collector", "schema", "show", "config", "-o", schema])
        files = write_configurations(folder / "files", size.lint_files, seed)
        collector, other = _BIN / "collector", _BIN / "check-jsonschema"
        for _ in range(size.lint_repeats):
            lint_s, readings = _timed(_LINT, [collector, "lint", folder / "files"])
            yield from readings
            other_s, readings = _timed(
                _OTHER, [other, "--schemafile", schema, *map(str, files)]
            )
            yield from readings
            yield Reading(_RATIO, "times", other_s / lint_s)
        for _ in range(size.starts):
            yield from _timed(_ONE, [collector, "lint", files[0]])[1]
            yield from _timed(_HELP, [collector, "lint", "--help"])[1]
            yield from _timed("collector --help", [collector, "--help"])[1]


def _timed(name: str, command: Sequence[str | Path]) -> tuple[float, list[Reading]]:
    cpu_before_s, began_at = _children_cpu_s(), time.perf_counter()
    _run(command)
    elapsed_s = time.perf_counter() - began_at
    cpu_s = _children_cpu_s() - cpu_before_s
    return elapsed_s, [
        Reading(name, "s", elapsed_s),
        Reading(f"{name}: CPU", "s", cpu_s),
    ]


def _run(command: Sequence[str | Path]) -> None:
    """Run a program that must find nothing wrong."""
    result = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "ACCESS_KEY_SECRET": "example"},
    )
    if result.returncode:
        message = f"{command[0]} found something: {result.stdout}{result.stderr}"
        raise RuntimeError(message[:2000])


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
