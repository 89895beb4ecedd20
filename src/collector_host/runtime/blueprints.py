"""From the configuration to the list of module instances to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_host.runtime.slot import Blueprint
from collector_host.runtime.submodules import submodules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.model import Config, Module
    from collector_host.plugins.manager import Plugins


def blueprints(config: Config, plugins: Plugins) -> Iterator[Blueprint]:
    """Yield the blueprint of every module instance.

    Raises:
        PluginError: A submodule calculator is missing.
        SdkServiceInitializationError: Submodules are configured in a mixed form.
    """
    for source in config.inputs:
        for service in source.services:
            for module in service.modules:
                split = submodules(
                    source, service, module, _calculator(module, plugins)
                )
                for name, value in split.items():
                    yield Blueprint(
                        source, service, module, name, value, config.definition_globals
                    )


def _calculator(module: Module, plugins: Plugins) -> type[Any] | None:
    name = module.calculator_class
    return plugins.calculator(name) if name else None
