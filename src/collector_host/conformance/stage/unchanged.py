"""Whether what a module was given, or shares with others, is still what it was."""

from __future__ import annotations

import copy
from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast

from collector_lint.findings import shown_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

_GIVEN: Final = {
    3: "definition_globals",
    6: "input_config",
    7: "input_definition",
    10: "service_config",
    11: "service_definition",
    13: "module_config",
    14: "module_definition",
    21: "submodule_config",
}
"""Positions of the constructor's arguments that hold configuration."""
_SHARED: Final = (list, dict, set, deque, bytearray, int, float, str, tuple, frozenset)


class GivenConfiguration:
    """What a puller was given to read, and how it was then.

    Args:
        arguments: Of the puller's constructor, by position.
        class_name: Of the module: the SDK itself adds it to its definition.
    """

    def __init__(self, arguments: tuple[Any, ...], class_name: str) -> None:
        self._given: dict[str, Any] = {
            name: cast("Any", arguments)[place]
            for place, name in _GIVEN.items()
            if place < len(arguments)
        }
        self._before: dict[str, Any] = copy.deepcopy(self._given)
        self._before["module_definition"].setdefault(
            "class_name", f"agent.modules.{class_name}"
        )

    def changes(self) -> Iterator[str]:
        """Yield the place of the first change in each argument, without values."""
        for name, value in self._given.items():
            if place := _first_change(self._before[name], value, name):
                yield place


def _first_change(before: Any, now: Any, place: str) -> str:
    if not (isinstance(before, dict) and isinstance(now, dict)):
        return "" if _same(before, now) else place
    old, new = cast("dict[Any, Any]", before), cast("dict[Any, Any]", now)
    for key in [*old, *(key for key in new if key not in old)]:
        where = f"{place}.{shown_key(key)}"
        if key not in old or key not in new:
            return where
        if found := _first_change(old[key], new[key], where):
            return found
    return ""


class SharedValues:
    """Attributes of classes and modules, which all instances share.

    Args:
        holders: Name -> a class or a module of the plugin's own source.
    """

    def __init__(self, holders: Mapping[str, type | ModuleType]) -> None:
        self._holders = holders
        self._before = {name: _values(each) for name, each in holders.items()}

    def changes(self) -> Iterator[str]:
        """Yield each that is not what it was, e.g. `class OrePuller.seen`."""
        for name, holder in self._holders.items():
            kind = "class" if isinstance(holder, type) else "module"
            before, now = self._before[name], _values(holder)
            for attribute in sorted(before.keys() | now.keys()):
                if attribute not in before and not isinstance(holder, type):
                    continue  # a module that was imported later
                if not _same(before.get(attribute), now.get(attribute)):
                    yield f"{kind} {name}.{attribute}"


def _values(holder: type | ModuleType) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in vars(holder).items():
        if name.startswith(("__", "_abc_")) or type(value) not in _SHARED:
            continue
        try:
            kept[name] = copy.deepcopy(value)
        except Exception:  # noqa: BLE001, S112  (whatever it holds cannot be compared)
            continue
    return kept


def _same(before: Any, now: Any) -> bool:
    try:
        # Not `==` alone: to Python True is 1.
        return bool(before == now) and type(before) is type(now)
    except Exception:  # noqa: BLE001  (a value's own comparison may raise anything)
        return True
