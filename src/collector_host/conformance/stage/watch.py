"""What all watchers of a stage share: counters, the fault, and the journal."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.conformance.stage.journal import Journal
    from collector_host.conformance.stage.orders import Order, Place
    from collector_host.conformance.stage.places import Places

_PATIENCE_S: Final = 5.0
_SLOWLY_S: Final = 0.3
"""Between two items once a stop was asked for: a receiver that has become slow."""
_FAILURES: Final = 3


class InjectedError(Exception):
    """What the kit raises where something is to fail; no module knows it."""


class Watch:
    """Counts what modules do, and makes the fault of the order happen.

    Args:
        order: The run.
        journal: Where everything is written down.
        places: Which source is the module's own.
        ask_stop: Asks the collector for a stop.

    Attributes:
        commits_done: Waits until everything queued is confirmed and every ripe state
            committed; False when that took too long. Set before the first pull.
    """

    def __init__(
        self,
        order: Order,
        journal: Journal,
        places: Places,
        ask_stop: Callable[[], None],
    ) -> None:
        self.order = order
        self.journal = journal
        self.places = places
        self.commits_done: Callable[[float], bool] = lambda _seconds: False
        self._commits: Counter[str] = Counter()
        self._ask_stop = ask_stop
        self._lock = threading.Lock()
        self._passed: Counter[tuple[str, str]] = Counter()
        self._failures: Counter[str] = Counter()
        self._broken = set[str]()
        self._modules = set[str]()
        self._done = set[str]()
        self._given_up = set[str]()
        self._stop_asked = threading.Event()
        self._never = threading.Event()

    def pass_by(self, what: str, module: str) -> int:
        """Count a module's passing and return its number, from 1."""
        with self._lock:
            self._passed[what, module] += 1
            return self._passed[what, module]

    def is_due(self, place: Place, module: str, number: int) -> bool:
        """Tell whether the fault is due."""
        return self.order.is_due(place, module, number)

    def stop(self) -> None:
        """Ask for a stop; from now on every item is taken slowly."""
        self.journal.add("stop_asked")
        self._stop_asked.set()
        self._ask_stop()

    @property
    def is_stopping(self) -> bool:
        """Tell whether a stop was asked for."""
        return self._stop_asked.is_set()

    def send_failed(self, module: str, number: int) -> None:
        """Note the fault of a send: the pull it is in does not count."""
        self.journal.add("send_failed", module, number)
        with self._lock:
            self._broken.add(module)

    def slow_down(self) -> None:
        """Wait as a full queue would, once a stop was asked for."""
        if self._stop_asked.is_set():
            self._never.wait(_SLOWLY_S)

    def commits_of(self, owner: str) -> int:
        """Return how many states of an owner were committed so far."""
        return self._commits[owner]

    def saved(self, module: str, owner: str, commits_before: int) -> None:
        """Note a save, and kill the process behind its commit if that is due.

        Args:
            module: Who saved.
            owner: Address of the state.
            commits_before: What `commits_of` gave before the save.
        """
        number = self.pass_by("save", module)
        self.journal.add("saved", module, number)
        if self.is_due("kill_behind_commit", module, number):
            self.commits_done(_PATIENCE_S)
            happened = self.commits_of(owner) > commits_before
            self._kill(module, number, happened=happened)

    def committed(self, owner: str) -> None:
        """Note a commit."""
        with self._lock:
            self._commits[owner] += 1
            self.journal.add("committed", owner, self._commits[owner])

    def built(self, module: str) -> None:
        """Note a module instance; one that is built anew has the same name."""
        with self._lock:
            self._modules.add(module)

    def failed(self, module: str) -> bool:
        """Count a failure; True when the module fails again and again.

        Once all others have done their pulls nothing is left to wait for.
        """
        with self._lock:
            self._broken.discard(module)
            self._failures[module] += 1
            if self._failures[module] < _FAILURES:
                return False
            self._given_up.add(module)
        self._end_if_over()
        return True

    def pull_ended(self, module: str) -> bool:
        """Count a completed pull; True when the module has done its pulls."""
        with self._lock:
            self._failures[module] = 0
            if module in self._broken:
                self._broken.remove(module)
                return False
        done = self.pass_by("completed pull", module) >= self.order.pulls
        if done:
            with self._lock:
                self._done.add(module)
            self._end_if_over()
        return done

    def _end_if_over(self) -> None:
        with self._lock:
            idle = self._given_up.union(self.order.endless)
            rest = self._modules - self._done - idle
            over = bool(idle) and not rest
        if over:
            self._ask_stop()

    def _kill(self, module: str, number: int, *, happened: bool) -> None:
        if happened:
            self.journal.add("killing", module, number)
            os.kill(os.getpid(), signal.SIGKILL)
        self.journal.add("not_committed", module, number)
