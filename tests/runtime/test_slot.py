"""One module's place: built, watched, built again."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from collector_host.config.model import Input, Module, Service
from collector_host.delivery.committer import Committer
from collector_host.delivery.internal import InternalQueue
from collector_host.delivery.messages import MessageRules
from collector_host.delivery.owner import Owner
from collector_host.delivery.queue import Bounds, DeliveryQueue
from collector_host.runtime.slot import Blueprint, Slot, Surroundings
from collector_host.state.memory import MemoryStore
from collector_host.telemetry.counters import Counters
from devocollectorsdk.commons.collector_exceptions import SdkPullerAbstractError
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from fakes.clocks import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from collector_host.plugins.manager import Plugins


class _Classes:
    """Stands for the plugins: offers one puller class."""

    def __init__(self, puller: type[Any]) -> None:
        self._puller = puller

    def puller(self, _name: str) -> type[Any]:
        return self._puller

    def setup(self, _name: str) -> type[Any]:
        raise AssertionError


class _Puller(CollectorPullerAbstract):
    action: Callable[[_Puller], None]

    def init_variables(self, *arguments: Any) -> None:
        self.input_config["touched"] = True
        assert arguments

    def pre_pull(self, retrieving_timestamp: object) -> None:
        """Nothing to prepare."""

    def pull(self, retrieving_timestamp: object) -> None:  # noqa: ARG002  (the contract)
        type(self).action(self)

    def pull_pause(self, wait: bool | None = None) -> None:  # noqa: FBT001  (the contract)
        """Nothing to pause."""

    def pull_stop(self) -> None:
        """Nothing to stop."""


class Place:
    """A slot in a host without senders."""

    def __init__(
        self, action: Callable[[_Puller], None], pulls: int | None = None
    ) -> None:
        self.clock = ManualClock()
        counters = Counters(self.clock)
        queue = DeliveryQueue({"devo": True}, Bounds(999, 99), self.clock, {})
        self.queue = queue
        store = MemoryStore()
        rules = MessageRules(1000, counters)
        committer = Committer(queue, store, counters, self.clock)

        def open_owner(name: str) -> Owner:
            return Owner(
                name, store.load(name), queue=queue, committer=committer, rules=rules
            )

        self.config: dict[str, Any] = {"region": "x"}
        classes: Any = _Classes(type("_Puller", (_Puller,), {"action": action}))
        plugins: Plugins = classes
        module = Module("_Puller", None, {}, None, None)
        service = Service("actiontrail", "predefined", None, {}, (module,))
        source = Input("alibaba", "alibaba_1", self.config, {}, (service,))
        self.slot = Slot(
            Blueprint(source, service, module, None, None, {}),
            Surroundings(
                plugins,
                self.clock,
                InternalQueue(queue, rules, counters, mask=str, deliver=False),
                open_owner,
                lambda: None,
            ),
            pulls,
        )

    def run(self) -> None:
        """Run the module's thread to its end."""
        self.slot.start()
        assert self.slot.join(10)


def _end(puller: _Puller) -> None:
    puller.running_flag = False


def test_module_that_ends_by_itself_is_not_started_again() -> None:
    """`running_flag = False` is the module's way to say that it is done."""
    place = Place(_end)

    place.run()
    place.slot.tend()

    assert place.slot.ended
    assert place.slot.succeeded


def test_module_gets_its_own_copy_of_the_configuration() -> None:
    """A module that changes its configuration changes it for nobody else."""
    place = Place(_end)

    assert place.slot.puller.input_config == {"region": "x", "touched": True}
    assert place.config == {"region": "x"}


def test_module_that_fails_for_its_message_starts_again_from_its_saved_state() -> None:
    """What it took for sent in its own memory is forgotten with it."""

    def fail(puller: _Puller) -> None:
        puller.persistence_object.save_state({"page": 1})
        puller.send_standard_message("date", "a.b", 7)

    place = Place(fail)
    place.run()
    first = place.slot.puller

    place.slot.tend()
    assert not place.slot.ended
    assert place.slot.puller is first
    place.clock.advance(5)
    place.slot.tend()

    second = place.slot.puller
    assert second is not first
    assert second.persistence_object.load_state() == {"page": 1}
    place.slot.stop()
    assert place.slot.join(10)


def test_module_that_handles_the_error_about_its_message_goes_on() -> None:
    """It was told, and decided: nothing is done twice for it."""

    def handle(puller: _Puller) -> None:
        with suppress(SdkPullerAbstractError):
            puller.send_standard_message("date", "a.b", 7)
        puller.persistence_object.save_state({"page": 2})
        puller.running_flag = False

    place = Place(handle)
    place.run()
    place.slot.tend()

    assert place.slot.ended
    assert place.slot.puller.persistence_object.load_state() == {"page": 2}


def test_thread_that_died_starts_again_later_and_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in a module is no silent end; waits double up to five minutes."""
    monkeypatch.setattr(threading, "excepthook", lambda _event: None)

    def die(puller: _Puller) -> None:
        puller.name = "a broken thread"
        raise SystemExit

    place = Place(die)
    waits: list[float] = []
    for _ in range(9):
        place.run() if not waits else place.slot.join(10)
        place.slot.tend()
        waited = 0
        before = place.slot.puller
        while place.slot.puller is before:
            place.clock.advance(5)
            waited += 5
            place.slot.tend()
        waits.append(waited)

    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert place.slot.join(10)
    # Python itself says nothing of this one.
    assert caplog.text.count('"type": "SystemExit"') == len(waits) + 1


def test_limited_module_that_fails_has_not_succeeded() -> None:
    """One pull asked for, and it failed: the caller can tell."""

    def fail(_puller: _Puller) -> None:
        raise ConnectionError

    place = Place(fail, pulls=1)

    place.run()
    place.slot.tend()

    assert place.slot.ended
    assert not place.slot.succeeded


def test_stopped_module_is_not_started_again() -> None:
    """A stop ends the watching, too."""
    place = Place(_end)
    place.run()

    place.slot.stop()
    place.slot.tend()

    assert place.slot.ended


def test_owner_name_tells_several_modules_of_a_service_apart() -> None:
    """Two modules of one service must not write one state."""
    one, two = (Module(name, None, {}, None, None) for name in ("A", "B"))
    alone = Service("s", "predefined", None, {"modules": {"A": {}}}, (one,))
    both = Service("s", "predefined", None, {"modules": {"A": {}, "B": {}}}, (two,))
    source = Input("alibaba", "1", {}, {}, (alone, both))

    assert Blueprint(source, alone, one, None, None, {}).owner_name == (
        "alibaba;1;s;None"
    )
    assert Blueprint(source, both, two, "eu", None, {}).owner_name == (
        "alibaba;1;s;eu;B"
    )


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"requests_limits": {"period": "1m", "number_of_requests": 9}}, [1, 9, 3]),
    ],
    ids=["catalogue", "user"],
)
def test_request_limits_of_all_levels_reach_the_module(
    config: dict[str, Any], expected: list[int]
) -> None:
    """The user's limits of an input replace the catalogue's for it, no others."""

    def limit(number: int) -> dict[str, Any]:
        return {"requests_limits": [{"period": "1m", "number_of_requests": number}]}

    definition = {"input_thread_globals": limit(2), "service_thread_globals": limit(3)}
    module = Module("A", None, {}, None, None)
    service = Service("s", "predefined", None, {}, (module,))
    source = Input("alibaba", "1", config, definition, (service,))

    limits = Blueprint(source, service, module, None, None, limit(1))._limits()

    assert [entry["number_of_requests"] for entry in limits] == expected
