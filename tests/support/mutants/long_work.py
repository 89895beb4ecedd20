"""What keeps months of work bounded, each taken out."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

from alibaba_cloud.actiontrail.state import Position
from alibaba_cloud.pacing import Limiter
from collector_host.delivery.queue import DeliveryQueue
from collector_host.delivery.sender import Sender
from collector_host.runtime.replay import ReplayWarnings
from collector_host.state.store import StateStore
from support.mutants.patching import Patch


def unpaced_calls(patch: Patch = setattr) -> None:
    """Call as fast as answers come."""

    def wait_turn(_self: Limiter, interrupt: threading.Event) -> bool:
        return not interrupt.is_set()

    patch(Limiter, "wait_turn", wait_turn)


def timid_pace(patch: Patch = setattr) -> None:
    """Leave a tenth of the quota unused."""
    build = Limiter.__init__

    def slower(self: Limiter, clock: Any, calls_per_s: float) -> None:
        build(self, clock, calls_per_s * 0.9)

    patch(Limiter, "__init__", slower)


def endless_queue(patch: Patch = setattr) -> None:
    """Take whatever the puller gives."""
    patch(DeliveryQueue, "_has_room", lambda *_, **__: True)


def impatient_retries(patch: Patch = setattr) -> None:
    """Try again every second, for as long as it takes."""

    def sleep(self: Sender, _seconds: float) -> None:
        self._clock.wait(self._ending, 1.0)

    patch(Sender, "_sleep", sleep)


def forgotten_state(patch: Patch = setattr) -> None:
    """Begin from the start after every restart."""
    patch(StateStore, "load", lambda *_: None)


def kept_batches(patch: Patch = setattr) -> None:
    """Keep everything that was delivered."""
    delivered = Sender._delivered
    kept: list[bytes] = []

    def deliver_and_keep(self: Sender) -> None:
        kept.extend(message for batch in self._tail for message in batch.messages)
        delivered(self)

    patch(Sender, "_delivered", deliver_and_keep)


def silent_skip(patch: Patch = setattr) -> None:
    """Go on at the edge of the retention without a note."""
    kept_above = Position.kept_above

    def forgetful(self: Position, edge: datetime) -> Position:
        return replace(kept_above(self, edge), gaps=self.gaps)

    patch(Position, "kept_above", forgetful)


def silent_edge(patch: Patch = setattr) -> None:
    """Say nothing of the retention."""
    patch(ReplayWarnings, "look", lambda *_: None)
