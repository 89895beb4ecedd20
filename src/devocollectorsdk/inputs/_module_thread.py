"""What pullers and setups share: a stoppable thread and the double log.

It waits on a clock only, and knows neither pulls nor set-ups.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devocollectorsdk.commons.clock import Clock, SystemClock
from devocollectorsdk.commons.collector_utils import CollectorUtils
from devocollectorsdk.message.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)
_PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"


class ModuleThread(threading.Thread):
    """A daemon thread of the input side.

    Attributes:
        process_role: First part of this thread's log lines.
        clock: Time and waiting, taken from the parent when it has one.
        running_flag: Set to False by a module to end its thread after this turn.
    """

    process_role = "InputProcess"

    def __init__(self, name: str, parent_thread: Any, internal_queue: Any) -> None:
        super().__init__(name=name, daemon=True)
        self.parent_thread = parent_thread
        # Kept twice: modules may have a `clock` of their own.
        self._sdk_clock: Clock = getattr(parent_thread, "clock", None) or SystemClock()
        self.clock = self._sdk_clock
        self.internal_queue = internal_queue
        self.running_flag = True
        self._sdk_stopping = threading.Event()
        self._sdk_changed = threading.Event()

    def getName(self) -> str:  # noqa: N802  (threading's own name for it)
        """Return the thread's name; public modules call this older form."""
        return self.name

    def is_stopping(self) -> bool:
        """Tell whether the thread was asked to end."""
        return self._sdk_stopping.is_set()

    def wake_up(self) -> None:
        """End the wait the thread is in, if any."""
        self._sdk_changed.set()

    def request_stop(self) -> None:
        """Ask the thread to end after what it is doing; returns at once."""
        self._sdk_stopping.set()
        self.running_flag = False
        self._sdk_changed.set()

    def _sdk_wait(self, seconds: float | None) -> None:
        """Wait until woken, or until `seconds` are over; clears the wake-up."""
        if not self.is_stopping():
            self._sdk_clock.wait(self._sdk_changed, seconds)
            self._sdk_changed.clear()

    def _sdk_sleep(self, seconds: float) -> None:
        """Wait for `seconds`, cut short by a stop only."""
        self._sdk_clock.wait(self._sdk_stopping, seconds)

    def log_debug(self, message: str) -> None:
        """Log at DEBUG, to the log and to telemetry."""
        self._sdk_log(logging.DEBUG, message)

    def log_info(self, message: str) -> None:
        """Log at INFO, to the log and to telemetry."""
        self._sdk_log(logging.INFO, message)

    def log_warning(self, message: str) -> None:
        """Log at WARNING, to the log and to telemetry."""
        self._sdk_log(logging.WARNING, message)

    def log_error(self, message: str) -> None:
        """Log at ERROR, to the log and to telemetry."""
        self._sdk_log(logging.ERROR, message)

    def _sdk_log(self, level: int, message: str) -> None:
        if logger.isEnabledFor(level):
            logger.log(level, "%s", message)
            self.send_internal_collector_message(message, logging.getLevelName(level))

    def send_internal_collector_message(
        self,
        message_content: str | Mapping[str, Any],
        level: str | None = None,
        shared_domain: bool = False,
    ) -> None:
        """Queue a telemetry message; it never blocks and may be dropped.

        Args:
            message_content: Text or fields; the message's `msg`.
            level: `debug`, `info`, `warning` or `error`; `info` by default.
            shared_domain: Whether the message may be read outside this domain.
        """
        level = (level or "info").lower()
        now = self._sdk_clock.now()
        fields = {"msg": message_content} | {
            "time": now.isoformat(),
            "level": level,
            "collector_name": CollectorUtils.collector_name,
            "collector_version": CollectorUtils.collector_version,
            "collector_image": CollectorUtils.collector_image,
            "input_name": getattr(self, "input_name", None),
            "service_name": getattr(self, "service_name", None),
            "module_name": getattr(self, "module_name", None),
            "shared_domain": shared_domain,
        }
        scope = "global" if shared_domain else "local"
        tag = f"devo.collectors.out.{scope}.{level}"
        self.internal_queue.put(Message(now, tag, json.dumps(fields, default=str)))


def describe(error: BaseException) -> dict[str, Any]:
    """Return where and what an exception was, as the contract logs it.

    The place is the last one that is not this package's own: what a module has given
    to it wrongly is mended in the module.
    """
    place = trace = error.__traceback__
    while trace:
        if not trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
            place = trace
        trace = trace.tb_next
    trace = place
    code = trace.tb_frame.f_code if trace else None
    return {
        "msg": str(error),
        "file": code.co_filename if code else None,
        "line": trace.tb_lineno if trace else None,
        "function": code.co_name if code else None,
        "details": {"type": type(error).__name__, "text": repr(error)},
    }


def retry_wait_s(attempt: int, initial_s: float, maximum_s: float) -> float:
    """Return the back-off before a retry: `initial_s` to the power of `attempt`.

    Args:
        attempt: Number of failures in a row, from 1.
        initial_s: First wait and base of the growth, seconds.
        maximum_s: Longest wait, seconds.
    """
    grown: float = initial_s ** min(attempt, 64)
    return min(grown, maximum_s)
