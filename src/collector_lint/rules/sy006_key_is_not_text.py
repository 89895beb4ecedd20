"""SY006: key is not text."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule
from collector_lint.rules._quoting import quote_scalar

RULE: Final = Rule(
    id="SY006",
    name="key-is-not-text",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="A key is read as a number, as true or false, or is a list or mapping.",
    why=(
        "`yes`, `no`, `on` and `off` are read as true and false, also as keys; the "
        "key is then not found under the name that was written."
    ),
    mend="Write the key in quotes. `--fix` does it.",
    bad=files.catalogue("          ApplePuller:", "          on:"),
    good=files.catalogue("          ApplePuller:", '          "on":'),
    fix=quote_scalar,
)
