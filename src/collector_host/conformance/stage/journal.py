"""What a stage saw, one JSON object a line; it survives a SIGKILL of the stage.

It holds counts, names of types, and places in the module's source. No content of a
message, a state or a configuration is ever written.
"""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

What: TypeAlias = Literal[
    "refused_target",  # the target cannot be run at all
    "built",  # a module instance was made
    "init_failed",  # ... and could not be initialized
    "setup_failed",
    "pre_pull_failed",
    "pull_began",
    "pull_ended",
    "pull_failed",
    "sent",  # an item was queued; the text is its thread's number and its tables
    "send_failed",  # the fault of a send was raised
    "wrong_type",  # the host cannot take what was sent
    "saved",  # a state was staged
    "save_failed",  # the host cannot keep it
    "committed",
    "not_committed",  # a save whose commit was waited for and did not come
    "killing",
    "stop_asked",
    "closed",  # the host waits for no pull any longer
    "stop_raised",  # pull_pause or pull_stop raised
    "limit_reached",
    "changed",  # configuration or shared state is not what it was
    "foreign",  # the module used what the contract does not have
    "left_alive",  # a thread did not end
    "loaded_changed",  # the module changed what load_state gave it
    "over",  # the collector has wound down
]


class Event(NamedTuple):
    """One thing a stage saw.

    Attributes:
        what: Kind of it.
        module: Name of the module instance, or "".
        number: Which one of its kind, from 1; or a count.
        text: Names and places, or "".
    """

    what: What
    module: str = ""
    number: int = 0
    text: str = ""

    @property
    def tables(self) -> list[str]:
        """Return the tables of an item that was sent."""
        return self.text.split()[1:]

    @property
    def thread(self) -> str:
        """Return which thread sent an item."""
        return self.text.split()[0]


class Journal:
    """Appends events to a file, each with one write; safe for several threads."""

    def __init__(self, file: Path) -> None:
        self._fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()

    def add(
        self, what: What, module: str = "", number: int = 0, text: str = ""
    ) -> None:
        """Write an event down."""
        line = json.dumps([what, module, number, text]) + "\n"
        with self._lock:
            os.write(self._fd, line.encode())


def read_journal(file: Path) -> list[Event]:
    """Return the events of a journal, oldest first; none if there is no journal."""
    if not file.exists():
        return []
    lines: list[list[Any]] = list(map(json.loads, file.read_bytes().splitlines()))
    return [Event(*fields) for fields in lines]
