"""Data of one file together with the place of every key and value.

It knows neither YAML nor JSON, and not what the data means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from collector_lint.findings import Finding, shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from collector_lint.findings import Severity

DataPath: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from the root to a value."""


class Unknown:
    """What stands for a value that nobody knows; there is one, and a copy is it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""Stands for a value that a reference names and that cannot be told here.

It is equal to nothing else and of no kind of data: nothing is concluded from it.
"""


def holds_unknown(data: object) -> bool:
    """Tell whether a value, or any below it, is unknown."""
    return any(value is UNKNOWN for _, value in leaves(data))


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file, both from 1; columns count characters."""

    line: int
    column: int


START = Position(1, 1)


def finding_at(  # noqa: PLR0913  a finding has that many parts
    file: str,
    place: Position,
    code: str,
    message: str,
    *,
    path: DataPath = (),
    hint: str = "",
    severity: Severity = "error",
) -> Finding:
    """Make a finding about a known place of a file."""
    return Finding(
        file=file,
        line=place.line,
        column=place.column,
        path=shown_path(path),
        code=code,
        severity=severity,
        message=message,
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class Document:
    """One loaded file.

    Attributes:
        file: Name of the file as it was given.
        data: Plain data: dict with text keys, list, str, int, float, bool, None,
            and once references are resolved, `UNKNOWN`.
        keys: Place of the key that leads to a path.
        values: Place of the value at a path.
        plain: Scalars written without quotes.
        damaged: Values that already have a finding; no check says more about them.
        quoted: References whose quotes cannot just be left out, and how one of them
            becomes a number or a truth value instead.
    """

    file: str
    data: object = field(repr=False)
    keys: Mapping[DataPath, Position] = field(repr=False)
    values: Mapping[DataPath, Position] = field(repr=False)
    plain: frozenset[DataPath] = field(default=frozenset(), repr=False)
    damaged: frozenset[DataPath] = field(default=frozenset(), repr=False)
    quoted: Mapping[DataPath, str] = field(
        default_factory=dict["DataPath", str], repr=False
    )

    def position(self, path: DataPath, *, at_key: bool = False) -> Position:
        """Return the place of a value or key; of the nearest one above if unknown."""
        for length in range(len(path), -1, -1):
            known = path[:length]
            order = (self.keys, self.values) if at_key else (self.values, self.keys)
            for places in order:
                if known in places:
                    return places[known]
        return START

    def finding(  # noqa: PLR0913  a finding has that many parts
        self,
        path: DataPath,
        code: str,
        message: str,
        *,
        hint: str = "",
        at_key: bool = False,
        severity: Severity = "error",
    ) -> Finding:
        """Make a finding about the value (or the key) at `path`."""
        place = self.position(path, at_key=at_key)
        return finding_at(
            self.file, place, code, message, path=path, hint=hint, severity=severity
        )

    def is_damaged(self, path: DataPath) -> bool:
        """Return whether `path` or something above it already has a finding."""
        return any(path[:length] in self.damaged for length in range(len(path) + 1))

    def mapping(self, path: DataPath) -> Mapping[str, object]:
        """Return the mapping at `path`; an empty one when something else is there."""
        value = self.data
        for key in path:
            value = _child(value, key)
        return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _child(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return cast("dict[str | int, object]", value).get(key)
    if isinstance(value, list) and isinstance(key, int):
        entries = cast("list[object]", value)
        return entries[key] if key < len(entries) else None
    return None


def map_leaves(
    data: object, change: Callable[[DataPath, object], object], path: DataPath = ()
) -> object:
    """Return a copy of `data` with every scalar replaced by `change(path, scalar)`."""
    if isinstance(data, dict):
        pairs = cast("dict[str, object]", data)
        return {k: map_leaves(v, change, (*path, k)) for k, v in pairs.items()}
    if isinstance(data, list):
        entries = enumerate(cast("list[object]", data))
        return [map_leaves(v, change, (*path, i)) for i, v in entries]
    return change(path, data)


def leaves(data: object, path: DataPath = ()) -> Iterator[tuple[DataPath, object]]:
    """Yield every scalar of `data` with its path, in order."""
    if isinstance(data, dict):
        for key, value in cast("dict[str, object]", data).items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(cast("list[object]", data)):
            yield from leaves(value, (*path, index))
    else:
        yield path, data


def texts(data: object) -> Iterator[str]:
    """Yield every text and number of `data` as text, in order."""
    for _, value in leaves(data):
        if value is not None and not isinstance(value, bool | Unknown):
            yield str(value)
