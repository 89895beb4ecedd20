"""Real collectors that share one state on a real Redis server.

Hosts are paused, killed, and started side by side; the server is taken away and comes
back. In the end the ledgers of source and receiver are compared.
"""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.redis_server import RedisServer
from support.running import read_until
from support.stage import Stage, summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEASE_S = 1
STATE_UNUSABLE = 3
NOTHING = {"lost": 0, "altered": 0, "duplicates": 0}
_FILES = "{type: filesystem, config: {directory_name: state}}"
_PULLED = "Retrieved and sent"
_END_S = 20


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that forgets nothing."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder, appendonly="yes", appendfsync="always") as server:
        yield server


@pytest.fixture
def stage(tmp_path: Path, certificates: Path, server: RedisServer) -> Iterator[Stage]:
    """A source, a receiver, and a configuration with the server in it."""
    folder = tmp_path / "stage"
    folder.mkdir()
    with Stage(folder, certificates=certificates, count=420, burst=130) as stage:
        shared = (
            f"{{type: redis, config: {{host: 127.0.0.1, port: {server.port},"
            f" lease_in_seconds: {LEASE_S}}}}}"
        )
        config = folder / "config.yaml"
        text = config.read_text(encoding="utf-8")
        assert _FILES in text
        config.write_text(text.replace(_FILES, shared), encoding="utf-8")
        yield stage


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, log = process.communicate(timeout=_END_S)
    return process.returncode, log


def _stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    code, log = _end(process)
    assert code == 0, log
    return log


def _shown(stage: Stage) -> str:
    with stage.spawn("state", "show") as process:
        text, log = process.communicate(timeout=_END_S)
    assert process.returncode == 0, log
    return text


def test_second_host_is_refused_while_the_first_works(stage: Stage) -> None:
    """With the exit code of a locked state directory; looking at it is allowed."""
    with stage.spawn("run") as first:
        try:
            read_until(first, "Starting data collection")

            code, log = stage.once()
            shown = _shown(stage)

            assert code == STATE_UNUSABLE, log
            assert "key collector:{stage}:states, field alibaba;alibaba_1" in shown
            assert "position" in shown
            assert "[DC402] the state of collector 'stage' in Redis" in log
            read_until(first, _PULLED)
            _stop(first)
        finally:
            first.kill()
    assert summary(stage.compare()) == NOTHING


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("Starting data collection", marks=pytest.mark.chaos),
        "Sending",
        pytest.param(_PULLED, marks=pytest.mark.chaos),
    ],
)
def test_paused_host_is_replaced_and_overwrites_nothing(
    stage: Stage, server: RedisServer, moment: str
) -> None:
    """It stops with a clear error when it wakes up; nothing is lost."""
    with stage.spawn("run") as first:
        try:
            read_until(first, moment)
            first.send_signal(signal.SIGSTOP)
            # A lease that was just renewed is waited for.
            code, log = stage.once()
            assert code == 0, log
            with server.client() as client:
                saved = client.hgetall("collector:{stage}:states")

            first.send_signal(signal.SIGCONT)
            code, log = _end(first)

            assert code == STATE_UNUSABLE, log
            assert "[DC404] the state of collector 'stage'" in log
            assert "was taken over by" in log
            with server.client() as client:
                assert client.hgetall("collector:{stage}:states") == saved
        finally:
            first.kill()
    result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(
            ("sender.after_confirm:1", "store.after_replace:1"), id="two kills"
        ),
        pytest.param(
            (
                *("store.before_write:1", "puller.after_send:1"),
                *("puller.after_save:2", "sender.before_write:1"),
                *("sender.after_write:1", "sender.before_confirm:1"),
                *("sender.after_confirm:1", "store.before_write:1"),
                *("store.after_replace:1", "store.after_commit:1"),
                *("puller.after_pull:1", "stop.before_drain:1"),
            ),
            id="many kills",
            marks=[pytest.mark.chaos, pytest.mark.timeout(300)],
        ),
    ],
)
def test_killed_hosts_take_over_from_each_other_and_lose_nothing(
    stage: Stage, faults: tuple[str, ...]
) -> None:
    """Each dies at another step, and the next waits for the end of its lease."""
    for fault in faults:
        code, log = stage.once(f"kill:{fault}")
        assert code == -signal.SIGKILL, f"{fault}: {log}"

    code, log = stage.once()

    assert code == 0, log
    result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)


def test_server_that_restarts_under_a_running_collector_costs_nothing(
    stage: Stage, server: RedisServer
) -> None:
    """Commits wait for it; what is delivered meanwhile is not delivered again."""
    with stage.spawn("run") as process:
        try:
            read_until(process, "Starting data collection")
            server.kill()
            log = read_until(process, "commits wait")
            assert "cannot be reached" in log
            server.start()
            read_until(process, "answers again")
            read_until(process, _PULLED)
            _stop(process)
        finally:
            process.kill()

    code, log = stage.once()

    assert code == 0, log
    assert summary(stage.compare()) == NOTHING


def test_trial_without_state_leaves_the_server_alone(
    stage: Stage, server: RedisServer
) -> None:
    """`--no-save-state` neither loads nor keeps, and says so."""
    code, log = stage.run("run", "--once", "--no-save-state")

    assert code == 0, log
    assert "WARNING" in log
    assert "No state is kept" in log
    with server.client() as client:
        assert client.keys("*") == []
