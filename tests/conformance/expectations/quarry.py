"""The quarry: a stop, and modules that obey it or do not."""

from __future__ import annotations

from typing import Any, Final

from conformance.model import Fixture, Run


def _fixture(
    puller: str,
    service: str,
    *rows: str,
    log: tuple[str, ...] = (),
    further: tuple[Any, ...] = (),
    state: Any = None,
    silent: tuple[str, ...] = (),
) -> Fixture:
    """Return what a module leaves that was stopped in its first pull."""
    return Fixture(
        puller,
        rows=("stop", *rows),
        tables={f"my.app.quarry.{service}": ["begun", *further]},
        states={f"quarry;q1;{service};None": state or {"begun": True}},
        log=log,
        silent=silent,
    )


_LEFT: Final = r"WARNING .* {}\(quarry,q1,.*\) did not end in time$"

QUARRY: Final = Run(
    "quarry",
    "quarry",
    (
        _fixture(
            "PollingPuller",
            "polling",
            "is_command_in_progress",
            "pull_pause and pull_stop",
            further=({"stopping": True},),
            state={"ended": "in order"},
            log=(
                'Received the "Terminated" system signal',
                r"polling: pull_pause\(False\), own thread: False$",
                r"polling: pull_stop\(\), own thread: False$",
                r'\[EXIT\] Process "InputProcess" completely terminated',
                r'\[EXIT\] Process "OutputProcess" completely terminated',
                (
                    r'\[EXIT\] Process "MainProcess" completely terminated \(elapsed time'
                    r" since the system signal was received: \d+\.\d+s\)$"
                ),
            ),
        ),
        _fixture(
            "WaitingPuller",
            "waiting",
            silent=(_LEFT.format("WaitingPuller"),),
        ),
        _fixture(
            "BackingOffPuller",
            "backing_off",
            "waits end at a stop",
            log=(r"BackingOffPuller\(.*\) -> Sleeping <1800> seconds",),
            silent=(_LEFT.format("BackingOffPuller"),),
        ),
        _fixture(
            "EndlessPuller",
            "endless",
            "endless pull",
            log=(_LEFT.format("EndlessPuller"),),
        ),
        _fixture(
            "SleepingPuller",
            "sleeping",
            "sleeping pull",
            log=(_LEFT.format("SleepingPuller"),),
        ),
        _fixture("ThreadedPuller", "threaded", "own threads"),
        _fixture("HangingStopPuller", "hanging_stop", "pull_pause and pull_stop"),
        _fixture(
            "RaisingStopPuller",
            "raising_stop",
            "pull_pause and pull_stop",
            log=("no pause here", "no stop here"),
        ),
        Fixture(
            "NeverReadyPuller",
            rows=("stop", "setup ready before pre_pull"),
            states={"quarry;q1;never_ready;None": None},
            log=(
                (
                    r"WARNING InputProcess::NeverReadyPuller\(.*\) -> Waiting until setup"
                    " will be executed$"
                ),
            ),
            silent=("pulled before the setup",),
        ),
        Fixture("ForemanPuller", rows=("one shot",)),
    ),
    hurried=False,
    stopped_at=(
        "everybody is at work",
        "Sleeping <1800> seconds",
        "Waiting until setup will be executed",
    ),
)
