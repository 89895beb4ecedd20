"""The only caller of pluggy here: finds rules, the linter's own and those of others.

A plugin of the linter is a module named in the entry-point group `collector_lint`.
Its hooks are called once; what they return is data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pluggy

from collector_lint import rules as own_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from collector_lint.rule import Checker, Rule

NAME: Final = "collector_lint"
"""Project name of the hooks and of the entry-point group."""

_hookspec = pluggy.HookspecMarker(NAME)
_ID: Final = re.compile(r"[A-Z]{2}[0-9]{3}")


class LintPluginError(Exception):
    """A plugin of the linter cannot be used; the message says why."""


class Specification:
    """The hooks a plugin may implement, as functions of its module."""

    @_hookspec
    def collector_lint_rules(self) -> Sequence[Rule]:  # pyright: ignore[reportReturnType]
        """Offer rules. An identifier that two plugins offer stops the linter."""

    @_hookspec
    def collector_lint_checkers(self) -> Sequence[Checker]:  # pyright: ignore[reportReturnType]
        """Offer checks that find what belongs to several rules at once."""


class Registry:
    """Every rule and checker, and who offers them.

    Attributes:
        rules: Rules by identifier, sorted.
        checkers: Checkers, the linter's own first.
        plugins: Names of the plugins found.

    Raises:
        LintPluginError: Two rules have the same identifier or name, or an identifier
            has not the form of two letters and three digits.
    """

    def __init__(self, manager: pluggy.PluginManager) -> None:
        hook: Any = manager.hook
        self.plugins = sorted(name for name, _ in manager.list_name_plugin())
        offered: list[Rule] = _joined(hook.collector_lint_rules())
        self.checkers: list[Checker] = _joined(hook.collector_lint_checkers())
        self.rules = {rule.id: rule for rule in sorted(offered, key=lambda r: r.id)}
        names = {rule.name for rule in offered}
        if len(self.rules) != len(offered) or len(names) != len(offered):
            message = "two plugins offer a rule of the same identifier or name"
            raise LintPluginError(message)
        for name in self.rules:
            if not _ID.fullmatch(name):
                message = f"a rule's identifier has another form: {name!r}"
                raise LintPluginError(message)

    @classmethod
    def installed(cls) -> Registry:
        """Find the linter's own rules and those of every installed plugin.

        Raises:
            LintPluginError: A plugin cannot be imported or used.
        """
        manager = new_manager()
        try:
            manager.load_setuptools_entrypoints(NAME)
        except (ImportError, ValueError, pluggy.PluginValidationError) as error:
            message = f"a plugin of the group {NAME} cannot be loaded: {error}"
            raise LintPluginError(message) from error
        return cls(manager)

    @classmethod
    def own(cls) -> Registry:
        """Return the linter's own rules alone."""
        return cls(new_manager())


def new_manager() -> pluggy.PluginManager:
    """Return a pluggy manager with the hooks and the linter's own rules."""
    manager = pluggy.PluginManager(NAME)
    manager.add_hookspecs(Specification)
    manager.register(own_rules, "collector_lint.rules")
    return manager


def _joined(results: Iterable[Iterable[Any]]) -> list[Any]:
    """Return all plugins' lists as one, first registered plugin first."""
    return [item for result in reversed(list(results)) for item in result]
