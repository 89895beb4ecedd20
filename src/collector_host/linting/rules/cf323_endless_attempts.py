"""CF323: endless attempts."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF323",
    name="endless-attempts",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A key bounds attempts that have no end here.",
    why="Attempts to deliver never end, because what waits is not to be lost.",
    mend="Remove the key.",
    bad=files.config(
        "  console_1:\n    type: console",
        "  devo_1:\n    type: devo_platform\n    config:\n"
        "      address: collector-eu.devo.io\n"
        "      chain: chain.crt\n      cert: domain.crt\n"
        "      sending_retries: 5\n      key: domain.key",
    ),
    good=files.config(
        "  console_1:\n    type: console",
        "  devo_1:\n    type: devo_platform\n    config:\n"
        "      address: collector-eu.devo.io\n"
        "      chain: chain.crt\n      cert: domain.crt\n"
        "      key: domain.key",
    ),
    beside=files.BESIDE_CONFIG,
)
