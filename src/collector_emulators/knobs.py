"""Settings of an emulated service that can be turned while it runs.

It knows names and types, not what they do.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class TurnableKnobs:
    """Base of the settings of a service; its fields are the knobs."""

    def update(self, changes: Mapping[str, Any]) -> None:
        """Turn several knobs at once, or none when one of them is wrong.

        Raises:
            ValueError: If a knob is unknown or does not take the value.
        """
        hints = get_type_hints(type(self))
        for name, value in changes.items():
            if name not in hints or not self.takes(name, hints[name], value):
                message = f"there is no knob {name} that takes {value!r}"
                raise ValueError(message)
        for name, value in changes.items():
            setattr(self, name, value)

    def to_json(self) -> dict[str, Any]:
        """Return all knobs by name."""
        return asdict(self)

    def takes(self, name: str, hint: Any, value: object) -> bool:
        """Tell whether a knob takes a value; `hint` is its type."""
        del name
        if get_origin(hint) is Literal:
            return value in get_args(hint)
        if isinstance(value, bool):
            return hint is bool
        # JSON writes 2.0 as 2.
        may_be_whole = isinstance(value, int) and isinstance(0.0, hint)
        return may_be_whole or isinstance(value, hint)
