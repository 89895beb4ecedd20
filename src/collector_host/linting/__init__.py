"""What the host brings to the linter: its rules, and its own checks as checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_lint.rule import Checker, Rule

_hook = pluggy.HookimplMarker("collector_lint")


@_hook
def collector_lint_rules() -> Sequence[Rule]:
    """Offer the rules about configurations, catalogues, states and projects."""
    from collector_host.linting import rules  # noqa: PLC0415  (hooks cost nothing)
    from collector_lint.rules import rules_of  # noqa: PLC0415

    return rules_of(rules)


@_hook
def collector_lint_checkers() -> Sequence[Checker]:
    """Offer the checks that the host makes before it starts."""
    from collector_host.linting.checkers import CHECKERS  # noqa: PLC0415

    return CHECKERS
