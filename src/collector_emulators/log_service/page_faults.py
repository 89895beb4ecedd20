"""Faults inside a pull: groups and cursors that are odd, though well sent.

They know groups and indexes, nothing of requests; see `wire_faults` for answers
that are spoiled as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.log_service.records import (
    EVENT_KEY,
    SOURCE,
    TOPIC,
    Entry,
    make_entry,
)
from collector_emulators.log_service.wire import (
    Group,
    Log,
    decode_group,
    split_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BIG_BYTES: Final = 6_000_000


class Pull(NamedTuple):
    """What a pull gives.

    Attributes:
        entries: The groups.
        stop: Index the next cursor points to.
    """

    entries: tuple[Entry, ...]
    stop: int


class Hit(NamedTuple):
    """A pull, and what a fault needs to spoil it.

    Attributes:
        pull: The right one.
        start: Index that was asked for.
        options: Options of the fault.
    """

    pull: Pull
    start: int
    options: Mapping[str, Any]


def _stuck_cursor(hit: Hit) -> Pull:
    """Give back the cursor of the request, though there are groups."""
    return hit.pull._replace(stop=hit.start)


def _skipped_groups(hit: Hit) -> Pull:
    """Answer nothing, yet move the cursor on by `groups` (1)."""
    stop = min(hit.pull.stop, hit.start + int(hit.options.get("groups", 1)))
    return Pull((), stop)


def _duplicate_groups(hit: Hit) -> Pull:
    """Answer the last `groups` (1) twice."""
    entries = hit.pull.entries
    twice = entries[-int(hit.options.get("groups", 1)) :]
    return hit.pull._replace(entries=(*entries, *twice))


def _repeated_groups(hit: Hit) -> Pull:
    """Let the next pull start `groups` (1) early, so that they come again."""
    back = int(hit.options.get("groups", 1))
    stop = hit.pull.stop - back
    return hit.pull if stop <= hit.start else hit.pull._replace(stop=stop)


def _joined_groups(hit: Hit) -> Pull:
    """Answer one group that holds all records, with tags."""
    if not hit.pull.entries:
        return hit.pull
    groups = [
        decode_group(raw)
        for entry in hit.pull.entries
        for raw in split_list(entry.framed)
    ]
    logs = tuple(log for group in groups for log in group.logs)
    tags = ((b"__pack_id__", b"0123456789ABCDEF-1"), (b"__joined__", b"1"))
    joined = Group(logs, groups[0].topic, groups[0].source, tags)
    return hit.pull._replace(entries=(make_entry(joined),))


def _added(make: Callable[[Mapping[str, Any]], Group]) -> Callable[[Hit], Pull]:
    """Return a fault that adds a group behind the others."""

    def add(hit: Hit) -> Pull:
        stranger = make_entry(make(hit.options))
        return hit.pull._replace(entries=(*hit.pull.entries, stranger))

    return add


def _group(*logs: Log) -> Group:
    return Group(logs, TOPIC, SOURCE)


def _raw_event(options: Mapping[str, Any]) -> Group:
    """Return a record whose event is the text `json`, right JSON or not."""
    text = str(options["json"]).encode("utf-8", "backslashreplace")
    return _group(Log(0, ((EVENT_KEY, text),)))


def _large_group(options: Mapping[str, Any]) -> Group:
    """Return a group with an event of `bytes` (6,000,000)."""
    size = int(options.get("bytes", _BIG_BYTES))
    event = b'{"eventId":"large-group","userAgent":"%b"}' % (b"x" * size)
    return _group(Log(0, ((EVENT_KEY, event),)))


PAGE_FAULTS: Final[Mapping[str, Callable[[Hit], Pull]]] = {
    "duplicate_groups": _duplicate_groups,
    "empty_group": _added(lambda _: _group()),
    "empty_log": _added(lambda _: _group(Log(0))),
    "invalid_utf8": _added(
        lambda _: _group(Log(0, ((EVENT_KEY, b'{"eventId":"bad-utf8","x":"\xff"}'),)))
    ),
    "joined_groups": _joined_groups,
    "large_group": _added(_large_group),
    "no_event_log": _added(lambda _: _group(Log(0, ((b"message", b"no event"),)))),
    "raw_event": _added(_raw_event),
    "repeated_groups": _repeated_groups,
    "skipped_groups": _skipped_groups,
    "stuck_cursor": _stuck_cursor,
}
