"""CF321: unusual devo address."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF321",
    name="unusual-devo-address",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A Devo output leads where Devo is not known to be.",
    why="A misspelt address is found at the first connection only.",
    mend=(
        "Check address and port; the hint lists those known. Leave it if yours is new."
    ),
    bad=files.config(
        "  console_1:\n    type: console",
        "  devo_1:\n    type: devo_platform\n    config:\n"
        "      address: colector-eu.devo.io\n"
        "      chain: chain.crt\n      cert: domain.crt\n"
        "      key: domain.key",
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
