"""One shard: groups in the order of their arrival, and cursors to them.

It knows indexes and times, nothing of requests or threads: whoever reads or adds
holds the lock of the logstore. Times are virtual seconds since 1970 UTC.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector_emulators.log_service.records import Entry

KEY_END: Final = (1 << 128) - 1
"""End of the key space, as the service writes it: 32 times `f`."""

_BASE_STEP: Final = 10**11
"""Distance of the cursors of two shards: more groups than a shard ever holds."""

_BASE_START: Final = 1_600_000_000 * 10**9


class Slice(NamedTuple):
    """Groups that follow each other.

    Attributes:
        entries: The groups.
        key: The same for the same groups of the same shard.
    """

    entries: tuple[Entry, ...]
    key: tuple[int, int, int]


@dataclass(slots=True)
class Shard:
    """One shard.

    Attributes:
        shard_id: Number in its logstore.
        serial: Number among all shards ever made; decides its cursors.
        begin: First key of its range.
        end: Key behind its range.
        created: When it was made.
        closed: When it became readonly; None while it can be written.
        first: Index of the oldest group kept.
    """

    shard_id: int
    serial: int
    begin: int
    end: int
    created: float
    closed: float | None = None
    first: int = 0
    _times: list[float] = field(default_factory=list[float], repr=False)
    _entries: list[Entry] = field(default_factory=list["Entry"], repr=False)
    _looped: int = 0
    _repeat: int = 1

    @property
    def total(self) -> int:
        """Index behind the newest group."""
        return len(self._entries) + self._looped * (self._repeat - 1)

    def append(self, entry: Entry, at: float) -> None:
        """Add a group that arrives at `at`, or with the newest if that is later."""
        self._entries.append(entry)
        self._times.append(max(at, self._times[-1]) if self._times else at)

    def repeat(self, times: int) -> int:
        """Answer from now on as if everything so far had come `times` times.

        Later rounds carry the time of the newest group. The ids of events repeat
        with each round.

        Returns:
            How many records there are more than before.

        Raises:
            ValueError: If `times` is not positive, or it was repeated already.
        """
        if times < 1 or self._looped:
            message = "a shard can be repeated once, and at least one time"
            raise ValueError(message)
        self._looped, self._repeat = len(self._entries), times
        return sum(entry.records for entry in self._entries) * (times - 1)

    def forget_before(self, time: float) -> None:
        """Drop what arrived before `time`."""
        self.first = max(self.first, self.index_at(time))

    def index_at(self, time: float) -> int:
        """Return the index of the first group that arrived at `time` or later."""
        place = bisect_left(self._times, time)
        if place < self._looped:
            return max(self.first, place)
        return max(self.first, place + self._looped * (self._repeat - 1))

    def time_of(self, index: int) -> float | None:
        """Return when the group at `index` arrived; None when there is none."""
        if not self.first <= index < self.total:
            return None
        if self._looped <= index < self._looped * self._repeat:
            return self._times[self._looped - 1]
        return self._times[self._place(index)]

    def read(self, start: int, stop: int, max_bytes: int) -> Slice:
        """Return the groups from `start` on, up to `stop` or a size.

        Args:
            start: First index.
            stop: Index to end before.
            max_bytes: Size to end before; one group is returned in any case.
        """
        chosen: list[Entry] = []
        size = 0
        for entry in self._walk(start, min(stop, self.total)):
            size += len(entry.framed)
            if chosen and size > max_bytes:
                break
            chosen.append(entry)
        is_inside = start + len(chosen) <= self._looped * self._repeat
        place = self._place(start) if is_inside else start
        return Slice(tuple(chosen), (self.serial, place, len(chosen)))

    def _walk(self, start: int, stop: int) -> Iterator[Entry]:
        while start < stop:
            place = self._place(start)
            is_looped = start < self._looped * self._repeat
            end = self._looped if is_looped else len(self._entries)
            run = min(stop - start, end - place)
            yield from islice(self._entries, place, place + run)
            start += run

    def _place(self, index: int) -> int:
        if index < self._looped * self._repeat:
            return index % self._looped
        return index - self._looped * (self._repeat - 1)

    def cursor(self, index: int) -> str:
        """Return the cursor to `index`."""
        return base64.b64encode(str(self._base + index).encode()).decode()

    def index_of(self, cursor: str, *, jump: bool = False) -> int:
        """Return the index a cursor points to.

        Args:
            cursor: As the service gave it.
            jump: Whether a cursor to a dropped group stands for the oldest one.

        Raises:
            ApiError: InvalidCursor, if it is none of this shard, or older than
                the oldest group.
        """
        invalid = ApiError(code="InvalidCursor", message=f"Cursor {cursor} is invalid")
        try:
            number = int(base64.b64decode(cursor, validate=True))
        except (binascii.Error, ValueError) as err:
            raise invalid from err
        index = number - self._base
        if jump and 0 <= index < self.first:
            return self.first
        if not self.first <= index <= self.total:
            raise invalid
        return index

    @property
    def _base(self) -> int:
        return _BASE_START + self.serial * _BASE_STEP

    def to_json(self) -> dict[str, Any]:
        """Return the shard as ListShards tells it."""
        return {
            "shardID": self.shard_id,
            "status": "readwrite" if self.closed is None else "readonly",
            "inclusiveBeginKey": format_key(self.begin),
            "exclusiveEndKey": format_key(self.end),
            "createTime": int(self.created),
        }


def format_key(key: int) -> str:
    """Return a hash key as 32 hexadecimal digits."""
    return f"{key:032x}"


def parse_key(text: str) -> int:
    """Return the hash key in `text`.

    Raises:
        ApiError: ParameterInvalid, if it is not 32 hexadecimal digits.
    """
    try:
        key = int(text, 16)
    except ValueError:
        key = -1
    if len(text) != len(format_key(KEY_END)) or not 0 <= key <= KEY_END:
        raise ApiError(
            code="ParameterInvalid", message=f"key {text!r} is not a hash key"
        )
    return key
