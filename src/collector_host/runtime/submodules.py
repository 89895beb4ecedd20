"""Into which submodules a module is split."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from collector_host.config.parts import named_parts

if TYPE_CHECKING:
    from collector_host.config.model import Input, Module, Service

_logger = logging.getLogger(__name__)
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
    if value is None:
        _logger.info(
            'There is not defined any submodule, using the default one with value "%s"',
            _DEFAULT_NAME,
        )
        return {_DEFAULT_NAME: None}
    return named_parts(value, service_name)
