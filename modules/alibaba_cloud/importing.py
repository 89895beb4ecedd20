"""Imports the vendor's packages when they are needed, one thread at a time.

They are large and import each other's parts. Measured with Python 3.9: of some ten
starts in which two setups imported them at once, one hung for ever in Python's own
import locks.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any

_LOCK = threading.RLock()


def import_alone(name: str) -> Any:
    """Return a module, imported if it was not yet.

    Raises:
        ImportError: It cannot be imported.
    """
    with _LOCK:
        return import_module(name)
