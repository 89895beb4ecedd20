"""Names in messages: the nearest one, or all of them.

It knows neither rules nor schemas.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def suggestion(name: str, known: Collection[str]) -> str:
    """Return `; did you mean x?` when a known name is near, else ""."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def listing(names: Collection[str]) -> str:
    """Return names as one text, sorted; "none" when there are none."""
    return ", ".join(sorted(names)) or "none"
