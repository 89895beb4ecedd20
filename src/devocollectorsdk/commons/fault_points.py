"""Named places where a test may kill the process.

The promise "nothing is lost" is shown by killing the real process at the n-th
firing of every point, for every n. Off (the default) a point is one test of a
module attribute. It is switched on by the environment, so that the program under
test is the program that ships:

    COLLECTOR_FAULT=kill:<point>:<n>    SIGKILL at the n-th firing of <point>
    COLLECTOR_FAULT=count:<file>        append one line per firing to <file>
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE: Final = "COLLECTOR_FAULT"

POINTS: Final = frozenset(
    {
        "puller.before_pull",  # setup is ready, nothing was asked yet
        "puller.before_send",  # a page was read, nothing of it is queued
        "puller.after_send",  # the page is queued, its state is not saved
        "puller.after_save",  # the barrier is queued behind the page
        "puller.after_pull",  # the cycle is complete
        "sender.before_write",  # a batch left the queue, no byte is written
        "sender.after_write",  # the kernel has the bytes, nothing is confirmed
        "sender.before_confirm",  # the drain is due
        "sender.after_confirm",  # the peer confirmed, nothing is committed
        "sender.before_resend",  # a confirmation failed, the tail goes again
        "store.before_write",  # a barrier is ripe, the disk is untouched
        "store.after_write",  # the temporary file is complete, not yet synced
        "store.after_sync",  # the temporary file is on disk under its own name
        "store.after_keep",  # the current generation is also the previous one
        "store.after_replace",  # the new generation is current, folder not synced
        "store.after_commit",  # the folder is synced: the commit is durable
        "stop.requested",  # a signal arrived, pullers are being asked to end
        "stop.before_drain",  # pullers and queue are done, the last drain is due
    }
)


def _off(_name: str) -> None:
    """Do nothing: fault points are off."""


def _killer(point_name: str, firing: int) -> Callable[[str], None]:
    lock = threading.Lock()
    fired = 0

    def kill(name: str) -> None:
        nonlocal fired
        if name != point_name:
            return
        with lock:
            fired += 1
            if fired == firing:
                os.kill(os.getpid(), signal.SIGKILL)

    return kill


def _counter(file: Path) -> Callable[[str], None]:
    lock = threading.Lock()

    def count(name: str) -> None:
        with lock, file.open("a", encoding="utf-8") as out:
            out.write(f"{name}\n")

    return count


def _from_environment(setting: str) -> Callable[[str], None]:
    action, _, rest = setting.partition(":")
    if action == "count" and rest:
        return _counter(Path(rest))
    name, _, firing = rest.rpartition(":")
    if action == "kill" and name in POINTS and firing.isdigit() and int(firing) > 0:
        return _killer(name, int(firing))
    known = ", ".join(sorted(POINTS))
    message = (
        f"{VARIABLE}={setting!r} is not kill:<point>:<n> or count:<file>;"
        f" points are {known}"
    )
    raise ValueError(message)


_setting = os.environ.get(VARIABLE)
_act: Callable[[str], None] = _from_environment(_setting) if _setting else _off


def point(name: str) -> None:
    """Say that the process reached the place called `name`, one of `POINTS`."""
    _act(name)
