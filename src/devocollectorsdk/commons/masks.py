"""What takes the place of a value that is masked.

It knows values and types, not where in an event they stand.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

SANITIZED = "****SANITIZED****"
TYPE_MISMATCH = 1201
UNSUPPORTED_TYPE = 1202


@dataclass(frozen=True, slots=True)
class Masks:
    """The masks that are used where an entry names no value of its own.

    Attributes:
        string_pattern: For what a pattern's groups match.
    """

    boolean: bool = False
    string: str = SANITIZED
    integer: int = -1
    float: float = -1.0
    string_pattern: str = SANITIZED

    @classmethod
    def from_values(cls, values: Mapping[str, Any] | None) -> Masks:
        """Return the default masks, changed by `mask_values` of a configuration.

        Empty and unknown values are passed over; nothing is kept for the next call.
        """
        given = {
            name: value
            for name, value in (values or {}).items()
            if name in cls.__dataclass_fields__ and value is not None
        }
        if "string" in given:
            given.setdefault("string_pattern", given["string"])
        return cls(**given)

    def of(self, value: Any) -> Any:
        """Return the mask for a value; a text where there is none of its type."""
        match value:
            case bool():
                return self.boolean
            case int():
                return self.integer
            case float():
                return self.float
            case _:
                return self.string


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value could not be masked as asked; it was masked otherwise.

    Attributes:
        sub_code: Of `SdkObfuscationError`.
        text: The reason; it never holds the value.
    """

    sub_code: int
    text: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """What an entry puts in a value's place.

    Attributes:
        has_value: Whether the entry names a value of its own.
        value: That value.
        patterns: Only what their groups match is masked, in texts.
    """

    has_value: bool
    value: Any
    patterns: tuple[re.Pattern[str], ...]

    def masked(
        self, value: Any, masks: Masks, *, check_types: bool
    ) -> tuple[Any, Problem | None]:
        """Return what stands for `value`, which is never the value itself.

        The exceptions are None, which hides nothing, and a text that no pattern
        fits.
        """
        if self.patterns and isinstance(value, str):
            mask = self.value if self.has_value else masks.string_pattern
            return self._sanitized(value, str(mask)), None
        if value is None and (self.patterns or not self.has_value):
            return None, None
        if self.has_value and not self.patterns:
            if not check_types or type(value) is type(self.value):
                # A copy, or who changes the result changes the next one too.
                return copy.deepcopy(self.value), None
            text = f"is a {_kind(value)}, its replacement a {_kind(self.value)}"
            return masks.of(value), Problem(TYPE_MISMATCH, text)
        if isinstance(value, bool | int | float | str):
            return masks.of(value), None
        text = f"is a {_kind(value)}, for which there is no mask"
        return masks.string, Problem(UNSUPPORTED_TYPE, text)

    def _sanitized(self, text: str, mask: str) -> str:
        """Return the text with everything that any pattern's groups match masked."""
        spans = sorted(
            span for pattern in self.patterns for span in _spans(pattern, text)
        )
        parts: list[str] = []
        end = 0
        for start, stop in spans:
            if start >= end:
                parts += [text[end:start], mask]
            end = max(end, stop)
        return "".join([*parts, text[end:]])


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield what is to be masked: the groups, or all that fits if none took part."""
    for match in pattern.finditer(text):
        taken = [span for span in match.regs[1:] if span != (-1, -1)]
        yield from ((a, b) for a, b in taken or [match.span()] if a < b)


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__
