"""A receiver that is really killed, in a drain and in the resend behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from collector_emulators.certificates import certificate_paths
from collector_emulators.comparison import Comparison
from support.collecting import BACK_OFF, FAILED, WINDOW, Collecting
from support.mortal_relay import MortalRelay

MOMENTS = ("accepted", "read", "stored", "closing")
NEED_BYTES = {"read", "stored"}
"""Moments that the first connection, an empty one, never comes to."""

BREAKS = ("reset", "fin")


def test_receiver_killed_in_a_drain_and_in_the_resend_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """Two deaths in a row, before and after storing."""
    deaths = _die("kill@read,connection=3", "kill@closing,connection=1")

    assert _killed(deaths, tmp_path, certificates) == len(deaths)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("again", MOMENTS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_receiver_killed_at_every_connection_loses_nothing(
    moment: str, again: str, tmp_path: Path, certificates: Path
) -> None:
    """Every connection of a run, at every moment, and every moment of the resend."""
    number = 2 if moment in NEED_BYTES else 1
    while True:
        folder = tmp_path / str(number)
        folder.mkdir()
        deaths = _die(f"kill@{moment},connection={number}", f"kill@{again}")
        if not _killed(deaths, folder, certificates):
            break
        number += 1
    assert number > 4


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("action", BREAKS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_connection_broken_at_every_number_loses_nothing(
    action: str, moment: str, tmp_path: Path, certificates: Path
) -> None:
    """Every connection of a run, and the two behind it, at every moment."""
    number = 0
    met = 1
    while met:
        number += 1
        folder = tmp_path / str(number)
        folder.mkdir()
        faults = tuple(f"{action}@{moment},connection={number + i}" for i in range(3))
        with Collecting(
            folder, certificates=certificates, count=420, faults=faults
        ) as stage:
            code, log = stage.once()
            met = stage.relay.tally["faults"]

            assert code == 0, f"connection {number}: {log}"
            _judge(stage.compare(), log, f"connection {number}")
    assert number > 4


def test_kill_while_the_receiver_is_dead_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """What a dead receiver took is read again by the next process."""
    result, log = _kill_while_dead(tmp_path, certificates)

    assert (result.lost, result.altered) == (0, 0), log
    assert result.duplicates == 0


def test_commit_after_send_is_found(tmp_path: Path, certificates: Path) -> None:
    """The same run shows a loss if a write counts as delivery."""
    result, log = _kill_while_dead(
        tmp_path, certificates, mutant="core.commit_before_confirm"
    )

    assert result.lost > 0, log


def _die(*faults: str) -> list[list[str]]:
    return [[fault] for fault in faults]


def _killed(lives: Sequence[Sequence[str]], folder: Path, certificates: Path) -> int:
    """Run with a relay that dies as told; return how many deaths it met."""
    paths = certificate_paths(certificates)
    with (
        Collecting(folder, certificates=certificates, count=420) as stage,
        MortalRelay(paths, folder / "ledger", lives) as relay,
    ):
        stage.write_config(port=str(relay.port))
        with stage.running("--once") as run:
            while relay.revive_unless(run.has_ended):
                pass
            code = run.end()

        assert code == 0, run.log
        _judge(stage.against(relay.stored()), run.log, str(lives))
    return relay.deaths


def _judge(result: Comparison, log: str, what: str) -> None:
    assert (result.lost, result.altered) == (0, 0), f"{what}: {log}"
    assert result.duplicates <= log.count(FAILED) * WINDOW, f"{what}: {log}"
    assert log.count(BACK_OFF) >= log.count(FAILED), f"{what}: {log}"


def _kill_while_dead(
    folder: Path, certificates: Path, *, mutant: str | None = None
) -> tuple[Comparison, str]:
    """Kill the receiver before it stores, then the collector; begin again."""
    paths = certificate_paths(certificates)
    with (
        Collecting(folder, certificates=certificates, mutant=mutant) as stage,
        MortalRelay(paths, folder / "ledger", [["kill@read,connection=2"]]) as relay,
    ):
        stage.write_config(port=str(relay.port))
        with stage.running() as run:  # killed at the end of this block
            run.wait_for(FAILED)
        relay.await_death()
        relay.start()
        code, log = stage.once()

        assert code == 0, log
        return stage.against(relay.stored()), run.log + log
