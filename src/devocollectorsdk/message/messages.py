"""Many texts on their way to one table of Devo, without an object for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devocollectorsdk.message.message import Message, check_tag, format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


class Messages:
    """Texts that share table and date: what a list of `Message` says, in one object.

    A page of a busy source has thousands of texts. Table and date are checked and
    written once for all of them, and a `Message` is made only for who iterates.

    Args:
        date: See `format_timestamp`.
        tag: Table, at most 1,024 characters.
        texts: Texts, in order; that they are texts is the caller's duty.

    Raises:
        TypeError: The tag is not text, or the date has no meaning.
        ValueError: The tag is empty or too long.
    """

    __slots__ = ("tag", "texts", "timestamp")

    def __init__(
        self, date: datetime | str | float, tag: str, texts: Iterable[str]
    ) -> None:
        check_tag(tag)
        self.timestamp = format_timestamp(date)
        self.tag = tag
        self.texts = tuple(texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Message]:
        return (Message(self.timestamp, self.tag, text) for text in self.texts)

    def __repr__(self) -> str:
        return f"Messages({self.timestamp!r}, {self.tag!r}, {len(self.texts)} texts)"
