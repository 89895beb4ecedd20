"""From the configuration to the list of module instances to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_host.errors import ConfigError
from collector_host.runtime.slot import Blueprint
from collector_host.runtime.submodules import Submodules, submodules
from collector_host.telemetry.announcements import thread_started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.model import Config, Input, Module, Service
    from collector_host.plugins.provider import ClassProvider

_PERIOD_S = 60.0


def blueprints(config: Config, plugins: ClassProvider) -> Iterator[Blueprint]:
    """Yield the blueprint of every module instance.

    Raises:
        PluginError: A submodule calculator is missing.
        ConfigError: Submodules cannot be told from the configuration.
    """
    for source in config.inputs:
        for service in source.services:
            for module in service.modules:
                split = _split(source, service, module, plugins)
                for name, value in split.items():
                    yield Blueprint(
                        source, service, module, name, value, config.definition_globals
                    )


def announce_threads(config: Config) -> None:
    """Log that inputs and services are looked after, as the SDK's threads would."""
    for source in config.inputs:
        period_s = _period_s(source, "input_thread")
        thread_started(f"InputThread({source.name},{source.id})", period_s)
        period_s = _period_s(source, "service_thread")
        for service in source.services:
            place = f"{source.name},{source.id},{service.name},{service.type}"
            thread_started(f"ServiceThread({place})", period_s)


def _period_s(source: Input, kind: str) -> float:
    block: dict[str, Any] = source.definition.get(f"{kind}_globals") or {}
    period_s = block.get(f"{kind}_execution_periods_in_seconds")
    # It is told and no more: whatever else stands there stops nothing.
    return period_s if isinstance(period_s, int | float) else _PERIOD_S


def _split(
    source: Input, service: Service, module: Module, plugins: ClassProvider
) -> Submodules:
    calculator = _calculator(module, plugins)
    try:
        return submodules(source, service, module, calculator)
    except Exception as error:
        where = f"inputs.{source.name}.services.{service.name}"
        message = f"{where} cannot be split into submodules: {error}"
        raise ConfigError(message) from error


def _calculator(module: Module, plugins: ClassProvider) -> type[Any] | None:
    name = module.calculator_class
    return plugins.calculator(name) if name else None
