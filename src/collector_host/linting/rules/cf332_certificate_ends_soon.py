"""CF332: certificate ends soon."""

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

    return faulty_files(target, workspace, RULE.id, "ends soon")


RULE: Final = Rule(
    id="CF332",
    name="certificate-ends-soon",
    group="config",
    severity="warning",
    kinds=("config", "project"),
    what=(
        "The certificate of an output, or the last authority of its chain, expires "
        "within 30 days."
    ),
    why="From that day on nothing is delivered any more.",
    mend=(
        "Download new files from Devo and replace the old ones; a running collector "
        "takes them with its next connection."
    ),
    bad=credentials.output(cert=credentials.ENDING),
    good=credentials.output(),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
