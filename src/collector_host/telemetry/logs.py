"""Sets up logging for the whole process.

It knows nothing of what is logged.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Final, Literal, TextIO, TypeAlias

from collector_host.telemetry.lines import JsonFormatter, TextFormatter
from collector_host.telemetry.output import LineHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collector_host.telemetry.masking import Masker

LogFormat: TypeAlias = Literal["text", "json"]

_FORMATTERS: Final = {"text": TextFormatter, "json": JsonFormatter}


def configure(
    log_format: LogFormat,
    level: int | str,
    masker: Masker,
    stream: TextIO | None = None,
) -> LineHandler:
    """Send everything that is logged to one stream, in place of any earlier set-up.

    Args:
        log_format: Lines for people, or one JSON object a line.
        level: Least severity shown, a number or a name as `info`.
        masker: Hides secrets in every line.
        stream: Where lines go; stderr when None.

    Returns:
        The handler: it counts dropped lines, and flushes. The end of the process
        flushes by itself, `os._exit` does not.

    Raises:
        ValueError: No such level.
    """
    handler = LineHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(_FORMATTERS[log_format](masker))
    severity = level.upper() if isinstance(level, str) else level
    logging.basicConfig(handlers=[handler], level=severity, force=True)
    return handler


def quiet(names: Iterable[str], level: int = logging.WARNING) -> None:
    """Take from libraries the handlers they gave themselves, and their chatter.

    Args:
        names: Loggers that would otherwise write to a stream past the masker.
        level: Least severity they may still log.
    """
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)
