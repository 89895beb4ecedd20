"""Setup and puller as the collector SDK sees them, against the emulator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from alibaba_cloud.clock import SystemClock
from alibaba_cloud.errors import PrePullError, PullError, SetupError
from alibaba_cloud.log_service import setup as preparing
from alibaba_cloud.log_service.client import LogStoreClient
from alibaba_cloud.log_service.puller import LogServiceStandardPuller
from alibaba_cloud.log_service.setup import LogServiceBasePullerSetup
from collector_emulators.faults import Fault
from collector_emulators.log_service import LogServiceEmulator
from devocollectorsdk.message.message import Message
from devocollectorsdk.persistence.persistence_object import PersistenceObject
from fakes.log_service import (
    INPUT,
    KEY,
    LOGSTORE,
    PROJECT,
    SERVICE,
    module_definition,
    serving,
    settings,
)

SERVICE_NAME = "actiontrail_log_service"
KEY_ID = KEY["access_key_id"]


class _Backend:
    """One owner's state, kept in memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._state: str | None = None

    def stage(self, state: Mapping[str, Any] | None) -> None:
        self._state = None if state is None else json.dumps(state)

    def staged(self) -> dict[str, Any] | None:
        return json.loads(self._state) if self._state else None

    def is_ok(self) -> bool:
        return True


class _States:
    """The states of all owners, as the host hands them out."""

    def __init__(self) -> None:
        self.backends: dict[str, _Backend] = {}

    def create(self, *owner: str | None) -> PersistenceObject:
        name = ";".join(str(part) for part in owner)
        backend = self.backends.setdefault(name, _Backend(name))
        return PersistenceObject(backend, "example")


class _Queue:
    """The host's queue, as a list of texts and tables."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    def put(self, item: Any) -> None:
        self.messages += [item] if isinstance(item, Message) else list(item)


class _Service:
    """The service thread a puller is made by."""

    clock = SystemClock()

    def find_setup_class(self, name: str) -> type[LogServiceBasePullerSetup]:
        assert name == LogServiceBasePullerSetup.__name__
        return LogServiceBasePullerSetup


@pytest.fixture(name="emulator")
def _emulator() -> Iterator[LogServiceEmulator]:
    """Serve a store of two shards with sixty events."""
    with serving() as emulator:
        emulator.advance(60)
        events = [{"eventId": f"ID-{number:03d}"} for number in range(60)]
        emulator.append(PROJECT, LOGSTORE, events)
        yield emulator


def _puller(
    emulator: LogServiceEmulator,
    states: _States | None = None,
    queue: _Queue | None = None,
    logstore: str | None = None,
) -> LogServiceStandardPuller:
    queue = queue or _Queue()
    service = {**SERVICE, "endpoint": emulator.endpoint}
    name = LogServiceStandardPuller.__name__
    arguments: tuple[Any, ...] = (_Service(), False, False, {})
    arguments += ("alibaba_1", "alibaba", INPUT, {}, SERVICE_NAME, "predefined")
    arguments += (service, {}, name, {}, module_definition(), states or _States())
    arguments += (queue, queue, _Queue(), [], logstore, logstore)
    return LogServiceStandardPuller(*arguments)


def _setup(puller: LogServiceStandardPuller) -> Any:
    assert puller.setup_instance is not None
    return puller.setup_instance


def _run(puller: LogServiceStandardPuller) -> None:
    """Set up, pre-pull and pull once, on this thread."""
    now = puller.clock.now()
    _setup(puller).setup(now)
    puller.pre_pull(now)
    puller.pull(now)


def _ids(queue: _Queue) -> Counter[str]:
    return Counter(json.loads(one.content)["eventId"] for one in queue.messages)


def test_setup_and_puller_work_together(emulator: LogServiceEmulator) -> None:
    """The classes the SDK sees deliver every event once, under the guide's names."""
    queue = _Queue()
    puller = _puller(emulator, queue=queue)

    _run(puller)

    assert puller.name == (
        "LogServiceStandardPuller(alibaba,alibaba_1,actiontrail_log_service,predefined)"
    )
    assert _ids(queue) == {f"ID-{number:03d}": 1 for number in range(60)}
    assert {one.tag for one in queue.messages} == {"cloud.alibaba.log_service.events"}
    first = json.loads(queue.messages[0].content)
    assert (first["origin"], first["module"], first["@devo_environment"]) == (
        "actiontrail_internal",
        "actiontrail_audit_event",
        "prod",
    )


def test_host_that_takes_no_lines_gets_messages_one_by_one(
    emulator: LogServiceEmulator,
) -> None:
    """As the genuine SDK does."""
    queue = _Queue()
    puller: Any = _puller(emulator, queue=queue)
    puller.send_standard_lines = None

    _run(puller)

    assert _ids(queue) == {f"ID-{number:03d}": 1 for number in range(60)}


def test_second_pull_and_second_process_read_what_is_new(
    emulator: LogServiceEmulator,
) -> None:
    """A split in between changes nothing in that."""
    states, queue = _States(), _Queue()
    puller = _puller(emulator, states, queue)
    _run(puller)
    emulator.append(PROJECT, LOGSTORE, [{"eventId": "before"}], shard=0)
    child = emulator.split(PROJECT, LOGSTORE, 0)[0]
    emulator.append(PROJECT, LOGSTORE, [{"eventId": "child"}], shard=child)
    puller.pull(puller.clock.now())
    emulator.append(PROJECT, LOGSTORE, [{"eventId": "new"}], shard=child)

    _run(_puller(emulator, states, queue))

    assert set(_ids(queue).values()) == {1}
    assert _ids(queue).keys() >= {"before", "child", "new"}
    assert len(queue.messages) == 63


def test_log_stores_of_a_list_have_states_of_their_own(
    emulator: LogServiceEmulator,
) -> None:
    """Each submodule reads its Log Store."""
    emulator.create_store(PROJECT, "other")
    emulator.append(PROJECT, "other", [{"eventId": "other"}])
    states, queue = _States(), _Queue()

    for logstore in (LOGSTORE, "other"):
        _run(_puller(emulator, states, queue, logstore))

    assert len(queue.messages) == 61
    stores = {backend.staged()["log_store"] for backend in states.backends.values()}  # type: ignore[index]
    assert stores == {f"{PROJECT}/{LOGSTORE}", f"{PROJECT}/other"}


_LIST, _READ = "log:ListShards", "log:GetCursorOrData"


@pytest.mark.parametrize(
    ("denied", "text"),
    [
        ([_LIST], f"{_LIST} is missing"),
        ([_READ], f"{_READ} is missing"),
        ([_LIST, _READ], f"{_LIST} and {_READ} is missing"),
    ],
    ids=["list", "read", "both"],
)
def test_setup_names_every_missing_permission_at_once(
    emulator: LogServiceEmulator, denied: list[str], text: str
) -> None:
    """Who grants the first is not sent back for the second."""
    emulator.accounts.change(KEY_ID, denied=dict.fromkeys(denied, "ImplicitDeny"))
    queue = _Queue()

    with pytest.raises(SetupError, match=r"CODE:0100.*CODE:0431") as caught:
        _run(_puller(emulator, queue=queue))

    assert f"{PROJECT}/{LOGSTORE}: {text}" in str(caught.value)
    assert "grant log:ListShards and log:GetCursorOrData" in str(caught.value)
    assert queue.messages == []


def test_setup_names_the_permission_though_shard_zero_is_gone(
    emulator: LogServiceEmulator,
) -> None:
    """Without a list nobody knows which shards there are."""
    emulator.split(PROJECT, LOGSTORE, 0)
    emulator.delete_shard(PROJECT, LOGSTORE, 0)
    emulator.accounts.change(KEY_ID, denied={_LIST: "ImplicitDeny"})

    with pytest.raises(SetupError, match=r"log:ListShards is missing"):
        _run(_puller(emulator))


def test_setup_proves_with_two_calls(emulator: LogServiceEmulator) -> None:
    """One for each permission, and nothing that needs another one."""
    _setup(_puller(emulator)).setup(datetime.now(UTC))

    assert [call.action for call in emulator.requests()] == ["ListShards", "GetCursor"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"secret": "other"}, "0413"), ({"active": False}, "0412")],
    ids=["secret", "disabled"],
)
def test_setup_reports_what_waiting_does_not_help_at_once(
    emulator: LogServiceEmulator, changes: dict[str, Any], code: str
) -> None:
    """After one call."""
    emulator.accounts.change(KEY_ID, **changes)

    with pytest.raises(SetupError, match=f"CODE:0100.*CODE:{code}"):
        _run(_puller(emulator))

    assert len(emulator.requests()) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_setup_tries_a_failed_call_once_more(
    emulator: LogServiceEmulator, times: int
) -> None:
    """A second failure is reported; the host tries the whole setup again."""
    emulator.faults.set([Fault("http_500_empty", count=times)])
    setup = _setup(_puller(emulator))

    if times == 1:
        setup.setup(datetime.now(UTC))
        assert isinstance(setup.collector_variables["client"], LogStoreClient)
    else:
        with pytest.raises(SetupError, match=r"CODE:0402"):
            setup.setup(datetime.now(UTC))


def test_setup_fetches_expired_credentials_again(
    emulator: LogServiceEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, before it gives up."""
    refreshed: list[int] = []
    monkeypatch.setattr(
        LogStoreClient, "refresh_credentials", lambda _self: refreshed.append(1)
    )
    emulator.faults.set([Fault("error", options={"code": "SecurityTokenExpired"})])

    with pytest.raises(SetupError, match=r"CODE:0410"):
        _setup(_puller(emulator)).setup(datetime.now(UTC))

    assert refreshed == [1]


def test_temporary_key_is_proved_more_often(emulator: LogServiceEmulator) -> None:
    """The setup runs again before the vendor's shortest credentials expire."""
    setup = _setup(_puller(emulator))
    lasting = setup.refresh_interval_in_seconds
    token = KEY["access_key_secret"]
    emulator.accounts.change(KEY_ID, security_token=token)
    setup.collector_variables["settings"] = settings(
        {"endpoint": emulator.endpoint},
        {"credentials": {**KEY, "security_token": token}},
    )

    setup.setup(datetime.now(UTC))

    assert (lasting, setup.refresh_interval_in_seconds) == (600, 300)


def test_setup_keeps_a_client_that_is_there(emulator: LogServiceEmulator) -> None:
    """Its connections are open."""
    setup = _setup(_puller(emulator))

    setup.setup(datetime.now(UTC))
    first = setup.collector_variables["client"]
    setup.setup(datetime.now(UTC))

    assert setup.collector_variables["client"] is first


def test_slow_decoder_is_warned_of(
    emulator: LogServiceEmulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A platform without a wheel reads ten times slower, and says so."""
    monkeypatch.setattr(preparing, "backend_is_compiled", lambda: False)

    _setup(_puller(emulator)).setup(datetime.now(UTC))

    assert "Install a protobuf wheel" in caplog.text


def test_store_that_is_not_there_is_named(emulator: LogServiceEmulator) -> None:
    """The remedy names the settings to check."""
    with pytest.raises(SetupError, match=r"CODE:0430.*check region or endpoint"):
        _run(_puller(emulator, logstore="none"))


def test_stopped_puller_asks_nothing(emulator: LogServiceEmulator) -> None:
    """A stop before the pull leaves the service alone."""
    puller = _puller(emulator)
    puller.stop()

    puller.pull(puller.clock.now())

    assert emulator.requests() == []


@pytest.mark.parametrize("how", ["pull_pause", "pull_stop"])
def test_pause_and_stop_wake_up_the_pull(
    emulator: LogServiceEmulator, how: str
) -> None:
    """They come from another thread, while the pull waits for its turn or answer."""
    puller = _puller(emulator)

    getattr(puller, how)()

    assert puller._interrupt.is_set()
    assert puller._workers._arrived.is_set()


def test_damaged_state_is_refused_before_the_pull(
    emulator: LogServiceEmulator,
) -> None:
    """Nobody guesses where to go on."""
    states = _States()
    puller = _puller(emulator, states)
    for backend in states.backends.values():
        backend.stage({"initial_start_time_in_utc": "soon"})

    with pytest.raises(PrePullError, match=r"CODE:0200"):
        puller.pre_pull(puller.clock.now())


def test_failed_shard_fails_the_last_pull_only(emulator: LogServiceEmulator) -> None:
    """A collector that runs once must not end as if all was read."""
    options = {"code": "ProjectForbidden", "shard": 1, "type": "log"}
    emulator.faults.set([Fault("error", options=options)])
    queue = _Queue()
    puller: Any = _puller(emulator, queue=queue)
    _run(puller)
    puller.pulls_left = 0

    with pytest.raises(PullError, match=r"CODE:0302"):
        puller.pull(puller.clock.now())

    assert len(queue.messages) == 30
