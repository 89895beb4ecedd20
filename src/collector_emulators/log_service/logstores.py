"""One logstore: its shards, how records come in, and how they grow old.

It knows nothing of requests or projects. Times are virtual seconds since 1970
UTC, given with each call; a lock keeps what several threads see whole.
"""

from __future__ import annotations

import heapq
import threading
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.shards import KEY_END, Shard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from collector_emulators.log_service.records import Entry

_DAY_S: Final = 86_400


@dataclass(slots=True)
class Settings:
    """What a logstore is configured to do, by the names of its JSON form."""

    ttl: int = 30
    shardCount: int = 2  # noqa: N815 - the vendor's name
    enable_tracking: bool = False
    autoSplit: bool = True  # noqa: N815 - the vendor's name
    maxSplitShard: int = 64  # noqa: N815 - the vendor's name
    appendMeta: bool = False  # noqa: N815 - the vendor's name


class Due(NamedTuple):
    """A group on its way; the earliest comes first."""

    at: float
    number: int
    entry: Entry
    shard_id: int | None


class Logstore:
    """One logstore.

    Args:
        name: Its name.
        settings: Its configuration.
        number_shard: Gives each new shard its serial.
        now: When it is made.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        number_shard: Callable[[], int],
        now: float,
    ) -> None:
        self.name = name
        self.settings = settings
        self.created = now
        self.modified = now
        self.lock = threading.RLock()
        self._number_shard = number_shard
        self._shards: dict[int, Shard] = {}
        self._next_id = 0
        self._next_writer = 0
        self._coming: list[Due] = []
        self._arrived = 0
        count = settings.shardCount
        edges = [KEY_END * part // count + bool(part) for part in range(count)]
        self._make([*edges, KEY_END], now)

    def shards(self, now: float) -> list[Shard]:
        """Return the shards that exist, by number."""
        with self.lock:
            self._settle(now)
            return list(self._shards.values())

    def shard(self, shard_id: int, now: float) -> Shard:
        """Return one shard.

        Raises:
            ApiError: ShardNotExist.
        """
        with self.lock:
            self._settle(now)
            if shard_id not in self._shards:
                message = f"Shard does not exist: {shard_id}"
                raise ApiError(code="ShardNotExist", message=message)
            return self._shards[shard_id]

    def append(
        self,
        entry: Entry,
        now: float,
        *,
        at: float | None = None,
        shard_id: int | None = None,
    ) -> None:
        """Take in one group.

        Args:
            entry: The group.
            now: Time of the call.
            at: When it arrives; None for now. A later one stays unseen until then.
            shard_id: Shard to write to, as long as it can be written; None takes
                those in turn that can be.
        """
        with self.lock:
            self._arrived += 1
            arrival = now if at is None else at
            due = Due(arrival, self._arrived, entry, shard_id)
            heapq.heappush(self._coming, due)

    def append_by_key(self, entry: Entry, key: int, now: float) -> None:
        """Take in one group in the shard whose range holds `key`."""
        with self.lock:
            for shard in self._writable():
                if shard.begin <= key < shard.end or key == shard.end == KEY_END:
                    self.append(entry, now, shard_id=shard.shard_id)

    def repeat(self, times: int, now: float) -> int:
        """Repeat what every shard holds so far; see `Shard.repeat`."""
        with self.lock:
            return sum(shard.repeat(times) for shard in self.shards(now))

    def split(self, shard_id: int, keys: Iterable[int], now: float) -> list[Shard]:
        """Split a shard at `keys`; without any, in the middle.

        Returns:
            The old shard, readonly now, and its children.

        Raises:
            ApiError: If it does not exist, cannot be written, or does not hold
                the keys.
        """
        with self.lock:
            parent = self._writable_shard(shard_id, now)
            inner = sorted(keys) or [(parent.begin + parent.end) // 2]
            if not parent.begin < inner[0] <= inner[-1] < parent.end:
                raise ApiError(
                    code="ParameterInvalid", message="the key is not in the shard"
                )
            parent.closed = now
            children = self._make([parent.begin, *inner, parent.end], now)
            return [parent, *children]

    def merge(self, shard_id: int, now: float) -> list[Shard]:
        """Merge a shard with its right neighbour.

        Returns:
            The new shard, and the two old ones, readonly now.

        Raises:
            ApiError: If it does not exist, cannot be written, or is the last.
        """
        with self.lock:
            left = self._writable_shard(shard_id, now)
            rights = [shard for shard in self._writable() if shard.begin == left.end]
            if not rights:
                message = "the shard has no right neighbour that can be written"
                raise ApiError(code="ParameterInvalid", message=message)
            left.closed = rights[0].closed = now
            return [*self._make([left.begin, rights[0].end], now), left, rights[0]]

    def delete_shard(self, shard_id: int, now: float, *, force: bool = False) -> None:
        """Drop a shard and what it holds.

        Raises:
            ApiError: If it does not exist, or can still be written and `force`
                does not allow that.
        """
        with self.lock:
            if self.shard(shard_id, now).closed is None and not force:
                raise ApiError(
                    code="ParameterInvalid", message="the shard is not readonly"
                )
            del self._shards[shard_id]

    def to_json(self) -> dict[str, Any]:
        """Return the logstore as GetLogStore tells it."""
        return {
            "logstoreName": self.name,
            **asdict(self.settings),
            "telemetryType": "None",
            "createTime": int(self.created),
            "lastModifyTime": int(self.modified),
        }

    def _settle(self, now: float) -> None:
        """Let come in what is due, and drop what is too old."""
        while self._coming and self._coming[0].at <= now:
            due = heapq.heappop(self._coming)
            shard = self._target(due.shard_id)
            if shard is not None:
                shard.append(due.entry, due.at)
        oldest = now - self.settings.ttl * _DAY_S
        for shard in list(self._shards.values()):
            shard.forget_before(oldest)
            if _is_gone(shard, oldest):
                del self._shards[shard.shard_id]

    def _target(self, shard_id: int | None) -> Shard | None:
        wanted = self._shards.get(shard_id) if shard_id is not None else None
        if wanted is not None and wanted.closed is None:
            return wanted
        writable = self._writable()
        if not writable:
            return None
        shard = writable[self._next_writer % len(writable)]
        self._next_writer += 1
        return shard

    def _writable(self) -> list[Shard]:
        return [shard for shard in self._shards.values() if shard.closed is None]

    def _writable_shard(self, shard_id: int, now: float) -> Shard:
        shard = self.shard(shard_id, now)
        if shard.closed is not None:
            raise ApiError(
                code="ParameterInvalid", message=f"shard {shard_id} is readonly"
            )
        return shard

    def _make(self, edges: list[int], now: float) -> list[Shard]:
        made: list[Shard] = []
        for begin, end in pairwise(edges):
            shard = Shard(self._next_id, self._number_shard(), begin, end, now)
            self._shards[shard.shard_id] = shard
            self._next_id += 1
            made.append(shard)
        return made


def _is_gone(shard: Shard, oldest: float) -> bool:
    """Say whether a readonly shard has lost all it had.

    One that never had anything stays as long as a record would have.
    """
    if shard.closed is None or shard.first < shard.total:
        return False
    return shard.total > 0 or shard.closed < oldest
