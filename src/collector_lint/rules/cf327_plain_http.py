"""CF327: plain http."""

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


_PLAIN: Final = re.compile(r"http://(?P<host>\[[0-9a-f:.]*\]|[^/:@\s]*)", re.IGNORECASE)
_LOOPBACK: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    for path, value in leaves(document.data) if document else ():
        if document is None or path[:1] != ("inputs",) or path[-1] == "proxy":
            continue
        match = _PLAIN.match(value) if isinstance(value, str) else None
        if match and not _LOOPBACK.fullmatch(match["host"]):
            message = "this address is reached in clear"
            yield document.finding(path, RULE.id, message, hint="write https")


RULE: Final = Rule(
    id="CF327",
    name="plain-http",
    group="config",
    severity="error",
    kinds=("config",),
    what="An address of a source is reached by plain http.",
    why=(
        "Anybody on the way reads the credentials that are sent along, and can change"
        " what is answered."
    ),
    mend="Write https. Plain http is for this machine alone.",
    bad=files.config("apples: {}", 'apples: {endpoint: "http://fruit.example.com"}'),
    good=files.config("apples: {}", 'apples: {endpoint: "http://127.0.0.1:8080"}'),
    beside=files.BESIDE_CONFIG,
    check=_check,
)
