"""Virtual time for the real, multi-threaded collector in one process.

Time stands still while any participating thread works, and jumps to the earliest
deadline once all of them wait on the clock. Sockets, locks and disks take real time
and no virtual time, so a day of mere waiting passes as fast as threads can be woken.

Participants are the collector's own threads (those with a `process_role`) from their
start to their end, the thread that entered the clock, and every other thread from its
first wait on; other threads that were there before the clock do not count. Two runs
wake threads at the same virtual instants; which of several threads due at one instant
runs first is as undetermined as in real life.

It reads `_waiters` of a condition and `_cond` of an event: whether a thread still
waits, or was woken and has not run yet, cannot be asked otherwise.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_AGAIN_S: Final = 0.002
"""Real time after which threads that ended or are being woken are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wait:
    """One thread's wait: on what, and until which virtual second."""

    condition: Any
    deadline: float


class VirtualClock:
    """The `Clock` of a collector whose time is not the machine's; a context manager.

    Args:
        start: The virtual instant at which it begins, UTC.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_s = 0.0
        self._waits: dict[threading.Thread, _Wait] = {}
        self._guests: set[threading.Thread] = set()
        self._strangers = frozenset(threading.enumerate())
        self._plans: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition(threading.Lock())
        self._closed = False
        self._endless = False
        self._advancer = threading.Thread(
            target=self._run, name="virtual-time", daemon=True
        )

    def __enter__(self) -> Self:
        self._guests.add(threading.current_thread())
        self._advancer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._advancer.join()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        return self._elapsed_s

    def epoch_s(self) -> float:
        """Return the virtual instant as seconds since 1970, for an emulator."""
        return self._start.timestamp() + self._elapsed_s

    def wait(self, event: threading.Event, timeout_s: float | None) -> bool:
        deadline = self._deadline(timeout_s)
        condition: Any = event._cond  # type: ignore[attr-defined]
        with condition:
            while not event.is_set() and self._elapsed_s < deadline:
                self._park(condition, deadline)
        return event.is_set()

    def wait_notified(
        self, condition: threading.Condition, timeout_s: float | None
    ) -> bool:
        deadline = self._deadline(timeout_s)
        if self._elapsed_s < deadline:
            self._park(condition, deadline)
        return self._elapsed_s < deadline

    def plan(self, at_s: float, action: Callable[[], None]) -> None:
        """Have something done at a virtual second, by the thread that moves time."""
        with self._changed:
            heapq.heappush(self._plans, (at_s, next(self._order), action))

    def skip(self, seconds: float) -> None:
        """Let time pass while no collector runs."""
        with self._changed:
            self._elapsed_s += seconds

    def _deadline(self, timeout_s: float | None) -> float:
        return math.inf if timeout_s is None else self._elapsed_s + timeout_s

    def _park(self, condition: Any, deadline: float) -> None:
        """Wait really; the caller holds the condition's lock."""
        thread = threading.current_thread()
        with self._changed:
            self._guests.add(thread)
            self._waits[thread] = _Wait(condition, deadline)
            self._changed.notify_all()
        try:
            condition.wait()
        finally:
            with self._changed:
                del self._waits[thread]
        if self._endless:
            message = "every thread waits, and none of them for a time"
            raise AssertionError(message)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not self._all_wait():
                    self._changed.wait(_LOOK_AGAIN_S)
                if self._closed:
                    return
                actions, due = self._advance()
            for action in actions:
                action()
            for condition in due:
                with condition:
                    condition.notify_all()

    def _all_wait(self) -> bool:
        alive = [
            thread
            for thread in threading.enumerate()
            if thread in self._guests or self._is_ours(thread)
        ]
        if not alive or any(thread not in self._waits for thread in alive):
            return False
        # A thread that was notified has left the waiters, but not yet our list.
        parked = Counter(wait.condition for wait in self._waits.values())
        return all(len(one._waiters) >= number for one, number in parked.items())

    def _is_ours(self, thread: threading.Thread) -> bool:
        return thread not in self._strangers and hasattr(thread, "process_role")

    def _advance(self) -> tuple[list[Callable[[], None]], list[Any]]:
        """Move to the next thing to do; return what is due then."""
        planned = self._plans[0][0] if self._plans else math.inf
        waits = list(self._waits.values())
        until = min(planned, *(wait.deadline for wait in waits))
        self._endless = math.isinf(until)
        if self._endless:
            return [], [wait.condition for wait in waits]
        self._elapsed_s = max(self._elapsed_s, until)
        actions: list[Callable[[], None]] = []
        while self._plans and self._plans[0][0] <= self._elapsed_s:
            actions.append(heapq.heappop(self._plans)[2])
        due = [w.condition for w in waits if w.deadline <= self._elapsed_s]
        return actions, due
