"""The only caller of pluggy: finds plugins and collects what they offer.

It names classes and files; what they do is the runtime's matter.
"""

from __future__ import annotations

import pkgutil
from typing import TYPE_CHECKING, Any

import pluggy

from collector_host.errors import PluginError
from collector_host.plugins import spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Plugins:
    """Everything the installed plugins offer.

    Attributes:
        names: Plugins found, by entry-point name.
        definitions: Catalogues and definitions, in merge order.
        schemas: JSON Schemas.
        secrets: Dotted paths of secret settings below an input.
        requirements: What the modules need beside the SDK, as pip writes it.
    """

    def __init__(self, manager: pluggy.PluginManager) -> None:
        hook: Any = manager.hook
        self.names = sorted(name for name, _ in manager.list_name_plugin())
        self.definitions = _joined(hook.collector_definitions())
        self.schemas = _joined(hook.collector_schemas())
        self.secrets: list[str] = _joined(hook.collector_secrets())
        self.requirements: list[str] = _joined(hook.collector_requirements())
        self._pullers = _merged("puller", hook.collector_pullers())
        self._setups = _merged("setup", hook.collector_setups())
        self._calculators = _merged(
            "submodule calculator", hook.collector_submodule_calculators()
        )

    @classmethod
    def installed(cls) -> Plugins:
        """Find plugins by their entry points.

        Raises:
            PluginError: A plugin cannot be imported, or two offer the same name.
        """
        manager = new_manager()
        try:
            manager.load_setuptools_entrypoints(spec.NAME)
        except (ImportError, ValueError, pluggy.PluginValidationError) as error:
            message = f"a plugin of the group {spec.NAME} cannot be loaded: {error}"
            raise PluginError(message) from error
        return cls(manager)

    @classmethod
    def only(cls, name: str) -> Plugins:
        """Load the plugin of one entry point, and no other; raises as `installed`."""
        manager = new_manager()
        try:
            manager.load_setuptools_entrypoints(spec.NAME, name)
        except (ImportError, ValueError, pluggy.PluginValidationError) as error:
            message = f"the plugin {name} cannot be loaded: {error}"
            raise PluginError(message) from error
        return cls(manager)

    @property
    def classes(self) -> dict[str, str]:
        """Every class offered, of whatever kind: name -> `package.module:Class`."""
        return {**self._pullers, **self._setups, **self._calculators}

    def puller(self, class_name: str) -> type:
        """Import a puller class.

        Raises:
            PluginError: No plugin offers it, or it cannot be imported.
        """
        return _resolve("puller", class_name, self._pullers)

    def setup(self, class_name: str) -> type:
        """Import a setup class; raises as `puller` does."""
        return _resolve("setup", class_name, self._setups)

    def calculator(self, class_name: str) -> type:
        """Import a submodule calculator class; raises as `puller` does."""
        return _resolve("submodule calculator", class_name, self._calculators)


def new_manager() -> pluggy.PluginManager:
    """Return a pluggy manager that knows the hooks and no plugin."""
    manager = pluggy.PluginManager(spec.NAME)
    manager.add_hookspecs(spec)
    return manager


def _joined(results: Iterable[Iterable[Any]]) -> list[Any]:
    """Return all plugins' lists as one, first registered plugin first."""
    return [item for result in reversed(list(results)) for item in result]


def _merged(kind: str, results: Iterable[Mapping[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for offered in results:
        if twice := merged.keys() & offered.keys():
            names = ", ".join(sorted(twice))
            message = f"two plugins offer the same {kind} class: {names}"
            raise PluginError(message, hint="uninstall one of the plugins")
        merged.update(offered)
    return merged


def _resolve(kind: str, class_name: str, offered: Mapping[str, str]) -> type:
    location = offered.get(class_name)
    if location is None:
        known = ", ".join(sorted(offered)) or "none"
        message = f"no plugin offers the {kind} class {class_name}; offered: {known}"
        raise PluginError(message)
    try:
        found: object = pkgutil.resolve_name(location)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"the {kind} class {location} cannot be imported: {error}"
        raise PluginError(message) from error
    if not isinstance(found, type):
        message = f"{location} is not a class"
        raise PluginError(message)
    return found
