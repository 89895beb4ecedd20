"""CF325: configuration readable by all."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.rule import Rule
from collector_lint.secrets_in_clear import is_secret_in_clear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    if document is None or target.path is None or not _is_open(target.path):
        return
    if any(is_secret_in_clear(path, value) for path, value in leaves(document.data)):
        message = "every user of this machine may read the secrets in this file"
        yield document.finding((), RULE.id, message, hint="chmod o-r")


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


RULE: Final = Rule(
    id="CF325",
    name="configuration-readable-by-all",
    group="config",
    severity="error",
    kinds=("config",),
    what=(
        "Every user of the machine may read a configuration with secrets in clear text."
    ),
    why="Any program that runs there, under whatever user, can take them.",
    mend="`chmod o-r`, and better keep the secrets elsewhere.",
    bad=files.config(
        "    id: f1",
        "    id: f1\n"
        "    # lint: ignore[CF324] because the vendor offers nothing else\n"
        "    credentials: {password: example}",
    ),
    good=files.config(
        "    id: f1", '    id: f1\n    credentials: {password: "${FRUIT_PASSWORD}"}'
    ),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
