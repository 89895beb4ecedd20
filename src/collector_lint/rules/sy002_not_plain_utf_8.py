"""SY002: not plain utf 8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.mending.edits import DROP_MARK, Edit
from collector_lint.rule import KINDS, Rule

if TYPE_CHECKING:
    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _drop_mark(target: Target, finding: Finding, workspace: Workspace) -> Edit | None:
    del finding, workspace
    return DROP_MARK if target.is_marked else None


RULE: Final = Rule(
    id="SY002",
    name="not-plain-utf-8",
    group="syntax",
    severity="error",
    kinds=KINDS,
    what=(
        "The bytes are not plain UTF-8 text: another encoding, a byte order mark, a "
        "control character."
    ),
    why=(
        "Editors on other systems write such files, and every program reads them "
        "differently: a byte order mark becomes a part of the first key, a control "
        "character breaks log lines."
    ),
    mend=(
        "Save the file as UTF-8 text without a byte order mark. `--fix` removes a "
        "byte order mark."
    ),
    bad=files.config("globals:", "\ufeffglobals:"),
    good=files.config(),
    beside=files.BESIDE_CONFIG,
    fix=_drop_mark,
)
