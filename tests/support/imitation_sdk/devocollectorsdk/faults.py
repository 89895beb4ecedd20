"""Ends of the process at a place that a test names, to the message.

`IMITATION_DIE=put:120` ends it when the 120th message was put, `save:3` when the third
state was saved. `IMITATION_TERMINATE` sends the signal instead that asks for an end,
and holds the module there until it is asked.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any, Dict, Tuple

DIED = 9
_POLL_S = 0.01

WRITING = threading.Lock()
"""Held while a state is written: no death here comes in the middle of that."""

_lock = threading.Lock()
_counts: Dict[str, int] = {}


def _wanted(variable: str) -> Tuple[str, int]:
    place, _, number = os.environ.get(variable, "none:1").partition(":")
    return place, int(number)


_DIE, _TERMINATE = _wanted("IMITATION_DIE"), _wanted("IMITATION_TERMINATE")


def count(place: str, number: int = 1) -> None:
    """Note that something happened so many times."""
    with _lock:
        before = _counts.get(place, 0)
        after = _counts[place] = before + number
    if place == _DIE[0] and after >= _DIE[1]:
        with WRITING:
            os._exit(DIED)
    if place == _TERMINATE[0] and before < _TERMINATE[1] <= after:
        os.kill(os.getpid(), signal.SIGTERM)
        # A full queue would hold it as well; so the end surely comes within a pull.
        puller: Any = threading.current_thread()
        while not puller.is_command_in_progress():
            time.sleep(_POLL_S)
