"""What a record is to a judge: its id and the fingerprint of its event.

It knows the names an ActionTrail trail writes, not how records are kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from collector_emulators.ledger import Served, compact_json
from collector_emulators.log_service.wire import (
    Group,
    Log,
    count_logs,
    decode_group,
    encode_group,
    framed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPIC: Final = b"actiontrail_audit_event"
SOURCE: Final = b"actiontrail_internal"
EVENT_KEY: Final = b"event"

_TAG: Final = b"__tag__:"


class Received(NamedTuple):
    """A group, and when the service receives it.

    Attributes:
        group: The group, or the bytes of its message.
        at: Virtual time, seconds since 1970 UTC; None for now.
    """

    group: Group | bytes
    at: float | None = None


class Entry(NamedTuple):
    """One group as a shard keeps it.

    Attributes:
        framed: The message as a part of a LogGroupList.
        records: How many records it holds.
        served: Id and fingerprint of each; empty when only counts are wanted.
    """

    framed: bytes
    records: int
    served: tuple[Served, ...]


def make_entry(group: Group | bytes, *, count_only: bool = False) -> Entry:
    """Return the form in which a shard keeps `group`.

    Raises:
        WireError: If `group` is bytes that are no LogGroup.
    """
    raw = group if isinstance(group, bytes) else encode_group(group)
    if count_only:
        return Entry(framed(raw), count_logs(raw), ())
    parsed = decode_group(raw)
    served = tuple(served_record(parsed, log) for log in parsed.logs)
    return Entry(framed(raw), len(served), served)


def event_group(event: Mapping[str, Any], *, time: int, **fields: Any) -> Group:
    """Return a group with one event, as a trail writes it.

    Args:
        event: The event.
        time: Seconds since 1970 UTC.
        fields: Fields of `Group` in place of the usual ones.
    """
    log = Log(time, ((EVENT_KEY, compact_json(event)),))
    return replace(Group((log,), TOPIC, SOURCE), **fields)


def served_record(group: Group, log: Log) -> Served:
    """Name a record as the ledger does.

    A record whose content `event` is the text of a JSON object is known by that
    object: its `eventId` ("" without one) and the SHA-256 of its compact JSON. Any
    other record has no id, and the SHA-256 of its canonical JSON: the fields of
    `record_fields`, sorted by name, without blanks. Bytes that are no UTF-8 count
    as U+FFFD.
    """
    fields = record_fields(group, log)
    event = _read_event(fields.get("event", ""))
    if event is not None:
        event_id = event.get("eventId")
        name = event_id if isinstance(event_id, str) else ""
        return Served(name, sha256(compact_json(event)).hexdigest())
    canonical = compact_json(dict(sorted(fields.items())))
    return Served("", sha256(canonical).hexdigest())


def record_fields(group: Group, log: Log) -> dict[str, Any]:
    """Return a record as one flat object, as the vendor's clients show it.

    The last of several contents with the same key counts.
    """
    fields: dict[str, Any] = {
        "__time__": log.time,
        "__topic__": _text(group.topic),
        "__source__": _text(group.source),
    }
    for key, value in group.tags:
        fields[f"__tag__:{_text(key)}"] = _text(value)
    for key, value in log.contents:
        fields[_text(key)] = _text(value)
    return fields


def read_record(fields: Mapping[str, Any]) -> Group:
    """Return the group of a flat object: the counterpart of `record_fields`.

    Raises:
        ValueError: If `__time__` is missing or no number.
    """
    rest = dict(fields)
    try:
        time = int(rest.pop("__time__"))
    except (KeyError, TypeError, ValueError) as err:
        message = "a record needs a number in __time__"
        raise ValueError(message) from err
    topic, source = rest.pop("__topic__", ""), rest.pop("__source__", "")
    pairs = [(_bytes(key), _bytes(value)) for key, value in rest.items()]
    tags = tuple((k[len(_TAG) :], v) for k, v in pairs if k.startswith(_TAG))
    contents = tuple((k, v) for k, v in pairs if not k.startswith(_TAG))
    return Group((Log(time, contents),), _bytes(topic), _bytes(source), tags)


def _read_event(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _bytes(value: object) -> bytes:
    text = value if isinstance(value, str) else compact_json(value).decode()
    return text.encode("utf-8", "backslashreplace")
