"""The real plugin over the vendor's SDK and sockets, in a host made of lists.

The loop of the collector SDK runs on the caller's thread with virtual waits; the
setup takes its turns inside the puller's waits, with the back-off it has in a thread.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from alibaba_cloud.actiontrail.puller import ActionTrailStandardPuller
from alibaba_cloud.actiontrail.setup import ActionTrailBasePullerSetup
from alibaba_cloud.instants import parse_instant
from collector_emulators.accounts import AccessKey, Accounts
from collector_emulators.actiontrail.emulator import ActionTrailEmulator
from collector_emulators.clock import DataClock
from devocollectorsdk.inputs._module_thread import retry_wait_s
from devocollectorsdk.message.message import Message
from fakes.actiontrail import INPUT, KEY, START, event, module_definition
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Iterable, Mapping

    from collector_emulators.faults import Fault

NOW = START + timedelta(hours=2)
SETTLED_BY = NOW - timedelta(minutes=10)


def source_emulator() -> ActionTrailEmulator:
    """Return an empty source with the one key, two hours after the start."""
    key = AccessKey(KEY["access_key_id"], KEY["access_key_secret"])
    clock = DataClock(NOW.timestamp(), speed=0)
    emulator = ActionTrailEmulator(accounts=Accounts([key]), data_clock=clock)
    emulator.knobs.rate_per_s = None
    return emulator


def trail(count: int = 180, burst: int = 70) -> list[dict[str, Any]]:
    """Return settled events of which `burst` share one second."""
    peak = START + timedelta(minutes=30)
    times = [START + timedelta(seconds=7 * n) for n in range(count - burst)]
    times += [peak] * burst
    return [event(n, time, eventName="Call") for n, time in enumerate(sorted(times))]


class _States:
    """The state saved last; every position, and what was delivered before it."""

    def __init__(self, delivered: list[str]) -> None:
        self._delivered = delivered
        self.text: str | None = None
        self.positions: list[tuple[str, int]] = []

    def create(self, *_owner: str | None) -> _States:
        return self

    def is_ok(self) -> bool:
        return True

    def load_state(self, **_: object) -> dict[str, Any] | None:
        return None if self.text is None else json.loads(self.text)

    def save_state(self, object_to_save: Mapping[str, Any]) -> None:
        self.text = json.dumps(object_to_save)
        position = object_to_save["last_run_datetime"]
        self.positions.append((position, len(self._delivered)))


class _Queue:
    """The host's queue: a list of texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def put(self, item: Any) -> None:
        items = [item] if isinstance(item, Message) else item
        self.texts += [one.content for one in items]

    def refuse(self, reason: str) -> None:
        raise AssertionError(reason)


class _Service:
    """The service's thread."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock

    def wake_up(self) -> None:
        """Nobody watches."""

    def find_setup_class(self, _name: str) -> type[ActionTrailBasePullerSetup]:
        return ActionTrailBasePullerSetup


class Collector:
    """One service of the collector between the emulator and two lists.

    Attributes:
        clock: Virtual time of every wait.
        at: Virtual seconds -> what happens then, once.
        states: What was saved.
    """

    def __init__(
        self,
        emulator: ActionTrailEmulator,
        *,
        credentials: Mapping[str, Any] = KEY,
        service: Mapping[str, Any] | None = None,
        clock: ManualClock | None = None,
    ) -> None:
        self.clock = clock or ManualClock(NOW)
        self.at: dict[float, Callable[[], object]] = {}
        self._queue = _Queue()
        self.states = _States(self._queue.texts)
        self._puller = self._build(emulator, credentials, service or {})
        self._setup: Any = self._puller.setup_instance
        self._setup_attempt, self._setup_due, self._in_setup = 0, 0.0, False

    @property
    def texts(self) -> list[str]:
        """Every message, in order."""
        return self._queue.texts

    def _build(
        self,
        emulator: ActionTrailEmulator,
        credentials: Mapping[str, Any],
        service: Mapping[str, Any],
    ) -> Any:
        service = {
            "region": "cn-hangzhou",
            "endpoint": f"http://{emulator.endpoint}",
            "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
            "read_timeout_in_seconds": 0.3,
            **service,
        }
        name = ActionTrailStandardPuller.__name__
        source = {**INPUT, "credentials": dict(credentials)}
        globals_ = {"module_globals": {"request_period_in_seconds": 60}}
        queue: Any = self._queue
        arguments: tuple[Any, ...] = (_Service(self.clock), False, False, {})
        arguments += ("alibaba_1", "alibaba", source, globals_)
        arguments += ("actiontrail", "predefined", service, {}, name, {})
        arguments += (module_definition(), self.states, queue, queue, _Queue(), [])
        return ActionTrailStandardPuller(*arguments)

    def run(self, *, pulls: int = 2, hours: float = 6) -> None:
        """Run until so many pulls were complete, or the virtual time is over."""
        wanted = self._puller.pulls_completed + pulls
        deadline = self.clock.monotonic() + hours * 3600

        def tick(_seconds: float) -> None:
            for due in [due for due in self.at if due <= self.clock.monotonic()]:
                self.at.pop(due)()
            over = self.clock.monotonic() >= deadline
            if over or self._puller.pulls_completed >= wanted:
                self._puller.request_stop()
            elif not self._setup.ready_to_collect and not self._in_setup:
                self._set_up()

        self.clock.on_wait = tick
        self._puller.run()

    def _set_up(self) -> None:
        """Give the setup its turn once its back-off is over, or the puller woke it."""
        woken = self._setup._sdk_changed.is_set()
        if not woken and self.clock.monotonic() < self._setup_due:
            return
        self._setup._sdk_changed.clear()
        self._in_setup = True
        is_good = self._setup._sdk_attempt()
        self._in_setup = False
        self._setup_attempt = 0 if is_good else self._setup_attempt + 1
        wait_s = retry_wait_s(self._setup_attempt, 5, 1800)
        self._setup_due = self.clock.monotonic() + wait_s

    def events(self) -> list[Any]:
        """Return what was delivered, parsed, without the keys the collector adds."""
        return [_without_ours(json.loads(text)) for text in self.texts]

    def ids(self) -> list[Any]:
        """Return the identifiers of what was delivered, in order."""
        found = self.events()
        return [one.get("eventId") for one in found if isinstance(one, dict)]

    @property
    def completed(self) -> int:
        """Number of pulls that ended well."""
        return self._puller.pulls_completed

    def passed(self, held: Iterable[Mapping[str, Any]]) -> set[str]:
        """Return events that a saved position had passed before their delivery."""
        places: dict[Any, int] = {}
        for place, one in enumerate(self.events(), 1):
            if isinstance(one, dict):
                places.setdefault(one.get("eventId"), place)
        known = sorted(
            (parse_instant(one["eventTime"]), one["eventId"]) for one in held
        )
        found = set[str]()
        for text, delivered in self.states.positions:
            position = parse_instant(text)
            behind = itertools.takewhile(lambda one, end=position: one[0] < end, known)
            never = len(self.texts) + 1
            late = (name for _, name in behind if places.get(name, never) > delivered)
            found.update(late)
        return found


def _without_ours(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    return {name: one for name, one in found.items() if not name.startswith("@devo_")}


_TROUBLE = re.compile(r"(?:ApiError|PullError) \[CODE:(\d{4})\]")


def trouble(records: Iterable[logging.LogRecord]) -> list[str]:
    """Return the lines that name an error of the source, whatever their level."""
    lines = [record.getMessage() for record in records]
    return [line for line in lines if _TROUBLE.search(line)]


def codes(lines: Iterable[str]) -> list[str]:
    """Return the number of each line's error."""
    found = (_TROUBLE.search(line) for line in lines)
    return [match[1] for match in found if match]


@dataclass(frozen=True)
class Outcome:
    """What a run under faults came to.

    Attributes:
        lost: Events of the source that were not delivered.
        duplicates: Deliveries beyond the first of each event.
        passed: Events a saved position had passed before they were delivered.
        completed: Whether the wanted pulls ended within the virtual time.
        calls: Calls the source counted.
        failed: Those it refused or spoiled.
    """

    lost: int
    duplicates: int
    passed: int
    completed: bool
    calls: int
    failed: int


def under(*faults: Fault, pulls: int = 2, hours: float = 6) -> Outcome:
    """Run a collector under faults and count what became of the trail."""
    held = trail()
    with source_emulator() as emulator:
        emulator.load(held)
        emulator.faults.set(faults)
        collector = Collector(emulator)
        collector.run(pulls=pulls, hours=hours)
        calls = emulator.ledger.calls()
    found = Counter(collector.ids())
    failed = sum(call.verdict != "ok" or call.is_spoiled for call in calls)
    names = {one["eventId"] for one in held}
    return Outcome(
        lost=len(names - found.keys()),
        duplicates=sum(found[name] - 1 for name in names & found.keys()),
        passed=len(collector.passed(held)),
        completed=collector.completed >= pulls,
        calls=len(calls),
        failed=failed,
    )
