"""Work on many targets in as many processes as there are cores.

Processes are forked, so that what was loaded before is there without being sent.
"""

from __future__ import annotations

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

    Args:
        work: What is done with an item; its results are sent between processes.
        items: A few are done here.
    """
    cores = min(len(os.sched_getaffinity(0)), _MOST)
    if len(items) < WORTHWHILE or cores == 1:
        return [found for item in items for found in work(item)]
    import multiprocessing  # noqa: PLC0415  small runs, which are most, need none

    # The first item makes here what all others need, so that it is made once.
    first = work(items[0])
    rest = items[1:]
    size = -(-len(rest) // cores)
    chunks = [rest[at : at + size] for at in range(0, len(rest), size)]
    context = multiprocessing.get_context("fork")
    readers: list[Connection] = []
    workers: list[ForkProcess] = []
    for chunk in chunks:
        reader, writer = context.Pipe(duplex=False)
        worker = context.Process(target=_send, args=(writer, work, chunk), daemon=True)
        worker.start()
        writer.close()
        readers.append(reader)
        workers.append(worker)
    results = [*first]
    for reader, chunk in zip(readers, chunks, strict=True):
        try:
            results += reader.recv()
        except EOFError:  # a process that was killed; what it had is done here
            results += [found for item in chunk for found in work(item)]
    for worker in workers:
        worker.join()
    return results


def _send(
    writer: Connection, work: Callable[[_Item], list[_Found]], chunk: Sequence[_Item]
) -> None:
    writer.send([found for item in chunk for found in work(item)])
    writer.close()
