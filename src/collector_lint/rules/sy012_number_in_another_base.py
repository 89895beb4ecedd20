"""SY012: number in another base."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_ODD: Final = re.compile(
    r"[-+]?(?:0[0-7_]*[1-7][0-7_]*|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9]*)?)"
)
_MAYBE: Final = re.compile(r"(?<![\w.])0[0-7]|\d:[0-5]?\d")


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None or target.is_json or not _MAYBE.search(target.text):
        return
    for path, value in leaves(document.data):
        is_number = isinstance(value, int | float) and path in document.plain
        if is_number and _ODD.fullmatch(target.word(document.position(path))):
            message = "the number is read to the base of eight or sixty"
            yield document.finding(path, RULE.id, message, hint=_HINT)


_HINT: Final = "write it as it is meant: without the zero, or in quotes"


RULE: Final = Rule(
    id="SY012",
    name="number-in-another-base",
    group="syntax",
    severity="error",
    kinds=(
        "config",
        "catalogue",
        "definition",
    ),
    what="A number is read otherwise than a person reads it: `010` is 8, `1:30` is 90.",
    why="YAML 1.1 takes a leading zero for octal and colons for base sixty.",
    mend="Write it without the zero or in quotes, whichever was meant.",
    bad=files.catalogue(
        "request_period_in_seconds: 60", "request_period_in_seconds: 060"
    ),
    good=files.catalogue(),
    check=_check,
)
