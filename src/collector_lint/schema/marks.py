"""Where schemas mark values, e.g. with `deprecated: true`, seen from the keys.

Most data has none of the keys that lead to a mark, so need not be walked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def marked_keys(schemas: Iterable[object], keyword: str) -> frozenset[str] | None:
    """Return the keys whose own schema is marked; None where other values are, too."""
    found = {name for schema in schemas for name in _marked(schema, keyword, None)}
    return None if None in found else frozenset(name for name in found if name)


def has_key(data: object, keys: frozenset[str]) -> bool:
    """Return whether a mapping anywhere in the data has one of the keys."""
    if isinstance(data, dict):
        pairs = cast("dict[str, object]", data)
        return not keys.isdisjoint(pairs) or any(
            has_key(value, keys) for value in pairs.values()
        )
    if isinstance(data, list):
        return any(has_key(value, keys) for value in cast("list[object]", data))
    return False


def _marked(node: Any, keyword: str, name: str | None) -> Iterator[str | None]:
    """Yield the key that each marked schema belongs to, None for one without."""
    if isinstance(node, list):
        for each in cast("list[Any]", node):
            yield from _marked(each, keyword, None)
    if not isinstance(node, dict):
        return
    schema = cast("dict[str, Any]", node)
    if schema.get(keyword) is True:
        yield name
    for key, part in schema.items():
        if key == "properties" and isinstance(part, dict):
            for inner, each in cast("dict[str, Any]", part).items():
                yield from _marked(each, keyword, inner)
        else:
            yield from _marked(part, keyword, None)
