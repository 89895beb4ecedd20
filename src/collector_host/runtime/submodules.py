"""Into which submodules a module is split."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from collector_host.config.submodules import FORM, odd_one
from devocollectorsdk.commons.collector_exceptions import (
    SdkServiceInitializationError,
)

if TYPE_CHECKING:
    from collector_host.config.model import Input, Module, Service

_logger = logging.getLogger(__name__)
_MIXED = 10
_DEFAULT_NAME = "all"

Submodules = dict[str | None, Any]


def submodules(
    source: Input, service: Service, module: Module, calculator: type[Any] | None
) -> Submodules:
    """Return submodule name -> its configuration; one module instance each.

    Args:
        source: The input.
        service: The service of it.
        module: The module of that.
        calculator: The class named by `submodule_calculator_class`, or None.

    Returns:
        `{None: None}` for a module without submodules.

    Raises:
        SdkServiceInitializationError: 10, the list mixes texts and mappings.
    """
    property_name = module.submodules_property
    if calculator is not None:
        found = calculator.calculate_submodules(
            service.name, property_name, source.config
        )
        return dict(found)
    if not property_name:
        return {None: None}
    return _from_value((service.config or {}).get(property_name), service.name)


def _from_value(value: Any, service_name: str) -> Submodules:
    match value:
        case None:
            _logger.info(
                "There is not defined any submodule, using the default one with value"
                ' "%s"',
                _DEFAULT_NAME,
            )
            return {_DEFAULT_NAME: None}
        case dict():
            return dict(cast("Submodules", value))
        case list():
            return _from_list(cast("list[Any]", value), service_name)
        case _:
            return {str(value): value}


def _from_list(values: list[Any], service_name: str) -> Submodules:
    if odd_one(values) is not None:
        cause = f"the submodules of {service_name} are {FORM}"
        raise SdkServiceInitializationError(_MIXED, cause)
    found: Submodules = {}
    for value in values:
        found.update({value: value} if isinstance(value, str) else value)
    return found
