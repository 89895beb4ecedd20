"""CF324: secret in clear text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.document import leaves
from collector_lint.rule import Rule
from collector_lint.rules._secrets import is_secret_in_clear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    document = target.document
    for path, value in leaves(document.data) if document else ():
        if document is not None and is_secret_in_clear(path, value):
            message = "a secret stands here in clear text"
            hint = "write ${NAME} or ${file:path}"
            yield document.finding(
                path, RULE.id, message, hint=hint, severity="warning"
            )


RULE: Final = Rule(
    id="CF324",
    name="secret-in-clear-text",
    group="config",
    severity="warning",
    kinds=("config",),
    what="A secret stands in the configuration itself.",
    why=(
        "Configurations are copied, mailed, kept in version control and shown on "
        "screens."
    ),
    mend="Write `${NAME}` or `${file:path}`, and keep the secret there.",
    bad=files.config("    id: f1", "    id: f1\n    credentials: {password: example}"),
    good=files.config(
        "    id: f1", '    id: f1\n    credentials: {password: "${FRUIT_PASSWORD}"}'
    ),
    beside=files.BESIDE_CONFIG,
    check=_check,
)
