"""RF101: malformed reference."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="RF101",
    name="malformed-reference",
    group="references",
    severity="error",
    kinds=("config",),
    what="A `${...}` reference is malformed.",
    why="It would be sent to the vendor as it stands, as a password that is refused.",
    mend=(
        "Write `${NAME}`, `${NAME:-default}` or `${file:path}`, and `$$` for a dollar"
        " sign."
    ),
    bad=files.config("name: collector", "name: ${COLLECTOR NAME}"),
    good=files.config("name: collector", "name: ${COLLECTOR_NAME:-collector}"),
    beside=files.BESIDE_CONFIG,
)
