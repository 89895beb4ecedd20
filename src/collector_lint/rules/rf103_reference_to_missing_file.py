"""RF103: reference to missing file."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="RF103",
    name="reference-to-missing-file",
    group="references",
    severity="error",
    kinds=("config",),
    what=(
        "A file that a reference names cannot be used: missing, forbidden, too large,"
        " or no text."
    ),
    why="The collector does not start without it.",
    mend=(
        "Check path and rights; a relative path starts at the folder of the "
        "configuration."
    ),
    bad=files.config("id: f1", "id: ${file:account_id}"),
    good={**files.config("id: f1", "id: ${file:account}"), "account": "f1\n"},
    beside=files.BESIDE_CONFIG,
    machine=True,
)
