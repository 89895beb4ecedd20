"""One owner of state: the module's door into the delivery room.

What it sends and what it saves pass here, in one order. Its puller sees it as the
output queue, its persistence object as the backend.
"""

from __future__ import annotations

import logging
import threading
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from collector_host.delivery.items import Draft
from collector_host.delivery.lookups import Lookups
from collector_host.delivery.transports.framing import check_tag
from collector_host.errors import RefusedError, UnsendableError
from collector_host.state.encoding import snapshot
from devocollectorsdk.commons.save_order import SaveOrder
from devocollectorsdk.message.lines import Lines
from devocollectorsdk.message.lookup_job import LookupJob
from devocollectorsdk.message.message import Message
from devocollectorsdk.message.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector_host.delivery.committer import Committer
    from collector_host.delivery.items import LookupPart
    from collector_host.delivery.messages import MessageRules
    from collector_host.delivery.queue import DeliveryQueue

_logger = logging.getLogger(__name__)


class Owner:
    """Sends and saves for one module.

    Args:
        name: Whose state it is, e.g. `alibaba;alibaba_1;actiontrail;None`.
        committed: The state on disk, or None.
        queue: Where items go.
        committer: Asked to write when a barrier has nothing to wait for.
        rules: How texts become messages.
        lookups: How lookup jobs become messages.

    Attributes:
        save_order: Tells whether the module saves behind what it sends.
    """

    def __init__(  # noqa: PLR0913  (its collaborators)
        self,
        name: str,
        committed: Mapping[str, Any] | None,
        *,
        queue: DeliveryQueue,
        committer: Committer,
        rules: MessageRules,
        lookups: Lookups | None = None,
    ) -> None:
        self.name = name
        self.save_order = SaveOrder()
        self._staged = committed
        self._queue = queue
        self._committer = committer
        self._rules = rules
        self._lookups = lookups or Lookups(rules)
        self._lock = threading.RLock()
        self._refused: str | None = None
        self._unsendable_reason = ""
        self._open_uploads: set[tuple[str, str]] = set()
        self._said_held = False

    def put(self, item: Any) -> None:
        """Queue messages and lookup jobs, in order; waits while it is full.

        Args:
            item: A `Messages`, `Lines` or `LookupJob`, which is what the send methods
                give, or a `Message`, or a list of messages and jobs, whatever their
                tables and dates.

        Raises:
            UnsendableError: The item has a wrong type or table, or a lookup's row is
                too large. What becomes of it is the module's to decide.
            RefusedError: The collector is stopping. From now on the owner's state
                cannot be saved.
        """
        try:
            for part in self._parts(item):
                if isinstance(part, Draft):
                    self._queue.put(*part)
                else:
                    self._queue.put_lookup(part)
        except UnsendableError as error:
            self.unsendable(str(error))
            raise
        except BaseException as error:
            self.refuse(str(error))
            raise
        self.save_order.sent()

    def qsize(self) -> int:
        """Return how many messages wait in the queue."""
        return self._queue.waiting()

    def waiting_lookups(self) -> int:
        """Return how many messages of lookups wait in the queue."""
        return self._queue.waiting_lookups()

    def unsendable(self, reason: str) -> None:
        """Note what cannot be sent, when the module is told so by an error.

        A module that handles the error and saves has decided to go on without it:
        that state is taken, and the log says so. See ADR 0016.
        """
        self._unsendable_reason = reason
        self.save_order.unsendable()

    def refuse(self, reason: str) -> None:
        """Take no more state: something the module sent was not taken."""
        with self._lock:
            self._refused = self._refused or reason

    def restart(self) -> None:
        """Take state again: the module was built anew from what `staged` gives."""
        with self._lock:
            self._refused = None
            self._open_uploads.clear()

    def is_ok(self) -> bool:
        """Tell whether state can be staged."""
        return self._refused is None

    def stage(self, state: Mapping[str, Any] | None) -> None:
        """Queue a barrier that carries a snapshot of `state`.

        While an upload of a lookup has begun and not ended, a state is staged only:
        who went on from it after a restart would end an upload that never began.

        Raises:
            TypeError: The state holds something that cannot be kept.
            RefusedError: Something sent before was refused, so that saving would
                step over it.
        """
        copy = None if state is None else snapshot(state)
        with self._lock:
            if self._refused is not None:
                message = f"the state is not saved: {self._refused}"
                raise RefusedError(message)
            if self._open_uploads:
                self._say_held()
            else:
                self._put_barrier(copy)
            self._staged = copy
        if skipped := self.save_order.saved():
            _logger.warning(
                "%s saved its state behind %d item(s) that cannot be sent (%s): they"
                " are lost, unless it sends them in another form",
                *(self.name, skipped, self._unsendable_reason),
            )
        self._committer.commit_ripe()

    def staged(self) -> dict[str, Any] | None:
        """Return a fresh copy of the state staged last, or None."""
        with self._lock:
            return None if self._staged is None else dict(snapshot(self._staged))

    def _put_barrier(self, state: Mapping[str, Any] | None) -> None:
        try:
            self._queue.put_barrier(self.name, state)
        except RefusedError as error:
            self.refuse(str(error))
            raise

    def _say_held(self) -> None:
        if not self._said_held:
            self._said_held = True
            names = ", ".join(sorted({name for name, _ in self._open_uploads}))
            _logger.warning(
                "%s saved its state between the start and the end of an upload of the"
                " lookup %s: only what it saves behind the end outlives a restart",
                self.name,
                names,
            )

    def _note(self, job: LookupJob) -> None:
        """Remember whether an upload is open; a new start takes the place of an old."""
        upload = (job.lookup_name, job.action)
        with self._lock:
            if job.send_end:
                self._open_uploads.discard(upload)
            elif job.send_start:
                self._open_uploads.add(upload)

    def _parts(self, item: Any) -> Iterator[Draft | LookupPart]:
        if isinstance(item, Messages | Lines):
            _check_tag(item.tag)
            rules = self._rules
            blocks = (
                rules.of_lines(item)
                if isinstance(item, Lines)
                else rules.packed(item.texts)
            )
            yield from (Draft(item.tag, item.timestamp, block) for block in blocks)
            return
        items = cast("list[Any]", item) if isinstance(item, list) else [item]
        if wrong := [i for i in items if not isinstance(i, Message | LookupJob)]:
            kind = type(wrong[0]).__name__
            message = f"only messages and lookup jobs can be queued, not {kind}"
            raise UnsendableError(message)
        for kind, group in groupby(items, type):
            if issubclass(kind, LookupJob):
                for job in group:
                    yield from self._lookups.parts(job)
                    self._note(job)
            else:
                yield from self._of_messages(group)

    def _of_messages(self, messages: Iterator[Message]) -> Iterator[Draft]:
        for (tag, at), group in groupby(messages, lambda m: (m.tag, m.timestamp)):
            _check_tag(tag)
            texts = (message.content for message in group)
            yield from (Draft(tag, at, block) for block in self._rules.batches(texts))


def _check_tag(tag: str) -> None:
    """Refuse a tag no receiver can take: sent again and again, it would block all."""
    try:
        check_tag(tag)
    except ValueError as error:
        raise UnsendableError(str(error)) from error
