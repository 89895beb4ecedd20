"""The APIs of consumer groups.

Source: vendor documentation of consumer groups; measured with the consumer
library of aliyun-log-python-sdk 0.9.52.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector_emulators.log_service.errors import ApiError
from collector_emulators.log_service.replies import (
    Reply,
    json_reply,
    read_list,
    read_number,
    read_object,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector_emulators.log_service.consumers import ConsumerGroups, Group
    from collector_emulators.log_service.replies import Parts, Turn
    from collector_emulators.log_service.shards import Shard

_DEFAULT_TIMEOUT_S = 60


class Grouping:
    """The APIs of consumer groups."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list_groups(self, turn: Turn) -> Reply:
        """Return all groups of a logstore."""
        return json_reply([group.to_json() for group in self._groups(turn).all()])

    def create_group(self, turn: Turn) -> Reply:
        """Make a group."""
        wanted = read_object(turn.ask.request.body)
        name = wanted.get("consumerGroup")
        if not isinstance(name, str) or not name:
            raise ApiError(code="PostBodyInvalid", message="consumerGroup is required")
        timeout = read_number(wanted, "timeout", _DEFAULT_TIMEOUT_S)
        order = bool(wanted.get("order", False))
        self._groups(turn).add(name, timeout, order=order)
        return Reply()

    def update_group(self, turn: Turn) -> Reply:
        """Change the timeout of a group, whether it keeps the order, or both."""
        groups = self._groups(turn)
        wanted = read_object(turn.ask.request.body)
        with groups.lock:
            group = self._group(turn)
            group.timeout = read_number(wanted, "timeout", int(group.timeout))
            group.order = bool(wanted.get("order", group.order))
        return Reply()

    def delete_group(self, turn: Turn) -> Reply:
        """Drop a group."""
        self._groups(turn).delete(turn.ask.names["group"])
        return Reply()

    def heartbeat(self, turn: Turn) -> Reply:
        """Note that a consumer lives; return the shards it may hold."""
        ask = turn.ask
        held = read_list(ask.request.body)
        if not all(isinstance(shard, int) for shard in held):
            raise ApiError(
                code="PostBodyInvalid", message="numbers of shards are expected"
            )
        store = self._parts.catalogue.store(ask.project, ask.logstore)
        shards = store.shards(turn.now)
        groups = self._groups(turn)
        with groups.lock:
            group = self._group(turn)
            numbers = [shard.shard_id for shard in _readable(group, shards)]
            now = self._parts.clock.seconds()
            return json_reply(group.heartbeat(_consumer(turn), held, numbers, now))

    def check_in(self, turn: Turn) -> Reply:
        """Note how far a shard was read."""
        body = read_object(turn.ask.request.body)
        shard, cursor = body.get("shard"), body.get("checkpoint")
        if not isinstance(shard, int) or not isinstance(cursor, str):
            raise ApiError(
                code="PostBodyInvalid", message="shard and checkpoint are required"
            )
        is_forced = turn.ask.query.get("forceSuccess", "").lower() == "true"
        groups = self._groups(turn)
        with groups.lock:
            self._group(turn).check_in(
                shard,
                cursor,
                turn.ask.query.get("consumer", ""),
                self._parts.clock.seconds(),
                force=is_forced,
            )
        return Reply()

    def get_checkpoints(self, turn: Turn) -> Reply:
        """Return how far each shard, or the one asked for, was read."""
        groups = self._groups(turn)
        with groups.lock:
            points = self._group(turn).checkpoints_json()
        wanted = read_number(turn.ask.query, "shard", -1)
        return json_reply([p for p in points if wanted in {-1, p["shard"]}])

    def _groups(self, turn: Turn) -> ConsumerGroups:
        return self._parts.catalogue.groups(turn.ask.project, turn.ask.logstore)

    def _group(self, turn: Turn) -> Group:
        return self._groups(turn).find(turn.ask.names["group"])


def _consumer(turn: Turn) -> str:
    name = turn.ask.query.get("consumer", "")
    if not name:
        raise ApiError(code="ParameterInvalid", message="consumer is required")
    return name


def _readable(group: Group, shards: Sequence[Shard]) -> list[Shard]:
    """Return the shards that can be read: all, or in order those without parents.

    A shard waits for older ones whose range overlaps its own, until their
    checkpoint stands at their end.
    """
    if not group.order:
        return list(shards)
    unread = [shard for shard in shards if not _is_read(group, shard)]
    return [
        shard
        for shard in shards
        if not any(_is_parent(older, shard) for older in unread)
    ]


def _is_read(group: Group, shard: Shard) -> bool:
    if shard.closed is None:
        return False
    point = group.checkpoints.get(shard.shard_id)
    at_end = point is not None and point.cursor == shard.cursor(shard.total)
    # No consumer notes how far it read a shard that has nothing.
    return at_end or shard.first == shard.total


def _is_parent(older: Shard, shard: Shard) -> bool:
    overlaps = older.begin < shard.end and shard.begin < older.end
    return older.closed is not None and older.serial < shard.serial and overlaps
