"""From lookup jobs to what is queued, and the queue modules put them into.

A job becomes ordinary messages of Devo's two lookup tables, so that confirmation,
resending and barriers are those of every message.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final

from collector_host.delivery.items import Draft, LookupPart
from collector_host.errors import UnsendableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from collector_host.delivery.items import Block
    from collector_host.delivery.messages import MessageRules
    from collector_host.delivery.owner import Owner
    from devocollectorsdk.message.lookup_job import LookupJob

_logger = logging.getLogger(__name__)

PART_BYTES: Final = 4 * 1024 * 1024
"""Up to this size a job travels whole: half of what an output confirms at once, and
a quarter of the queue, unless they are configured otherwise."""


class Lookups:
    """Turns jobs into parts, and tells once which outputs do not take them.

    Args:
        rules: How texts become messages.
        outputs: Names of all outputs.
        without: Those that take no lookups.

    Attributes:
        lost: How many jobs no output has taken.
    """

    def __init__(
        self,
        rules: MessageRules,
        outputs: Collection[str] = (),
        without: Collection[str] = (),
    ) -> None:
        self._rules = rules
        self._without = tuple(without)
        self._all_without = bool(outputs) and set(outputs) == set(without)
        self._lock = threading.Lock()
        self._told = False
        self.lost = 0

    def parts(self, job: LookupJob) -> Iterator[LookupPart]:
        """Yield what stays together, in order; most jobs are one part.

        Raises:
            UnsendableError: A row cannot be sent whole; nothing of its part is yielded.
        """
        self._note()
        gathered: list[Draft] = []
        size = 0
        for draft in self._drafts(job):
            size += len(draft.block.content)
            if gathered and size > PART_BYTES:
                yield LookupPart(job.upload_id, tuple(gathered), is_last=False)
                gathered, size = [], len(draft.block.content)
            gathered.append(draft)
        if gathered:
            yield LookupPart(job.upload_id, tuple(gathered), is_last=job.send_end)

    def _drafts(self, job: LookupJob) -> Iterator[Draft]:
        from collector_host.delivery.lookups_devo import (  # noqa: PLC0415 - loads devo-sdk, 100 ms
            UploadLines,
        )

        lines, at = UploadLines(job), job.timestamp
        if job.send_start:
            yield Draft(lines.control_tag, at, self._one(job, lines.start()))
        rows = (self._whole(job, lines.row(row)) for row in job.rows)
        for block in self._rules.joined(rows):
            yield Draft(lines.data_tag, at, block)
        if job.send_end:
            yield Draft(lines.control_tag, at, self._one(job, lines.end()))

    def _one(self, job: LookupJob, line: str) -> Block:
        [block] = self._rules.joined([self._whole(job, line)])
        return block

    def _whole(self, job: LookupJob, line: str) -> bytes:
        """Encode a line; cut, as an event would be, it would be another row."""
        try:
            return self._rules.whole(line)
        except ValueError as error:
            message = f'the lookup "{job.lookup_name}" has too large a row: {error}'
            hint = "raise globals.max_event_bytes, or leave the row out"
            raise UnsendableError(message, hint=hint) from error

    def _note(self) -> None:
        """Count a job that is lost, and tell what becomes of all of them, once."""
        with self._lock:
            told, self._told = self._told, True
            self.lost += self._all_without
        if told:
            return
        for output in self._without:
            _logger.warning(
                'Output "%s" takes no lookups: a module fills some, they are not sent'
                " there",
                output,
            )
        if self._all_without:
            _logger.error(
                "No output takes lookups: what modules put into them is lost; outputs"
                " of the types devo_platform, relay and console take them"
            )


class LookupQueue:
    """What modules know as their lookup queue.

    It is another door to the same queue, so that the order of what a module puts
    into either is kept, and its barriers cover both.
    """

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def put(self, item: Any) -> None:
        """Queue a job or a list of jobs, in order; waits while the queue is full.

        Raises:
            UnsendableError, RefusedError: As `Owner.put` does.
        """
        self._owner.put(item)

    def qsize(self) -> int:
        """Return how many messages of lookups wait in the queue."""
        return self._owner.waiting_lookups()

    def unsendable(self, reason: str) -> None:
        """Note what cannot be sent, as `Owner.unsendable` does."""
        self._owner.unsendable(reason)
