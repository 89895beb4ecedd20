"""CF329: submodules lost."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF329",
    name="submodules-lost",
    group="config",
    severity="warning",
    kinds=("config", "project"),
    what=(
        "A setting that names submodules is empty, or two mappings of its list have "
        "the same name."
    ),
    why=(
        "Nothing complains: an empty one runs no module at all, and of two entries "
        "with one name only the last is collected."
    ),
    mend="Name each submodule once; leave the key out to collect everything at once.",
    bad=files.config(
        "apples: {}", "apples: {trees: [{tall: {pick: 1}}, {tall: {pick: 3}}]}"
    ),
    good=files.config(
        "apples: {}", "apples: {trees: [{tall: {pick: 1}}, {short: {pick: 3}}]}"
    ),
    beside=files.BESIDE_SUBMODULES,
)
