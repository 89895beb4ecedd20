"""One event with a list in it becomes one event for each element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence


def flatten(target: dict[str, Any], key_route: str | Sequence[str]) -> list[Any]:
    """Return a copy of `target` for each element of the list at `key_route`.

    In each copy the element takes the list's place; beside it stand `<key>_found`,
    how many elements there were, and `<key>_id`, which one it is, from 0. The event
    is returned alone and as it is where there is no list, and with 0 found and no
    element where the list is empty.

    Args:
        target: The event; it is not changed.
        key_route: Keys that lead to the list, or the one key.
    """
    keys = [key_route] if isinstance(key_route, str) else list(key_route)
    elements = _at(target, keys)
    if not keys or not isinstance(elements, list):
        return [target]
    listed = cast("list[Any]", elements)
    found = {f"{keys[-1]}_found": len(listed)}
    if not listed:
        return [_with(target, keys, {keys[-1]: None, **found})]
    return [
        _with(target, keys, {keys[-1]: element, **found, f"{keys[-1]}_id": number})
        for number, element in enumerate(listed)
    ]


def _at(node: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(node, dict):
            return None
        node = cast("dict[str, Any]", node).get(key)
    return node


def _with(
    node: dict[str, Any], keys: Sequence[str], fields: dict[str, Any]
) -> dict[str, Any]:
    """Return a copy with fields set where the last key is; only the way is copied."""
    if len(keys) == 1:
        return {**node, **fields}
    return {**node, keys[0]: _with(node[keys[0]], keys[1:], fields)}
