"""CF308: missing file of output."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="CF308",
    name="missing-file-of-output",
    group="config",
    severity="error",
    kinds=("config",),
    what="A file of an output cannot be found or read.",
    why="The connection to the receiver cannot be made without it.",
    mend="The hint lists where it was looked for.",
    bad=files.config(
        "  console_1:\n    type: console",
        "  devo_1:\n    type: devo_platform\n    config:\n"
        "      address: collector-eu.devo.io\n"
        "      chain: chain.crt\n      cert: domain.crt\n"
        "      key: domain.key",
    ),
    good={
        **files.config(
            "  console_1:\n    type: console",
            "  devo_1:\n    type: devo_platform\n    config:\n"
            "      address: collector-eu.devo.io\n"
            "      chain: chain.crt\n      cert: domain.crt\n"
            "      key: domain.key",
        ),
        "chain.crt": "",
        "domain.crt": "",
        "domain.key": "",
    },
    beside=files.BESIDE_CONFIG,
    machine=True,
)
