"""What a module finds on its puller, and what it may change there."""

from __future__ import annotations

import inspect
import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)
from devocollectorsdk.ratelimiter.collector_rate_limiter_controller import (
    CollectorRateLimiterController,
)
from fakes.modules import ScriptedPuller, ScriptedSetup, build

if TYPE_CHECKING:
    from collections.abc import Callable


def _end(puller: Any) -> None:
    puller.running_flag = False


def _puller(*actions: Callable[[Any], None], **options: Any) -> Any:
    scripted = type("ScriptedPuller", (ScriptedPuller,), {"actions": actions})
    return build(scripted, **options)


PULLER_ARGUMENTS = """
    parent_thread production_mode execute_only_setup_and_exit definition_globals
    input_id input_name input_config input_definition service_name service_type
    service_config service_definition module_class_name module_config
    module_definition persistence_factory_manager output_queue lookup_queue
    internal_queue rate_limiters_from_service submodule_name submodule_config
"""
SETUP_ARGUMENTS = """
    parent_thread collector_variables autosetup_enabled input_id input_name
    input_config input_definition service_name service_type service_config
    service_definition module_name module_config module_definition
    persistence_object internal_queue execute_only_setup_and_exit
    submodule_name submodule_config
"""


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (CollectorPullerAbstract, PULLER_ARGUMENTS),
        (CollectorPullerSetupAbstract, SETUP_ARGUMENTS),
    ],
    ids=["puller", "setup"],
)
def test_constructor_takes_the_contracts_arguments_in_its_order(
    kind: type, arguments: str
) -> None:
    """The service thread passes them by position."""
    assert list(inspect.signature(kind).parameters) == arguments.split()


@pytest.mark.parametrize(
    "method", ["init_variables", "pre_pull", "pull", "pull_pause", "pull_stop"]
)
def test_puller_without_one_of_the_five_methods_cannot_be_made(method: str) -> None:
    """All five are abstract."""
    kind = type(
        "Incomplete",
        (ScriptedPuller,),
        {method: getattr(CollectorPullerAbstract, method)},
    )

    with pytest.raises(TypeError, match=method):
        build(kind)


ATTRIBUTES: dict[str, Any] = {
    "production_mode": False,
    "definition_globals": {},
    "input_id": "alibaba_1",
    "input_name": "alibaba",
    "service_name": "actiontrail",
    "service_type": "predefined",
    "service_config": None,
    "service_definition": {},
    "module_name": "Early",
    "module_config": {},
    "module_globals": {"request_period_in_seconds": 60},
    "submodule_name": "eu",
    "submodule_config": {"zone": 1},
    "request_period_in_seconds": 60,
    "use_time_slots_for_retrievals": False,
    "retrieval_offset_in_seconds": 0,
    "no_wait_next_loop": False,
    "show_puller_loop_flag": True,
    "pull_retries_max_in_iterations": -1,
    "pull_retries_initial_wait_time_in_sec": 5,
    "pull_retries_maximum_wait_time_in_sec": 1800,
    "running_flag": True,
    "initialized_variables": False,
    "autosetup_enabled": True,
    "last_execution_timestamp": None,
    "first_try_of_data_recovery": True,
    "setup_instance": None,
    "obfuscation_data": [{"name": ["a"]}],
    "environment": "prod",
    "self_monitoring_tag": "devo.collectors.out.alibaba.actiontrail",
    "collector_variables": {"requests_per_second": 7},
    "rate_limiters": [],
}


def test_all_is_there_when_init_variables_is_called() -> None:
    """A module may read or change any of it, on the thread that builds it."""
    seen: dict[str, Any] = {}

    class Early(ScriptedPuller):
        def init_variables(self, *arguments: Any) -> None:
            super().init_variables(*arguments)
            seen.update({name: getattr(self, name) for name in ATTRIBUTES})
            seen["name"] = (self.name, self.getName())
            seen["thread"] = threading.current_thread()
            seen["limiter"] = type(self.rate_limiter)
            seen["ready"] = (self.persistence_object.is_ok(), self.output_queue.qsize())
            seen["commands"] = (
                self.is_stopping(), self.is_pausing(), self.is_command_in_progress(),
            )  # fmt: skip
            self.module_definition["module_properties"]["size"] = 1

    puller = build(
        Early,
        definition={
            "module_properties": {
                "show_puller_loop_flag": True,
                "requests_per_second": 7,
            },
            "obfuscation_data": [{"name": ["a"]}],
        },
        input_config={
            "environment": "prod",
            "autoconfig": {"enabled": True},
            "requests_per_second": 3,
        },
        submodule="eu",
        submodule_config={"zone": 1},
    )

    assert puller.initialization_error is None
    assert {name: seen[name] for name in ATTRIBUTES} == ATTRIBUTES
    assert set(seen["name"]) == {"Early(alibaba,alibaba_1,actiontrail,predefined,eu)"}
    assert seen["thread"] is threading.current_thread()
    assert seen["limiter"] is CollectorRateLimiterController
    assert seen["ready"] == (True, 0)
    assert seen["commands"] == (False, False, False)
    assert puller.module_definition["class_name"] == "agent.modules.Early"
    assert puller.initialized_variables
    assert len(puller.init_arguments) == 7


def test_module_may_have_names_that_look_like_the_bases() -> None:
    """Mangled names, a clock of its own, and a state of its own are its matter."""

    class Own(ScriptedPuller):
        def init_variables(self, *arguments: Any) -> None:
            super().init_variables(*arguments)
            self.clock = None  # type: ignore[assignment]
            self.__wait = "own"
            self._paused = self._loop = self._failures = "own"

        def pull(self, retrieving_timestamp: datetime) -> None:
            super().pull(retrieving_timestamp)
            self.__finish()

        def __finish(self) -> None:
            self.running_flag = self.__wait != "own"

    puller = build(type("Mine", (Own,), {"actions": (lambda _puller: None,)}))

    puller.run()

    assert puller.pulls_completed == 1


def test_retrieving_timestamp_is_aware_and_utc() -> None:
    """Modules compare it with what they saved."""
    seen: list[datetime] = []

    class Times(ScriptedPuller):
        actions = (_end,)

        def pre_pull(self, retrieving_timestamp: datetime) -> None:
            seen.append(retrieving_timestamp)

        def pull(self, retrieving_timestamp: datetime) -> None:
            seen.append(retrieving_timestamp)
            self.running_flag = False

    puller = build(Times)
    puller.run()

    assert [moment.tzinfo for moment in seen] == [UTC, UTC]
    assert puller.last_execution_timestamp == seen[-1]


def test_pre_pull_does_not_wait_for_a_time_slot() -> None:
    """Else a slow pre-pull would cost a whole period."""
    puller = _puller(_end, service_config={"use_time_slots_for_retrievals": True})
    puller.clock.advance(10)

    puller.run()

    assert puller.journal[1:] == ["pre_pull 00:00:10", "pull 00:01:00"]


def test_offset_and_flag_change_the_next_wait_alone() -> None:
    """Both are used up by one turn."""

    def offset(puller: Any) -> None:
        puller.retrieval_offset_in_seconds = 7

    def no_wait(puller: Any) -> None:
        puller.no_wait_next_loop = True

    puller = _puller(offset, no_wait, lambda _puller: None, _end)

    puller.run()

    assert puller.clock.waits == [67, 60]
    assert puller.retrieval_offset_in_seconds == 0
    assert not puller.no_wait_next_loop


def test_wake_up_begins_the_next_pull_and_news_of_the_setup_do_not() -> None:
    """A refreshed token is no reason to pull early."""
    puller = _puller(lambda _puller: None, _end, setup_class=ScriptedSetup)
    puller.setup_instance.ready_to_collect = True
    waits: list[float] = []

    def on_wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            puller.setup_instance._sdk_attempt()  # a refresh, as its thread makes it
        else:
            puller.wake_up()

    puller.clock.on_wait = on_wait

    puller.run()

    assert waits == [60, 60]
    assert puller.clock.waits == []
    assert puller.journal[-1] == "pull 00:00:00"


def test_retries_of_pull_can_be_limited_and_paced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After the last one the thread ends."""

    def fail(puller: Any) -> None:
        puller.pull_retries_max_in_iterations = 2
        puller.pull_retries_initial_wait_time_in_sec = 3
        puller.pull_retries_maximum_wait_time_in_sec = 4
        raise ValueError

    puller = _puller(fail)

    puller.run()

    assert puller.clock.waits == [3, 4]
    assert [line for line in caplog.messages if line.startswith("Retrying")] == [
        "Retrying collector puller: 1/2",
        "Retrying collector puller: 2/2",
    ]


def test_sizes_of_the_queues_are_shown_when_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At INFO with the flag, which a module may set at any time; else at DEBUG."""
    caplog.set_level("INFO")

    def show(puller: Any) -> None:
        puller.show_puller_loop_flag = True

    puller = _puller(show, _end)

    puller.run()

    text = "Messages in the queues: output 0, lookup 0, internal 0"
    assert caplog.messages.count(text) == 1


def test_first_try_ends_with_a_completed_pull() -> None:
    """A module that catches up looks at it."""
    seen: list[bool] = []

    def note(puller: Any) -> None:
        seen.append(puller.first_try_of_data_recovery)
        if len(seen) == 1:
            raise ValueError
        puller.running_flag = len(seen) < 3

    _puller(note).run()

    assert seen == [True, True, False]


def test_error_when_the_setup_is_made_names_the_setup(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The cause is in the line, whatever class was missing or broken."""

    class Broken(ScriptedSetup):
        def __init__(self, **_arguments: Any) -> None:
            message = "no such thing"
            raise RuntimeError(message)

    puller = build(ScriptedPuller, setup_class=Broken)

    assert not puller.running_flag
    [line] = caplog.messages
    assert "Error when creating the setup, details: no such thing | <class" in line


@pytest.mark.parametrize("period", [0, -1, True, "60", None, float("nan")])
def test_period_that_means_nothing_is_refused(period: object) -> None:
    """In the constructor, as the contract has it."""
    with pytest.raises(ValueError, match="request_period_in_seconds must be"):
        build(ScriptedPuller, service_config={"request_period_in_seconds": period})


def test_pause_before_the_variables_are_there_asks_nothing_of_the_module() -> None:
    """Its method may need what init_variables did not get to make."""

    class Broken(ScriptedPuller):
        init_error = ValueError("region is missing")

    puller = build(Broken)

    puller.pause()

    assert puller.journal == ["init_variables"]
    assert puller.is_pausing()


@pytest.mark.parametrize(
    ("given", "waited_s"), [(0, 600), (None, 600), (30, 30)], ids=str
)
def test_refresh_interval_comes_from_the_input(
    given: int | None, waited_s: int
) -> None:
    """Ten minutes where it says nothing."""
    autoconfig = {"refresh_interval_in_seconds": given}
    puller = build(
        ScriptedPuller,
        setup_class=ScriptedSetup,
        input_config={"autoconfig": autoconfig},
    )
    setup = puller.setup_instance
    setup.clock.on_wait = lambda _seconds: setup.clock.waits and setup.stop()

    setup.run()

    assert setup.clock.waits == [waited_s]


def test_expired_token_does_not_make_a_hot_loop() -> None:
    """A setup that asks for less than nothing runs again after a second."""
    puller = build(ScriptedPuller, setup_class=ScriptedSetup)
    setup = puller.setup_instance
    setup.refresh_interval_in_seconds = -30
    setup.clock.on_wait = lambda _seconds: setup.clock.waits and setup.stop()

    setup.run()

    assert setup.clock.waits == [1]


@pytest.mark.parametrize("content", ["hello", {"part": 1}], ids=["text", "fields"])
def test_internal_message_tells_who_says_what(content: Any) -> None:
    """Shared ones go to the global table; the level is `info` if none is given."""
    puller = build(ScriptedPuller)

    puller.send_internal_collector_message(content)
    puller.send_internal_collector_message(content, "ERROR", True)  # noqa: FBT003

    first, second = puller.internal_queue.items
    assert (first.tag, second.tag) == (
        "devo.collectors.out.local.info",
        "devo.collectors.out.global.error",
    )
    fields = json.loads(second.content)
    time = datetime.fromisoformat(fields.pop("time"))
    assert time.tzinfo is not None
    assert fields == {
        "msg": content,
        "level": "error",
        "collector_name": "collector",
        "collector_version": "0",
        "collector_image": "unknown",
        "input_name": "alibaba",
        "service_name": "actiontrail",
        "module_name": "ScriptedPuller",
        "shared_domain": True,
    }
