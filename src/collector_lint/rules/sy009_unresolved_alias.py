"""SY009: unresolved alias."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY009",
    name="unresolved-alias",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what=(
        "An alias stands for nothing, or for something that contains it; or a value is "
        "an anchor that no alias uses, and nothing else."
    ),
    why=(
        "A text that starts with `*` is an alias in YAML, and one with `&` an anchor, "
        "which a pattern or a password easily does by mistake."
    ),
    mend="Put a text that starts with `*` or `&` in quotes.",
    bad=files.config("name: collector", "name: *collector"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
