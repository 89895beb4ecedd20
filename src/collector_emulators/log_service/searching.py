"""The APIs that search: as much of them as a look by hand needs.

A query is the text that must be in a record; nothing is known of the vendor's
query language.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from collector_emulators.ledger import compact_json
from collector_emulators.log_service.compression import ENCODERS, choose_encoding
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.records import record_fields
from collector_emulators.log_service.replies import (
    Reply,
    json_reply,
    read_number,
    read_object,
)
from collector_emulators.log_service.wire import decode_group, split_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_emulators.log_service.replies import Parts, Turn

_MAX_LINES = 100
_HISTOGRAM_PARTS = 60


class Searching:
    """The searching APIs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def get_logs(self, turn: Turn) -> Reply:
        """Return records of a time range that contain a text."""
        request = turn.ask.request
        wanted = read_object(request.body)
        found = list(self._matches(turn, wanted))
        if str(wanted.get("reverse", False)).lower() == "true":
            found.reverse()
        offset = read_number(wanted, "offset", 0)
        line = min(_MAX_LINES, read_number(wanted, "line", _MAX_LINES))
        if offset < 0 or line < 0:
            raise ApiError(
                code="ParameterInvalid", message="line and offset must not be negative"
            )
        data = [_texts(fields) for fields in found[offset : offset + line]]
        meta = {"progress": "Complete", "count": len(data), "hasSQL": False}
        raw = compact_json({"meta": meta, "data": data})
        encoding = choose_encoding(request.headers.get("accept-encoding", "")) or ""
        headers = {
            "content-type": "application/json",
            "x-log-bodyrawsize": str(len(raw)),
            "x-log-count": str(len(data)),
        }
        if encoding:
            headers["x-log-compresstype"] = encoding
        return Reply(ENCODERS[encoding](raw), headers)

    def get_histograms(self, turn: Turn) -> Reply:
        """Return how many such records each part of the range has."""
        start, end = _range(turn.ask.query)
        width = max(1, -(-(end - start) // _HISTOGRAM_PARTS))
        counts = dict.fromkeys(range(start, end, width), 0)
        for fields in self._matches(turn, turn.ask.query):
            counts[start + (fields["__time__"] - start) // width * width] += 1
        parts = [
            {
                "from": begin,
                "to": min(end, begin + width),
                "count": count,
                "progress": "Complete",
            }
            for begin, count in counts.items()
        ]
        reply = json_reply(parts)
        headers = {
            **reply.headers,
            "x-log-progress": "Complete",
            "x-log-count": str(sum(counts.values())),
        }
        return replace(reply, headers=headers)

    def _matches(
        self, turn: Turn, wanted: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Yield the matching records, by shard and order of arrival."""
        start, end = _range(wanted)
        text = str(wanted.get("query", "") or "").strip().strip("*").strip().encode()
        topic = str(wanted.get("topic", "") or "")
        store = self._parts.catalogue.store(turn.ask.project, turn.ask.logstore)
        for shard in store.shards(turn.now):
            entries = shard.read(shard.first, shard.total, 1 << 62).entries
            for entry in entries:
                if text not in entry.framed:
                    continue
                for fields in _records(entry.framed):
                    is_topic = topic in {"", fields["__topic__"]}
                    if start <= fields["__time__"] < end and is_topic:
                        yield fields


def _range(wanted: Mapping[str, Any]) -> tuple[int, int]:
    start, end = read_number(wanted, "from", -1), read_number(wanted, "to", -1)
    if not 0 <= start <= end:
        raise ApiError(
            code="InvalidTimeRange", message="from and to must be a range of seconds"
        )
    return start, end


def _records(framed: bytes) -> Iterator[dict[str, Any]]:
    for raw in split_list(framed):
        group = decode_group(raw)
        for log in group.logs:
            fields = record_fields(group, log)
            # A content of this name must not change when the record happened.
            yield {**fields, "__time__": log.time}


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}
