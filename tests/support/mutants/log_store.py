"""The reading of Log Stores with one mechanism taken out.

Each function patches the product for good, or through the `patch` of a test.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alibaba_cloud.log_service import shard_lane
from alibaba_cloud.log_service.client import LogStoreClient
from alibaba_cloud.log_service.forwarding import Forwarder
from alibaba_cloud.log_service.shard_lane import ShardLane

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from alibaba_cloud.log_service.client import Reply
    from support.mutants.patching import Patch


def save_before_sending(patch: Patch = setattr) -> None:
    """Save the position of an answer before its records are queued."""
    forward = Forwarder.forward

    def save_then_send(self: Forwarder, shard_id: int, reply: Reply) -> None:
        host, held = self._host, list[list[str]]()
        self._host = replace(host, send=held.append)
        forward(self, shard_id, reply)
        self._host = host
        for messages in held:
            host.send(messages)

    patch(Forwarder, "forward", save_then_send)


def expired_means_the_end(patch: Patch = setattr) -> None:
    """Go on at the end where a cursor has expired, as the vendor's library does."""

    def end(self: ShardLane) -> Any:
        return self._patiently(
            "GetCursor", lambda _: self._client.cursor_at(self._id, "end")
        )

    patch(ShardLane, "_begin", end)


def jumps_are_not_looked_for(patch: Patch = setattr) -> None:
    """Take any answer for the one that was asked for."""
    patch(ShardLane, "_is_jump", lambda _self, _reply: False)


def skip_is_kept(patch: Patch = setattr) -> None:
    """Skip in an answer from elsewhere what was counted before the gap."""

    def kept(one: Any, **changes: Any) -> Any:
        changes.pop("skip", None)
        return replace(one, **changes)

    patch(shard_lane, "replace", kept)


def skip_is_forgotten(patch: Patch = setattr) -> None:
    """Begin an answer that was sent in part at its beginning."""
    forward = Forwarder.forward

    def from_the_first(self: Forwarder, shard_id: int, reply: Reply) -> None:
        known = self._keeper.position.shards[shard_id]
        position = self._keeper.position.with_shard(shard_id, replace(known, skip=0))
        self._keeper.note(position)
        forward(self, shard_id, reply)

    patch(Forwarder, "forward", from_the_first)


def quiet_shards_are_finished(patch: Patch = setattr) -> None:
    """Never ask again a shard that had nothing, though it can be written to."""
    finish: Callable[..., None] = ShardLane._finish

    def finished(self: ShardLane, asked: Any, reply: Reply) -> None:
        finish(self, replace(asked, is_readonly=True), reply)

    patch(ShardLane, "_finish", finished)


def new_shards_begin_at_the_end(patch: Patch = setattr) -> None:
    """Read of a shard that appears only what comes from now on."""
    cursor_at = LogStoreClient.cursor_at

    def at_the_end(self: LogStoreClient, shard_id: int, place: datetime | str) -> str:
        is_time = not isinstance(place, str)
        return cursor_at(self, shard_id, "end" if is_time else place)

    patch(LogStoreClient, "cursor_at", at_the_end)


def short_answers_are_believed(patch: Patch = setattr) -> None:
    """Go on behind log groups that an answer left out."""

    def as_it_is(_self: ShardLane, reply: Reply) -> Any:
        yield from ()
        return reply

    patch(ShardLane, "_look_for_gap", as_it_is)
