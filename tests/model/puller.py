"""A module as the model sees it: pages of a source, sent, then saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collector_host.errors import RefusedError
from devocollectorsdk.message.message import Message

if TYPE_CHECKING:
    from collector_host.delivery.owner import Owner

TAGS = ("a.b", "a.c")


class _Untakeable(Message):
    """A message that the host fails to take."""

    def __getattribute__(self, name: str) -> Any:
        if name == "content":
            raise MemoryError
        return super().__getattribute__(name)


class Puller:
    """Reads a source whose events are numbered from 1.

    Attributes:
        position: Number of the last event it takes for sent.
        unsaved: Events it sent without a saved state behind them.
        swallowed: It went on after a refusal, which no honest module does.
    """

    def __init__(self, name: str, owner: Owner) -> None:
        self.name = name
        self._owner = owner
        self.unsaved = 0
        self.swallowed = False
        self.position = self._staged()

    def _staged(self) -> int:
        state = self._owner.staged()
        return state["position"] if state else 0

    def restart(self) -> None:
        """Be built anew from the staged state."""
        self._owner.restart()
        self.unsaved = 0
        self.position = self._staged()

    def send(self, first: int, count: int, split: int) -> None:
        """Queue `count` events; those from the `split`-th on go to another table."""
        page = [
            Message("t", TAGS[index >= split], f"{self.name}:{first + index}")
            for index in range(count)
        ]
        self.unsaved += count
        self._owner.put(page)

    def save(self, position: int) -> None:
        """Stage a position; the module believes in it whatever becomes of it."""
        self.position = position
        try:
            self._owner.stage({"position": position})
        except RefusedError:
            self.swallowed = True
        else:
            self.unsaved = 0

    def pull(self, count: int, split: int) -> None:
        """Send a page, then save the position behind it."""
        if count:
            self.send(self.position + 1, count, split)
        self.save(self.position + count)

    def pull_refused(self, count: int, split: int) -> None:
        """Have a page refused behind its first part, and go on as if nothing was."""
        first = [Message("t", TAGS[0], f"{self.name}:{self.position + 1}")]
        page = [*first[:split], _Untakeable("t", TAGS[1], "bad")]
        self.unsaved += len(first[:split])
        try:
            self._owner.put(page)
        except MemoryError:
            self.swallowed = True
        self.save(self.position + count)

    def send_too_late(self, count: int) -> None:
        """Find the queue closed, and go on as if nothing was."""
        try:
            self.pull(count, count)
        except RefusedError:
            self.unsaved -= count
            self.swallowed = True
            self.save(self.position + count)
