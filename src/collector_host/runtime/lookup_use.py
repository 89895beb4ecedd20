"""Foresees lookups that no output would take, from the code of the modules.

That code names what fills a lookup is a sign and no proof: a module may never come to
it. So this warns, and stops nothing.
"""

from __future__ import annotations

import inspect
from contextlib import suppress
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final

from collector_host.errors import PluginError
from collector_host.runtime.outputs import takes_lookups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_host.config.model import Config
    from collector_host.plugins.provider import ClassProvider

_SIGNS: Final = frozenset({"send_lookup_messages", "LookupJobFactory", "LookupJob"})
_SDK: Final = "devocollectorsdk"


def lookup_warnings(config: Config, classes: ClassProvider) -> list[str]:
    """Return a warning for each module whose lookups would be lost.

    Args:
        config: Validated configuration.
        classes: Where its modules come from; a class that is missing is passed over.
    """
    if any(map(takes_lookups, config.outputs)):
        return []
    names = {
        module.class_name: None
        for source in config.inputs
        for service in source.services
        for module in service.modules
    }
    return [
        f"{name} fills lookups, and no output takes them: they would be lost; outputs"
        " of the types devo_platform, relay and console take them"
        for name in names
        if _fills(name, classes)
    ]


def _fills(name: str, classes: ClassProvider) -> bool:
    with suppress(PluginError):
        return any(map(_shows_signs, _own(classes.puller(name))))
    return False


def _own(puller: type) -> Iterator[type]:
    """Yield a class and its bases, without those of the SDK and of Python."""
    for each in puller.__mro__:
        if each is not object and each.__module__.partition(".")[0] != _SDK:
            yield each


def _shows_signs(owner: type) -> bool:
    for value in vars(owner).values():
        function: Any = getattr(value, "__func__", getattr(value, "fget", value))
        function = inspect.unwrap(function) if callable(function) else function
        if isinstance(function, FunctionType) and _SIGNS & _names(function.__code__):
            return True
    return False


def _names(code: CodeType) -> set[str]:
    """Return every name that code uses, that of functions within it included."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _names(constant)
    return found
