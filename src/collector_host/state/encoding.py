r"""Values a state may hold: copied as they are now, written so that types survive.

It knows neither files nor owners. What is plain JSON stays plain JSON; all else is
an object with one key that begins with `$`:

    {"$tuple": [...]}        {"$dict": [[key, value], ...]}   {"$float": "nan"}
    {"$int": "0x..."}        {"$text": "\\ud800"}              {"$date": "2023-01-05"}
    {"$datetime": "..."}     {"$datetime_fold": "..."}
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_DEPTH: Final = 50
"""Containers inside containers; it also ends a list that contains itself."""

MAX_PLAIN_BITS: Final = 64
"""Larger integers are written in hexadecimal, which has no limit of digits."""

_MARK: Final = "$"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_Path: TypeAlias = tuple[object, ...]


def snapshot(value: object) -> Any:
    """Return a copy of a state that nobody else can change.

    Containers are copied, texts are shared. What comes back is what a restart
    would read: subclasses become their plain type (a named tuple a tuple), and the
    time zone of a datetime becomes its UTC offset.

    Args:
        value: None, bool, int, float, str, date, datetime, or a mapping, list or
            tuple of these.

    Raises:
        TypeError: Something inside is of another type or nested too deeply; the
            message names its place, as in `state['pages'][2]`.
    """
    return _copy(value, ())


def encode(value: object) -> Any:
    """Return JSON data from which `decode` makes the same value again.

    Raises:
        TypeError: As for `snapshot`.
    """
    return _encode(snapshot(value))


def decode(data: Any) -> Any:
    """Return the value that `encode` was given, as fresh containers.

    Raises:
        ValueError: The data has a mark that this version does not know.
    """
    if isinstance(data, list):
        return [decode(item) for item in cast("list[Any]", data)]
    if isinstance(data, dict):
        return _decode_object(cast("dict[str, Any]", data))
    return data


def _copy(value: object, path: _Path) -> Any:
    if type(value) in _IMMUTABLE:
        return value
    for kind, copy in _COPIERS:
        if isinstance(value, kind):
            return copy(value, path)
    message = f"{_place(path)} is of type {type(value).__name__}, which cannot be saved"
    raise TypeError(message)


def _place(path: _Path) -> str:
    return "state" + "".join(f"[{key!r}]" for key in path)


def _check_depth(path: _Path) -> None:
    if len(path) >= MAX_DEPTH:
        message = f"{_place(path[:3])} is nested more than {MAX_DEPTH} deep"
        raise TypeError(message)


def _copy_mapping(value: Mapping[object, object], path: _Path) -> dict[Any, Any]:
    _check_depth(path)
    if _are_immutable(chain(value, value.values())):
        return dict(value)
    copy = {_copy(k, (*path, k)): _copy(v, (*path, k)) for k, v in value.items()}
    if len(copy) != len(value):
        message = f"{_place(path)} has keys that become equal when saved"
        raise TypeError(message)
    return copy


def _copy_list(value: list[object], path: _Path) -> list[Any]:
    _check_depth(path)
    if _are_immutable(value):
        return list(value)
    return [_copy(item, (*path, index)) for index, item in enumerate(value)]


def _are_immutable(values: Iterable[object]) -> bool:
    """Tell at once what is usual; a step of Python for each costs five times that."""
    return _IMMUTABLE.issuperset(map(type, values))


def _copy_tuple(value: tuple[object, ...], path: _Path) -> tuple[Any, ...]:
    _check_depth(path)
    return tuple(_copy(item, (*path, index)) for index, item in enumerate(value))


def _copy_datetime(value: datetime, path: _Path) -> datetime:
    offset = value.utcoffset()
    # No clock has such an offset, and `fromisoformat` reads the smallest as zero.
    if offset and offset.microseconds:
        message = f"{_place(path)} has a UTC offset with a fraction of a second"
        raise TypeError(message)
    zone = None if offset is None else timezone(offset)
    day = (value.year, value.month, value.day)
    time = (value.hour, value.minute, value.second, value.microsecond)
    return datetime(*day, *time, tzinfo=zone, fold=value.fold)


def _copy_date(value: date, _path: _Path) -> date:
    return date(value.year, value.month, value.day)


_IMMUTABLE: Final[frozenset[type]] = frozenset({str, int, float, bool, type(None)})

# In order: a datetime is a date as well.
_COPIERS: Final[tuple[tuple[type, Callable[[Any, _Path], Any]], ...]] = (
    (str, lambda value, _path: str.__str__(value)),
    (int, lambda value, _path: int.__int__(value)),
    (float, lambda value, _path: float.__float__(value)),
    (Mapping, _copy_mapping),
    (list, _copy_list),
    (tuple, _copy_tuple),
    (datetime, _copy_datetime),
    (date, _copy_date),
)


def _encode(value: object) -> Any:
    encoder = _ENCODERS.get(type(value))
    return encoder(value) if encoder else value


def _encode_text(value: str) -> Any:
    # UTF-8 cannot hold half a surrogate pair.
    if value.isascii() or not _SURROGATE.search(value):
        return value
    return {"$text": value.encode("unicode_escape").decode("ascii")}


def _encode_int(value: int) -> Any:
    return value if value.bit_length() <= MAX_PLAIN_BITS else {"$int": hex(value)}


def _encode_float(value: float) -> Any:
    return value if math.isfinite(value) else {"$float": repr(value)}


def _is_plain_key(key: object) -> bool:
    return isinstance(key, str) and key[:1] != _MARK and _encode_text(key) is key


def _encode_dict(value: dict[object, object]) -> Any:
    if all(map(_is_plain_key, value)):
        return {key: _encode(item) for key, item in value.items()}
    return {"$dict": [[_encode(key), _encode(item)] for key, item in value.items()]}


def _encode_datetime(value: datetime) -> Any:
    return {"$datetime_fold" if value.fold else "$datetime": value.isoformat()}


def _encode_list(value: list[object]) -> Any:
    return [_encode(item) for item in value]


_ENCODERS: Final[dict[type, Callable[[Any], Any]]] = {
    str: _encode_text,
    int: _encode_int,
    float: _encode_float,
    list: _encode_list,
    tuple: lambda value: {"$tuple": [_encode(item) for item in value]},
    dict: _encode_dict,
    datetime: _encode_datetime,
    date: lambda value: {"$date": value.isoformat()},
}


def _decode_object(data: dict[str, Any]) -> Any:
    for mark, content in data.items():
        if mark[:1] != _MARK:
            break
        if mark not in _DECODERS or len(data) > 1:
            message = f"unknown mark {mark!r}"
            raise ValueError(message)
        return _DECODERS[mark](content)
    return {key: decode(value) for key, value in data.items()}


_DECODERS: Final[dict[str, Callable[[Any], Any]]] = {
    "$text": lambda text: text.encode("ascii").decode("unicode_escape"),
    "$int": lambda text: int(text, 16),
    "$float": float,
    "$tuple": lambda items: tuple(decode(item) for item in items),
    "$dict": lambda pairs: {decode(key): decode(value) for key, value in pairs},
    "$datetime": datetime.fromisoformat,
    "$datetime_fold": lambda text: datetime.fromisoformat(text).replace(fold=1),
    "$date": date.fromisoformat,
}
