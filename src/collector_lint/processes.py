"""Work on many targets in as many processes as there are cores.

Processes are forked, so that what was loaded before is there without being sent.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")

WORTHWHILE: Final = 200
"""Fewest items for which starting processes takes less time than it saves."""
_MOST: Final = 8


def side_by_side(
    work: Callable[[_Item], list[_Found]], items: Sequence[_Item]
) -> list[_Found]:
    """Return what `work` finds in all items, in their order.

    An interrupt ends the processes, too; they do not look at it themselves.

    Args:
        work: What is done with an item; its results are sent between processes.
        items: A few are done here.
    """
    cores = min(len(os.sched_getaffinity(0)), _MOST)
    if len(items) < WORTHWHILE or cores == 1:
        return [found for item in items for found in work(item)]
    # The first item makes here what all others need, so that it is made once.
    first = work(items[0])
    rest = items[1:]
    size = -(-len(rest) // cores)
    chunks = [rest[at : at + size] for at in range(0, len(rest), size)]
    workers: list[tuple[ForkProcess, Connection]] = []
    results = [*first]
    try:
        for chunk in chunks:
            _start(work, chunk, workers)
        for (_, reader), chunk in zip(workers, chunks, strict=True):
            try:
                results += reader.recv()
            except (
                EOFError,
                OSError,
            ):  # it was killed or failed; what it had is done here
                results += [found for item in chunk for found in work(item)]
    except BaseException:
        for worker, _ in workers:
            worker.terminate()
        raise
    finally:
        for worker, _ in workers:
            worker.join()
    return results


def _start(
    work: Callable[[_Item], list[_Found]],
    chunk: Sequence[_Item],
    workers: list[tuple[ForkProcess, Connection]],
) -> None:
    import multiprocessing  # noqa: PLC0415  small runs, which are most, need none
    import signal  # noqa: PLC0415

    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    worker = context.Process(target=_send, args=(writer, work, chunk), daemon=True)
    # A terminal interrupts all processes. The mask is inherited and stays, so there
    # is no moment in which the new one would show a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        worker.start()
        workers.append((worker, reader))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    writer.close()


def _send(
    writer: Connection, work: Callable[[_Item], list[_Found]], chunk: Sequence[_Item]
) -> None:
    # Whatever fails here fails once more where it can be told.
    with contextlib.suppress(Exception):
        writer.send([found for item in chunk for found in work(item)])
    writer.close()
