"""The vendor's packages are imported by one thread at a time."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from alibaba_cloud import importing


def test_nobody_else_imports_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that import at once can wait for each other for ever."""
    others: list[bool] = []

    def look_from_outside() -> None:
        others.append(importing._LOCK.acquire(blocking=False))

    def imported(name: str) -> Any:
        other = threading.Thread(target=look_from_outside)
        other.start()
        other.join()
        return name

    monkeypatch.setattr(importing, "import_module", imported)

    assert importing.import_alone("vendor") == "vendor"
    assert others == [False]


def test_import_may_lead_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package's own import may ask for the next, in the same thread."""

    def imported(name: str) -> Any:
        return importing.import_alone(name[1:]) if name.startswith("+") else name

    monkeypatch.setattr(importing, "import_module", imported)

    assert importing.import_alone("++vendor") == "vendor"


def test_error_of_an_import_reaches_the_caller() -> None:
    """And leaves the way free for the next."""
    with pytest.raises(ImportError, match="no_such_vendor"):
        importing.import_alone("no_such_vendor")

    assert importing.import_alone("threading") is threading
