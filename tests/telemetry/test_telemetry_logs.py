"""Logging is set up once, never raises, and never makes delivery wait."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from collector_host.telemetry import output
from collector_host.telemetry.logs import configure, quiet
from collector_host.telemetry.masking import Masker
from collector_host.telemetry.output import LineHandler

logger = logging.getLogger("tests.logs")


def lines_of(stream: io.StringIO, handler: LineHandler) -> list[str]:
    """Return the messages written so far."""
    handler.flush()
    return [line.partition(" -> ")[2] for line in stream.getvalue().splitlines()]


def test_configure_takes_over_all_logging() -> None:
    """Earlier handlers are gone; the level and the masker apply to every logger."""
    stale = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(stale))
    stream = io.StringIO()

    handler = configure("text", "info", Masker(["canary-secret"]), stream)
    logger.debug("hidden")
    logger.info("shown %s", "canary-secret")

    assert lines_of(stream, handler) == ["shown ****"]
    assert stale.getvalue() == ""


def test_configure_writes_to_stderr_by_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Data goes to stdout, logs to stderr."""
    handler = configure("json", logging.WARNING, Masker())
    logger.warning("look")
    handler.flush()

    out, err = capsys.readouterr()
    assert out == ""
    assert '"message": "look"' in err


def test_configure_refuses_an_unknown_level() -> None:
    """A typing mistake in the level does not silence the log."""
    with pytest.raises(ValueError, match="LOUD"):
        configure("text", "loud", Masker(), io.StringIO())


class StuckStream(io.StringIO):
    """A stream whose reader sleeps until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.release = threading.Event()

    def write(self, text: str) -> int:
        self.entered.set()
        self.release.wait()
        return super().write(text)


def test_handler_drops_and_counts_what_a_stuck_reader_leaves() -> None:
    """The caller never waits; the oldest lines are kept, the rest is counted."""
    stream = StuckStream()
    handler = LineHandler(stream, capacity=3)
    handler.emit(logging.makeLogRecord({"msg": "in writing"}))
    stream.entered.wait()

    for number in range(5):
        handler.emit(logging.makeLogRecord({"msg": f"line {number}"}))

    assert handler.dropped == 2
    stream.release.set()
    handler.close()
    assert stream.getvalue() == "in writing\nline 0\nline 1\nline 2\n"


def test_handler_ends_although_its_reader_is_stuck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Flush and close give up instead of holding up the end of the process."""
    monkeypatch.setattr(output, "FLUSH_TIMEOUT_S", 0)
    stream = StuckStream()
    handler = LineHandler(stream)
    handler.emit(logging.makeLogRecord({"msg": "never read"}))
    stream.entered.wait()

    handler.flush()
    handler.close()

    assert handler._writer.is_alive()
    stream.release.set()
    handler._writer.join()


def test_handler_counts_what_a_full_disk_refuses() -> None:
    """A stream without room costs lines, and nothing is raised."""
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as stream:
        handler = LineHandler(stream)
        for _ in range(3):
            handler.emit(logging.makeLogRecord({"msg": "x"}))
        handler.flush()

        assert handler.dropped == 3
        handler.close()
        # What the stream still holds must not fail again when it is closed.
        with pytest.raises(OSError, match="No space left"):
            stream.close()


def test_handler_counts_values_that_cannot_be_shown() -> None:
    """An object that fails when printed harms only its own line."""

    class Broken:
        def __str__(self) -> str:
            raise RuntimeError

    stream = io.StringIO()
    handler = configure("text", "info", Masker(), stream)

    logger.info("%s", Broken())
    logger.info("next")

    assert lines_of(stream, handler) == ["next"]
    assert handler.dropped == 1


def test_handler_closed_twice_is_closed() -> None:
    """The end of the process may close what its user closed already."""
    stream = io.StringIO()
    handler = LineHandler(stream)
    handler.emit(logging.makeLogRecord({"msg": "x"}))

    handler.close()
    handler.flush()
    handler.close()

    assert stream.getvalue() == "x\n"


def test_handler_keeps_the_lines_of_many_threads_whole() -> None:
    """Lines of concurrent threads are all there and never mixed."""
    stream = io.StringIO()
    handler = configure("text", "info", Masker(), stream)

    def work(name: str) -> None:
        for number in range(100):
            logger.info("%s %d", name * 50, number)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = {f"{name * 50} {number}" for name in "abcd" for number in range(100)}
    lines = lines_of(stream, handler)
    assert set(lines) == expected
    assert len(lines) == len(expected)


_LOG_AND_END = """
import logging
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker
configure("text", "info", Masker())
for number in range(1000):
    logging.info("line %d", number)
print("delivered")
"""


def run_child(**options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program that logs 1,000 lines and then says `delivered` on stdout."""
    command = [sys.executable, "-c", _LOG_AND_END]
    return subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=False, **options
    )


def test_process_goes_on_when_nobody_reads_its_log() -> None:
    """A pipe whose reader has gone costs the log, not the work."""
    reader, writer = os.pipe()
    os.close(reader)

    result = run_child(stderr=writer)

    os.close(writer)
    assert (result.returncode, result.stdout) == (0, "delivered\n")


def test_process_goes_on_when_its_log_is_full() -> None:
    """A full disk costs the log, not the work."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = run_child(stderr=full)

    assert (result.returncode, result.stdout) == (0, "delivered\n")


def test_process_goes_on_without_stderr() -> None:
    """Started with stderr closed, as some supervisors do, the work is done."""
    command = ["/bin/sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, _LOG_AND_END]

    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "delivered\n")


def test_process_writes_its_last_lines_at_the_end() -> None:
    """A normal end loses no line, in order."""
    result = run_child(stderr=subprocess.PIPE)

    messages = [line.partition(" -> ")[2] for line in result.stderr.splitlines()]
    assert messages == [f"line {number}" for number in range(1000)]


def test_quiet_leads_a_library_through_the_root() -> None:
    """A library's own handler is gone; its warnings come through ours, masked."""
    own, stream = io.StringIO(), io.StringIO()
    vendor = logging.getLogger("tests.vendor")
    vendor.addHandler(logging.StreamHandler(own))
    vendor.propagate = False
    handler = configure("text", "debug", Masker(["canary-secret"]), stream)

    quiet(["tests.vendor"])
    vendor.info("chatter")
    vendor.warning("canary-secret")

    assert own.getvalue() == ""
    assert lines_of(stream, handler) == ["****"]
