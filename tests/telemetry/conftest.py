"""Puts the process's logging and hooks back as they were."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _untouched_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    level, handlers, show = root.level, root.handlers[:], warnings.showwarning
    yield
    logging.captureWarnings(capture=False)
    warnings.showwarning = show
    ours = [handler for handler in root.handlers if handler not in handlers]
    root.handlers[:] = handlers
    root.setLevel(level)
    for handler in ours:
        handler.close()
