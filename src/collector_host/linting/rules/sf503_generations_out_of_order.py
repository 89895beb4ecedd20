"""SF503: generations out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_host.linting import example_states as states
from collector_lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_lint.findings import Finding
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


_PREVIOUS: Final = ".prev.json"


def _check(target: Target, workspace: Workspace) -> Iterator[Finding]:
    if target.document is None or not target.name.endswith(_PREVIOUS):
        return
    name = f"{target.name.removesuffix(_PREVIOUS)}.json"
    for other in workspace.of_kind("state"):
        if other.name != name:
            continue
        mine = target.mapping(()).get("generation")
        current = other.mapping(()).get("generation")
        if isinstance(mine, int) and isinstance(current, int) and mine > current:
            message = f"this is generation {mine}, the current state is {current}"
            yield target.document.finding(("generation",), RULE.id, message)


RULE: Final = Rule(
    id="SF503",
    name="generations-out-of-order",
    group="state",
    severity="error",
    kinds=("state",),
    what="The generation before a state is newer than the state itself.",
    why=(
        "An older copy was restored over one file of the two: should the current one "
        "be damaged one day, the collector would jump ahead and miss events."
    ),
    mend="Restore both files from the same copy, or move the `.prev.json` away.",
    bad={states.NAME: states.THIRD, states.PREVIOUS: states.FOURTH},
    good={states.NAME: states.FOURTH, states.PREVIOUS: states.THIRD},
    check=_check,
)
