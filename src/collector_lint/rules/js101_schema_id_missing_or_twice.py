"""JS101: schema id missing or twice."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="JS101",
    name="schema-id-missing-or-twice",
    group="schemas",
    severity="error",
    kinds=("schema",),
    what="A schema has no `$id`, or one that another file uses.",
    why=(
        "Schemas are found by their `$id`: without one nothing refers to it, and of "
        "two nobody knows which is meant."
    ),
    mend="Give each schema an `$id` of its own.",
    bad=files.schema(without="$id"),
    good=files.schema(),
    beside=files.BESIDE_CONFIG,
)
