"""CF331: certificate out of time."""

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

    return faulty_files(target, workspace, RULE.id, "out of time")


RULE: Final = Rule(
    id="CF331",
    name="certificate-out-of-time",
    group="config",
    severity="error",
    kinds=("config", "project"),
    what=(
        "The certificate of an output, or every authority of its chain, has expired "
        "or is not valid yet."
    ),
    why="The receiver refuses it; events wait, until the source has forgotten them.",
    mend=(
        "Download new files from Devo, all three together; check the clock of the "
        "machine."
    ),
    bad=credentials.output(cert=credentials.EXPIRED),
    good=credentials.output(),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
