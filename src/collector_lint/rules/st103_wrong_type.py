"""ST103: wrong type."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.rules._quoting import quote_scalar

RULE: Final = Rule(
    id="ST103",
    name="wrong-type",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A value has the wrong type.",
    why=(
        "YAML decides the type by how a value is written: digits are a number, and "
        "`no` is false, also where a text was meant."
    ),
    mend=(
        "The message names the right type; digits that are a text need quotes. "
        "`--fix` writes the quotes."
    ),
    bad=files.config("name: collector", "name: 2024"),
    good=files.config("name: collector", 'name: "2024"'),
    beside=files.BESIDE_CONFIG,
    fix=quote_scalar,
)
