"""CF334: key readable by all."""

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
    from collector_host.linting.output_files import open_keys  # noqa: PLC0415

    return open_keys(target, workspace, RULE.id)


RULE: Final = Rule(
    id="CF334",
    name="key-readable-by-all",
    group="config",
    severity="warning",
    kinds=("config", "project"),
    what="Every user of the machine may read the private key of an output.",
    why=(
        "Who has it can deliver in your name. Docker and Kubernetes mount secrets "
        "so by default, therefore it is a warning."
    ),
    mend="`chmod o-r`, or set the mode with which it is mounted.",
    bad=credentials.output("domain.pem"),
    good=credentials.output(),
    beside=files.BESIDE_CONFIG,
    check=_check,
    machine=True,
)
