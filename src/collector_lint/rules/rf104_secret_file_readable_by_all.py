"""RF104: secret file readable by all."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="RF104",
    name="secret-file-readable-by-all",
    group="references",
    severity="warning",
    kinds=("config",),
    what="Every user of the machine may read a file that a reference names.",
    why=(
        "It most likely holds a secret. Docker and Kubernetes mount secrets so by "
        "default, therefore it is a warning."
    ),
    mend="`chmod o-r`, or set the mode with which it is mounted.",
    bad={**files.config("id: f1", "id: ${file:account}"), "account": "f1\n"},
    good=files.config(),
    beside=files.BESIDE_CONFIG,
    machine=True,
)
