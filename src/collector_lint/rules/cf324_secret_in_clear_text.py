"""CF324: secret in clear text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_lint import example_files as files
from collector_lint.rule import Rule
from collector_lint.secrets_in_clear import secrets_in_clear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    if target.document is not None:
        yield from secrets_in_clear(target.document, RULE.id)


RULE: Final = Rule(
    id="CF324",
    name="secret-in-clear-text",
    group="config",
    severity="warning",
    kinds=("config",),
    what=(
        "A secret stands in the configuration itself: beside a key that says so, as "
        "the default of a reference, in an address, or as a private key."
    ),
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
