"""SF504: state under another name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.linting import example_states as states
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_STATES: Final = "state"
"""The folder where states are kept, unless a configuration names another."""


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    del workspace
    from collector_host.state.generations import paths  # noqa: PLC0415  (starts fast)

    owner = target.mapping(()).get("owner")
    if target.document is None or not isinstance(owner, str):
        return
    names = [path.name for path in paths(target.folder, owner)]
    if Path(target.name).name in names:
        return
    message = "the collector never looks for this owner's state here"
    hint = f"call it {' or '.join(names)}"
    # Elsewhere it is most likely a copy, which is to be kept and not to be found.
    severity = "error" if target.folder.name == _STATES else "warning"
    yield target.document.finding(
        ("owner",), RULE.id, message, hint=hint, severity=severity
    )


RULE: Final = Rule(
    id="SF504",
    name="state-under-another-name",
    group="state",
    severity="error",
    kinds=("state",),
    what="A state file is not called by its owner.",
    why=(
        "The collector looks for a state under a name made of its owner; under "
        "another one it is never found, and the service starts over."
    ),
    mend="Give it the name in the hint; outside a folder `state` it may be a copy.",
    bad={"state/pears.json": states.FOURTH},
    good={states.NAME: states.FOURTH},
    check=_check,
)
