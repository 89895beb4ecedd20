"""Both ends of the delivery room as a model: receivers that lose, a disk that fails.

They know nothing of queues and senders. What a crash leaves is what is in
`Receiver.stored` and `Disk.committed`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from collector_host.delivery.items import Level
from collector_host.errors import StateError, UnconfirmedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collector_host.delivery.items import Batch


class Crash(BaseException):
    """The process is killed here; no `except Exception` may see it."""


class Wire(Enum):
    """What happens at one step of a connection."""

    FINE = auto()
    FAIL = auto()
    """The connection breaks."""
    LIE = auto()
    """The receiver dies, and its kernel ends the connection as if in order."""
    CRASH = auto()
    PULL = auto()
    """A puller sends and saves meanwhile."""
    OTHER = auto()
    """Another sender works meanwhile."""


class Save(Enum):
    """What happens to one commit."""

    FINE = auto()
    REFUSED = auto()
    """Nothing is written."""
    UNSURE = auto()
    """An error, but after a crash the new state may be there."""
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()


@dataclass(frozen=True)
class Step:
    """One wire event, with a number that each kind reads in its own way."""

    kind: Wire
    number: int = 0


@dataclass
class Receiver:
    """What one output's receiver has stored, in order; it survives everything."""

    required: bool
    stored: list[str] = field(default_factory=list)
    forgiven: int = 0
    """Duplicates the faults so far may have caused."""


class FakeWire:
    """A transport whose bytes reach the receiver late, in part, or never.

    Args:
        receiver: Where confirmed bytes end.
        next_step: Decides what happens at each write, and at the `ending`.
        failed: Called when the connection fails, with the events under way on it.
    """

    def __init__(
        self,
        receiver: Receiver,
        next_step: Callable[..., Step],
        failed: Callable[[int], None],
    ) -> None:
        self._receiver = receiver
        self._next_step = next_step
        self._failed = failed
        self.in_flight: list[str] = []

    def probe(self) -> Level:
        return Level.CLOSE_NOTIFY

    def open(self) -> None:
        """Connect; a connection that breaks at once breaks at its first write."""

    def write(self, batch: Batch) -> None:
        self.in_flight += [message.decode() for message in batch.messages]
        self._step()

    def confirm(self, required: Level) -> Level:
        if self._step(ending=True, may_lie=required <= Level.EOF) is Wire.LIE:
            return Level.EOF
        self.keep(len(self.in_flight))
        return Level.CLOSE_NOTIFY

    def abort(self) -> None:
        self.in_flight.clear()

    def keep(self, number: int) -> None:
        """Let the receiver store the first of what is under way, and lose the rest."""
        self._receiver.stored += self.in_flight[:number]
        self.in_flight.clear()

    def _step(self, *, ending: bool = False, may_lie: bool = False) -> Wire:
        step = self._next_step(ending=ending)
        if step.kind in {Wire.FAIL, Wire.LIE}:
            under_way = len(self.in_flight)
            self.keep(step.number)
            if not (step.kind is Wire.LIE and may_lie):
                self._failed(under_way)
                message = "reset"
                raise UnconfirmedError(message)
        return step.kind


class Disk:
    """A store that may fail, be killed, or be unsure what a crash would leave.

    Attributes:
        committed: What a restart reads.
        unsure: States of failed commits that a crash may bring to light.
        plan: What happens to the next commits; fine when empty.
        failing: Owners whose last commit failed.
    """

    def __init__(self) -> None:
        self.committed: dict[str, Any] = {}
        self.unsure: dict[str, Any] = {}
        self.plan: deque[Save] = deque()
        self.failing: set[str] = set()

    def load(self, owner: str) -> dict[str, Any] | None:
        return self.committed.get(owner)

    def commit(self, owner: str, state: Mapping[str, Any] | None) -> None:
        what = self.plan.popleft() if self.plan else Save.FINE
        if what is Save.CRASH_BEFORE:
            raise Crash
        if what in {Save.REFUSED, Save.UNSURE}:
            self.failing.add(owner)
            if what is Save.UNSURE:
                self.unsure[owner] = state
            message = "disk full"
            raise StateError(message)
        self.failing.discard(owner)
        self.unsure.pop(owner, None)
        self.committed[owner] = state
        if what is Save.CRASH_AFTER:
            raise Crash

    def settle(self, *, lucky: bool) -> None:
        """Decide what a crash leaves of the commits that failed."""
        if lucky:
            self.committed.update(self.unsure)
        self.unsure.clear()
        self.failing.clear()

    def owners(self) -> tuple[str, ...]:
        return tuple(self.committed)

    def close(self) -> None:
        """Keep everything: the disk outlives the process."""
