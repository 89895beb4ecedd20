"""The encodings of a body: which one was asked for, and making and undoing it.

`gzip` is zlib's format too, as the vendor's clients expect it; `zstd` is there
only when the package of that name is installed.

Source: measured with aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING, Any, Final, cast

import lz4.block as untyped_lz4

if TYPE_CHECKING:
    from collections.abc import Callable

lz4_block: Any = cast("Any", untyped_lz4)


def _find_zstd() -> Any:
    try:
        return importlib.import_module("zstd")
    except ImportError:
        return None


_ZSTD: Final = _find_zstd()

ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "": lambda raw: raw,
    "lz4": lambda raw: lz4_block.compress(raw, store_size=False),
    "deflate": lambda raw: zlib.compress(raw, 1),
    "gzip": lambda raw: zlib.compress(raw, 1),
}
"""Function of each encoding; "" leaves the body as it is."""

_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "": lambda body, _size: body,
    "lz4": lambda body, size: lz4_block.decompress(body, uncompressed_size=size),
    "deflate": lambda body, _size: zlib.decompress(body),
    "gzip": lambda body, _size: zlib.decompress(body),
}

if _ZSTD is not None:
    ENCODERS["zstd"] = lambda raw: _ZSTD.compress(raw, 1)
    _DECODERS["zstd"] = lambda body, _size: _ZSTD.decompress(body)

_BROKEN: Final[tuple[type[Exception], ...]] = (
    lz4_block.LZ4BlockError,
    zlib.error,
    MemoryError,
    OverflowError,
    cast("type[Exception]", getattr(_ZSTD, "Error", RuntimeError)),
)
"""What the decoders raise about a broken body, or a size that cannot be."""

_PLAIN: Final = frozenset({"", "identity", "*"})


def choose_encoding(accepted: str) -> str | None:
    """Return the first encoding of an `Accept-Encoding` that can be made.

    Returns:
        Name of the encoding, "" for none, or None when nothing in `accepted` is
        known.
    """
    names = [part.partition(";")[0].strip().lower() for part in accepted.split(",")]
    for name in names:
        if name in _PLAIN:
            return ""
        if name in ENCODERS:
            return name
    return None


def decompress(body: bytes, encoding: str, raw_size: int) -> bytes:
    """Undo `encoding`.

    Raises:
        KeyError: If the encoding is unknown.
        ValueError: If the body is broken, or not of the size announced.
    """
    decode = _DECODERS[encoding]
    try:
        raw = decode(body, raw_size)
    except _BROKEN as err:
        message = f"the {encoding} body is broken"
        raise ValueError(message) from err
    if len(raw) != raw_size:
        message = f"the body has {len(raw)} bytes, {raw_size} were announced"
        raise ValueError(message)
    return raw
