"""Checks outputs and limits that the general schema cannot check: files, sums, order.

It opens no connection and raises nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector_host.config import codes
from collector_host.config.files import candidates, find_file
from collector_host.config.inputs import is_enabled
from collector_host.config.model import MEBIBYTE, DeliverySettings
from collector_host.config.receivers import (
    DEVO_PORT,
    ENDLESS,
    FILE_KEYS,
    PLAIN,
    STREAM,
    TLS,
    delivery,
    is_loopback,
    is_public,
)
from collector_lint.document import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from collector_lint.document import DataPath, Document
    from collector_lint.findings import Finding

_ROOT: Final = "outputs"
_NUMBER: Final = (int, float)
_LONGEST_NAME = 255
"""Longest name shown; what is longer is a pasted key rather than a file's name."""
_ORDERED: Final = (
    ("confirm_events_min", "confirm_events_max"),
    ("retry_initial_in_seconds", "retry_maximum_in_seconds"),
)
_DEFAULTS: Final = DeliverySettings()
_SDK_CALLS_IT: Final = "the Devo Collector SDK calls this SdkDevoSenderManagerError 100"
_ADDRESS: Final = re.compile("[0-9A-Za-z:._-]+")
_PORTS: Final = range(1, 65_536)
_DEVO_PLACES: Final = tuple(
    (f"collector-{cloud}.devo.io", DEVO_PORT) for cloud in ("us", "eu", "ca", "ap")
)
"""Source: the endpoints that the documentation of Devo's sender lists."""
_ARTICLES: Final = {"port": "a port", "address": "an address"}
_KNOWN: Final = f"known are port {DEVO_PORT} of " + ", ".join(
    address for address, _ in _DEVO_PLACES
)
_ANSWERS: Final = ("tcp_acked", "eof", "close_notify")

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
        path = (_ROOT, name)
        kind = document.mapping(path).get("type")
        if kind in TLS:
            yield from _check_files(document, path, folder)
        yield from _check_place(document, path)
        yield from _check_endless(document, path)
        yield from _check_proof(document, path)
        yield from _check_senders(document, path)
        yield from _check_order(document, path)
    yield from _check_use(document)


def check_queue(document: Document) -> Iterator[Finding]:
    """Yield a finding when the largest event does not fit into the queue."""
    given = document.mapping(("globals",))
    event = given.get("max_event_bytes", MEBIBYTE)
    mebibytes = given.get("queue_max_size_in_mb", 16)
    if not isinstance(event, _NUMBER) or not isinstance(mebibytes, _NUMBER):
        return
    if event > mebibytes * MEBIBYTE:
        size, queue = "max_event_bytes", "queue_max_size_in_mb"
        message = f"{size} does not fit into {queue}"
        hint = "the one that is not given has its default"
        path = ("globals", size if size in given else queue)
        yield document.finding(path, codes.LIMITS, message, hint=hint)


def _check_files(document: Document, path: DataPath, folder: Path) -> Iterator[Finding]:
    for key in FILE_KEYS:
        where = (*path, "config", key)
        name = document.mapping((*path, "config")).get(key)
        if not isinstance(name, str) or not name or document.is_damaged(where):
            continue
        if find_file(name, folder) is None:
            message = "no readable file"
            hint = f"{_looked_for(name, folder)}; {_SDK_CALLS_IT}"
            yield document.finding(where, codes.NO_FILE, message, hint=hint)


def _looked_for(name: str, folder: Path) -> str:
    """Say where a file was looked for, unless it is no name but a pasted key."""
    if not name.isprintable() or "-----" in name or len(name) > _LONGEST_NAME:
        return "give the name of a file, not its content"
    return f"looked for {', '.join(str(each) for each in candidates(name, folder))}"


def _check_place(document: Document, path: DataPath) -> Iterator[Finding]:
    """Warn of a place that Devo is not known to have, and of events in clear."""
    kind, where = document.mapping(path).get("type"), (*path, "config", "address")
    config = document.mapping((*path, "config"))
    address, port = config.get("address"), config.get("port", DEVO_PORT)
    if document.is_damaged(where) or port not in _PORTS:
        return
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return
    if is_loopback(address):
        return
    host = address.lower().removesuffix(".")
    if kind == "devo_platform" and (host, port) not in _DEVO_PLACES:
        is_known = any(host == known for known, _ in _DEVO_PLACES)
        wrong = "port" if is_known else "address"
        message = f"this is not {_ARTICLES[wrong]} that Devo is known to have"
        at = (*where[:-1], wrong)
        if not document.is_damaged(at):
            yield document.finding(
                at, codes.UNUSUAL_PLACE, message, hint=_KNOWN, severity="warning"
            )
    if kind in PLAIN:
        way = "the internet" if is_public(address) else "the network"
        message = f"events travel in clear over {way}: anybody on the way can read"
        message += " and change them"
        hint = "keep it inside the house, or use type relay, which is reached over TLS"
        yield document.finding(
            where, codes.IN_CLEAR, message, hint=hint, severity="warning"
        )


def _check_endless(document: Document, path: DataPath) -> Iterator[Finding]:
    for key in ENDLESS:
        where = (*path, "config", key)
        if key in document.mapping((*path, "config")):
            message = "the key is accepted, but has no effect: attempts never end here,"
            message += " and what waits is not lost"
            yield document.finding(
                where, codes.ENDLESS, message, at_key=True, severity="warning"
            )


def _check_proof(document: Document, path: DataPath) -> Iterator[Finding]:
    """Find a proof that this kind of receiver can never give."""
    where = (*path, "delivery", "confirm")
    kind = document.mapping(path).get("type")
    wanted = document.mapping((*path, "delivery")).get("confirm")
    if kind in PLAIN and wanted == "close_notify":
        message = "plain TCP proves eof at most; close_notify needs TLS"
        yield document.finding(where, codes.NO_PROOF, message, hint="use eof, or auto")
    if kind in STREAM and wanted in _ANSWERS:
        message = "a stream proves sent and no more"
        yield document.finding(where, codes.NO_PROOF, message, hint="use sent, or auto")


def _check_senders(document: Document, path: DataPath) -> Iterator[Finding]:
    where = (*path, "config", "concurrent_connections")
    own = document.mapping(path).get("senders")
    given = document.mapping((*path, "config")).get("concurrent_connections", own)
    if UNKNOWN not in (own, given) and own is not None and given != own:
        message = "senders says something else, and both mean the same"
        yield document.finding(where, codes.LIMITS, message, hint="keep one of them")


def _check_order(document: Document, path: DataPath) -> Iterator[Finding]:
    given = document.mapping((*path, "delivery"))
    holding = delivery(given, document.mapping((*path, "config")))
    for low, high in _ORDERED:
        small, large = _delivery_value(holding, low), _delivery_value(holding, high)
        if isinstance(small, _NUMBER) and isinstance(large, _NUMBER) and small > large:
            at = low if low in given else high
            where = (*path, "delivery", at) if given else (*path, "config")
            message = f"{low} must not be more than {high}"
            hint = "the one that is not given has its default"
            yield document.finding(where, codes.LIMITS, message, hint=hint)


def _delivery_value(given: Mapping[str, object], key: str) -> object:
    return given.get(key, getattr(_DEFAULTS, DELIVERY_FIELDS[key]))


def _check_use(document: Document) -> Iterator[Finding]:
    blocks = document.mapping((_ROOT,))
    if any(
        not isinstance(document.mapping((_ROOT, name)).get("enabled", True), bool)
        for name in blocks
    ):
        return  # which outputs are meant is not known
    enabled = [name for name, block in blocks.items() if is_enabled(block)]
    message = "no output is enabled" if not enabled else ""
    if enabled and not any(_is_required(document, name) for name in enabled):
        message = "none of the enabled outputs is required: progress would be saved"
        message += " although nothing was delivered"
    if blocks and message:
        yield document.finding((_ROOT,), codes.NO_OUTPUT, message, at_key=True)


def _is_required(document: Document, name: str) -> bool:
    return document.mapping((_ROOT, name)).get("required", True) is not False
