"""One message."""

from __future__ import annotations

from typing import Any


class Message:
    """Time, table and content, all of them texts."""

    def __init__(
        self, message_timestamp: str, message_tag: str, message_content: Any
    ) -> None:
        if not isinstance(message_content, str):
            text = f"content is {type(message_content).__name__}, not str"
            raise TypeError(text)
        self.timestamp = message_timestamp
        self.tag = message_tag
        self.content = message_content
