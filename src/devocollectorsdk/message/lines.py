"""Messages that are one piece of memory already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devocollectorsdk.message.message import Message, check_tag, format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


class Lines:
    """Messages that share table and date, with line feeds between them.

    For sources that give so much that an object for each message costs more than
    sending it.

    Args:
        date: See `format_timestamp`.
        tag: Table, at most 1,024 characters.
        content: UTF-8; a line feed ends a message and is in none.
        number: How many messages, at least one.
        longest_bytes: No message is longer.

    Raises:
        TypeError: The tag is not text, the date has no meaning, or the content is
            not bytes.
        ValueError: The tag is empty or too long.
    """

    __slots__ = ("content", "longest_bytes", "number", "tag", "timestamp")

    def __init__(
        self,
        date: datetime | str | float,
        tag: str,
        content: bytes,
        number: int,
        longest_bytes: int,
    ) -> None:
        check_tag(tag)
        if not isinstance(content, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            message = f"lines are bytes, not {type(content).__name__}"
            raise TypeError(message)
        self.timestamp = format_timestamp(date)
        self.tag = tag
        self.content = content
        self.number = number
        self.longest_bytes = longest_bytes

    @property
    def texts(self) -> Iterator[str]:
        """The messages one by one."""
        return (line.decode("utf-8", "replace") for line in self.content.split(b"\n"))

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Message]:
        return (Message(self.timestamp, self.tag, text) for text in self.texts)

    def __repr__(self) -> str:
        return f"Lines({self.timestamp!r}, {self.tag!r}, {self.number} lines)"
