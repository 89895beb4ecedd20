"""What Python would print by itself comes out as masked log lines."""

from __future__ import annotations

import gc
import io
import sys
import threading
import warnings

import pytest

from collector_host.telemetry import hooks
from collector_host.telemetry.logs import configure
from collector_host.telemetry.masking import Masker

CANARY = "canary-secret"


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> WrittenLog:
    """The log so far, with hooks installed; nothing may reach stderr directly."""
    return WrittenLog(capsys)


class WrittenLog:
    """Reads what was logged, once."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._stream = io.StringIO()
        self._capsys = capsys
        self._handler = configure("text", "info", Masker([CANARY]), self._stream)
        hooks.install()

    def line(self) -> str:
        """Return the only line."""
        self._handler.flush()
        assert self._capsys.readouterr() == ("", "")
        (line,) = self._stream.getvalue().splitlines()
        return line


def test_hooks_log_the_error_that_ends_the_program(written: WrittenLog) -> None:
    """Nobody sees a traceback that passed the masker by."""
    sys.excepthook(ValueError, ValueError(CANARY), None)

    line = written.line()
    assert "CRITICAL MainProcess::MainThread -> Unexpected error, ending" in line
    assert line.endswith("ValueError: ****")


def test_hooks_log_the_error_that_ends_a_thread(written: WrittenLog) -> None:
    """The line carries the name of the thread that died."""

    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail, name="Vendor-1")
    thread.start()
    thread.join()

    line = written.line()
    assert "InputProcess::Vendor-1 -> Thread ended by an unexpected error" in line
    assert line.endswith("ValueError: ****")


def test_hooks_let_a_thread_leave(written: WrittenLog) -> None:
    """SystemExit in a thread is an end, not an error."""
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    hooks.logger.info("only this")

    assert written.line().endswith("-> only this")


def test_hooks_log_errors_of_destructors(written: WrittenLog) -> None:
    """What Python can only ignore is still told."""

    class Fragile:
        def __del__(self) -> None:
            raise ValueError(CANARY)

    Fragile()
    gc.collect()

    line = written.line()
    assert "Exception ignored" in line
    assert line.endswith("ValueError: ****")


def test_hooks_log_warnings(written: WrittenLog) -> None:
    """Warnings of libraries are lines like all others."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        hooks.install()
        warnings.warn(CANARY, stacklevel=1)

    assert "UserWarning: ****" in written.line()
