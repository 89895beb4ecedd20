"""Log lines have exactly the form of the public guide, or are JSON."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_host.telemetry.lines import JsonFormatter, TextFormatter, one_line
from collector_host.telemetry.masking import Masker
from collector_host.telemetry.roles import OUTPUT, current_role, role

PULLER = "ActionTrailStandardPuller(alibaba,alibaba_1,actiontrail,predefined)"


def record(message: str = "text", *arguments: Any, **fields: Any) -> logging.LogRecord:
    """Return a record of 2023-01-10T10:46:05.063 UTC."""
    made = logging.makeLogRecord({"created": 1673347565.063698, "msecs": 63.0})
    made.levelno, made.levelname = logging.INFO, "INFO"
    made.name, made.threadName = "collector_host.runtime", PULLER
    made.msg, made.args = message, arguments
    made.__dict__.update(fields)
    return made


def raised(error: Exception) -> Any:
    """Return the exc_info of an exception that was really raised."""
    try:
        raise error
    except type(error):
        return sys.exc_info()


def test_text_line_is_the_line_of_the_guide() -> None:
    """Time in UTC with milliseconds, level in seven columns, role, thread, message."""
    with role("InputProcess"):
        line = TextFormatter(Masker()).format(
            record("Starting data collection every %d seconds", 60)
        )

    assert line == (
        "2023-01-10T10:46:05.063    INFO InputProcess::ActionTrailStandardPuller"
        "(alibaba,alibaba_1,actiontrail,predefined) -> "
        "Starting data collection every 60 seconds"
    )


def test_text_line_equals_what_the_sdk_format_gives() -> None:
    """The documented format string and our line never drift apart."""
    made = record(levelname="CRITICAL")
    reference = logging.Formatter(
        "%(asctime)s.%(msecs)03d %(levelname)7s %(processName)s::%(threadName)s"
        " -> %(message)s",
        "%Y-%m-%dT%H:%M:%S",
    )
    reference.converter = time.gmtime
    made.processName = "MainProcess"

    assert TextFormatter(Masker()).format(made) == reference.format(made)


def test_text_line_escapes_tracebacks() -> None:
    """One record is one line, its traceback included."""
    line = TextFormatter(Masker()).format(record(exc_info=raised(OSError("no route"))))

    assert "\n" not in line
    assert "-> text\\nTraceback (most recent call last):\\n  File " in line
    assert line.endswith("OSError: no route")


def test_json_line_holds_every_field() -> None:
    """The keys and their order are fixed; the exception appears when there is one."""
    plain = JsonFormatter(Masker()).format(record("a\nb"))
    failed = JsonFormatter(Masker()).format(record(exc_info=raised(OSError("gone"))))

    assert list(json.loads(plain).items()) == [
        ("timestamp", "2023-01-10T10:46:05.063Z"),
        ("level", "INFO"),
        ("process", "MainProcess"),
        ("thread", PULLER),
        ("logger", "collector_host.runtime"),
        ("message", "a\nb"),
    ]
    assert json.loads(failed)["exception"].endswith("OSError: gone")


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
def test_line_shows_stack_information(formatter: type[logging.Formatter]) -> None:
    """What `stack_info` asks for is not lost."""
    line = formatter(Masker()).format(record(stack_info="Stack: here"))

    assert "Stack: here" in line


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
@given(st.text(st.characters()))
def test_line_is_one_line_whatever_it_says(
    formatter: type[logging.Formatter], text: str
) -> None:
    """No message can forge a second line or fail to be encoded."""
    line = formatter(Masker()).format(
        record("%s", text, exc_info=raised(OSError(text)))
    )

    assert line.splitlines() == [line]
    assert line.encode()
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("a\nb\rc\td", "a\\nb\\rc\\td", id="line ends and tab"),
        pytest.param("\x1b[2J\x9b", "\\x1b[2J\\x9b", id="terminal control"),
        pytest.param("\x00\x7f\x85", "\\x00\\x7f\\x85", id="other controls"),
        pytest.param("\u2028\u202e\ud800", "\\u2028\\u202e\\ud800", id="unicode"),
        pytest.param("ünïcode 😀 \\n", "ünïcode 😀 \\n", id="readable text stays"),
    ],
)
def test_one_line_escapes_only_what_is_dangerous(text: str, escaped: str) -> None:
    """Readable text of any script passes unchanged."""
    assert one_line(text) == escaped


def test_line_survives_arguments_that_do_not_fit() -> None:
    """A mistake in a log call still says what it was about to say."""
    line = TextFormatter(Masker(["canary-secret"])).format(
        record("%d events", "canary-secret")
    )

    assert line.endswith("-> %d events ('****',)")


def test_line_masks_every_part() -> None:
    """Message, arguments, exception, stack, thread and logger names are searched."""
    made = record(
        "%s",
        {"key": "canary-secret"},
        exc_info=raised(OSError("canary-secret")),
        stack_info="canary-secret",
        threadName="canary-secret",
        name="canary-secret",
    )

    for formatter in (TextFormatter, JsonFormatter):
        line = formatter(Masker(["canary-secret"])).format(made)
        assert "canary" not in line
        assert "****" in line


def role_in(thread: threading.Thread) -> str:
    """Return the role seen by a thread whose target reports it."""
    thread.start()
    thread.join()
    return seen.pop()


seen: list[str] = []


def see() -> None:
    """Report the role of the running thread."""
    seen.append(current_role())


def test_role_of_the_main_thread_can_be_set_for_a_while() -> None:
    """The main thread is MainProcess but where it acts for another part."""
    before = current_role()
    with role("InputProcess"):
        inside = current_role()

    assert (before, inside, current_role()) == (
        "MainProcess",
        "InputProcess",
        "MainProcess",
    )


def test_role_of_our_threads_is_their_attribute() -> None:
    """A thread that says what it is, is believed."""
    thread = threading.Thread(target=see)
    thread.process_role = OUTPUT  # type: ignore[attr-defined]

    assert role_in(thread) == "OutputProcess"


def test_role_of_foreign_threads_is_input() -> None:
    """Threads of modules and of vendors' SDKs belong to the input side."""
    with role("OutputProcess"):
        assert role_in(threading.Thread(target=see)) == "InputProcess"
