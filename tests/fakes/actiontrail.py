"""In-memory stand-ins around the plugin: a trail, a module's host, and its rules."""

from __future__ import annotations

import copy
import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from alibaba_cloud.actiontrail.answers import Page
from alibaba_cloud.actiontrail.calls import PatientCalls
from alibaba_cloud.actiontrail.cycle import Cycle
from alibaba_cloud.actiontrail.saving import PositionKeeper
from alibaba_cloud.actiontrail.settings import Settings, read_settings
from alibaba_cloud.actiontrail.walk import Host
from alibaba_cloud.pacing import Limiter
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from alibaba_cloud.actiontrail.window import Window

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2023, 1, 5, tzinfo=UTC)
NOW = datetime(2023, 1, 10, 10, 46, 5, 78809, tzinfo=UTC)
KEY: dict[str, Any] = {
    "access_key_id": "example-id",
    "access_key_secret": "s3cret-of-the-example",
}
INPUT: dict[str, Any] = {
    "id": "alibaba_1",
    "environment": "prod",
    "credentials": KEY,
}


def module_definition(**changes: Any) -> dict[str, Any]:
    """Return the shipped definition of the module, with some properties changed."""
    text = (ROOT / "definitions" / "actiontrail.yaml").read_text(encoding="utf-8")
    modules: dict[str, Any] = yaml.safe_load(text)["definition"]["modules"]
    definition = modules["ActionTrailStandardPuller"]
    definition["module_properties"].update(changes)
    return definition


def settings(
    service: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Settings:
    """Return settings as the shipped definition makes them."""
    service_config = {
        "region": "cn-hangzhou",
        "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
        **(service or {}),
    }
    return read_settings(
        {**INPUT, **(source or {})}, service_config, module_definition(**changes), None
    )


def event(number: int, time: datetime, **more: Any) -> dict[str, Any]:
    """Return an event with an identifier made of its number."""
    text = time.isoformat().replace("+00:00", "Z")
    return {"eventId": f"ID-{number:06d}", "eventTime": text, **more}


class FakeTrail:
    """A page source whose bounds belong to a window or not, as asked.

    Attributes:
        asked: Start, end and token of every call.
        before_call: Called with the number of the call, from 1; may raise.
    """

    def __init__(self, events: Iterable[dict[str, Any]], bounds: str = "[]") -> None:
        self.events = sorted(events, key=lambda one: one["eventTime"])
        self._bounds = bounds
        self.asked: list[tuple[str, str, str | None]] = []
        self.refreshed = 0
        self.before_call: Callable[[int, str | None], None] = lambda _n, _token: None

    def fetch(self, window: Window, token: str | None, page_size: int) -> Page:
        self.asked.append((window.start_text, window.end_text, token))
        self.before_call(len(self.asked), token)
        found = [one for one in self.events if self._holds(window, one)]
        first = int(token or 0)
        more = first + page_size <= len(found)
        page = copy.deepcopy(found[first : first + page_size])
        return Page(page, str(first + page_size) if more else None)

    def refresh_credentials(self) -> None:
        self.refreshed += 1

    def _holds(self, window: Window, one: dict[str, Any]) -> bool:
        time = one["eventTime"]
        after = (
            time >= window.start_text
            if self._bounds[0] == "["
            else (time > window.start_text)
        )
        before = (
            time <= window.end_text
            if self._bounds[1] == "]"
            else (time < window.end_text)
        )
        return after and before


class Killed(BaseException):
    """The process ends here."""


class FakeHost:
    """Queue and state of one module, as they survive a kill.

    Attributes:
        sent: Every message queued, in order.
        state: The state saved last.
        steps: Sends and saves so far.
        die_at: The step at which the process is killed, after it took effect.
    """

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.state = state
        self.saved: list[dict[str, Any]] = []
        self.steps = 0
        self.die_at: int | None = None

    def send(self, messages: list[str]) -> None:
        self.sent += [json.loads(message) for message in messages]
        self._step()

    def load_state(self) -> dict[str, Any] | None:
        return copy.deepcopy(self.state)

    def save_state(self, object_to_save: Mapping[str, Any]) -> None:
        self.state = copy.deepcopy(dict(object_to_save))
        self.saved.append(self.state)
        self._step()

    def counts(self) -> Counter[str]:
        """Return how often each event was sent."""
        return Counter(message["eventId"] for message in self.sent)

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.die_at:
            raise Killed


class FakeModule:
    """One process's puller: everything in it is new after a kill."""

    def __init__(
        self, trail: FakeTrail, host: FakeHost, clock: ManualClock, chosen: Settings
    ) -> None:
        self.clock = clock
        self.interrupt = threading.Event()
        self.ended: Callable[[], bool] = self.interrupt.is_set
        self._trail, self._host, self._settings = trail, host, chosen
        self._limiter = Limiter(clock, chosen.rules.calls_per_s)
        self.keeper = PositionKeeper(host, chosen)
        self._size = chosen.rules.window_max

    def pull(self, retrieving_at: datetime | None = None) -> None:
        calls = PatientCalls(
            self._trail, self._settings.rules, self._limiter, self.interrupt
        )
        host = Host(self.clock, self._host.send, self.ended)
        started_at = retrieving_at or self.clock.now()
        cycle = Cycle(self._settings, calls, self.keeper, host, started_at)
        self._size = cycle.run(self._size)


def module(
    trail: FakeTrail,
    host: FakeHost,
    *,
    now: datetime = NOW,
    chosen: Settings | None = None,
) -> FakeModule:
    """Return a module over a trail, at a given time."""
    return FakeModule(trail, host, ManualClock(now), chosen or settings())


def crowded_trail(bounds: str) -> FakeTrail:
    """Return a trail with an event at the exact start and 120 in one second."""
    burst = START + timedelta(hours=1)
    times = [START, START + timedelta(seconds=1)]
    times += [burst - timedelta(seconds=1)] * 30 + [burst] * 120
    times += [burst + timedelta(seconds=number) for number in range(1, 90)]
    return FakeTrail([event(n, time) for n, time in enumerate(times)], bounds)
