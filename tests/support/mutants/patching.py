"""How a mutant changes the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Patch: TypeAlias = Callable[[Any, str, Any], None]
"""`setattr`, or a test's `monkeypatch.setattr`, which undoes it."""
