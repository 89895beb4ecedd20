"""What travels through the delivery room, and what proof of delivery means.

It knows neither sockets nor files.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Block(NamedTuple):
    """Messages for one table, in source order, as one piece of memory.

    What is done to a thousand messages at once costs a hundredth of what a step of
    Python for each would.

    Attributes:
        content: UTF-8, with line feeds between the messages and nowhere else.
        events: How many messages, at least one.
    """

    content: bytes
    events: int

    @classmethod
    def of(cls, messages: Iterable[bytes]) -> Self:
        """Join messages without line feeds, at least one."""
        listed = list(messages)
        return cls(b"\n".join(listed), len(listed))

    @property
    def messages(self) -> tuple[bytes, ...]:
        """The messages, made anew each time; for who needs them one by one."""
        return tuple(self.content.split(b"\n"))


class Draft(NamedTuple):
    """What becomes a batch when it is queued and gets its number.

    Attributes:
        tag: Devo table.
        timestamp: When the messages were made, UTC.
        block: The messages.
    """

    tag: str
    timestamp: str
    block: Block


class LookupPart(NamedTuple):
    """Drafts of one lookup upload that stay together: on one connection, in order.

    Attributes:
        upload: Told apart by it, the same from the upload's start to its end.
        drafts: At least one.
        is_last: Whether the upload, or its page, ends with them.
    """

    upload: str
    drafts: tuple[Draft, ...]
    is_last: bool

    @property
    def size_bytes(self) -> int:
        """Weight against a bound."""
        return sum(len(draft.block.content) for draft in self.drafts)

    @property
    def events(self) -> int:
        """How many messages it has."""
        return sum(draft.block.events for draft in self.drafts)


class Level(IntEnum):
    """How much a receiver has proved, weakest first.

    None proves that the receiver *stored* anything: see docs/delivery.md.
    """

    SENT = 0
    """The local kernel took the bytes."""
    TCP_ACKED = 1
    """The peer's kernel has the bytes."""
    EOF = 2
    """The peer read to the end and closed; a process dying at the wrong moment
    looks the same."""
    CLOSE_NOTIFY = 3
    """The peer's TLS layer answered our close: its process was alive then."""

    @property
    def label(self) -> str:
        """Name as written in the configuration, e.g. `close_notify`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages for one table, in source order, numbered at queueing.

    Attributes:
        number: Place in the order of all queued items, from 1, increasing.
        tag: Devo table, e.g. `cloud.alibaba.actiontrail.events`.
        timestamp: When the messages were made, UTC, `YYYY-MM-DD HH:MM:SS.mmm`.
        block: The messages.
        is_lookup: Whether it fills a lookup. Those go to the outputs that take them,
            and over the first sender of each, because their order matters.
        ahead_bytes: Size of the batches behind it that must go over the same
            connection.
        queued_at: When it was queued, seconds of a clock that never goes back.
    """

    number: int
    tag: str
    timestamp: str
    block: Block
    is_lookup: bool = False
    ahead_bytes: int = 0
    queued_at: float = 0.0

    @property
    def events(self) -> int:
        """How many messages it has."""
        return self.block.events

    @property
    def messages(self) -> tuple[bytes, ...]:
        """Its messages, made anew each time; for who needs them one by one."""
        return self.block.messages

    @property
    def size_bytes(self) -> int:
        """Weight against the queue's bound."""
        return len(self.block.content)


@dataclass(frozen=True, slots=True)
class Barrier:
    """A state to commit once every item numbered below it is confirmed.

    Attributes:
        number: Place in the order of all queued items.
        owner: Whose state it is, e.g. `alibaba;alibaba_1;actiontrail;None`.
        state: Snapshot nobody else changes; None removes the saved state.
    """

    number: int
    owner: str
    state: Mapping[str, object] | None
