"""What travels through the delivery room, and what proof of delivery means.

It knows neither sockets nor files.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


Line: TypeAlias = str | bytes
"""A message without line feeds: a text that is pure ASCII, or UTF-8.

Of either `len` is the number of bytes. A text is not copied before it goes out, and
joining texts before encoding them is twice as fast as encoding each."""


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
        lines: The messages, at least one.
        size_bytes: Weight against the queue's bound.
    """

    number: int
    tag: str
    timestamp: str
    lines: tuple[Line, ...]
    size_bytes: int

    @property
    def messages(self) -> tuple[bytes, ...]:
        """The lines as UTF-8, made anew each time; for who needs them one by one."""
        return tuple(
            line.encode() if isinstance(line, str) else line for line in self.lines
        )


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
