"""How fast states reach the disk, beside the least any durable write costs there."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from collector_host.state.store import StateStore
from measuring.figures import Reading
from measuring.processes import in_own_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from measuring.sizes import Size

_IDS: Final = 50
_BARE_BYTES: Final = 3_000


class _Cost(NamedTuple):
    elapsed_s: float
    cpu_s: float


def measure(size: Size, seed: int) -> Iterator[Reading]:
    """Commit states of one owner, each followed by a bare write: disks have moods."""
    for repeat in range(size.repeats):
        state = _state(seed + repeat)
        store, bare = in_own_process(_both, state, size.commits)
        per_commit_s = store.cpu_s / size.commits
        yield Reading("rate", "states/s", size.commits / store.elapsed_s)
        yield Reading("bare durable writes", "files/s", size.commits / bare.elapsed_s)
        yield Reading("states : bare, rate", "ratio", bare.elapsed_s / store.elapsed_s)
        yield Reading("CPU of one commit", "ms", per_commit_s * 1e3)


def _state(seed: int) -> dict[str, Any]:
    """Return what the service `actiontrail` saves when a second held 50 events."""
    return {
        "initial_start_time_in_utc": "2023-01-05T00:00:00Z",
        "last_run_datetime": "2026-01-01T00:00:00.999999Z",
        "last_ids": [str(uuid.UUID(int=seed * _IDS + n)) for n in range(_IDS)],
    }


def _both(state: dict[str, Any], count: int) -> tuple[_Cost, _Cost]:
    """Return what all commits cost, and what all bare writes cost."""
    with tempfile.TemporaryDirectory() as folder:
        store = StateStore(Path(folder) / "state")
        commit = partial(store.commit, "alibaba;alibaba_1;actiontrail;None", state)
        write = partial(_write_bare, Path(folder))
        try:
            costs = [(_cost(commit), _cost(write)) for _ in range(count)]
        finally:
            store.close()
    return _total(cost for cost, _ in costs), _total(cost for _, cost in costs)


def _cost(step: Callable[[], None]) -> _Cost:
    began_at, cpu_before_s = time.perf_counter(), time.process_time()
    step()
    return _Cost(time.perf_counter() - began_at, time.process_time() - cpu_before_s)


def _total(costs: Iterable[_Cost]) -> _Cost:
    listed = list(costs)
    elapsed_s = sum(cost.elapsed_s for cost in listed)
    return _Cost(elapsed_s, sum(cost.cpu_s for cost in listed))


def _write_bare(folder: Path) -> None:
    """Replace a file so that it survives a loss of power, and nothing more."""
    temporary = folder / "bare.tmp"
    with temporary.open("wb") as file:
        file.write(bytes(_BARE_BYTES))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / "bare")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)
