"""CF322: events in clear."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF322",
    name="events-in-clear",
    group="config",
    severity="warning",
    kinds=("config",),
    what="Events leave this machine without TLS.",
    why="Anybody on the way can read audit events, and change them.",
    mend=(
        "Keep them inside the house, or use the type `relay`, which is reached over "
        "TLS."
    ),
    bad=files.config(
        "  console_1:\n    type: console",
        "  relay_1:\n    type: syslog\n    config: {address: 192.0.2.7, port: 514}",
    ),
    good=files.config(
        "  console_1:\n    type: console",
        "  relay_1:\n    type: syslog\n    config: {address: 127.0.0.1, port: 514}",
    ),
    beside=files.BESIDE_CONFIG,
)
