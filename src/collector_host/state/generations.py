"""The two files an owner's state may stand in, and what is found in them.

It looks and describes; what to do about damage is the store's decision.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector_host.errors import StateDamagedError, StateVersionError
from collector_host.state.document import DamagedDocumentError, Document, parse
from collector_host.state.files import read_file

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Generation:
    """One file as found: a document, or damage, or nothing.

    Attributes:
        path: Where the file is or would be; outside a file system, a description.
        document: Its content when it is whole.
        damage: How it shows that the file is not whole, or "".
    """

    path: Path | str
    document: Document | None = None
    damage: str = ""

    def describe(self) -> str:
        """Return path and damage for a message."""
        return f"{self.path} ({self.damage or 'missing'})"


def paths(directory: Path, owner: str) -> tuple[Path, Path]:
    """Return where an owner's current and previous generations are.

    The name can be recognised by people; a hash of the exact owner makes it unique.
    """
    readable = re.sub(r"[^0-9A-Za-z_-]+", "-", owner)[:80].strip("-")
    digest = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()
    stem = f"{readable}-{digest[:8]}"
    return directory / f"{stem}.json", directory / f"{stem}.prev.json"


def examine(path: Path, owner: str | None) -> Generation:
    """Read one file; damage is a finding, not an error.

    Args:
        path: Where to look.
        owner: Whose state is expected; None takes any.

    Raises:
        StateVersionError: A newer version wrote it.
        StateError: It cannot be read.
    """
    data = read_file(path)
    if data is None:
        return Generation(path)
    try:
        return Generation(path, parse(data, owner=owner))
    except DamagedDocumentError as error:
        return Generation(path, damage=str(error))
    except StateVersionError as error:
        message = f"{path}: {error.args[0]}"
        raise StateVersionError(message, hint=error.hint) from error


def all_damaged(owner: str, *found: Generation) -> StateDamagedError:
    """Return the error for an owner without any whole generation."""
    bad = [str(generation.path) for generation in found if generation.damage]
    commands = (
        f"mv -- {shlex.quote(path)} {shlex.quote(f'{path}.damaged')}" for path in bad
    )
    files = ", ".join(generation.describe() for generation in found)
    return StateDamagedError(
        f"no generation of the state of {owner} is whole: {files}",
        hint=f"restore one, or start over: {'; '.join(commands)}",
    )
