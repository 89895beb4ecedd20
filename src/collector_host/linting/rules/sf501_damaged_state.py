"""SF501: damaged state."""

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
    except DamagedDocumentError as error:
        # What was wrong with the JSON itself has a finding already.
        if target.document is not None:
            hint = "restore a copy, or move it away to use the generation before"
            yield target.document.finding(
                (), RULE.id, f"the state is damaged: {error}", hint=hint
            )
    except StateVersionError:
        return


RULE: Final = Rule(
    id="SF501",
    name="damaged-state",
    group="state",
    severity="error",
    kinds=("state",),
    what="A state file is not what the collector wrote: cut short, edited, or damaged.",
    why=(
        "The collector moves it aside and goes on from the generation before, so that"
        " events are delivered again; without one the service does not start."
    ),
    mend=(
        "Restore a copy. A state is not to be edited; to start over, move the file "
        "and its `.prev.json` away."
    ),
    bad={states.NAME: states.FOURTH.replace("05T00:00:00Z", "06T00:00:00Z")},
    good={states.NAME: states.FOURTH},
    check=_check,
)
