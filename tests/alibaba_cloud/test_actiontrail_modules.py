"""Setup and puller as the collector SDK sees them, against the emulator."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from alibaba_cloud.actiontrail.puller import ActionTrailStandardPuller
from alibaba_cloud.actiontrail.setup import ActionTrailBasePullerSetup
from alibaba_cloud.errors import SetupError
from devocollectorsdk.message.message import Message
from devocollectorsdk.persistence.persistence_object import PersistenceObject
from fakes.actiontrail import (
    INPUT,
    KEY,
    START,
    crowded_trail,
    module_definition,
    settings,
)
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector_emulators.actiontrail.emulator import ActionTrailEmulator

NOW = START + timedelta(hours=2)
DENIED = {"actiontrail:LookupEvents": "ImplicitDeny"}
NUMBER_OF_EVENTS = len(crowded_trail("[]").events)


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
        self._backends: dict[str, _Backend] = {}

    def create(self, *owner: str | None) -> PersistenceObject:
        name = ";".join(str(part) for part in owner)
        backend = self._backends.setdefault(name, _Backend(name))
        return PersistenceObject(backend, "example")


class _Queue:
    """The host's queue, as a list."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    def put(self, item: Any) -> None:
        self.messages += [item] if isinstance(item, Message) else item


class _Service:
    """The service thread a puller is made by."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock

    def find_setup_class(self, name: str) -> type[ActionTrailBasePullerSetup]:
        assert name == ActionTrailBasePullerSetup.__name__
        return ActionTrailBasePullerSetup


def _puller(
    emulator: ActionTrailEmulator,
    states: _States,
    queue: _Queue,
    region: str | None = None,
) -> ActionTrailStandardPuller:
    source = {**INPUT, "credentials": KEY}
    form = {"regions": [region]} if region else {"region": "cn-hangzhou"}
    service = {
        **form,
        "endpoint": f"http://{emulator.endpoint}",
        "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
    }
    name = ActionTrailStandardPuller.__name__
    arguments: tuple[Any, ...] = (_Service(ManualClock(NOW)), False, False, {})
    arguments += ("alibaba_1", "alibaba", source, {}, "actiontrail", "predefined")
    arguments += (service, {}, name, {}, module_definition(), states)
    arguments += (queue, queue, _Queue(), [], region, region)
    return ActionTrailStandardPuller(*arguments)


def _run(puller: ActionTrailStandardPuller) -> None:
    """Set up, pre-pull and pull once, on this thread."""
    now = puller.clock.now()
    assert puller.setup_instance is not None
    puller.setup_instance.setup(now)
    puller.pre_pull(now)
    puller.pull(now)


def test_setup_and_puller_work_together(emulator: ActionTrailEmulator) -> None:
    """The classes the SDK sees deliver every event once, under the guide's names."""
    queue = _Queue()
    puller = _puller(emulator, _States(), queue)

    _run(puller)

    thread = "ActionTrailStandardPuller(alibaba,alibaba_1,actiontrail,predefined)"
    assert puller.name == thread
    assert len(queue.messages) == NUMBER_OF_EVENTS
    assert {one.tag for one in queue.messages} == {"cloud.alibaba.actiontrail.events"}
    probe = emulator.ledger.calls()[0].parameters
    assert (probe["MaxResults"], probe["EndTime"]) == ("1", "2023-01-05T01:50:00Z")


def test_going_to_a_list_of_regions_and_back_continues(
    emulator: ActionTrailEmulator,
) -> None:
    """Neither way reads anything twice."""
    states, queue = _States(), _Queue()

    for region in (None, "cn-hangzhou", None):
        _run(_puller(emulator, states, queue, region))

    assert len(queue.messages) == NUMBER_OF_EVENTS


def test_setup_names_what_is_wrong_and_pulls_nothing(
    emulator: ActionTrailEmulator,
) -> None:
    """A denied key stops the service with the reason and the remedy."""
    emulator.accounts.change("example-id", denied=DENIED)
    queue = _Queue()

    with pytest.raises(SetupError, match="grant actiontrail:LookupEvents"):
        _run(_puller(emulator, _States(), queue))

    assert queue.messages == []


def test_temporary_key_is_proved_more_often(emulator: ActionTrailEmulator) -> None:
    """The setup runs again before the vendor's shortest credentials expire."""
    puller = _puller(emulator, _States(), _Queue())
    setup = puller.setup_instance
    assert setup is not None
    lasting = setup.refresh_interval_in_seconds
    token = KEY["access_key_secret"]
    emulator.accounts.change("example-id", security_token=token)
    chosen = settings(
        {"endpoint": f"http://{emulator.endpoint}"},
        {"credentials": {**KEY, "security_token": token}},
    )
    setup.collector_variables["settings"] = chosen

    setup.setup(datetime.now(UTC))

    assert (lasting, setup.refresh_interval_in_seconds) == (600, 300)


def test_stopped_puller_asks_nothing(emulator: ActionTrailEmulator) -> None:
    """A stop before the pull leaves the service alone."""
    puller = _puller(emulator, _States(), _Queue())
    puller.stop()

    puller.pull(puller.clock.now())

    assert emulator.ledger.calls() == []
