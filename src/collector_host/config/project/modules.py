"""Checks the settings that a module is built from, wherever they stand.

Each is read by the code that reads it when the module is built, so that what is
refused there is refused before anything starts. Only what would be read is checked:
the setting that wins, of the modules that would run.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from collector_host.config.project.blocks import module_blocks
from collector_host.config.project.faults import sdk_fault
from collector_host.config.project.masks import check_entries
from devocollectorsdk.inputs._module_settings import PERIOD, request_period_s
from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import parse_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.catalogue import Catalogue
    from collector_host.config.project.blocks import Block, ModuleBlocks
    from collector_lint.document import Document
    from collector_lint.findings import Finding

UNCREATED: Final = 30
"""The SDK's sub code where a module's class cannot be created."""
_LIMITS: Final = "requests_limits"
_MASKS: Final = "obfuscation_data"
_REFRESH: Final = "refresh_interval_in_seconds"
_CLASSES: Final = ("setup_class", "submodule_calculator_class")


def check_modules(
    user: Document, definitions: Document, catalogue: Catalogue
) -> Iterator[Finding]:
    """Yield everything for which a module that would run could not be built.

    Findings about what modules share are yielded once for each of them.

    Args:
        user: The user's configuration.
        definitions: The project's definitions.
        catalogue: What was made of them.
    """
    for blocks in module_blocks(user, definitions, catalogue):
        yield from _check_shapes(blocks)
        yield from _check_limits(blocks)
        yield from _check_period(blocks)
        yield from _check_autoconfig(blocks.source.below("autoconfig"))
        yield from _check_classes(blocks.module)
        for block in (blocks.module, blocks.service):
            yield from check_entries(block.document, (*block.path, _MASKS))


def uncreated(cause: str) -> str:
    """Return what the SDK says where a module cannot be built."""
    return sdk_fault("service", UNCREATED, cause)


def _check_shapes(blocks: ModuleBlocks) -> Iterator[Finding]:
    about = blocks.input_definition
    for block in (
        about.below("input_thread_globals"),
        about.below("service_thread_globals"),
        blocks.module.below("module_properties"),
        blocks.source.below("autoconfig"),
    ):
        if not block.is_mapping():
            yield block.wrong(uncreated(f"{block.path[-1]} must be a mapping"))
    for kind in ("input_thread", "service_thread"):
        block = about.below(f"{kind}_globals")
        key = f"{kind}_execution_periods_in_seconds"
        if not is_period(block.data.get(key)):
            message = f"{key} must be a number of seconds above 0: it is told, no more"
            yield replace(block.wrong(message, key), severity="warning")


def is_period(value: object) -> bool:
    """Tell whether a value is nothing, or a number of seconds to wait."""
    if value is None:
        return True
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(cast("float", value)) and cast("float", value) > 0


def _check_limits(blocks: ModuleBlocks) -> Iterator[Finding]:
    # The user's limits of an input take the place of the catalogue's for it.
    own = _LIMITS in blocks.source.data
    above = (
        blocks.source if own else blocks.input_definition.below("input_thread_globals")
    )
    for block in (
        blocks.definition_globals,
        above,
        blocks.input_definition.below("service_thread_globals"),
        blocks.module,
        blocks.service,
    ):
        yield from _check_limits_of(block)


def _check_limits_of(block: Block) -> Iterator[Finding]:
    given = block.data.get(_LIMITS)
    if not given:
        return
    if isinstance(given, list):
        entries = {(_LIMITS, n): one for n, one in enumerate(cast("list[Any]", given))}
    else:
        entries = {(_LIMITS,): given}
    for place, entry in entries.items():
        try:
            parse_limit(entry)
        except ValueError as error:
            yield block.wrong(uncreated(str(error)), *place)


def _check_period(blocks: ModuleBlocks) -> Iterator[Finding]:
    module_globals = blocks.input_definition.below("module_globals")
    for block in (blocks.service, blocks.module, module_globals):
        if PERIOD in block.data:
            try:
                request_period_s(block.data[PERIOD])
            except ValueError as error:
                yield block.wrong(uncreated(str(error)), PERIOD)
            return


def _check_autoconfig(block: Block) -> Iterator[Finding]:
    refresh = block.data.get(_REFRESH)
    if refresh and not is_period(refresh):
        message = f"{_REFRESH} must be a number of seconds above 0"
        yield block.wrong(uncreated(message), _REFRESH)


def _check_classes(module: Block) -> Iterator[Finding]:
    for key in _CLASSES:
        name = module.data.get(key)
        if name and not isinstance(name, str):
            yield module.wrong(uncreated(f"{key} must be the name of a class"), key)
    key = "submodules_property"
    if isinstance(module.data.get(key), dict | list):
        message = f"{key} must be the name of a setting of the service"
        yield module.wrong(uncreated(message), key)
