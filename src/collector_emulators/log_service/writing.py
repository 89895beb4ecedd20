"""The APIs that change shards and what they hold.

Source: vendor documentation of PutLogs, SplitShard and MergeShards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_emulators.log_service.compression import ENCODERS, decompress
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.records import make_entry
from collector_emulators.log_service.replies import Reply, json_reply, read_number
from collector_emulators.log_service.shards import parse_key
from collector_emulators.log_service.wire import WireError

if TYPE_CHECKING:
    from collector_emulators.http_server import Request
    from collector_emulators.log_service.logstores import Logstore
    from collector_emulators.log_service.replies import Parts, Turn

_MAX_PUT_BYTES: Final = 30 * 1024 * 1024
_MAX_CHILDREN: Final = 64


class Writing:
    """The writing APIs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def put_logs(self, turn: Turn) -> Reply:
        """Take in one group: by its key, or in any shard that can be written."""
        store = self._store(turn)
        raw = _read_group(turn.ask.request)
        try:
            entry = make_entry(raw, count_only=self._parts.ledger.count_only)
        except WireError as err:
            message = f"the body is no LogGroup: {err}"
            raise ApiError(code="PostBodyInvalid", message=message) from err
        if turn.ask.request.path.endswith("/route"):
            key = parse_key(turn.ask.query.get("key", ""))
            store.append_by_key(entry, key, turn.now)
        else:
            store.append(entry, turn.now)
        return Reply()

    def split_shard(self, turn: Turn) -> Reply:
        """Split a shard at a key, or into `shardCount` even parts."""
        store = self._store(turn)
        query = turn.ask.query
        keys = [parse_key(query["key"])] if query.get("key") else []
        count = read_number(query, "shardCount", 2)
        if count > 2 and not keys:  # noqa: PLR2004 - without a key, two is usual
            if count > _MAX_CHILDREN:
                raise ApiError(
                    code="ParameterInvalid", message="shardCount is too large"
                )
            shard = store.shard(turn.ask.shard, turn.now)
            width = shard.end - shard.begin
            keys = [shard.begin + width * n // count for n in range(1, count)]
        made = store.split(turn.ask.shard, keys, turn.now)
        return json_reply([shard.to_json() for shard in made])

    def merge_shard(self, turn: Turn) -> Reply:
        """Merge a shard with its right neighbour."""
        made = self._store(turn).merge(turn.ask.shard, turn.now)
        return json_reply([shard.to_json() for shard in made])

    def delete_shard(self, turn: Turn) -> Reply:
        """Drop a readonly shard."""
        self._store(turn).delete_shard(turn.ask.shard, turn.now)
        return Reply()

    def _store(self, turn: Turn) -> Logstore:
        return self._parts.catalogue.store(turn.ask.project, turn.ask.logstore)


def _read_group(request: Request) -> bytes:
    headers = request.headers
    content_type = headers.get("content-type")
    if content_type is None:
        raise ApiError(code="MissingContentType")
    if content_type != "application/x-protobuf":
        raise ApiError(
            code="InvalidContentType", message=f"{content_type} is not supported"
        )
    text = headers.get("x-log-bodyrawsize")
    if text is None:
        raise ApiError(code="MissingBodyRawSize")
    if not text.isdecimal():
        raise ApiError(code="InvalidBodyRawSize")
    if int(text) > _MAX_PUT_BYTES:
        raise ApiError(code="PostBodyTooLarge")
    encoding = headers.get("x-log-compresstype", "")
    if encoding not in ENCODERS:
        raise ApiError(
            code="InvalidCompressType", message=f"{encoding} is not supported"
        )
    try:
        return decompress(request.body, encoding, int(text))
    except ValueError as err:
        raise ApiError(code="PostBodyInvalid", message=str(err)) from err
