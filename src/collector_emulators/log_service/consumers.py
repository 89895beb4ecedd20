"""Consumer groups of one logstore: who reads which shard, and how far.

It knows consumers and shards by name and number. Times are seconds of the
transport clock, given with each call.

Source: vendor documentation of consumer groups; measured with the consumer
library of aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collector_emulators.log_service.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Checkpoint:
    """How far a shard was read."""

    cursor: str
    updated: float
    consumer: str


@dataclass(slots=True)
class Group:
    """One consumer group.

    Attributes:
        name: Its name.
        timeout: Seconds after which a silent consumer is dead.
        order: Whether shards are read before those made of them.
        seen: When each consumer was heard of last.
        owners: Consumer of each shard.
        checkpoints: How far each shard was read.
    """

    name: str
    timeout: float
    order: bool
    seen: dict[str, float] = field(default_factory=dict[str, float])
    owners: dict[int, str] = field(default_factory=dict[int, str])
    checkpoints: dict[int, Checkpoint] = field(default_factory=dict[int, Checkpoint])

    def to_json(self) -> dict[str, Any]:
        """Return the group as ListConsumerGroup tells it."""
        return {"name": self.name, "timeout": self.timeout, "order": self.order}

    def heartbeat(
        self, consumer: str, held: Iterable[int], shards: Sequence[int], now: float
    ) -> list[int]:
        """Note that a consumer lives; return the shards it may hold.

        A shard goes to another consumer only when the one before no longer holds
        it, or is dead.

        Args:
            consumer: Its name.
            held: Shards it holds.
            shards: Shards that can be read.
            now: Seconds.
        """
        self.seen[consumer] = now
        live = sorted(
            name for name, at in self.seen.items() if now - at <= self.timeout
        )
        self._release(consumer, set(held), live, shards)
        wanted = {shard: live[shard % len(live)] for shard in shards}
        for shard, owner in wanted.items():
            if owner == consumer and shard not in self.owners:
                self.owners[shard] = consumer
        return sorted(
            shard
            for shard, owner in self.owners.items()
            if owner == consumer and wanted.get(shard) == consumer
        )

    def _release(
        self,
        consumer: str,
        held: set[int],
        live: Sequence[str],
        shards: Sequence[int],
    ) -> None:
        for shard, owner in list(self.owners.items()):
            let_go = owner == consumer and shard not in held
            if let_go or owner not in live or shard not in shards:
                del self.owners[shard]

    def check_in(
        self,
        shard: int,
        cursor: str,
        consumer: str,
        now: float,
        *,
        force: bool,
    ) -> None:
        """Note how far a shard was read.

        Raises:
            ApiError: ConsumerNotMatch, if another consumer holds the shard and
                `force` does not override that.
        """
        if not force and self.owners.get(shard) != consumer:
            raise ApiError(code="ConsumerNotMatch")
        self.checkpoints[shard] = Checkpoint(cursor, now, consumer)

    def checkpoints_json(self) -> list[dict[str, Any]]:
        """Return the checkpoints as the service tells them.

        A shard that is held, and was not read yet, has an empty one.
        """
        unread = {
            shard: Checkpoint("", 0.0, owner) for shard, owner in self.owners.items()
        }
        return [
            {
                "shard": shard,
                "checkpoint": point.cursor,
                "updateTime": int(point.updated * 1_000_000),
                "consumer": point.consumer,
            }
            for shard, point in sorted({**unread, **self.checkpoints}.items())
        ]


class ConsumerGroups:
    """The groups of one logstore; `lock` keeps a use of them whole."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._groups: dict[str, Group] = {}

    def all(self) -> list[Group]:
        """Return all groups, by name."""
        with self.lock:
            return [self._groups[name] for name in sorted(self._groups)]

    def add(self, name: str, timeout: float, *, order: bool) -> None:
        """Make a group.

        Raises:
            ApiError: ConsumerGroupAlreadyExist.
        """
        with self.lock:
            if name in self._groups:
                message = f"consumer group {name} already exists"
                raise ApiError(code="ConsumerGroupAlreadyExist", message=message)
            self._groups[name] = Group(name, timeout, order)

    def find(self, name: str) -> Group:
        """Return one group.

        Raises:
            ApiError: ConsumerGroupNotExist.
        """
        with self.lock:
            if name not in self._groups:
                message = f"consumer group {name} does not exist"
                raise ApiError(code="ConsumerGroupNotExist", message=message)
            return self._groups[name]

    def delete(self, name: str) -> None:
        """Drop a group.

        Raises:
            ApiError: ConsumerGroupNotExist.
        """
        with self.lock:
            self.find(name)
            del self._groups[name]
