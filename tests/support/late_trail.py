"""Hours of a trail whose events become visible late, pulled in virtual time.

The emulator's store and rules answer, without sockets; calls are throttled at
random. One thread, no real waits.
"""

from __future__ import annotations

import json
import random
import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from alibaba_cloud.actiontrail.answers import Page
from alibaba_cloud.errors import ApiError
from alibaba_cloud.problems import THROTTLED
from collector_emulators.actiontrail.knobs import Bounds, Knobs
from collector_emulators.actiontrail.lookup import Lookup
from collector_emulators.actiontrail.store import EventStore
from collector_emulators.clock import DataClock
from collector_emulators.generator import Volume, generate
from fakes.actiontrail import START, FakeHost, FakeModule, settings
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alibaba_cloud.actiontrail.window import Window
    from collector_emulators.events import Timed

REGION: Final = "cn-hangzhou"
PERIOD_S: Final = 60
CALL_S: Final = 0.1
THROTTLED_SHARE: Final = 0.02
AFTERMATH: Final = timedelta(minutes=40)
"""When even the latest event has arrived and been looked for twice."""

ONE_LOOK: Final = {"late_events": {"enabled": False}}
"""The rule of the collector's public guide: everything is read once."""


def late_events(
    count: int, *, hours: float = 2, late: float = 0.01, seed: int = 1
) -> list[Timed]:
    """Return a tenth of the events in one second, some later than ten minutes."""
    end = START + timedelta(hours=hours)
    span = START.timestamp(), end.timestamp()
    volume = Volume(count, *span, burst=count // 10, late_fraction=late)
    return list(generate(seed, volume))


class LateTrail:
    """A page source over the emulator's store.

    Attributes:
        calls: Calls made, the throttled ones too.
    """

    def __init__(
        self, events: Sequence[Timed], bounds: Bounds, clock: ManualClock, seed: int
    ) -> None:
        self.calls = 0
        self._clock = clock
        self._data_clock = DataClock(clock.now().timestamp(), speed=0)
        store = EventStore(REGION, REGION)
        store.load(events, now=0)
        self._lookup = Lookup(store, self._data_clock, Knobs(bounds=bounds))
        self._dice = random.Random(seed)  # noqa: S311  (replayable)

    def fetch(self, window: Window, token: str | None, page_size: int) -> Page:
        self.calls += 1
        self._clock.advance(CALL_S)
        self._data_clock.set(self._clock.now().timestamp())
        if self._dice.random() < THROTTLED_SHARE:
            raise ApiError(THROTTLED, "Throttling.User")
        parameters = {
            "StartTime": window.start_text,
            "EndTime": window.end_text,
            "Direction": "FORWARD",
            "MaxResults": str(page_size),
            **({"NextToken": token} if token else {}),
        }
        query = self._lookup.query(parameters, "account")
        page = self._lookup.page(parameters, query)
        events = [json.loads(row.body) for row in page.rows]
        return Page(events, self._lookup.token(page, query) or None)

    def refresh_credentials(self) -> None:
        """Do nothing: the key is good."""


@dataclass(frozen=True)
class Step:
    """One save, and what a process that dies behind it leaves.

    Attributes:
        at: Virtual time.
        sent: Messages queued so far.
        state: What was saved.
    """

    at: datetime
    sent: int
    state: dict[str, Any]


@dataclass
class TimedHost(FakeHost):
    """A host that notes when things happen.

    Attributes:
        sent_at: When each message was queued, seconds since 1970 UTC.
        steps_taken: Every save.
    """

    clock: ManualClock
    start_state: dict[str, Any] | None = None
    sent_at: list[float] = field(default_factory=list)
    steps_taken: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.start_state)

    def send(self, messages: list[str]) -> None:
        self.sent_at += [self.clock.now().timestamp()] * len(messages)
        super().send(messages)

    def save_state(self, object_to_save: Mapping[str, Any]) -> None:
        super().save_state(object_to_save)
        state = self.saved.pop()
        self.steps_taken.append(Step(self.clock.now(), len(self.sent), state))

    def delays_s(self) -> list[float]:
        """Return the time from happening to queueing of every message."""
        return [
            at - datetime.fromisoformat(message["eventTime"]).timestamp()
            for message, at in zip(self.sent, self.sent_at, strict=True)
        ]


@dataclass(frozen=True)
class Outcome:
    """What became of a trail.

    Attributes:
        host: What was sent and saved.
        calls: Calls made.
        expected: Identifiers of all events.
    """

    host: TimedHost
    calls: int
    expected: frozenset[str]

    @property
    def lost(self) -> set[str]:
        """Identifiers never sent."""
        return set(self.expected - self.host.counts().keys())

    @property
    def duplicates(self) -> int:
        """Messages beyond the first of each event."""
        return len(self.host.sent) - len(self.host.counts())

    @property
    def median_delay_s(self) -> float:
        """Median time from happening to queueing."""
        return statistics.median(self.host.delays_s())


def collect(
    events: Sequence[Timed],
    service: Mapping[str, Any] | None = None,
    *,
    bounds: Bounds = "[]",
    seed: int = 1,
    begin: Step | None = None,
) -> Outcome:
    """Pull once a minute until everything has had its time.

    Args:
        events: The trail.
        service: The user's settings of the service.
        bounds: Which ends of a window belong to it.
        seed: Of the throttling.
        begin: Where a process that died left off; None for the beginning.
    """
    clock = ManualClock(begin.at if begin else START)
    host = TimedHost(clock, begin.state if begin else None)
    trail: Any = LateTrail(events, bounds, clock, seed)
    puller = FakeModule(trail, host, clock, settings(service))
    for _ in pulls(events, clock):
        puller.pull()
    expected = frozenset(one.event["eventId"] for one in events)
    return Outcome(host, trail.calls, expected)


def pulls(events: Sequence[Timed], clock: ManualClock) -> Iterator[None]:
    """Yield at the beginning of each pull, a minute apart, and end after the last."""
    last = max(one.event["eventTime"] for one in events)
    until = max(clock.now(), datetime.fromisoformat(last).astimezone(UTC)) + AFTERMATH
    while clock.now() < until:
        began_at = clock.monotonic()
        yield
        clock.advance(max(0, PERIOD_S - (clock.monotonic() - began_at)))


@dataclass(frozen=True)
class Death:
    """What a process that died and the one after it have sent together.

    Attributes:
        lost: Number of events never sent.
        duplicates: Messages beyond the first of each event.
        bound: Messages sent behind the state that survived.
    """

    lost: int
    duplicates: int
    bound: int


def death(
    events: Sequence[Timed], whole: Outcome, step: int, *, behind: int, bounds: Bounds
) -> Death:
    """Let the process die just before a save, and another one go on.

    Args:
        events: The trail.
        whole: The run without a death.
        step: The save whose state survives.
        behind: Saves that were made since and are lost.
        bounds: Which ends of a window belong to it.
    """
    steps = whole.host.steps_taken
    saved, last = steps[step], steps[min(step + behind, len(steps) - 1)]
    begin = Step(last.at, last.sent, saved.state)
    after = collect(events, bounds=bounds, begin=begin)
    sent = whole.host.sent[: last.sent] + after.host.sent
    counts = Counter(message["eventId"] for message in sent)
    lost = len(whole.expected - counts.keys())
    return Death(lost, len(sent) - len(counts), last.sent - saved.sent)
