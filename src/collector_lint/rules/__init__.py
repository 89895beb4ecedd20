"""The linter's own rules, one a file, and the hooks that offer them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pluggy

from collector_lint.own_checkers import CHECKERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_lint.rule import Checker, Rule

_hook = pluggy.HookimplMarker("collector_lint")


def rules_of(package: Any) -> list[Rule]:
    """Return the `RULE` of each module of a package whose name does not start with _.

    Args:
        package: A package with one rule in each of its modules.
    """
    names = sorted(
        each.name
        for each in pkgutil.iter_modules(package.__path__)
        if not each.name.startswith("_")
    )
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    return [module.RULE for module in modules]


@_hook
def collector_lint_rules() -> Sequence[Rule]:
    """Offer every rule of this package."""
    return rules_of(importlib.import_module(__name__))


@_hook
def collector_lint_checkers() -> Sequence[Checker]:
    """Offer loading, references and the schemas."""
    return CHECKERS
