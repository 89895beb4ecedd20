"""SF502: state of newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.linting import example_states as states
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    from collector_host.errors import StateVersionError  # noqa: PLC0415  (starts fast)
    from collector_host.state.document import (  # noqa: PLC0415
        DamagedDocumentError,
        parse,
    )

    try:
        parse(target.data)
    except StateVersionError as error:
        if target.document is not None:
            message = str(error.args[0])
            yield target.document.finding(("format",), RULE.id, message)
    except DamagedDocumentError:
        return


RULE: Final = Rule(
    id="SF502",
    name="state-of-newer-version",
    group="state",
    severity="error",
    kinds=("state",),
    what="A newer version of the collector wrote a state file.",
    why="This version does not read it, and the service does not start.",
    mend="Run the version that wrote it, or a newer one.",
    bad={states.NAME: states.NEWER},
    good={states.NAME: states.FOURTH},
    check=_check,
)
