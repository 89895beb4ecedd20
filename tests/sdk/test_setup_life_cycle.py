"""The life cycle of a setup."""

from __future__ import annotations

import pytest

from fakes.modules import ScriptedPuller, ScriptedSetup, build


def _setup(*script: Exception, only_setup: bool = False) -> ScriptedSetup:
    scripted = type("ScriptedSetup", (ScriptedSetup,), {"script": script})
    puller = build(ScriptedPuller, setup_class=scripted, only_setup=only_setup)
    setup: ScriptedSetup = puller.setup_instance
    return setup


def test_setup_runs_again_after_the_refresh_interval() -> None:
    """The default is ten minutes; each success makes the puller ready."""
    setup = _setup()
    waits = setup.clock.waits  # type: ignore[attr-defined]
    setup.clock.on_wait = lambda _s: setup.stop() if waits else None  # type: ignore[attr-defined]

    setup.run()

    assert waits == [600]
    assert len(setup.setup_variables["runs"]) == 2
    assert setup.ready_to_collect


def test_failing_setup_is_retried_with_growing_waits(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The puller becomes ready only after a success."""
    setup = _setup(PermissionError("no"), PermissionError("no"))
    waits = setup.clock.waits  # type: ignore[attr-defined]
    setup.clock.on_wait = lambda s: setup.stop() if s == 600 else None  # type: ignore[attr-defined]

    setup.run()

    assert waits == [5, 25]
    assert setup.ready_to_collect
    assert "Retrying collector setup: 2/∞" in caplog.messages


def test_validation_runs_the_setup_once_and_keeps_the_verdict() -> None:
    """With only the setup asked for there is one run and no retry."""
    setup = _setup(PermissionError("no"), only_setup=True)

    setup.run()

    assert setup.setup_execution_result is False
    assert str(setup.setup_error) == "no"
    assert len(setup.setup_variables["runs"]) == 1


def test_setup_shares_its_variables_with_the_puller() -> None:
    """A client built by the setup is what the puller uses."""
    setup = _setup()

    setup.collector_variables["client"] = "x"

    assert setup.parent_thread.collector_variables == {"client": "x"}


def test_setup_fails_while_state_cannot_be_saved() -> None:
    """Nothing is collected whose position could not be kept."""
    setup = _setup(only_setup=True)
    setup.persistence_object.ok = False

    setup.run()

    assert str(setup.setup_error) == (
        "SdkSetupAbstractError[CODE:0055-01] Error in setup: the state cannot be saved"
    )
