"""The book of what an emulator was asked and what it served.

It knows calls and events of any service, not what they mean. An entry is
written before its answer leaves: what a client received is in the book, even
when the emulator is killed in between.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def compact_json(value: object) -> bytes:
    """Return `value` as one line of JSON: no blanks, key order and UTF-8 kept.

    A lone surrogate, which UTF-8 cannot hold, stays a JSON escape.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


class Served(NamedTuple):
    """One event in one answer: its id ("" without one), SHA-256 of its JSON."""

    event_id: str
    sha256: str

    @classmethod
    def of(cls, event_id: str, body: bytes) -> Self:
        """Name the event whose compact JSON is `body`."""
        return cls(event_id, sha256(body).hexdigest())


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its outcome; its number is also the number of its page.

    Attributes:
        number: Counts from 1, on after a restart with the same file.
        at: Transport time, seconds since 1970 UTC.
        data_at: Virtual time, seconds since 1970 UTC.
        region: Region that was asked.
        action: API name.
        parameters: As sent.
        key_id: Access key that signed, "" when none was readable.
        verdict: `ok`, an error code, or `fault` for a wrong answer by plan.
        events: What the page held, in its order; empty in a book that only
            counts.
        faults: Kinds of planned faults that struck.
        is_spoiled: True when a planned fault kept the page from being read.
        event_count: Events of the page, listed or not.
    """

    number: int
    at: float
    data_at: float
    region: str
    action: str
    parameters: Mapping[str, str]
    key_id: str
    verdict: str
    events: tuple[Served, ...] = ()
    faults: tuple[str, ...] = ()
    is_spoiled: bool = False
    event_count: int = 0

    def to_line(self) -> bytes:
        """Return the entry as one line of JSON."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return compact_json(fields) + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Read back what `to_line` wrote.

        Raises:
            ValueError: If the line is not a whole entry.
        """
        fields: dict[str, Any] = json.loads(line)
        events = tuple(Served(*pair) for pair in fields.pop("events"))
        faults = tuple(fields.pop("faults"))
        return cls(events=events, faults=faults, **fields)


def read_ledger(path: Path) -> Iterator[Call]:
    """Yield the calls in the file at `path`, oldest first.

    A line without its line feed, torn by a kill, is left out.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If a whole line is not an entry.
    """
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield Call.from_line(line)


def served_events(calls: Iterable[Call]) -> Counter[Served]:
    """Count how often each event was in a page that could be read."""
    counts: Counter[Served] = Counter()
    for call in calls:
        if not call.is_spoiled:
            counts.update(call.events)
    return counts


@dataclass(frozen=True, slots=True)
class Summary:
    """The book in numbers.

    Attributes:
        calls: Requests answered or refused.
        verdicts: How often each verdict fell.
        pages: Pages that held events and could be read.
        served: Events in those pages, repeats included.
        distinct: Different events among them, by id and content; 0 in a book
            that only counts.
    """

    calls: int
    verdicts: Mapping[str, int] = field(default_factory=dict[str, int])
    pages: int = 0
    served: int = 0
    distinct: int = 0


class Ledger:
    """Keeps calls in memory, or one a line in a file that survives a kill.

    Args:
        path: File to append to; what it holds is counted first. None keeps the
            calls in memory.
        count_only: Keep how many events a page held, not which. For runs whose
            list of events would not fit into memory.
    """

    def __init__(self, path: Path | None = None, *, count_only: bool = False) -> None:
        self.path = path
        self.count_only = count_only
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._count = 0
        self._pages = 0
        self._events = 0
        self._verdicts: Counter[str] = Counter()
        self._served: Counter[Served] = Counter()
        if path is not None:
            path.touch(mode=0o600)
            _cut_torn_line(path)
            for call in read_ledger(path):
                self._add(call)
        # Unbuffered: one write() an entry, so that a kill tears at most one.
        self._file = path.open("ab", buffering=0) if path is not None else None

    def record(self, **fields: Any) -> Call:
        """Write down a call; `fields` are those of `Call` without its number.

        `event_count` may be left out when the events are listed.
        """
        fields.setdefault("event_count", len(fields.get("events", ())))
        if self.count_only:
            fields["events"] = ()
        with self._lock:
            call = Call(number=self._count + 1, **fields)
            if self._file is None:
                self._calls.append(call)
            else:
                self._file.write(call.to_line())
            self._add(call)
            return call

    def calls(self) -> list[Call]:
        """Return every call, oldest first."""
        if self.path is not None:
            return list(read_ledger(self.path))
        with self._lock:
            return list(self._calls)

    def served(self) -> Counter[Served]:
        """Count how often each event was in a page that could be read."""
        with self._lock:
            return self._served.copy()

    def summary(self) -> Summary:
        """Return the book in numbers."""
        with self._lock:
            return Summary(
                calls=self._count,
                verdicts=dict(self._verdicts),
                pages=self._pages,
                served=self._events,
                distinct=len(self._served),
            )

    def close(self) -> None:
        """Close the file; a closed ledger can still be read."""
        if self._file is not None:
            self._file.close()

    def _add(self, call: Call) -> None:
        self._count += 1
        self._verdicts[call.verdict] += 1
        # A line written before events were counted has only its list.
        count = call.event_count or len(call.events)
        if count and not call.is_spoiled:
            self._pages += 1
            self._events += count
            self._served.update(call.events)


def _cut_torn_line(path: Path) -> None:
    """Drop what stands behind the last line feed, so that appending is safe."""
    with path.open("rb+") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
