"""What threads of pullers and setups have in common."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict

POLL_S = 0.02
_log = logging.getLogger(__name__)


class ModuleThread(threading.Thread):
    """A thread that can be told to pause and to end, and that logs."""

    def __init__(self, name: str, parent_thread: Any, internal_queue: Any) -> None:
        super().__init__(name=name, daemon=True)
        self.parent_thread = parent_thread
        self.internal_queue = internal_queue
        self.running_flag = True
        self._woken = threading.Event()

    def wake_up(self) -> None:
        """End the wait it is in."""
        self._woken.set()

    def sleep_until_woken(self, seconds: float, ended: Callable[[], bool]) -> None:
        """Wait, looking up from time to time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ended():
            if self._woken.wait(POLL_S):
                self._woken.clear()
                return

    def log_debug(self, message: str) -> None:
        """Log and tell Devo."""
        _log.debug(message)

    def log_info(self, message: str) -> None:
        """Log and tell Devo."""
        _log.info(message)

    def log_warning(self, message: str) -> None:
        """Log and tell Devo."""
        _log.warning(message)

    def log_error(self, message: str) -> None:
        """Log and tell Devo."""
        _log.error(message)

    def send_internal_collector_message(
        self, message_content: Any, level: Any = None, shared_domain: bool = False
    ) -> None:
        """Tell Devo."""
        self.internal_queue.append((level, message_content, shared_domain))


def described(error: BaseException) -> Dict[str, Any]:
    """Return an exception as it is logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = trace.tb_frame.f_code if trace is not None else None
    return {
        "msg": str(error),
        "file": Path(place.co_filename).name if place else None,
        "line": trace.tb_lineno if trace is not None else None,
        "function": place.co_name if place else None,
        "details": {"type": type(error).__name__, "text": str(error)},
    }


def back_off_s(attempt: int) -> int:
    """Return the wait before a repetition."""
    return min(5**attempt, 1800)
