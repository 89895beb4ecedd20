"""CF330: unusable certificate file."""

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

    return faulty_files(target, workspace, RULE.id, "unusable")


RULE: Final = Rule(
    id="CF330",
    name="unusable-certificate-file",
    group="config",
    severity="error",
    kinds=("config", "project"),
    what=(
        "A certificate, chain or key of an output is no PEM file, is of another "
        "kind, is damaged, or needs a passphrase."
    ),
    why=(
        "No connection can be made with it, and TLS libraries do not say which of "
        "the files is wrong."
    ),
    mend=(
        "Use the three files as downloaded together from Devo; the hint says what "
        "the file looks like."
    ),
    bad=credentials.output(cert=credentials.KEY, key=credentials.CERTIFICATE),
    good=credentials.output(),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
