"""CF328: submodules mixed."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF328",
    name="submodules-mixed",
    group="config",
    severity="error",
    kinds=("config", "project"),
    what=(
        "A list that names submodules mixes texts with mappings, or has numbers, or "
        "mappings of several keys."
    ),
    why=(
        "Such a list cannot be split. The genuine host notices only while it makes the"
        " service's modules, behind everything else that starts."
    ),
    mend=(
        "Write all entries as texts, numbers in quotes, or each as a mapping of one "
        "key; or write one mapping instead of the list."
    ),
    bad=files.config("apples: {}", "apples: {trees: [tall, {short: {pick: 3}}]}"),
    good=files.config(
        "apples: {}", "apples: {trees: [{tall: {}}, {short: {pick: 3}}]}"
    ),
    beside=files.BESIDE_SUBMODULES,
)
