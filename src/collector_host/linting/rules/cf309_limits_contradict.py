"""CF309: limits contradict."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF309",
    name="limits-contradict",
    group="config",
    severity="error",
    kinds=("config",),
    what="Two limits contradict each other.",
    why="One of them can never be kept, and the largest event would wait for ever.",
    mend="The message names both.",
    bad=files.config(
        "  name: collector",
        "  name: collector\n  queue_max_size_in_mb: 1\n  max_event_bytes: 2000000",
    ),
    good=files.config(
        "  name: collector",
        "  name: collector\n  queue_max_size_in_mb: 4\n  max_event_bytes: 2000000",
    ),
    beside=files.BESIDE_CONFIG,
)
