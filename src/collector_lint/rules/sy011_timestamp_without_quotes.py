"""SY011: timestamp without quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.rule import Rule
from collector_lint.rules._quoting import HINT, quote_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_INSTANT: Final = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?"
    r"(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?",
    re.ASCII,
)
"""What YAML 1.1 takes for a timestamp. Source: yaml.org, type timestamp."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None or target.is_json or not _INSTANT.search(target.text):
        return
    for path, value in leaves(document.data):
        is_plain = isinstance(value, str) and path in document.plain
        if is_plain and _INSTANT.fullmatch(str(value)):
            message = "other readers make a date of it, no text"
            yield document.finding(
                path, RULE.id, message, hint=HINT, severity="warning"
            )


RULE: Final = Rule(
    id="SY011",
    name="timestamp-without-quotes",
    group="syntax",
    severity="warning",
    kinds=(
        "config",
        "catalogue",
        "definition",
    ),
    what="A date or time is written without quotes.",
    why=(
        "Here it stays the text that was written. Other readers of YAML, the genuine "
        "SDK's among them, make an object of it, and modules that expect a text fail."
    ),
    mend="Write it in quotes. `--fix` does it.",
    bad=files.config("apples: {}", "custom: {since: 2023-01-05T00:00:00Z}"),
    good=files.config("apples: {}", 'custom: {since: "2023-01-05T00:00:00Z"}'),
    beside={
        "collector_definitions.yaml": files.CATALOGUE.replace(
            "type: predefined", "type: custom"
        ).replace("apples:", "custom_service:", 1)
    },
    check=_check,
    fix=quote_scalar,
)
