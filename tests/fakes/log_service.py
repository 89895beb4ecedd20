"""In-memory stand-ins around the plugin's Log Store reader: a store, host, module."""

from __future__ import annotations

import copy
import json
import ssl
import threading
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from alibaba_cloud.errors import ApiError
from alibaba_cloud.log_service.calls import PatientCalls
from alibaba_cloud.log_service.client import Reply, Shard
from alibaba_cloud.log_service.cycle import Cycle
from alibaba_cloud.log_service.forwarding import Host
from alibaba_cloud.log_service.lanes import Ticket
from alibaba_cloud.log_service.repeats import Repeats
from alibaba_cloud.log_service.saving import PositionKeeper
from alibaba_cloud.log_service.settings import Settings, read_settings
from alibaba_cloud.log_service.shaper import Shaped
from alibaba_cloud.log_service.shard_lane import Acquaintance
from alibaba_cloud.log_service.wire import Group, Log, Pair
from alibaba_cloud.pacing import Limiter
from alibaba_cloud.problems import CURSOR_EXPIRED, SHARD_GONE
from collector_emulators.clock import DataClock
from collector_emulators.log_service import Knobs, LogServiceEmulator
from fakes.clocks import ManualClock

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2023, 1, 5, tzinfo=UTC)
NOW = datetime(2023, 1, 10, 10, 46, 5, 78809, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PROJECT, LOGSTORE = "example-project", "actiontrail_example"
STORE = f"{PROJECT}/{LOGSTORE}"
KEY: dict[str, Any] = {
    "access_key_id": "example-key-id",
    "access_key_secret": "example-key-secret",
}
INPUT: dict[str, Any] = {
    "id": "alibaba_1",
    "environment": "prod",
    "credentials": KEY,
}
SERVICE: dict[str, Any] = {
    "region": "cn-hangzhou",
    "project": PROJECT,
    "logstore": LOGSTORE,
    "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
}
_CURSORS_OF_A_SHARD = 1000


def module_definition(**changes: Any) -> dict[str, Any]:
    """Return the shipped definition of the module, with some properties changed."""
    path = ROOT / "definitions" / "actiontrail_log_service.yaml"
    shipped: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    definition = shipped["definition"]["modules"]["LogServiceStandardPuller"]
    definition["module_properties"].update(changes)
    return definition


def settings(
    service: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Settings:
    """Return settings as the shipped definition makes them; None takes a key away."""
    merged = {**SERVICE, **(service or {})}
    chosen = {key: value for key, value in merged.items() if value is not None}
    return read_settings(
        {**INPUT, **(source or {})}, chosen, module_definition(**changes), None
    )


def make_cursor(number: int) -> str:
    """Return the cursor with a number in it."""
    return b64encode(str(number).encode()).decode()


def number_in(cursor: str) -> int:
    """Return the number in a cursor."""
    return int(b64decode(cursor))


def event_text(name: object, **more: Any) -> str:
    """Return the text of an event, long enough to need no closer look."""
    return json.dumps({"eventId": str(name), "acsRegion": "cn-hangzhou-" * 5, **more})


def group(*texts: str, time: datetime = START, key: str = "event") -> Group:
    """Return a log group as a trail writes it, with one record for each text."""
    seconds = int(time.timestamp())
    logs = [Log(seconds, 0, [_pair(key, text)]) for text in texts]
    return Group("actiontrail_audit_event", "actiontrail_internal", [], logs)


def _pair(key: str, value: str) -> Pair:
    return Pair(key, value.encode())


@dataclass
class FakeShard:
    """One shard: groups with the time they were received.

    Attributes:
        id: Its number; its cursors begin at a thousand times that.
        created: When it was made.
        times: When each group was received.
        groups: The groups; those before `first` are no longer kept.
        first: Index of the oldest group kept.
        is_readonly: Whether nothing can be written any more.
    """

    id: int
    created: datetime = START
    times: list[datetime] = field(default_factory=list[datetime])
    groups: list[Group] = field(default_factory=list[Group])
    first: int = 0
    is_readonly: bool = False

    def cursor(self, index: int) -> str:
        return make_cursor(self.id * _CURSORS_OF_A_SHARD + index)

    def index(self, cursor: str) -> int:
        return number_in(cursor) - self.id * _CURSORS_OF_A_SHARD

    def names(self, start: int = 0, stop: int | None = None) -> list[str]:
        """Return the identifiers of the events in groups."""
        return [
            json.loads(content.Value)["eventId"]
            for one in self.groups[start:stop]
            for log in one.Logs
            for content in log.Contents
        ]


class FakeStore:
    """A Log Store with the methods of the client.

    Attributes:
        shards: Shards by number.
        journal: Every call, in order.
        before_call: Called with the name and the shard of each call; may change
            the store, or raise.
        after_pull: Called with the right answer; returns what is given in its place.
        jumps: Whether an expired cursor silently means the oldest group.
        size: Groups an answer has at most, whatever was asked for.
        raw_bytes: Size each answer claims.
    """

    def __init__(self, shards: int = 1) -> None:
        self.shards = {number: FakeShard(number) for number in range(shards)}
        self.journal: list[str] = []
        self.before_call: Callable[[str, int], None] = lambda _name, _shard: None
        self.after_pull: Callable[[Reply], Reply] = lambda reply: reply
        self.jumps = False
        self.size = 1000
        self.raw_bytes = 100
        self.refreshed = 0
        self.now = START + SECOND

    def append(self, shard: int, *names: object, per_group: int = 1) -> None:
        """Add events, a second apart; several may share a group."""
        one = self.shards[shard]
        assert not one.is_readonly
        texts = [event_text(name) for name in names]
        for place in range(0, len(texts), per_group):
            part = texts[place : place + per_group]
            one.groups.append(group(*part, time=self.now))
            one.times.append(self.now)
            self.now += SECOND

    def split(self, shard: int, children: int = 2) -> list[int]:
        """Close a shard and return the numbers of those that follow it."""
        self.shards[shard].is_readonly = True
        return [self._add() for _ in range(children)]

    def merge(self, *shards: int) -> int:
        """Close several shards and return the number of the one that follows."""
        for shard in shards:
            self.shards[shard].is_readonly = True
        return self._add()

    def expire(self, shard: int, groups: int) -> list[str]:
        """Drop the oldest groups and return the names of their events."""
        one = self.shards[shard]
        before = one.first
        one.first = min(before + groups, len(one.groups))
        return one.names(before, one.first)

    def list_shards(self) -> list[Shard]:
        self._call("list", -1)
        return [
            Shard(one.id, one.is_readonly, one.created) for one in self.shards.values()
        ]

    def cursor_at(self, shard_id: int, place: datetime | str) -> str:
        one = self._call(
            f"cursor {place:%H:%M:%S}"
            if isinstance(place, datetime)
            else f"cursor {place}",
            shard_id,
        )
        if place == "begin":
            return one.cursor(one.first)
        if isinstance(place, datetime):
            return one.cursor(max(one.first, bisect_left(one.times, place)))
        return one.cursor(len(one.groups))

    def cursor_time(self, shard_id: int, cursor: str) -> datetime:
        one = self._call("time", shard_id)
        index = one.index(cursor)
        return one.times[index] if index < len(one.times) else self.now

    def pull(
        self,
        shard_id: int,
        cursor: str,
        *,
        groups_max: int,
        end: str | None = None,
        query: str | None = None,
        compressed: bool = True,
        salvage: bool = False,
    ) -> Reply:
        del query
        how = "" if compressed else (" salvage" if salvage else " plain")
        one = self._call(f"pull {number_in(cursor)}{how}", shard_id)
        start = one.index(cursor)
        if start < one.first:
            if not self.jumps:
                raise ApiError(CURSOR_EXPIRED, "InvalidCursor")
            start = one.first
        stop = min(start + min(groups_max, self.size), len(one.groups))
        if end is not None:
            stop = min(stop, max(start, one.index(end)))
        found = one.groups[start:stop]
        reply = Reply(cursor, one.cursor(stop), len(found), self.raw_bytes, found)
        return self.after_pull(reply)

    def refresh_credentials(self) -> None:
        self.refreshed += 1

    def _add(self) -> int:
        number = max(self.shards) + 1
        self.shards[number] = FakeShard(number, self.now)
        return number

    def _call(self, name: str, shard_id: int) -> FakeShard:
        self.journal.append(name if shard_id < 0 else f"{name} @{shard_id}")
        self.before_call(name.split(maxsplit=1)[0], shard_id)
        if shard_id < 0:
            return FakeShard(shard_id)
        if shard_id not in self.shards:
            raise ApiError(SHARD_GONE, f"ShardNotExist {shard_id}")
        return self.shards[shard_id]


class InlineWorkers:
    """Makes calls in the thread that takes their outcomes.

    Args:
        choose: Which of so many outcomes is taken next; the oldest by default.
        is_eager: Whether a call is made when it is started; else when its outcome
            is taken.
    """

    def __init__(
        self,
        choose: Callable[[int], int] = lambda _number: 0,
        *,
        is_eager: bool = False,
    ) -> None:
        self._choose = choose
        self._is_eager = is_eager
        self._tasks: list[tuple[Ticket, Callable[[], Any]]] = []
        self._woken = threading.Event()

    def start(self, ticket: Ticket, call: Callable[[], Any]) -> None:
        if self._is_eager:
            outcome = self._make(ticket, call)
            self._tasks.append((ticket, lambda: outcome))
        else:
            self._tasks.append((ticket, lambda: self._make(ticket, call)))

    def take(self, clock: ManualClock, timeout_s: float | None) -> Any:
        if not self._tasks:
            clock.wait(self._woken, timeout_s)
            self._woken.clear()
            return None
        _ticket, finish = self._tasks.pop(self._choose(len(self._tasks)))
        return finish()

    def wake(self) -> None:
        self._woken.set()

    def _make(self, ticket: Ticket, call: Callable[[], Any]) -> Any:
        try:
            return ticket, call(), None
        except BaseException as error:  # noqa: BLE001 - raised in the lane
            return ticket, None, error


class Killed(BaseException):
    """The process ends here."""


class FakeHost:
    """Queue and state of one module, as they survive a kill.

    Attributes:
        sent: Every message queued, in order.
        state: The state saved last.
        saved: Every state saved.
        journal: Sends and saves, in order, cursors as numbers.
        after_step: Called after each send and save with how many there were.
    """

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.state = state
        self.saved: list[dict[str, Any]] = []
        self.journal: list[str] = []
        self.after_step: Callable[[int], None] = lambda _step: None

    def send(self, shaped: Shaped) -> None:
        events = [json.loads(message) for message in shaped.texts]
        self.sent += events
        names = ",".join(str(event.get("eventId")) for event in events)
        self._step(f"send {names}")

    def load_state(self) -> dict[str, Any] | None:
        return copy.deepcopy(self.state)

    def save_state(
        self,
        object_to_save: Mapping[str, Any],
        no_log_traces: bool = False,  # noqa: FBT001, FBT002 - the contract's
    ) -> None:
        assert no_log_traces
        self.state = copy.deepcopy(dict(object_to_save))
        self.saved.append(self.state)
        self._step(f"save {shown_shards(self.state['shards'])}".rstrip())

    def counts(self) -> Counter[str]:
        """Return how often each event was sent."""
        return Counter(str(message.get("eventId")) for message in self.sent)

    def _step(self, line: str) -> None:
        self.journal.append(line)
        self.after_step(len(self.journal))


def shown_shards(shards: Mapping[str, Any]) -> str:
    """Return positions in short: `shard=cursor`, `+skip`, `!` for done."""
    return " ".join(
        f"{key}={number_in(one['cursor'])}"
        + (f"+{one['skip']}" if one["skip"] else "")
        + ("!" if one["done"] else "")
        for key, one in sorted(shards.items())
    )


class FakeModule:
    """One process's puller: everything in it is new after a kill."""

    def __init__(
        self,
        store: FakeStore,
        host: FakeHost,
        chosen: Settings | None = None,
        *,
        clock: ManualClock | None = None,
        workers: Any = None,
    ) -> None:
        self.settings = chosen or settings()
        rules = self.settings.rules
        self.clock = clock or ManualClock(NOW)
        self.interrupt = threading.Event()
        self.ended: Callable[[], bool] = self.interrupt.is_set
        self.keeper = PositionKeeper(host, self.settings)
        self.workers = workers or InlineWorkers()
        self._client: Any = store
        self._host = host
        self._limiter = Limiter(self.clock, 1e9)
        self._repeats = Repeats(rules.remembered_events, rules.id_field)
        self.acquaintance = Acquaintance(set(), {})

    def pull(self, *, is_last: bool = False) -> None:
        calls = PatientCalls(
            self._client, self.settings.rules, self._limiter, self.interrupt
        )
        host = Host(self.clock, self._host.send, lambda: self.ended(), is_last)  # noqa: PLW0108 - tests replace it
        Cycle(
            self.settings,
            calls,
            self.workers,
            self.keeper,
            host,
            self._repeats,
            self.acquaintance,
            self.clock.now(),
        ).run()


def read_all(
    store: FakeStore,
    host: FakeHost,
    *,
    chosen: Settings | None = None,
    pulls: int = 1,
) -> FakeModule:
    """Pull in one module, ten seconds apart, and return it."""
    module = FakeModule(store, host, chosen)
    for _ in range(pulls):
        module.pull()
        module.clock.advance(10)
    return module


def names(events: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """Return the identifiers of events, in order."""
    return [str(event.get("eventId")) for event in events]


@contextmanager
def serving(
    *, shards: int = 2, tls: ssl.SSLContext | None = None
) -> Iterator[LogServiceEmulator]:
    """Serve an empty store that was made at the start, without limits of pace."""
    clock = DataClock(START.timestamp(), speed=0)
    knobs = Knobs(shard_reads_per_s=0, shard_bytes_per_s=0, project_reads_per_s=0)
    with LogServiceEmulator(knobs=knobs, data_clock=clock, tls=tls) as emulator:
        emulator.create_store(PROJECT, LOGSTORE, shards=shards)
        yield emulator
