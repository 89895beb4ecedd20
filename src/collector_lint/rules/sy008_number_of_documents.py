"""SY008: number of documents."""

from __future__ import annotations

from typing import Final

from collector_lint import example_files as files
from collector_lint.rule import KINDS, Rule

RULE: Final = Rule(
    id="SY008",
    name="number-of-documents",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what="The file holds no document, or more than one.",
    why="Readers take the first document and drop the others, or refuse the file.",
    mend="Remove lines with `---`; one file holds one document.",
    bad=files.config("outputs:", "---\noutputs:"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
)
