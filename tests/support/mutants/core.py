"""The delivery room with one mechanism taken out.

Each function patches the product for good, or through the `patch` of a test.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from collector_host.delivery.channel import Channel
from collector_host.delivery.committer import Committer
from collector_host.delivery.items import Level
from collector_host.delivery.ledger import Ledger, LowWater
from collector_host.delivery.levels import LevelPolicy
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import DeliveryQueue
from collector_host.delivery.sender import Sender

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.delivery.items import Barrier, Batch
    from support.mutants.patching import Patch


def commit_before_confirm(patch: Patch = setattr) -> None:
    """Take a write for delivery, whatever became of it.

    A receiver that dies at its first read may be faster than the rest of the write.
    """
    write = Sender._write

    def write_and_commit(self: Sender, batch: Batch) -> None:
        try:
            write(self, batch)
        finally:
            self._queue.confirm(self.output, [batch.number])
            self._committer.commit_ripe()

    patch(Sender, "_write", write_and_commit)


def commit_when_saved(patch: Patch = setattr) -> None:
    """Write a state at once, in front of what was sent before it."""
    stage = Owner.stage

    def stage_and_commit(self: Owner, state: Any) -> None:
        stage(self, state)
        self._committer._store.commit(self.name, state)

    patch(Owner, "stage", stage_and_commit)


def forget_the_tail(patch: Patch = setattr) -> None:
    """After a failure go on with the next batch."""
    failed = Sender._failed

    def failed_and_forget(self: Sender, state: Any) -> None:
        failed(self, state)
        self._again.clear()

    patch(Sender, "_failed", failed_and_forget)


def skip_the_tail(patch: Patch = setattr) -> None:
    """After a failure count its batches as done."""
    failed = Sender._failed

    def failed_and_skip(self: Sender, state: Any) -> None:
        failed(self, state)
        self._queue.confirm(self.output, [batch.number for batch in self._again])
        self._again.clear()

    patch(Sender, "_failed", failed_and_skip)


def resend_backwards(patch: Patch = setattr) -> None:
    """Send what failed again in the wrong order."""
    failed = Sender._failed

    def failed_and_turn(self: Sender, state: Any) -> None:
        failed(self, state)
        self._again.reverse()

    patch(Sender, "_failed", failed_and_turn)


def one_output_is_enough(patch: Patch = setattr) -> None:
    """Commit when the fastest required output has confirmed."""

    def highest(self: Ledger) -> int:
        lows = (low.number for low in self._low.values())
        return max(lows, default=self.next_number)

    patch(Ledger, "_watermark", highest)


def highest_confirmed_counts(patch: Patch = setattr) -> None:
    """Take everything below the newest confirmation for confirmed."""

    def confirm(self: LowWater, numbers: Iterable[int]) -> None:
        self.number = max([self.number, *(number + 1 for number in numbers)])

    patch(LowWater, "confirm", confirm)


def barrier_one_batch_early(patch: Patch = setattr) -> None:
    """Number a barrier as the batch before it."""
    add = Ledger.add

    def add_early(self: Ledger, barrier: Barrier) -> None:
        add(self, replace(barrier, number=max(barrier.number - 1, 1)))

    patch(Ledger, "add", add_early)


def save_past_a_refusal(patch: Patch = setattr) -> None:
    """Forget that something the module sent was refused."""
    patch(Owner, "refuse", lambda _self, _reason: None)


def any_proof_counts(patch: Patch = setattr) -> None:
    """Believe a bare end of a receiver that has answered with close_notify before."""
    patch(LevelPolicy, "required", Level.SENT)


def full_queue_drops(patch: Patch = setattr) -> None:
    """Do not wait for room."""

    def put(self: DeliveryQueue, *batch: Any) -> None:
        with self._changed:
            self._check_open()
        self.offer(*batch)

    patch(DeliveryQueue, "put", put)


def large_batch_never_fits(patch: Patch = setattr) -> None:
    """Make a batch wait for room even where nothing else is."""

    def has_room(self: Channel, size_bytes: int, messages: int, bounds: Any) -> bool:
        return (
            self.size_bytes + size_bytes <= bounds.size_bytes
            and self.messages + messages < bounds.messages // 4
        )

    patch(Channel, "has_room", has_room)


def failed_commit_is_forgotten(patch: Patch = setattr) -> None:
    """Do not try again what could not be written."""
    commit = Committer._commit

    def commit_once(self: Committer, barrier: Barrier) -> bool:
        return commit(self, barrier) or True

    patch(Committer, "_commit", commit_once)


def window_without_bound(patch: Patch = setattr) -> None:
    """Write as much as there is before a confirmation."""
    patch(Sender, "_fits", lambda _self, _batch: True)


MUTANTS = (
    commit_before_confirm,
    commit_when_saved,
    forget_the_tail,
    skip_the_tail,
    resend_backwards,
    one_output_is_enough,
    highest_confirmed_counts,
    barrier_one_batch_early,
    save_past_a_refusal,
    any_proof_counts,
    full_queue_drops,
    large_batch_never_fits,
    failed_commit_is_forgotten,
    window_without_bound,
)
