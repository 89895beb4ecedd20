"""What is looked at around a pull: the order of sends and saves, masking, queues.

It reads what others counted and changes nothing about the pull.
"""

from __future__ import annotations

import logging
from typing import Any

_logger = logging.getLogger(__name__)


def begin_pull(puller: Any) -> None:
    """Note that a pull begins."""
    level = logging.INFO if puller.show_puller_loop_flag else logging.DEBUG
    if _logger.isEnabledFor(level):
        queues = puller.output_queue, puller.lookup_queue, puller.internal_queue
        sizes = [queue.qsize() for queue in queues]
        text = "Messages in the queues: output %s, lookup %s, internal %s"
        _logger.log(level, text, *sizes)
    if order := getattr(puller.output_queue, "save_order", None):
        order.begin_pull()


def end_pull(puller: Any, *, completed: bool) -> None:
    """Report what was noticed; a pull that failed may save out of order."""
    if puller._sdk_masker:  # noqa: SLF001  (a part of the puller in a file of its own)
        puller._sdk_masker.report()  # noqa: SLF001
    order = getattr(puller.output_queue, "save_order", None)
    if completed and order and (behind := order.to_report()):
        puller.log_warning(
            f"{puller.name} sent {behind} item(s) after the last save_state of its"
            " pull. After a crash in between they are lost, if that state counts them"
            " as sent, or else sent twice. To mend it, call save_state behind the last"
            " message, lookup or put of what the state stands for."
        )
