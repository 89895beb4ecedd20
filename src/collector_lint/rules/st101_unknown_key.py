"""ST101: unknown key."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST101",
    name="unknown-key",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A key is not known here.",
    why=(
        "What is misspelt has no effect: the default stays, and nobody notices before"
        " it matters."
    ),
    mend="Take the suggestion, or one of the keys listed.",
    bad=files.config("  name:", "  debgu: true\n  name:"),
    good=files.config("  name:", "  debug: true\n  name:"),
    beside=files.BESIDE_CONFIG,
)
