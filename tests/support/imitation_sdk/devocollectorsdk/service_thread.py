"""From definitions and configuration to pullers."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Dict, Iterator, List, Optional, Tuple

# The classes must be known before the base classes are first used.
from agent.modules import *  # noqa: F403

from devocollectorsdk.commons.collector_exceptions import (
    SdkInputInitializationError,
    SdkInputThreadError,
    SdkServiceInitializationError,
)
from devocollectorsdk.persistence import PersistenceFactoryManager


class Means:
    """What all modules share."""

    def __init__(
        self,
        catalogue: Dict[str, Any],
        persistence: PersistenceFactoryManager,
        output_queue: Any,
        only_setup: bool,
    ) -> None:
        self.globals = catalogue["collector_globals"]
        self.inputs = catalogue["collector_inputs"]
        self.persistence = persistence
        self.output_queue = output_queue
        self.internal_queue: List[Any] = []
        self.only_setup = only_setup


def make_pullers(means: Means, inputs: Dict[str, Any]) -> Iterator[Any]:
    """Yield every puller that the configuration asks for."""
    for name, config in inputs.items():
        if not config.get("enabled"):
            continue
        definition = means.inputs.get(name)
        if not definition:
            raise SdkInputInitializationError(1030, name)
        if not config.get("services"):
            raise SdkInputThreadError(50, name)
        for service in config["services"]:
            yield from _of_service(means, name, config, definition, service)


def _of_service(
    means: Means,
    input_name: str,
    config: Dict[str, Any],
    definition: Dict[str, Any],
    service: str,
) -> Iterator[Any]:
    known = definition["services"].get(service)
    if not known or known["type"] != "predefined":
        text = f"No service definitions found for service name: {service}"
        raise SdkInputThreadError(51, text)
    settings: Optional[Dict[str, Any]] = config["services"][service]
    limits = [
        *means.globals.get("requests_limits", []),
        *(
            config.get("requests_limits")
            or definition["input_thread_globals"].get("requests_limits", [])
        ),
        *definition["service_thread_globals"].get("requests_limits", []),
    ]
    for class_name, module in _selected(known, settings or {}, service):
        for submodule, submodule_config in _split(module, service, settings, config):
            module["class_name"] = f"agent.modules.{class_name}"
            try:
                puller = _find(module["class_name"])(
                    object(),
                    False,
                    means.only_setup,
                    means.globals,
                    str(config.get("id")),
                    input_name,
                    config,
                    definition,
                    service,
                    known["type"],
                    settings,
                    known,
                    class_name,
                    {},
                    module,
                    means.persistence,
                    means.output_queue,
                    [],
                    means.internal_queue,
                    limits,
                    submodule,
                    submodule_config,
                )
            except Exception as error:
                cause = (
                    f"Error when creating class, module_name: {class_name},"
                    f" module_definition: {module}, details: {error}"
                )
                raise SdkServiceInitializationError(30, cause) from error
            yield puller


def _selected(
    known: Dict[str, Any], settings: Dict[str, Any], service: str
) -> List[Tuple[str, Dict[str, Any]]]:
    """Return the modules that `types` names, or those by default."""
    types = settings.get("types")
    if types is not None and not isinstance(types, list):
        raise SdkServiceInitializationError(1, f"types of {service} is no list")
    modules = known["modules"].items()
    if types is None:
        chosen = [(name, module) for name, module in modules if module.get("default")]
    else:
        chosen = [(name, module) for name, module in modules if module["type"] in types]
    if not chosen:
        raise SdkServiceInitializationError(20, f"no module of {service} is active")
    return chosen


def _split(
    module: Dict[str, Any],
    service: str,
    settings: Optional[Dict[str, Any]],
    config: Dict[str, Any],
) -> List[Tuple[Any, Any]]:
    """Return name and configuration of each submodule."""
    listed = module.get("submodules_property")
    calculator = module.get("submodule_calculator_class")
    if calculator:
        found = getattr(sys.modules["agent.modules"], calculator)
        return list(found.calculate_submodules(service, listed, config).items())
    if not listed:
        return [(None, None)]
    value = (settings or {}).get(listed)
    if value is None:
        return [("all", None)]
    return (
        list(value.items())
        if isinstance(value, dict)
        else [(one, one) for one in value]
    )


def _find(dotted_name: str) -> Any:
    module, _, name = dotted_name.rpartition(".")
    return getattr(importlib.import_module(module), name)
