"""Where modules put what they send: a list, and a journal that outlives the process."""

from __future__ import annotations

import json
import os
import threading
from typing import Any, List

from devocollectorsdk.faults import count

from devocollectorsdk.message.message import Message


class OutputQueue:
    """A list of messages; whatever is in it counts as sent."""

    def __init__(self, journal: str) -> None:
        self.messages: List[Message] = []
        self._lock = threading.Lock()
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def qsize(self) -> int:
        """Return the number of messages."""
        return len(self.messages)

    def put(self, item: Any) -> None:
        """Take one message or a list of messages."""
        items = item if isinstance(item, list) else [item]
        if not all(isinstance(one, Message) for one in items):
            text = "only messages can be queued"
            raise TypeError(text)
        lines = [[one.timestamp, one.tag, one.content] for one in items]
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        with self._lock:
            self.messages += items
            os.write(self._journal, text.encode())
        count("put", len(items))
