"""The parts a service is split into, as a configuration lists them."""

from __future__ import annotations

from typing import Any, Final, cast

from devocollectorsdk.commons.collector_exceptions import (
    SdkServiceInitializationError,
)

MIXED: Final = 10

Parts = dict[str | None, Any]


def named_parts(value: Any, service_name: str) -> Parts:
    """Return name -> settings of every part.

    Args:
        value: What stands under the `submodules_property` of a service, if anything.
        service_name: The service, for errors.

    Raises:
        SdkServiceInitializationError: 10, the list mixes texts and mappings.
    """
    match value:
        case dict():
            return dict(cast("Parts", value))
        case list():
            return _from_list(cast("list[Any]", value), service_name)
        case _:
            return {str(value): value}


def _from_list(values: list[Any], service_name: str) -> Parts:
    if all(isinstance(value, str) for value in values):
        return {value: value for value in values}
    if all(isinstance(value, dict) for value in values):
        mappings = cast("list[Parts]", values)
        if all(len(mapping) == 1 for mapping in mappings):
            return {
                name: each for mapping in mappings for name, each in mapping.items()
            }
    cause = (
        f"the submodules of {service_name} are either all texts or all mappings of"
        " one key"
    )
    raise SdkServiceInitializationError(MIXED, cause)
