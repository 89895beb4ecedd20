"""What a service's setting says of submodules, where no calculator reads it.

It builds nothing; the runtime splits modules by the same rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from collector_host.config import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from collector_host.config.model import Data
    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

FORM: Final = "either all texts or all mappings of one key"
_SDK_CALLS_IT: Final = (
    "the Devo Collector SDK calls this SdkServiceInitializationError[CODE:0030-10]"
)


def odd_one(values: list[object]) -> int | None:
    """Return which entry of a list keeps it from naming submodules, or None."""
    first = type(values[0]) if values else str
    for index, value in enumerate(values):
        is_one = isinstance(value, dict) and len(cast("dict[str, object]", value)) == 1
        if not (isinstance(value, str) or is_one) or not isinstance(value, first):
            return index
    return None


def check_submodules(
    document: Document, path: DataPath, modules: Iterable[Data]
) -> Iterator[Finding]:
    """Yield what is wrong in the settings that name submodules.

    Args:
        document: The configuration, references resolved.
        path: Where the service is.
        modules: Definitions of those of its modules that the user selects.
    """
    config = document.mapping(path)
    # What a calculator makes of the setting is its own affair.
    names = {
        str(module["submodules_property"]): None
        for module in modules
        if module.get("submodules_property")
        and not module.get("submodule_calculator_class")
    }
    for name in names:
        if name in config and not document.is_damaged((*path, name)):
            yield from _check_value(document, (*path, name), config[name])


def _check_value(
    document: Document, path: DataPath, value: object
) -> Iterator[Finding]:
    if isinstance(value, dict | list) and not value:
        message = "no submodule is named, so nothing of this service is collected"
        hint = "name some; without the key one module collects everything"
        yield _lost(document, path, message, hint)
    if not isinstance(value, list):
        return
    values = cast("list[object]", value)
    odd = odd_one(values)
    if odd is not None:
        is_scalar = not isinstance(values[odd], dict | list | str)
        message = "this is no text" if is_scalar else "this entry has another form"
        message += f": submodules are {FORM}"
        hint = f"write it in quotes; {_SDK_CALLS_IT}" if is_scalar else _SDK_CALLS_IT
        yield document.finding((*path, odd), codes.MIXED, message, hint=hint)
        return
    last = {name: index for index, name in _named(values)}
    for index, name in _named(values):
        if last[name] != index:
            message = "a later entry has the same name: this one is never looked at"
            hint = "give each submodule a name of its own"
            yield _lost(document, (*path, index), message, hint)


def _named(values: list[object]) -> Iterator[tuple[int, str]]:
    """Yield place and name of each mapping; a text twice says nothing else."""
    for index, value in enumerate(values):
        if isinstance(value, dict):
            yield index, next(iter(cast("dict[str, object]", value)))


def _lost(document: Document, path: DataPath, message: str, hint: str) -> Finding:
    return document.finding(path, codes.LOST, message, hint=hint, severity="warning")
