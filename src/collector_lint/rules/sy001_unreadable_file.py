"""SY001: unreadable file."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY001",
    name="unreadable-file",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="The file cannot be read, is no regular file, or is larger than 1 MiB.",
    why=(
        "What cannot be read is not checked, and the collector will not start with it"
        " either. The bound keeps a file that was named by mistake from filling the "
        "memory."
    ),
    mend=(
        "Check path and rights; a configuration of more than a mebibyte most likely "
        "is another file."
    ),
    bad={"config.yaml": "# a log file, named by mistake\n" * 40_000},
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
