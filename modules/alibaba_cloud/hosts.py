"""What a puller does itself where the host does not: the other SDK's host lacks it.

It knows neither services nor calls.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generator

import devocollectorsdk

if TYPE_CHECKING:
    import threading

    from .clock import Clock

_logger = logging.getLogger(__name__)
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 300.0


def host_is_ours() -> bool:
    """Tell whether the host carries our SDK's mark, and so offers more."""
    return bool(getattr(devocollectorsdk, "COLLECTOR_HOST_COMPATIBLE", False))


class Patience:
    """Waits before a pull that follows failed ones: 5 s, 10 s, at most 5 minutes.

    Ours does so itself. The other host pulls at once when the setup has succeeded
    again, so an error that the setup does not meet would repeat many times a second.
    """

    def __init__(self) -> None:
        self._failures = 0

    @contextmanager
    def pull(
        self, clock: Clock, interrupt: threading.Event
    ) -> Generator[bool, None, None]:
        """Surround a pull; gives False when the wait was ended and no pull is due."""
        if self._failures and not host_is_ours():
            wait_s = _FIRST_WAIT_S * 2 ** min(self._failures - 1, 10)
            wait_s = min(wait_s, _LONGEST_WAIT_S)
            _logger.info("The last pull failed; the next one follows in %d s", wait_s)
            if clock.wait(interrupt, wait_s):
                yield False
                return
        try:
            yield True
        except Exception:
            self._failures += 1
            raise
        self._failures = 0
