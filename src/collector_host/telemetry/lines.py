"""One log record, one line: the product's text form, or JSON.

It knows nothing of where lines go.
"""

from __future__ import annotations

import json
import logging
import re
import time
from typing import TYPE_CHECKING, Final

from collector_host.telemetry.roles import current_role

if TYPE_CHECKING:
    from collector_host.telemetry.masking import Masker

# Control characters, line and paragraph separators, marks that reorder a line on
# the screen, and half surrogate pairs, which no stream can encode.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_TEXT: Final = "{timestamp} {level:>7} {process}::{thread} -> {message}"


def one_line(text: str) -> str:
    r"""Escape what could end a line, start another, or steer a terminal.

    A line feed becomes the two characters `\n`, ESC becomes `\x1b`.
    """
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text)


class _Formatter(logging.Formatter):
    """Collects the facts of a record, without secrets."""

    def __init__(self, masker: Masker) -> None:
        super().__init__()
        self._mask = masker.mask

    def _facts(self, record: logging.LogRecord) -> dict[str, str]:
        return {
            "timestamp": _timestamp(record),
            "level": record.levelname,
            "process": current_role(),
            "thread": self._mask(str(record.threadName)),
            "logger": self._mask(record.name),
            "message": self._mask(_message(record)),
        }

    def _trace(self, record: logging.LogRecord) -> str:
        texts = [record.stack_info] if record.stack_info else []
        if record.exc_info:
            texts.insert(0, self.formatException(record.exc_info))
        return self._mask("\n".join(texts))


class TextFormatter(_Formatter):
    """The line of the collector's public guide, in UTC.

    `%(asctime)s.%(msecs)03d %(levelname)7s %(processName)s::%(threadName)s ->
    %(message)s`, a traceback escaped at its end.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line without its end."""
        line = _TEXT.format_map(self._facts(record))
        trace = self._trace(record)
        return one_line(f"{line}\n{trace}" if trace else line)


class JsonFormatter(_Formatter):
    """One JSON object: timestamp, level, process, thread, logger, message, exception.

    The timestamp is UTC and ends in `Z`; `exception` is there only if there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of ASCII without its end."""
        facts = self._facts(record)
        facts["timestamp"] += "Z"
        trace = self._trace(record)
        return json.dumps(facts | ({"exception": trace} if trace else {}))


def _timestamp(record: logging.LogRecord) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{seconds}.{int(record.msecs):03d}"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Arguments that do not fit the text are a mistake, but no reason to be silent.
        return f"{record.msg} {record.args!r}"
