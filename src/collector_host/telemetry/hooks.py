"""Leads what Python prints by itself through the log, and so through the masker.

It knows nothing of what the log does with it.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

logger = logging.getLogger(__name__)


def install() -> None:
    """Log warnings and every exception that nobody handled.

    That is: of the main thread, of other threads, and those Python can only ignore,
    as in destructors.
    """
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_thread_end
    sys.unraisablehook = _log_unraisable


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logger.critical("Unexpected error, ending", exc_info=(kind, error, trace))


def _log_thread_end(event: threading.ExceptHookArgs) -> None:
    # As in Python's own hook: leaving a thread by SystemExit is no error.
    if event.exc_type is SystemExit:
        return
    error = event.exc_value or event.exc_type()
    logger.critical(
        "Thread ended by an unexpected error",
        exc_info=(event.exc_type, error, event.exc_traceback),
    )


def _log_unraisable(event: sys.UnraisableHookArgs) -> None:
    error = event.exc_value or event.exc_type()
    logger.error(
        "%s",
        event.err_msg or "Exception ignored",
        exc_info=(event.exc_type, error, event.exc_traceback),
    )
