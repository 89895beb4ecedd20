"""The APIs that read a shard: its list, cursors, and pulls.

Source: vendor documentation of ListShards, GetCursor, GetCursorTime and PullLogs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector_emulators.log_service.compression import choose_encoding
from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.page_faults import PAGE_FAULTS, Hit, Pull
from collector_emulators.log_service.pages import PageCache, make_page
from collector_emulators.log_service.quotas import Quotas
from collector_emulators.log_service.replies import Reply, json_reply, read_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.log_service.logstores import Logstore
    from collector_emulators.log_service.pages import Page
    from collector_emulators.log_service.replies import Parts, Turn
    from collector_emulators.log_service.shards import Shard

_PROTOBUF: Final = "application/x-protobuf"


class Reading:
    """The reading APIs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._cache = PageCache()
        self._quotas = Quotas(parts.knobs, parts.clock, parts.data_clock)

    def list_shards(self, turn: Turn) -> Reply:
        """Return all shards of a logstore."""
        shards = self._store(turn).shards(turn.now)
        if not shards:
            raise ApiError(code="LogStoreWithoutShard")
        return json_reply([shard.to_json() for shard in shards])

    def get_cursor(self, turn: Turn) -> Reply:
        """Return the cursor to the beginning, the end, or a time of arrival."""
        text = turn.ask.query.get("from", "")
        if not text.isdecimal() and text not in {"begin", "end"}:
            message = "from must be begin, end, or seconds since 1970"
            raise ApiError(code="ParameterInvalid", message=message)
        with self._store(turn).lock:
            shard = self._shard(turn)
            if text == "begin":
                index = shard.first
            else:
                index = shard.total if text == "end" else shard.index_at(int(text))
            return json_reply({"cursor": shard.cursor(index)})

    def get_cursor_time(self, turn: Turn) -> Reply:
        """Return when the group at a cursor arrived; now for the end."""
        with self._store(turn).lock:
            shard = self._shard(turn)
            index = shard.index_of(turn.ask.query.get("cursor", ""))
            time = shard.time_of(index)
        return json_reply({"cursor_time": int(turn.now if time is None else time)})

    def pull_logs(self, turn: Turn) -> Reply:
        """Return the groups from a cursor on."""
        ask = turn.ask
        encoding = _encoding(ask.request.headers)
        with self._store(turn).lock:
            shard = self._shard(turn)
            self._quotas.take_read(ask)
            start, stop = self._range(turn, shard)
            found = shard.read(start, stop, self._parts.knobs.max_page_bytes)
            pull = Pull(found.entries, start + len(found.entries))
            more = self._more_headers(shard, pull, start)
        text = ask.query.get("query", "")
        altered = _filtered(pull, text)
        for fault in turn.strike.faults:
            if fault.kind in PAGE_FAULTS:
                hit = Hit(altered, start, fault.options)
                altered = PAGE_FAULTS[fault.kind](hit)
        if altered is pull:
            page = self._cached((*found.key, encoding), pull, encoding)
        else:
            page = make_page(altered.entries, encoding)
        self._quotas.take_bytes(ask, page.raw_size)
        return Reply(
            page.body,
            {
                **_page_headers(page, shard.cursor(altered.stop)),
                **more,
                **(_query_headers(pull) if text else {}),
            },
            page.events,
            page.records,
        )

    def _store(self, turn: Turn) -> Logstore:
        return self._parts.catalogue.store(turn.ask.project, turn.ask.logstore)

    def _shard(self, turn: Turn) -> Shard:
        return self._store(turn).shard(turn.ask.shard, turn.now)

    def _range(self, turn: Turn, shard: Shard) -> tuple[int, int]:
        """Return the first index asked for, and the one to end before."""
        query, knobs = turn.ask.query, self._parts.knobs
        if "processor" in query:
            message = f"consume processor {query['processor']} does not exist"
            raise ApiError(code="ParameterInvalid", message=message)
        count = read_number(query, "count", knobs.max_count)
        if not 1 <= count <= knobs.max_count:
            message = f"count must be from 1 to {knobs.max_count}"
            raise ApiError(code="ParameterInvalid", message=message)
        is_jump = knobs.expired_cursor == "jump"
        start = shard.index_of(query.get("cursor", ""), jump=is_jump)
        stop = start + count
        if query.get("end_cursor"):
            end = shard.index_of(query["end_cursor"], jump=is_jump)
            stop = max(start, min(stop, end))
        return start, stop

    def _cached(self, key: tuple[object, ...], pull: Pull, encoding: str) -> Page:
        page = self._cache.find(key)
        if page is None:
            page = make_page(pull.entries, encoding)
            self._cache.keep(key, page, self._parts.knobs.cache_bytes)
        return page

    def _more_headers(self, shard: Shard, pull: Pull, start: int) -> dict[str, str]:
        headers = {"x-log-read-last-cursor": shard.cursor(start)}
        time = shard.time_of(pull.stop - 1)
        if time is not None:
            headers["x-log-cursor-time"] = str(int(time))
        if self._parts.knobs.end_of_cursor:
            is_end = pull.stop == shard.total
            headers["x-log-end-of-cursor"] = str(int(is_end))
        return headers


def _encoding(headers: Mapping[str, str]) -> str:
    accepted = headers.get("accept", "*/*")
    if accepted not in {_PROTOBUF, "*/*"}:
        raise ApiError(code="NotSupportedAcceptContentType")
    encoding = choose_encoding(headers.get("accept-encoding", ""))
    if encoding is None:
        raise ApiError(code="NotSupportedAcceptEncoding")
    return encoding


def _filtered(pull: Pull, text: str) -> Pull:
    """Keep the groups that contain a text: all that is left of SPL here."""
    wanted = text.encode()
    if not wanted:
        return pull
    kept = tuple(entry for entry in pull.entries if wanted in entry.framed)
    return pull._replace(entries=kept)


def _page_headers(page: Page, cursor: str) -> dict[str, str]:
    headers = {
        "content-type": _PROTOBUF,
        "x-log-count": str(page.groups),
        "x-log-cursor": cursor,
        "x-log-bodyrawsize": str(page.raw_size),
    }
    if page.encoding:
        headers["x-log-compresstype"] = page.encoding
    return headers


def _query_headers(pull: Pull) -> dict[str, str]:
    size = sum(len(entry.framed) for entry in pull.entries)
    lines = sum(entry.records for entry in pull.entries)
    return {"x-log-rawdatasize": str(size), "x-log-rawdatacount": str(lines)}
