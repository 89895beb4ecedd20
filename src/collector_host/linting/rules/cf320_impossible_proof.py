"""CF320: impossible proof."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF320",
    name="impossible-proof",
    group="config",
    severity="error",
    kinds=("config",),
    what="An output is asked for a proof that its kind can never give.",
    why="Nothing would ever count as delivered.",
    mend="Plain TCP gives `eof` at most, a stream `sent`; or use `auto`.",
    bad=files.config(
        "  console_1:\n    type: console",
        "  relay_1:\n    type: syslog\n"
        "    config: {address: 127.0.0.1, port: 514}\n"
        "    delivery: {confirm: close_notify}",
    ),
    good=files.config(
        "  console_1:\n    type: console",
        "  relay_1:\n    type: syslog\n"
        "    config: {address: 127.0.0.1, port: 514}\n"
        "    delivery: {confirm: eof}",
    ),
    beside=files.BESIDE_CONFIG,
)
