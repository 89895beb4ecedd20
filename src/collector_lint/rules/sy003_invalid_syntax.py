"""SY003: invalid syntax."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY003",
    name="invalid-syntax",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="The text is not valid YAML or JSON.",
    why="Nothing behind the mistake can be read, so the collector does not start.",
    mend=(
        "The message says what is wrong and where it was made; most often it is a "
        "tab, a quote or a bracket that is not closed, a blank that is missing behind "
        "a colon, or a text that must be in quotes."
    ),
    bad=files.config("  id: c1", "\tid: c1"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
