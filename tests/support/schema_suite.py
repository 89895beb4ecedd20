"""The official JSON-Schema-Test-Suite, where `make peers` has laid it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SUITE: Final = Path(__file__).parents[2] / ".venv/share/json-schema-test-suite"
REMOTES: Final = "http://localhost:1234/"
"""Where the suite's schemas say that its other files are; nothing is fetched."""


@dataclass(frozen=True)
class Case:
    """One piece of data and whether it is valid."""

    name: str
    schema: Any
    data: Any
    valid: bool


def cases(draft: str, file: str) -> Iterator[Case]:
    """Yield the cases of one file of a draft."""
    text = (SUITE / "tests" / draft / file).read_text(encoding="utf-8")
    for group in json.loads(text):
        for test in group["tests"]:
            name = f"{group['description']}: {test['description']}"
            yield Case(name, group["schema"], test["data"], test["valid"])


def files(draft: str) -> list[str]:
    """Return the names of a draft's mandatory files; none where there is no suite."""
    return sorted(file.name for file in (SUITE / "tests" / draft).glob("*.json"))


def remotes(draft: str) -> dict[str, Any]:
    """Return the files that the suite's schemas refer to, by address."""
    root = SUITE / "remotes"
    found = {
        file.relative_to(root).as_posix(): json.loads(file.read_text("utf-8"))
        for file in root.rglob("*.json")
        if not file.relative_to(root).parts[0].startswith("draft")
        or file.relative_to(root).parts[0] == draft
    }
    return {REMOTES + name: schema for name, schema in found.items()}
