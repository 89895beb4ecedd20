"""ST106: wrong form."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import Rule

RULE: Final = Rule(
    id="ST106",
    name="wrong-form",
    group="structure",
    severity="error",
    kinds=("config", "catalogue", "definition"),
    what="A text or a key does not have the form expected.",
    why=(
        "It becomes a part of names of files, tables or log lines, where other "
        "characters have a meaning of their own."
    ),
    mend="The message shows an example.",
    bad=files.config("name: collector", "name: my/collector"),
    good=files.config("name: collector", "name: my_collector"),
    beside=files.BESIDE_CONFIG,
)
