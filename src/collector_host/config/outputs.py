"""Checks outputs and limits that the general schema cannot check: files, sums, order.

It also finds the files of an output. It opens no connection and raises nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector_host.config import codes
from collector_host.config.inputs import is_enabled
from collector_host.config.model import MEBIBYTE, DeliverySettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_ROOT: Final = "outputs"
_NUMBER: Final = (int, float)
_LONGEST_NAME = 255
"""Longest name shown; what is longer is a pasted key rather than a file's name."""
_FILE_KEYS: Final = ("chain", "cert", "key")
_ORDERED: Final = (
    ("confirm_events_min", "confirm_events_max"),
    ("retry_initial_in_seconds", "retry_maximum_in_seconds"),
)
_DEFAULTS: Final = DeliverySettings()

DELIVERY_FIELDS: Final = {
    "confirm": "confirm",
    "confirm_interval_in_seconds": "confirm_interval_s",
    "confirm_events_min": "confirm_events_min",
    "confirm_events_max": "confirm_events_max",
    "confirm_bytes": "confirm_bytes",
    "retry_initial_in_seconds": "retry_initial_s",
    "retry_maximum_in_seconds": "retry_maximum_s",
    "close_timeout_in_seconds": "close_timeout_s",
    "send_timeout_in_seconds": "send_timeout_s",
}
"""Keys of `delivery` and the fields of `DeliverySettings` they set."""


def check_outputs(document: Document, folder: Path) -> Iterator[Finding]:
    """Yield every mistake below `outputs` that the general schema cannot see.

    Args:
        document: The configuration, references resolved.
        folder: Folder of the configuration file.
    """
    blocks = document.mapping((_ROOT,))
    for name in blocks:
        yield from _check_files(document, (_ROOT, name), folder)
        yield from _check_order(document, (_ROOT, name, "delivery"))
    yield from _check_use(document)


def check_queue(document: Document) -> Iterator[Finding]:
    """Yield a finding when the largest event does not fit into the queue."""
    given = document.mapping(("globals",))
    event = given.get("max_event_bytes", MEBIBYTE)
    mebibytes = given.get("queue_max_size_in_mb", 16)
    if not isinstance(event, _NUMBER) or not isinstance(mebibytes, _NUMBER):
        return
    if event > mebibytes * MEBIBYTE:
        path = ("globals", "max_event_bytes")
        message = "an event of this size does not fit into queue_max_size_in_mb"
        yield document.finding(path, codes.LIMITS, message)


def candidates(name: str, folder: Path) -> tuple[Path, ...]:
    """Return where a file of an output may lie, in the order they are tried.

    Source: the collector's public guide, which keeps `certs` beside `config`.
    """
    given = Path(name)
    if given.is_absolute():
        return (given,)
    folders = (folder, folder / "certs", folder.parent / "certs")
    return tuple(place / given for place in folders)


def find_file(name: str, folder: Path) -> Path | None:
    """Return the first candidate that is a readable regular file."""
    readable = (p for p in candidates(name, folder) if _is_readable(p))
    return next(readable, None)


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False


def _check_files(document: Document, path: DataPath, folder: Path) -> Iterator[Finding]:
    if document.mapping(path).get("type") != "devo_platform":
        return
    for key in _FILE_KEYS:
        where = (*path, "config", key)
        name = document.mapping((*path, "config")).get(key)
        if not isinstance(name, str) or not name or document.is_damaged(where):
            continue
        if find_file(name, folder) is None:
            message = "no readable file"
            hint = _looked_for(name, folder)
            yield document.finding(where, codes.NO_FILE, message, hint=hint)


def _looked_for(name: str, folder: Path) -> str:
    """Say where a file was looked for, unless it is no name but a pasted key."""
    if not name.isprintable() or "-----" in name or len(name) > _LONGEST_NAME:
        return "give the name of a file, not its content"
    return f"looked for {', '.join(str(each) for each in candidates(name, folder))}"


def _check_order(document: Document, path: DataPath) -> Iterator[Finding]:
    given = document.mapping(path)
    for low, high in _ORDERED:
        small, large = _delivery_value(given, low), _delivery_value(given, high)
        if isinstance(small, _NUMBER) and isinstance(large, _NUMBER) and small > large:
            where = (*path, low if low in given else high)
            message = f"{low} must not be more than {high}"
            hint = "the one that is not given has its default"
            yield document.finding(where, codes.LIMITS, message, hint=hint)


def _delivery_value(given: Mapping[str, object], key: str) -> object:
    return given.get(key, getattr(_DEFAULTS, DELIVERY_FIELDS[key]))


def _check_use(document: Document) -> Iterator[Finding]:
    blocks = document.mapping((_ROOT,))
    enabled = [name for name, block in blocks.items() if is_enabled(block)]
    message = "no output is enabled" if not enabled else ""
    if enabled and not any(_is_required(document, name) for name in enabled):
        message = "none of the enabled outputs is required: progress would be saved"
        message += " although nothing was delivered"
    if blocks and message:
        yield document.finding((_ROOT,), codes.NO_OUTPUT, message, at_key=True)


def _is_required(document: Document, name: str) -> bool:
    return document.mapping((_ROOT, name)).get("required", True) is True
