"""Builds the setup a module's definition names, whatever arguments it takes."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devocollectorsdk.inputs.collector_puller_setup_abstract import (
        CollectorPullerSetupAbstract,
    )

_NEW_ARGUMENT = "execute_only_setup_and_exit"
_NAMED = (
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)


def create_setup(puller: Any, class_name: str) -> CollectorPullerSetupAbstract:
    """Return the setup of a puller.

    The class is the host's, or else an attribute of `agent.modules`. A constructor
    written for the SDK's releases 1.6 and 1.7 is called without the argument
    `execute_only_setup_and_exit`, which those did not have.
    """
    find = getattr(puller.parent_thread, "find_setup_class", None)
    setup_class: Any = (
        find(class_name)
        if find
        else getattr(importlib.import_module("agent.modules"), class_name)
    )
    positional, named = _fitting(setup_class, _arguments(puller))
    return setup_class(*positional, **named)


def _arguments(puller: Any) -> dict[str, Any]:
    """Return the contract's arguments in its order."""
    return {
        "parent_thread": puller,
        "collector_variables": puller.collector_variables,
        "autosetup_enabled": puller.autosetup_enabled,
        "input_id": puller.input_id,
        "input_name": puller.input_name,
        "input_config": puller.input_config,
        "input_definition": puller.input_definition,
        "service_name": puller.service_name,
        "service_type": puller.service_type,
        "service_config": puller.service_config,
        "service_definition": puller.service_definition,
        "module_name": puller.module_name,
        "module_config": puller.module_config,
        "module_definition": puller.module_definition,
        "persistence_object": puller.persistence_object,
        "internal_queue": puller.internal_queue,
        _NEW_ARGUMENT: puller.execute_only_setup_and_exit,
        "submodule_name": puller.submodule_name,
        "submodule_config": puller.submodule_config,
    }


def _fitting(
    setup_class: Any, arguments: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    parameters = inspect.signature(setup_class).parameters
    kinds = {parameter.kind for parameter in parameters.values()}
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return list(arguments.values()), {}
    named = {name for name, each in parameters.items() if each.kind in _NAMED}
    if named <= arguments.keys():
        takes_all = inspect.Parameter.VAR_KEYWORD in kinds
        fitting = arguments if takes_all else {n: arguments[n] for n in named}
        return [], dict(fitting)
    # Names of the author's own: the order is what is left to go by.
    older = {n: v for n, v in arguments.items() if n != _NEW_ARGUMENT}
    given = arguments if len(parameters) >= len(arguments) else older
    return list(given.values())[: len(parameters)], {}


def older_tail(
    parent_thread: Any, first: Any, second: Any, third: Any
) -> tuple[bool, Any, Any]:
    """Return only-setup, submodule's name and configuration, in either order.

    Args:
        parent_thread: The puller, which knows what the arguments do not say.
        first: `execute_only_setup_and_exit`, or where a constructor of releases 1.6
            and 1.7 passes on by position, the submodule's name.
        second: The submodule's name, or in that case its configuration.
        third: The submodule's configuration.
    """
    if isinstance(first, bool):
        return first, second, third
    only_setup = bool(getattr(parent_thread, _NEW_ARGUMENT, False))
    if isinstance(first, str | int):
        return only_setup, first, second
    name = getattr(parent_thread, "submodule_name", None)
    config = getattr(parent_thread, "submodule_config", None)
    if first is not None:
        return only_setup, name, first
    if isinstance(second, str):
        return only_setup, second, third
    return only_setup, name, config if second is None else second
