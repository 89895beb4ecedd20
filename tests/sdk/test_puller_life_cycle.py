"""The life cycle of a puller: order of calls, waits, retries, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devocollectorsdk.commons.collector_utils import CollectorUtils
from fakes.modules import ScriptedPuller, ScriptedSetup, build

if TYPE_CHECKING:
    from collections.abc import Callable


def _end(puller: ScriptedPuller) -> None:
    puller.running_flag = False


def _go_on(_puller: ScriptedPuller) -> None:
    """Do nothing: the pull succeeds."""


def _fail(_puller: ScriptedPuller) -> None:
    message = "the source is down"
    raise ConnectionError(message)


def _puller(
    *actions: Callable[[ScriptedPuller], None], **options: object
) -> ScriptedPuller:
    scripted = type("ScriptedPuller", (ScriptedPuller,), {"actions": actions})
    puller: ScriptedPuller = build(scripted, **options)  # type: ignore[arg-type]
    return puller


def test_pre_pull_runs_once_and_pulls_follow_at_the_period() -> None:
    """Pulls start a period apart, measured from start to start."""

    def slow(puller: ScriptedPuller) -> None:
        puller.clock.advance(12)  # type: ignore[attr-defined]

    puller = _puller(slow, _go_on, _end)

    puller.run()

    assert puller.journal == [
        "init_variables",
        "pre_pull 00:00:00",
        "pull 00:00:00",
        "pull 00:01:00",
        "pull 00:02:00",
    ]
    assert puller.clock.waits == [48, 60]  # type: ignore[attr-defined]


def test_pull_longer_than_the_period_is_followed_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A pull that took too long is not followed by a wait, and says so."""
    caplog.set_level("INFO")

    def slow(puller: ScriptedPuller) -> None:
        puller.clock.advance(61)  # type: ignore[attr-defined]

    puller = _puller(slow, _end)

    puller.run()

    assert puller.journal[-1] == "pull 00:01:01"
    assert (
        "Elapsed time: 61.000 seconds. Last retrieval took too much time, no wait will"
        " be applied in this loop"
    ) in caplog.messages


def test_failing_pull_is_retried_with_growing_waits() -> None:
    """Five to the power of the failures, in seconds, is never a hot loop."""
    puller = _puller(_fail, _fail, _fail, _go_on, _end)

    puller.run()

    assert puller.clock.waits == [5, 25, 125, 60]  # type: ignore[attr-defined]


def test_failing_pull_with_a_setup_waits_and_runs_the_setup_again() -> None:
    """The setup runs again after the back-off, not in a hot loop."""
    puller = _puller(_fail, _end, setup_class=ScriptedSetup)
    setup = puller.setup_instance
    assert setup
    setup.ready_to_collect = True
    waking: list[float] = []
    setup.wake_up = lambda: (  # the setup's thread, which is not started here
        waking.append(puller.clock.monotonic()),
        setattr(setup, "ready_to_collect", True),
    )[-1]

    puller.run()

    assert waking == [5]
    assert puller.journal[1:] == [
        "pre_pull 00:00:00",
        "pull 00:00:00",
        "pull 00:00:05",
    ]


@pytest.mark.parametrize("died", [True, False])
def test_puller_ends_when_its_setup_has_ended(died: bool) -> None:  # noqa: FBT001
    """Without a setup there is nothing to wait for; one that died is made again."""
    puller = _puller(_go_on, setup_class=ScriptedSetup)
    assert puller.setup_instance
    puller.setup_instance.running_flag = False
    puller.setup_instance.setup_died = died

    puller.run()

    assert puller.journal == ["init_variables"]
    assert puller.needs_restart is died


def test_failing_pre_pull_is_tried_again_after_a_minute() -> None:
    """Nothing is pulled before pre-pull succeeded."""
    failures = iter([True, False])

    class Flaky(ScriptedPuller):
        actions = (_end,)

        def pre_pull(self, retrieving_timestamp: object) -> None:
            super().pre_pull(retrieving_timestamp)  # type: ignore[arg-type]
            if next(failures):
                raise ValueError

    puller = build(Flaky)

    puller.run()

    assert puller.journal[1:] == [
        "pre_pull 00:00:00",
        "pre_pull 00:01:00",
        "pull 00:01:00",
    ]


def test_limited_puller_ends_after_its_pulls() -> None:
    """One pull asked for is one pull done."""
    puller = _puller(_go_on)
    puller.limit_pulls(1)

    puller.run()

    assert puller.pulls_completed == 1
    assert puller.clock.waits == []  # type: ignore[attr-defined]


def test_limited_puller_ends_at_its_first_failure() -> None:
    """A single run reports a failure instead of retrying for ever."""
    puller = _puller(_fail)
    puller.limit_pulls(1)

    puller.run()

    assert puller.pulls_completed == 0
    assert puller.journal[-1] == "pull 00:00:00"


def test_stop_during_a_wait_ends_the_thread_and_calls_the_module() -> None:
    """Pause and stop reach the module; no further pull is made."""
    puller = _puller(_go_on)
    puller.clock.on_wait = lambda _s: puller.stop()  # type: ignore[attr-defined]

    puller.run()

    assert puller.journal == [
        "init_variables",
        "pre_pull 00:00:00",
        "pull 00:00:00",
        "pull_pause False",
        "pull_stop",
    ]
    assert puller.is_command_in_progress()


def test_pause_holds_pulls_until_it_is_lifted() -> None:
    """While paused nothing is pulled; afterwards pulls go on."""
    puller = _puller(_go_on, _end)
    waits = 0

    def command(_seconds: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 1:
            puller.pause(wait=True)
        else:
            puller.unpause()

    puller.clock.on_wait = command  # type: ignore[attr-defined]

    puller.run()

    assert [line.split()[0] for line in puller.journal[2:]] == [
        "pull",
        "pull_pause",
        "pull",
    ]


def test_refused_message_makes_the_module_start_again() -> None:
    """A module that swallowed a refusal is not allowed to go on."""

    def refuse(puller: ScriptedPuller) -> None:
        puller.persistence_object.ok = False

    puller = _puller(refuse)

    puller.run()

    assert puller.needs_restart
    assert not puller.running_flag


def test_error_in_init_variables_keeps_the_cause_and_starts_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log names the cause; no setup is made and no exception leaves."""

    class Broken(ScriptedPuller):
        init_error = ValueError("region is missing")

    puller = build(Broken, setup_class=ScriptedSetup)

    assert str(puller.initialization_error) == "region is missing"
    assert puller.setup_instance is None
    assert caplog.messages == [
        (
            "Broken(alibaba,alibaba_1,actiontrail,predefined) -> Error when"
            " initializing the variables, details: region is missing"
            " | <class 'ValueError'>"
        )
    ]


def test_names_are_those_of_the_public_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thread names carry input, id, service, type and submodule."""
    monkeypatch.setattr(CollectorUtils, "collector_name", "example_collector")

    puller = build(ScriptedPuller, setup_class=ScriptedSetup, submodule="eu-central-1")

    assert puller.getName() == (
        "ScriptedPuller(alibaba,alibaba_1,actiontrail,predefined,eu-central-1)"
    )
    assert puller.setup_instance.name == (
        "ScriptedSetup(example_collector,alibaba#alibaba_1,actiontrail#predefined,"
        "eu-central-1)"
    )


def test_time_slots_start_pulls_at_multiples_of_the_period() -> None:
    """The timestamp of a pull is the start of its slot."""
    puller = _puller(
        _go_on, _end, service_config={"use_time_slots_for_retrievals": True}
    )
    puller.clock.advance(10)  # type: ignore[attr-defined]

    puller.run()

    assert puller.journal[2:] == ["pull 00:01:00", "pull 00:02:00"]


@pytest.mark.parametrize(
    ("definition", "service", "period_s"),
    [
        ({}, None, 60),
        ({"request_period_in_seconds": 120}, None, 120),
        (
            {"request_period_in_seconds": 120},
            {"request_period_in_seconds": 30.9},
            30,
        ),
    ],
    ids=["catalogue", "module", "user"],
)
def test_period_comes_from_the_last_block_that_names_it(
    definition: dict[str, int], service: dict[str, float] | None, period_s: int
) -> None:
    """Catalogue, module definition, user: the later wins; parts are cut off."""
    puller = build(ScriptedPuller, definition=definition, service_config=service)

    assert puller.request_period_in_seconds == period_s


def test_no_pull_begins_after_a_stop_in_the_wait_for_a_slot() -> None:
    """A stop that comes while the next time slot is awaited ends the thread."""
    puller = _puller(_go_on, service_config={"use_time_slots_for_retrievals": True})
    puller.clock.advance(10)  # type: ignore[attr-defined]

    def stop_in_the_second_wait(_seconds: float) -> None:
        if len(puller.journal) > 1:  # pre-pull is done: this wait is the pull's
            puller.request_stop()

    puller.clock.on_wait = stop_in_the_second_wait  # type: ignore[attr-defined]

    puller.run()

    assert not any(line.startswith("pull ") for line in puller.journal)


def test_setup_that_cannot_be_built_is_an_error_of_the_module() -> None:
    """It is kept and logged; the collector goes on with its other modules."""

    class Broken(ScriptedSetup):
        def __init__(self, *_arguments: object) -> None:
            message = "no such thing"
            raise TypeError(message)

    puller = build(ScriptedPuller, setup_class=Broken)

    assert str(puller.initialization_error) == "no such thing"
    assert not puller.running_flag


def test_module_that_was_never_initialized_is_not_asked_to_stop() -> None:
    """Its methods may need what init_variables did not get to make."""

    class Broken(ScriptedPuller):
        init_error = ValueError("region is missing")

    puller = build(Broken)

    puller.stop()

    assert puller.journal == ["init_variables"]
