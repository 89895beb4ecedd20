"""The machine under the real collector fails: disk, folder, signals.

Each fault hits a running process while source and receiver live on; in the end the
ledgers are compared. A fault that needs a mount is left out where none is allowed.
"""

from __future__ import annotations

import resource
import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from support.mutants import state as mutants
from support.running import read_until, spawn_changed
from support.stage import Stage, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from support.mutants.patching import Patch

NOTHING = {"lost": 0, "altered": 0, "duplicates": 0}
_PULLED = "Retrieved and sent"
_CANNOT = "cannot be saved"
_END_S = 12
_SMALL = "size=64k,mode=700"


@pytest.fixture
def stage(tmp_path: Path, certificates: Path) -> Generator[Stage]:
    """Return a source of 200 events, a receiver, and a configuration."""
    with Stage(tmp_path, certificates=certificates) as stage:
        yield stage


def _mount(folder: Path, options: str) -> None:
    """Put a file system of its own there, or skip the test."""
    folder.mkdir(mode=0o700, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no mount is allowed here: {error}")


def _unmount(folder: Path) -> None:
    # Lazily: the collector may have a file open there.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  (found on the PATH)


@contextmanager
def _no_large_files(_folder: Path, pid: int) -> Generator[None]:
    """Let the process write no file of more than 100 bytes."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (100, hard))
    yield
    with suppress(ProcessLookupError):  # it may have been killed meanwhile
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def _read_only(folder: Path, _pid: int) -> Generator[None]:
    """Cover the folder with an empty one that nobody can write to."""
    _mount(folder, f"ro,{_SMALL}")
    try:
        yield
    finally:
        _unmount(folder)


@contextmanager
def _full(folder: Path, _pid: int) -> Generator[None]:
    """Cover the folder with one that has room for names, and for no byte."""
    _mount(folder, _SMALL)
    ballast = folder / "ballast"
    try:
        with pytest.raises(OSError, match="No space left"):
            ballast.write_bytes(bytes(10**6))
        yield
    finally:
        _unmount(folder)


@contextmanager
def _gone(folder: Path, _pid: int) -> Generator[None]:
    """Take the folder away at one stroke."""
    folder.rename(folder.with_name("taken"))
    yield


def _stop(process: subprocess.Popen[str]) -> str:
    """Stop the collector in order and return the rest of its log."""
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=_END_S)
    assert process.returncode == 0, log
    return log


def _end_at_once(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=_END_S)


def _run_with(
    stage: Stage,
    fault: Callable[[Path, int], Generator[None]],
    says: str,
    *changes: Callable[[Patch], None],
) -> dict[str, int]:
    """Let a fault come and go under a running collector; compare after a restart."""
    folder = stage.folder / "state"
    with spawn_changed(stage, *changes) as process:
        read_until(process, "Sending")
        with fault(folder, process.pid):
            log = read_until(process, says)
            log += read_until(process, _PULLED)
            log += read_until(process, _PULLED)
        _stop(process)

    code, log = stage.once()

    assert code == 0, log
    return summary(stage.compare())


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param(_no_large_files, "free some space", id="file size limit"),
        pytest.param(
            _full, "free some space", id="full file system", marks=pytest.mark.chaos
        ),
        pytest.param(
            _read_only, "directory writable", id="read-only", marks=pytest.mark.chaos
        ),
        pytest.param(_gone, "was taken away; making it again", id="removed"),
    ],
)
def test_disk_that_fails_for_a_while_costs_nothing(
    fault: Callable[[Path, int], Generator[None]], says: str, stage: Stage
) -> None:
    """Delivery goes on, the log says how to mend it, then the state is saved."""
    assert _run_with(stage, fault, says) == NOTHING


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("fault", "says", "mutant"),
    [
        (_no_large_files, _CANNOT, mutants.first_failure_ends_saving),
        (_gone, _CANNOT, mutants.lost_folder_stays_lost),
    ],
)
def test_disk_that_fails_for_a_while_is_noticed_without(
    fault: Callable[[Path, int], Generator[None]],
    says: str,
    mutant: Callable[[Patch], None],
    stage: Stage,
) -> None:
    """A collector that does not try again repeats what it delivered."""
    result = _run_with(stage, fault, says, mutant)

    assert result["lost"] == 0
    assert result["duplicates"] > 0


@pytest.mark.chaos
def test_killed_while_the_disk_is_full_loses_nothing(stage: Stage) -> None:
    """What was delivered since the last saved state comes again, and no more."""
    with stage.spawn("run") as process:
        read_until(process, "Sending")
        with _no_large_files(stage.folder, process.pid):
            read_until(process, _CANNOT)
            read_until(process, _PULLED)
            _end_at_once(process)

    code, log = stage.once()

    assert code == 0, log
    result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)
    assert result.duplicates <= 200


@pytest.mark.parametrize(
    ("failing", "repeated"),
    [
        pytest.param("3", False, id="three times"),
        pytest.param("100000", True, id="for good", marks=pytest.mark.chaos),
    ],
)
def test_failing_fsync_loses_nothing(
    failing: str, *, repeated: bool, stage: Stage
) -> None:
    """A sync that fails commits nothing; the next file that is synced does."""
    environment = {mutants.FAILING_SYNCS: failing}
    with spawn_changed(stage, mutants.syncs_fail, **environment) as process:
        log = read_until(process, _CANNOT)
        for _ in range(4):
            read_until(process, _PULLED)
        _stop(process)

    code, again = stage.once()

    assert code == 0, again
    assert "Input/output error" in log
    result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)
    # The first state's bytes are on the disk; only its folder was not synced.
    assert result.duplicates <= (200 if repeated else 0)


def test_read_only_state_is_found_before_anything_is_asked(stage: Stage) -> None:
    """Exit code 3 with advice; the source was not called."""
    folder = stage.folder / "state"
    with _read_only(folder, 0):
        code, log = stage.once()

    assert code == 3
    assert "make the state directory writable" in log
    assert stage.source.ledger.calls() == []


def _newest(stage: Stage) -> Path:
    (path,) = (
        path
        for path in (stage.folder / "state").glob("*.json")
        if ".prev" not in path.name
    )
    return path


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.chaos
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_flip, id="flipped"),
        pytest.param(lambda content: content[:-20], id="torn"),
        pytest.param(lambda content: bytes(len(content)), id="zeroed"),
    ],
)
def test_damage_under_a_running_collector_loses_nothing(
    damage: Callable[[bytes], bytes], stage: Stage
) -> None:
    """The next commit or the generation before takes its place after a kill."""
    with stage.spawn("run") as process:
        read_until(process, _PULLED)
        read_until(process, _PULLED)
        file = _newest(stage)
        file.write_bytes(damage(file.read_bytes()))
        _end_at_once(process)

    code, log = stage.once()

    assert code == 0, log
    result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)
    assert result.duplicates <= 200


def _refused_newer_format(stage: Stage, *changes: Callable[[Patch], None]) -> bool:
    """Downgrade: run on a state of the next format; tell whether it was kept."""
    with spawn_changed(
        stage, mutants.newer_format_is_written, arguments=("run", "--once")
    ) as newer:
        newer.communicate(timeout=_END_S)
    before = _newest(stage).read_bytes()
    assert b'"format": 2,' in before
    calls = len(stage.source.ledger.calls())
    with spawn_changed(stage, *changes, arguments=("run", "--once")) as process:
        _, log = process.communicate(timeout=_END_S)
    return (
        process.returncode == 3
        and "DC403" in log
        and _newest(stage).read_bytes() == before
        and len(stage.source.ledger.calls()) == calls
    )


def test_state_of_a_newer_version_is_refused_and_kept(stage: Stage) -> None:
    """Exit code 3, DC403, nothing asked, not a byte of the file changed."""
    assert _refused_newer_format(stage)


@pytest.mark.chaos
def test_state_of_a_newer_version_is_overwritten_without_the_check(
    stage: Stage,
) -> None:
    """A version that does not look at the format number uses what it cannot know."""
    assert not _refused_newer_format(stage, mutants.newer_format_is_taken)


def test_suspended_collector_goes_on_where_it_was(stage: Stage) -> None:
    """Stopped and continued in mid-delivery: nothing lost, at most a window twice."""
    with stage.spawn("run") as process:
        read_until(process, "Sending")
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.send_signal(signal.SIGCONT)
        read_until(process, _PULLED)
        _stop(process)

    code, log = stage.once()

    assert code == 0, log
    assert summary(stage.compare()) == NOTHING


def test_second_signal_ends_at_once_and_loses_nothing(
    tmp_path: Path, certificates: Path
) -> None:
    """The operator does not want to wait for the drain: exit code 143, all again."""
    fault = "stall@closing,connection=2"
    with Stage(tmp_path, certificates=certificates, faults=(fault,)) as stage:
        with stage.spawn("run") as process:
            read_until(process, _PULLED)
            process.send_signal(signal.SIGTERM)
            read_until(process, "gracefully stopped")
            # What comes within half a second of the first is the same wish.
            while process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
            process.communicate(timeout=_END_S)
        assert process.returncode == 128 + signal.SIGTERM
        stage.relay.release()

        code, log = stage.once()

        assert code == 0, log
        result = stage.compare()
    assert (result.lost, result.altered) == (0, 0)
