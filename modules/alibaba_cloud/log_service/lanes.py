"""Several readings side by side, each written as one straight line.

A lane is a generator: it yields a call it has started, or a pause, and goes on with
the outcome. Calls are made by a few threads; lanes themselves run in the thread that
runs them all, so what they share needs no lock. It knows neither shards nor calls.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Generator,
    List,
    NamedTuple,
    Optional,
    Tuple,
    Union,
)

from ..errors import ApiError

if TYPE_CHECKING:
    from ..clock import Clock


class Interrupted(Exception):  # noqa: N818  (a stop or pause is no error)
    """A stop or pause was asked for."""


class Pause(NamedTuple):
    """Yielded by a lane that has nothing to do for a while."""

    seconds: float


class Ticket:
    """Yielded by a lane that waits for a call; only its identity counts."""


Lane = Generator[Union[Ticket, Pause], Any, Any]
_Outcome = Tuple[Ticket, Any, Optional[BaseException]]


class Workers:
    """Daemon threads that make calls; results come back in the order they end.

    No more results than threads exist at a time, taken ones left aside: a call is
    not begun before there is room for its result.

    Args:
        number: Threads, started when first needed.
        name: Beginning of their names.
    """

    def __init__(self, number: int, name: str) -> None:
        self._number = number
        self._name = name
        self._threads: List[threading.Thread] = []
        self._room = threading.Semaphore(number)
        self._tasks: queue.SimpleQueue[Optional[Tuple[Ticket, Callable[[], Any]]]]
        self._tasks = queue.SimpleQueue()
        self._results: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._arrived = threading.Event()

    def start(self, ticket: Ticket, call: Callable[[], Any]) -> None:
        """Let a thread make a call."""
        self._tasks.put((ticket, call))
        if len(self._threads) < self._number:
            thread = threading.Thread(
                target=self._work,
                name=f"{self._name}:{len(self._threads)}",
                daemon=True,
            )
            self._threads.append(thread)
            thread.start()

    def take(self, clock: Clock, timeout_s: Optional[float]) -> Optional[_Outcome]:
        """Return the next outcome; None when there is none in time, or at a wake-up."""
        try:
            outcome = self._results.get_nowait()
        except queue.Empty:
            clock.wait(self._arrived, timeout_s)
            self._arrived.clear()
            try:
                outcome = self._results.get_nowait()
            except queue.Empty:
                return None
        self._room.release()
        return outcome

    def wake(self) -> None:
        """End the wait of whoever waits for an outcome."""
        self._arrived.set()

    def end(self) -> None:
        """Let the threads end, each behind the call it makes, and their connections."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
        for _ in self._threads:
            self._tasks.put(None)
            self._room.release()

    def _work(self) -> None:
        while True:
            task = self._tasks.get()
            if task is None:
                return
            ticket, call = task
            self._room.acquire()
            try:
                outcome: _Outcome = (ticket, call(), None)
            except BaseException as error:  # noqa: BLE001  (raised in the lane)
                outcome = (ticket, None, error)
            self._results.put(outcome)
            self._arrived.set()


class Lanes:
    """Runs lanes until all but those in the background have ended.

    Args:
        workers: Make the calls.
        clock: Time and waiting.
        ended: Tells whether everything has to end.
    """

    def __init__(
        self, workers: Workers, clock: Clock, ended: Callable[[], bool]
    ) -> None:
        self._workers = workers
        self._clock = clock
        self._ended = ended
        self._waiting: Dict[Ticket, Lane] = {}
        self._early: Dict[Ticket, _Outcome] = {}
        self._started: Dict[Ticket, None] = {}
        self._pausing: List[Tuple[float, Lane]] = []
        self._needed: Dict[Lane, Callable[[ApiError], None]] = {}

    def start(self, call: Callable[[], Any]) -> Ticket:
        """Start a call now; a lane that yields the ticket gets its outcome."""
        ticket = Ticket()
        self._started[ticket] = None
        self._workers.start(ticket, call)
        return ticket

    def add(
        self, lane: Lane, failed: Optional[Callable[[ApiError], None]] = None
    ) -> None:
        """Begin a lane.

        Args:
            lane: The generator.
            failed: Called with the error that ended it; None lets a lane run in the
                background, which must not fail.
        """
        if failed is not None:
            self._needed[lane] = failed
        self._resume(lane, None, None)

    def run(self) -> None:
        """Run until no lane is needed any more.

        Raises:
            Interrupted: Everything had to end.
        """
        while self._needed:
            if self._ended():
                raise Interrupted
            outcome = self._workers.take(self._clock, self._seconds_to_next_pause())
            if outcome and outcome[0] in self._started:
                self._settle(outcome)
            # Last, for it may end the last lane: then nothing is waited for.
            self._end_pauses()

    def _settle(self, outcome: _Outcome) -> None:
        """Give an outcome to its lane, or keep it until the lane asks.

        Outcomes of a run that ended early are in nobody's books, and are dropped.
        """
        ticket, value, error = outcome
        lane = self._waiting.pop(ticket, None)
        if lane is None:
            self._early[ticket] = outcome
            return
        del self._started[ticket]
        self._resume(lane, value, error)

    def _end_pauses(self) -> None:
        now = self._clock.monotonic()
        due = [lane for until, lane in self._pausing if until <= now]
        self._pausing = [one for one in self._pausing if one[0] > now]
        for lane in due:
            self._resume(lane, None, None)

    def _seconds_to_next_pause(self) -> Optional[float]:
        if not self._pausing:
            return None
        first = min(until for until, _ in self._pausing)
        return max(first - self._clock.monotonic(), 0.0)

    def _resume(self, lane: Lane, value: Any, error: Optional[BaseException]) -> None:
        while True:
            try:
                step = lane.throw(error) if error else lane.send(value)
            except StopIteration:
                self._needed.pop(lane, None)
                return
            except ApiError as failure:
                failed = self._needed.pop(lane, None)
                if failed is None:
                    raise
                failed(failure)
                return
            if isinstance(step, Pause):
                until = self._clock.monotonic() + step.seconds
                self._pausing.append((until, lane))
                return
            early = self._early.pop(step, None)
            if early is None:
                self._waiting[step] = lane
                return
            del self._started[step]
            _, value, error = early
