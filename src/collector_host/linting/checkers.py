"""The host's checks, offered to the linter; they are imported when they are needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from collector_lint.rule import Checker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_lint.findings import Finding
    from collector_lint.rule import Check
    from collector_lint.target import Target
    from collector_lint.workspace import Workspace


def _late(module: str, name: str) -> Check:
    def check(target: Target, workspace: Workspace) -> Iterable[Finding]:
        place = importlib.import_module(f"{__package__}.{module}")
        found: Check = getattr(place, name)
        return found(target, workspace)

    return check


CHECKERS: Final = (
    Checker(
        "catalogue", ("catalogue", "definition"), _late("checks", "check_catalogue")
    ),
    Checker("configuration", ("config",), _late("checks", "check_config")),
    Checker("state", ("state",), _late("state_checks", "check_state")),
    Checker("project", ("project",), _late("project_checks", "check_project")),
)
