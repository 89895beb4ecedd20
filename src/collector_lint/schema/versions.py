"""Tells whether two schemas of one `$id` are versions of the same schema.

If they are, one stands for the other; else two files claim one name by mistake.
"""

from __future__ import annotations

from typing import Final, cast

_NAMED: Final = ("properties", "$defs")


def is_version_of(schema: object, other: object) -> bool:
    """Tell whether most of what two schemas name is named by both, or all is equal."""
    if schema == other:
        return True
    names, others = _names(schema), _names(other)
    return 2 * len(names & others) > len(names | others)


def _names(schema: object) -> frozenset[tuple[str, str]]:
    if not isinstance(schema, dict):
        return frozenset()
    parts = cast("dict[str, object]", schema)
    return frozenset(
        (keyword, key)
        for keyword in _NAMED
        if isinstance(group := parts.get(keyword), dict)
        for key in cast("dict[str, object]", group)
    )
