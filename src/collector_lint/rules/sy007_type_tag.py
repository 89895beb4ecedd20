"""SY007: type tag."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY007",
    name="type-tag",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="A value carries a type tag, such as `!!python/name`.",
    why=(
        "Tags can make a reader build objects and run code; here only plain data is "
        "allowed."
    ),
    mend="Put a text that starts with `!` in quotes; remove other tags.",
    bad=files.config("name: collector", "name: !secret collector"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
