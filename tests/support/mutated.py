"""Data that is nearly right: examples with a few things changed."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Label = TypeVar("Label")
ODD = [None, True, False, 0, 1, 1.0, -1, 10**9, 0.5, "", "x", "sdk_1_7", [], ["x"], {}]


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with each of its keys or indexes."""
    keys = data if isinstance(data, dict) else range(len(data))
    for key in keys:
        yield data, key
        if isinstance(data[key], dict | list):
            yield from places(data[key])


def keys_in(schemas: Any) -> list[str]:
    """Return the keys that schemas describe anywhere."""
    found: set[str] = set()
    for holder, key in places(schemas):
        if key == "properties" and isinstance(holder[key], dict):
            found |= set(holder[key])
    return sorted(found)


@st.composite
def changed(
    draw: st.DrawFn, examples: Sequence[tuple[Label, Any]], words: Sequence[str]
) -> tuple[Label, Any]:
    """Draw one of the examples with up to three things changed in it."""
    label, example = draw(st.sampled_from(examples))
    data = deepcopy(example)
    for _ in range(draw(st.integers(0, 3))):
        known = list(places(data))
        if not known:
            break
        holder, key = draw(st.sampled_from(known))
        kind = draw(st.sampled_from(["replace", "drop", "add", "rename"]))
        if kind == "replace":
            holder[key] = deepcopy(draw(st.sampled_from(ODD)))
        elif kind == "drop":
            del holder[key]
        elif isinstance(holder, dict):
            value = holder[key] if kind == "rename" else None
            holder[draw(st.sampled_from(words))] = deepcopy(value)
    return label, data
