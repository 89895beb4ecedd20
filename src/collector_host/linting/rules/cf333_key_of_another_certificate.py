"""CF333: key of another certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.linting import example_credentials as credentials
from collector_lint import example_files as files
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterable[Finding]:
    # Reading certificates takes a library that most runs do not need.
    from collector_host.linting.output_files import faulty_files  # noqa: PLC0415

    return faulty_files(target, workspace, RULE.id, "stranger")


RULE: Final = Rule(
    id="CF333",
    name="key-of-another-certificate",
    group="config",
    severity="error",
    kinds=("config", "project"),
    what="The key of an output does not belong to its certificate.",
    why=(
        "No connection can be made; most often one file of a pair was replaced and "
        "the other forgotten."
    ),
    mend="Use the certificate and the key that were downloaded together.",
    bad=credentials.output(key=credentials.ANOTHER_KEY),
    good=credentials.output(),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
